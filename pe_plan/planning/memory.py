"""What the learner remembers, by FSRS without its clock, its fuzz and its learning steps; and when
each topic is recalled."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from fsrs import Card, Rating, Scheduler, State
from msgspec import Struct

from pe_plan.model import Answer, Plan, Profile, Progress, Session
from pe_plan.planning.availability import totals

REVIEW = 15  # minutes
REVIEWS_A_BLOCK = 2  # at most
_WEEK_SHARE = 5  # at most a fifth of the week

_FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # only distances in days matter
_DUE = attrgetter("due")


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
        elapsed = timedelta(days=max((day - self.last).days, 0))
        card = _card((self.stability, self.difficulty))
        return _FSRS.get_card_retrievability(card, current_datetime=_EPOCH + elapsed)


def learned(topic: str, day: date) -> Memory:
    """The memory of a topic finished on that day."""
    return _on(topic, day, _step(None, 0, "good"), recalls=0)


def recalled(memory: Memory, day: date, answer: Answer = "good") -> Memory:
    """The memory after a review on that day."""
    known, elapsed = (memory.stability, memory.difficulty), (day - memory.last).days
    return _on(memory.topic, day, _step(known, elapsed, answer), memory.recalls + 1)


def _on(topic: str, day: date, step: tuple[float, float, int], recalls: int) -> Memory:
    stability, difficulty, gap = step
    return Memory(
        topic=topic,
        stability=stability,
        difficulty=difficulty,
        last=day,
        due=day + timedelta(days=gap),
        recalls=recalls,
    )


@lru_cache(maxsize=4096)
def _step(
    known: tuple[float, float] | None, elapsed: int, answer: Answer
) -> tuple[float, float, int]:
    """FSRS-6 after `elapsed` days: stability, difficulty and the gap to the next review in days."""
    now = _EPOCH + timedelta(days=elapsed)
    rating = Rating[answer.capitalize()]
    after, _ = _FSRS.review_card(_card(known), rating, review_datetime=now)
    if after.stability is None or after.difficulty is None:
        raise ValueError("FSRS leaves no card without a memory state")
    return after.stability, after.difficulty, (after.due - now).days


def _card(known: tuple[float, float] | None) -> Card:
    """FSRS's card of a topic last recalled at the epoch, with what is known of its memory."""
    if known is None:
        return Card(card_id=1, due=_EPOCH)
    return Card(1, State.Review, None, *known, due=_EPOCH, last_review=_EPOCH)


# ── When to recall ────────────────────────────────────────────────────────────────────────────


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
    week_limit: Mapping[int, int],
) -> tuple[list[tuple[str, ...]], list[Memory]]:
    """Which topics each sitting recalls, and the memories afterwards.

    `known` are the topics finished before, `finished` those finished on a day in this stretch, in
    order of time; `week_limit` is the greatest number of reviews in each week. A topic without any
    recall comes first, then the one whose recall has fallen furthest; what finds no room waits.
    """
    waiting = sorted(known, key=_DUE)
    coming = list(reversed(finished))
    laid: list[tuple[str, ...]] = []
    used: Counter[int] = Counter()
    for sitting in sittings:
        while coming and coming[-1][0] < sitting.day:
            day, topic = coming.pop()
            insort(waiting, learned(topic, day), key=_DUE)
        chosen = _choose(sitting, waiting, week_limit[sitting.week] - used[sitting.week])
        for memory in chosen:
            waiting.remove(memory)
            insort(waiting, recalled(memory, sitting.day), key=_DUE)
        used[sitting.week] += len(chosen)
        laid.append(tuple(memory.topic for memory in chosen))
    return laid, waiting + [learned(topic, day) for day, topic in reversed(coming)]


def _choose(sitting: Sitting, waiting: Sequence[Memory], free: int) -> Sequence[Memory]:
    room = min(sitting.room, free, REVIEWS_A_BLOCK)
    first_only = min(sitting.room + sitting.spare, free, REVIEWS_A_BLOCK)
    if first_only <= 0:
        return ()
    due = list(waiting[: bisect_right(waiting, sitting.day, key=_DUE)])
    due.sort(key=lambda memory: (memory.recalls > 0, -memory.fading(sitting.day), memory.topic))
    fresh = sum(memory.recalls == 0 for memory in due)
    return due[: max(room, min(first_only, fresh))]


def week_limits(time: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The greatest number of reviews in each week, of whose blocks `time` holds the week's number
    and the minutes: a fifth of it, but always one."""
    return {week: max(all_ // (_WEEK_SHARE * REVIEW), 1) for week, all_ in totals(time).items()}


# ── What is remembered on a day ───────────────────────────────────────────────────────────────


def memories(plan: Plan, progress: Progress, profile: Profile, as_of: date) -> tuple[Memory, ...]:
    """The memory of every topic that was finished before `as_of`: all of its study is done, or it
    was mastered. A review without an answer of its own counts as good."""
    sessions = (*plan.sessions, *plan.early)
    answers: dict[str, dict[date, Answer]] = defaultdict(dict)
    for session in sessions:
        if session.kind == "review" and session.topic and is_done(session, progress):
            answers[session.topic][_worked_on(session, progress, profile)] = "good"
    for topic, day, answer, _ in progress.answers:
        answers[topic][day] = answer
    found: list[Memory] = []
    for topic, finished in _finishes(sessions, progress, profile).items():
        if finished < as_of:
            memory = learned(topic, finished)
            for day, answer in sorted(answers[topic].items()):
                if finished < day <= as_of:
                    memory = recalled(memory, day, answer)
            found.append(memory)
    return tuple(found)


def _finishes(sessions: Iterable[Session], progress: Progress, profile: Profile) -> dict[str, date]:
    """The day on which each topic was finished, of those without open study."""
    study = [(s, s.topic) for s in sessions if s.kind == "study" and s.topic]
    done = [(_worked_on(s, progress, profile), t) for s, t in study if is_done(s, progress)]
    unfinished = {t for s, t in study if s.status == "planned" and not is_done(s, progress)}
    last = {topic: day for day, topic in sorted(done) if topic not in unfinished}
    return dict(sorted((last | dict(progress.mastered)).items()))


def is_done(session: Session, progress: Progress) -> bool:
    """Whether all of the session's minutes were done."""
    return session.status == "done" or progress.done.get(session.id, 0) >= session.minutes


def _worked_on(session: Session, progress: Progress, profile: Profile) -> date:
    """The day on which the session was last worked on, else its own."""
    return progress.days.get(session.id) or profile.day_of(session.start)
