"""Missed work finds its place on the grid: in free time nearby, else all later work slides. Mocks
and phase recalls go into free time that holds them, else for a further mock of the final weeks.
Reviews are laid anew where work slid, and moved where a rating says so.

No block changes its time here. `Sheets` are worked on in place; who tries, tries on copies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from pe_plan.model import Roadmap, Session, Unplaced
from pe_plan.planning.blocks import not_placed, piece
from pe_plan.planning.memory import (
    REVIEW,
    REVIEWS_A_BLOCK,
    Memory,
    Sitting,
    lay,
    learned,
    recalled,
    week_limits,
)
from pe_plan.planning.settling import of_loop
from pe_plan.planning.sheets import AGAIN, Queue, Requires, Sheet, new

NEARBY = 2  # weeks after this one in which a small miss is made up

Stretch = tuple[int, int]  # sheets, from and up to
Held = Mapping[str | None, int]  # round -> how often it was held in the final weeks so far


def absorb(
    sheets: Sequence[Sheet], owed: Sequence[Session], week: int, requires: Requires, *, nearby: bool
) -> tuple[list[Stretch], bool]:
    """Find places for the study that is `owed` in plan week `week` (from 0), and for the work of
    lost sheets: free time `nearby` if that may be and is enough, else all slides.

    Returns the stretches in which work slid, and whether all of it found a place before the final
    weeks.
    """
    stretches: list[Stretch] = []
    done = 0  # sheets before it have had their turn
    for first, stop in [(0, 0)] * bool(owed) + _lost(sheets):  # what is owed comes before any
        if first < done:
            continue
        lost = [each for sheet in sheets[first:stop] for each in filter(is_study, sheet.work)]
        study = Queue(requires, lost if stop else owed, spent=not stop)
        if nearby and _nearby(sheets[stop:], sheets[stop - 1].week if stop else week, study):
            continue
        queue = Queue(requires, () if stop else owed, spent=True)
        done = _slide(sheets, first, queue)
        stretches.append((first, done))
        if queue:
            return stretches, False
    return stretches, True


def _slide(sheets: Sequence[Sheet], first: int, queue: Queue) -> int:
    """Let all work from sheet `first` on wait its turn behind what waits already, and take up free
    time, until nothing waits or the final weeks come. Returns where it stopped."""
    for k, sheet in enumerate(sheets[first:], first):
        if sheet.final or not (queue or sheet.lost):
            return k
        for each in filter(slides, sheet.work):
            queue.add(each, made_up=sheet.lost)
        if not sheet.lost:
            held = [each for each in sheet.work if not slides(each)]
            room = sheet.minutes - sum(each.minutes for each in held)
            sheet.fill([*held, *queue.take(room)])
    return len(sheets)


def slides(session: Session) -> bool:
    """Whether the session moves when work slides: study, and what ends a phase."""
    return session.kind in ("study", "mock") or session.recalls_phase


def is_study(session: Session) -> bool:
    """Whether it is study of a topic."""
    return session.kind == "study"


def _nearby(sheets: Sequence[Sheet], week: int, queue: Queue) -> bool:
    """Make the work up in the free time of this week and the next two, if all of it fits there."""
    agendas: list[tuple[Sheet, list[Session]]] = []
    for sheet in sheets:
        if not queue or sheet.week > week + NEARBY:
            break
        if sheet.free and (taken := queue.take(sheet.free)):
            agendas.append((sheet, [*sheet.work, *taken]))
    if queue:
        return False
    for sheet, agenda in agendas:
        sheet.fill(agenda)
    return True


def _lost(sheets: Sequence[Sheet]) -> list[Stretch]:
    """The stretches of sheets that have lost their time."""
    found: list[Stretch] = []
    for k, sheet in enumerate(sheets):
        if sheet.lost and not sheet.final:
            first = found.pop()[0] if found and found[-1][1] == k else k
            found.append((first, k + 1))
    return found


# ── Mocks and phase recalls ───────────────────────────────────────────────────────────────────


def hold(
    sheets: Sequence[Sheet], owed: Iterable[Session], held: Held, roadmap: Roadmap
) -> list[Unplaced]:
    """Find a place for each of the owed mocks and recalls, not before its old one; what finds none
    is returned. Of the final weeks' mocks only the full loop counts: those `held` and those still
    to come make it up, the others are further mocks, which give way and need no place.
    """
    able = [sheet for sheet in sheets if not sheet.lost]
    wanted = {round_.id: round_.count for round_ in roadmap.rounds}
    unplaced: list[Unplaced] = []
    for session in owed:
        if of_loop(session):
            planned = Counter(s.round for sheet in able for s in sheet.work if of_loop(s))
            planned.update(held)
            if planned[session.round] >= wanted.get(session.round or "", 0):
                continue
        queue = Queue({}, [session], spent=True)
        for sheet in able:
            if sheet.start >= session.start:
                sheet.take_up(queue)
        replace_further(able, queue, held, roadmap)
        if queue:
            unplaced.append(not_placed(replace(session, minutes=queue.waiting[0].minutes)))
    return unplaced


def replace_further(sheets: Sequence[Sheet], queue: Queue, held: Held, roadmap: Roadmap) -> None:
    """Let what waits take the place of further mocks, those of the final weeks beyond the full
    loop, the last of them first; a mock is held shorter where there is less time."""
    wanted = {round_.id: round_.count for round_ in roadmap.rounds}
    seen = Counter(held)
    further: list[tuple[Sheet, Session]] = []
    for sheet in sheets:
        for each in sheet.work:
            if of_loop(each) and not sheet.lost:
                seen[each.round] += 1
                if seen[each.round] > wanted.get(each.round or "", 0):
                    further.append((sheet, each))
    while queue and further:
        sheet, mock = further.pop()
        first, room = queue.waiting[0], mock.minutes + sheet.free
        if first.like.kind == "mock":
            first.minutes = min(first.minutes, room)
        if taken := queue.take(room):
            sheet.fill([*(each for each in sheet.work if each is not mock), *taken])


# ── Reviews ───────────────────────────────────────────────────────────────────────────────────


def recall_anew(
    sheets: Sequence[Sheet], stretch: Stretch, known: Iterable[Memory], roadmap: Roadmap
) -> None:
    """Choose again which topics the review time of a stretch recalls; the rest is free."""
    first, stop = stretch
    last = _last_study(sheets)
    memories = {memory.topic: memory for memory in known}
    for k, sheet in enumerate(sheets[:first]):  # every review in them is answered well
        for each in () if sheet.lost else sheet.reviews:
            if each.topic in memories:
                memories[each.topic] = recalled(memories[each.topic], sheet.day)
        memories |= {topic: learned(topic, sheet.day) for topic, end in last.items() if end == k}
    # A topic that is studied again is known only after that.
    before = [memory for topic, memory in memories.items() if last.get(topic, -1) < first]
    able = [sheet for sheet in sheets[first:stop] if not sheet.lost]
    finished = sorted((sheets[k].day, topic) for topic, k in last.items() if first <= k < stop)
    # What is left of a review that was begun early is no place for a whole one.
    rooms = [sum(each.minutes for each in sheet.reviews) // REVIEW for sheet in able]
    sittings = [
        Sitting(day=sheet.day, week=sheet.week, room=room, spare=sheet.free // REVIEW)
        for sheet, room in zip(able, rooms, strict=True)
    ]
    chosen, _ = lay(sittings, before, finished, _limits(sheets))
    pool = _Pool(able, roadmap)
    for sheet, topics in zip(able, chosen, strict=True):
        rest = [each for each in sheet.work if not each.reviews_topic]
        sheet.fill([*(pool.take(topic) for topic in topics), *rest])


def recall_alone(
    sheets: Sequence[Sheet], topics: Collection[str], known: Iterable[Memory], roadmap: Roadmap
) -> None:
    """Lay the reviews of these topics alone anew, within their own time and free time."""
    able = [sheet for sheet in sheets if not sheet.final and not sheet.lost]
    pool = _Pool(able, roadmap, topics)
    for sheet in able:
        if len(kept := [each for each in sheet.work if not pool.holds(each)]) < len(sheet.work):
            sheet.fill(kept)
    last = _last_study(sheets)
    memories = {memory.topic: memory for memory in known if memory.topic in topics}
    left = _reviews_left(sheets, able)
    for k, sheet in enumerate(sheets):
        if sheet.final or sheet.lost:
            continue
        due = [memory for memory in memories.values() if memory.due <= sheet.day]
        for memory in sorted(due, key=lambda m: (-m.fading(sheet.day), m.topic)):
            if _holds_one_more(sheet, left):
                sheet.fill([pool.take(memory.topic), *sheet.work])
                memories[memory.topic] = recalled(memory, sheet.day)
        memories |= {t: learned(t, sheet.day) for t in topics if last.get(t) == k}


def make_up(sheets: Sequence[Sheet], missed: Iterable[Session], week: int) -> None:
    """A missed review goes into free time of this week and the next two, else the topic's next
    review serves."""
    able = [sheet for sheet in sheets if not sheet.lost]
    left = _reviews_left(sheets, able)
    for session in {session.topic: session for session in missed}.values():
        held = replace(session, id=AGAIN + session.id, made_up=True, minutes=REVIEW)
        for sheet in able:
            again = any(each.topic == session.topic for each in sheet.reviews)
            if again or not week <= sheet.week <= week + NEARBY:
                break
            if not sheet.final and _holds_one_more(sheet, left):
                sheet.fill([held, *sheet.work])
                break


def unreviewed(sheets: Sequence[Sheet], stretch: Stretch) -> set[str]:
    """Topics that end in the stretch and are not reviewed after that."""
    found: set[str] = set()
    for topic, k in _last_study(sheets).items():
        after = (sheet.reviews for sheet in sheets[k + 1 :] if not sheet.lost)
        if k in range(*stretch) and all(each.topic != topic for own in after for each in own):
            found.add(topic)
    return found


def _last_study(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Topic -> the last sheet that it is studied in."""
    held = ((k, sheet) for k, sheet in enumerate(sheets) if not sheet.lost)
    return {each.topic: k for k, s in held for each in filter(is_study, s.work) if each.topic}


def _limits(sheets: Iterable[Sheet]) -> dict[int, int]:
    return week_limits((sheet.week, sheet.minutes) for sheet in sheets)


def _reviews_left(sheets: Iterable[Sheet], able: Iterable[Sheet]) -> Counter[int]:
    """How many reviews each week still may hold, beside those in the sheets that are able to."""
    left = Counter(_limits(sheets))
    left.subtract(sheet.week for sheet in able for _ in sheet.reviews)
    return left


def _holds_one_more(sheet: Sheet, left: Counter[int]) -> bool:
    """Whether one more review fits into the sheet's free time and its week; it is booked."""
    in_block = sheet.free >= REVIEW and len(sheet.reviews) < REVIEWS_A_BLOCK
    fits = in_block and left[sheet.week] > 0
    left[sheet.week] -= fits
    return fits


class _Pool:
    """The review sessions that are laid anew, to keep their ids."""

    def __init__(
        self, sheets: Iterable[Sheet], roadmap: Roadmap, topics: Collection[str] | None = None
    ) -> None:
        self._roadmap = roadmap
        self._topics = topics
        self._waiting: dict[str | None, list[Session]] = defaultdict(list)
        for sheet in sheets:
            for each in filter(self.holds, sheet.work):
                self._waiting[each.topic].append(each)

    def holds(self, session: Session) -> bool:
        """Whether the session is one of those that are laid anew."""
        return session.reviews_topic and (self._topics is None or session.topic in self._topics)

    def take(self, topic: str) -> Session:
        """The topic's next review, a new one where none is left."""
        if self._waiting[topic]:
            return replace(self._waiting[topic].pop(0), minutes=REVIEW)
        return new(piece(kind="review", minutes=REVIEW, topic=topic), self._roadmap)
