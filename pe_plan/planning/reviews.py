"""When to recall each topic: memory by FSRS, without its clock, its fuzz and its learning steps."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from fsrs import Card, Rating, Scheduler, State
from msgspec import Struct

from pe_plan.model import Answer

MINUTES = 15
A_BLOCK = 2  # at most
WEEK_SHARE = 5  # at most a fifth of the week


_RATINGS = {
    "again": Rating.Again,
    "hard": Rating.Hard,
    "good": Rating.Good,
    "easy": Rating.Easy,
}
_FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # only distances in days matter


class Memory(Struct, frozen=True, kw_only=True):
    """What is known of one topic's memory: FSRS stability (days) and difficulty, the day it was
    last recalled, how often, and the day the next review is due."""

    topic: str
    stability: float
    difficulty: float
    last: date
    due: date
    recalls: int

    def fading(self, day: date) -> float:
        """Grows as recall falls: FSRS's recall depends on days elapsed per stability alone."""
        return (day - self.last).days / self.stability

    def recall(self, day: date) -> float:
        """FSRS's predicted probability of recall on that day, 0 to 1."""
        card = Card(
            card_id=1,
            state=State.Review,
            stability=self.stability,
            difficulty=self.difficulty,
            due=_EPOCH,
            last_review=_EPOCH,
        )
        elapsed = timedelta(days=max((day - self.last).days, 0))
        return _FSRS.get_card_retrievability(card, current_datetime=_EPOCH + elapsed)


def learned(topic: str, day: date, answer: Answer = "good") -> Memory:
    """The memory of a topic finished on that day."""
    stability, difficulty, gap = _step(None, 0, answer)
    due = day + timedelta(days=gap)
    return Memory(
        topic=topic, stability=stability, difficulty=difficulty, last=day, due=due, recalls=0
    )


def recalled(memory: Memory, day: date, answer: Answer = "good") -> Memory:
    """The memory after a review on that day."""
    known = (memory.stability, memory.difficulty)
    stability, difficulty, gap = _step(known, (day - memory.last).days, answer)
    return Memory(
        topic=memory.topic,
        stability=stability,
        difficulty=difficulty,
        last=day,
        due=day + timedelta(days=gap),
        recalls=memory.recalls + 1,
    )


@lru_cache(maxsize=4096)
def _step(
    known: tuple[float, float] | None, elapsed: int, answer: Answer
) -> tuple[float, float, int]:
    """FSRS-6 after `elapsed` days: stability, difficulty and the gap to the next review in days."""
    now = _EPOCH + timedelta(days=elapsed)
    if known is None:
        card = Card(card_id=1, due=now)
    else:
        card = Card(
            card_id=1,
            state=State.Review,
            stability=known[0],
            difficulty=known[1],
            due=now,
            last_review=_EPOCH,
        )
    after, _ = _FSRS.review_card(card, _RATINGS[answer], review_datetime=now)
    if after.stability is None or after.difficulty is None:
        raise ValueError("FSRS leaves no card without a memory state")
    return after.stability, after.difficulty, (after.due - now).days


class Sitting(Struct, frozen=True, kw_only=True):
    """A block as reviews see it: its day, its week's number, and how many reviews it can hold,
    `spare` of them only for topics never recalled so far."""

    day: date
    week: int
    room: int
    spare: int = 0


def lay(
    sittings: Sequence[Sitting],
    known: Collection[Memory],
    finished: Sequence[tuple[date, str]],
    week_limit: dict[int, int],
) -> tuple[list[tuple[str, ...]], list[Memory]]:
    """Which topics each sitting recalls, and the memories afterwards.

    `known` are the topics finished before, `finished` those finished on a day in this stretch, in
    order of time; `week_limit` is the greatest number of reviews in each week. A topic without any
    recall comes first, then the one whose recall has fallen furthest; what finds no room waits.
    """
    waiting = sorted(known, key=_due)
    coming = list(reversed(finished))
    laid: list[tuple[str, ...]] = []
    used: dict[int, int] = {}
    for sitting in sittings:
        while coming and coming[-1][0] < sitting.day:
            day, topic = coming.pop()
            insort(waiting, learned(topic, day), key=_due)
        free = week_limit[sitting.week] - used.get(sitting.week, 0)
        chosen = _choose(sitting, waiting, free)
        for memory in chosen:
            waiting.remove(memory)
            insort(waiting, recalled(memory, sitting.day), key=_due)
        used[sitting.week] = used.get(sitting.week, 0) + len(chosen)
        laid.append(tuple(memory.topic for memory in chosen))
    return laid, waiting + [learned(topic, day) for day, topic in reversed(coming)]


def _choose(sitting: Sitting, waiting: Sequence[Memory], free: int) -> Sequence[Memory]:
    room = min(sitting.room, free, A_BLOCK)
    first_only = min(sitting.room + sitting.spare, free, A_BLOCK)
    if first_only <= 0:
        return ()
    due = list(waiting[: bisect_right(waiting, sitting.day, key=_due)])
    due.sort(key=lambda memory: (memory.recalls > 0, -memory.fading(sitting.day), memory.topic))
    fresh = sum(memory.recalls == 0 for memory in due)
    return due[: max(room, min(first_only, fresh))]


def _due(memory: Memory) -> date:
    return memory.due
