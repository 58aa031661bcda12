"""Reviews after a re-plan: laid anew where work slid, moved where a rating says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from pe_plan.model import Roadmap, Session
from pe_plan.planning.blocks import piece
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
from pe_plan.planning.sheets import Sheet, again_of, new
from pe_plan.planning.sliding import Stretch


def anew(
    sheets: Sequence[Sheet], stretch: Stretch, known: Iterable[Memory], roadmap: Roadmap
) -> None:
    """Choose again which topics the review time of a stretch recalls; the rest is free."""
    first, stop = stretch
    last = _last_study(sheets)
    memories = _rolled(sheets[:first], known, last)
    open_sheets = [sheet for sheet in sheets[first:stop] if not sheet.lost]
    finished = sorted((sheets[k].day, topic) for topic, k in last.items() if first <= k < stop)
    sittings = [
        Sitting(day=s.day, week=s.week, room=len(s.reviews), spare=s.free // REVIEW)
        for s in open_sheets
    ]
    chosen, _ = lay(sittings, memories, finished, _limits(sheets))
    pool = _Pool(open_sheets, roadmap)
    for sheet, topics in zip(open_sheets, chosen, strict=True):
        rest = [each for each in sheet.work if not each.reviews_topic]
        sheet.fill([*(pool.take(topic) for topic in topics), *rest])


def follow(
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
    room = _Room(sheets, able)
    for k, sheet in enumerate(sheets):
        if sheet.final or sheet.lost:
            continue
        due = [memory for memory in memories.values() if memory.due <= sheet.day]
        for memory in sorted(due, key=lambda m: (-m.fading(sheet.day), m.topic)):
            if room.for_one(sheet):
                sheet.fill([pool.take(memory.topic), *sheet.work])
                memories[memory.topic] = recalled(memory, sheet.day)
        for topic in sorted(topics):
            if last.get(topic) == k:
                memories[topic] = learned(topic, sheet.day)


def make_up(sheets: Sequence[Sheet], missed: Iterable[Session], weeks: range) -> None:
    """A missed review goes into free time of these weeks, else the topic's next review serves."""
    able = [sheet for sheet in sheets if not sheet.lost]
    room = _Room(sheets, able)
    for session in {session.topic: session for session in missed}.values():
        for sheet in able:
            topics = {each.topic for each in sheet.reviews}
            if session.topic in topics or sheet.week not in weeks:
                break
            if not sheet.final and room.for_one(sheet):
                sheet.fill([replace(again_of(session), minutes=REVIEW), *sheet.work])
                break


def unreviewed(sheets: Sequence[Sheet], stretch: Stretch) -> set[str]:
    """Topics that end in the stretch and are not reviewed after that."""
    return {
        topic
        for topic, k in _last_study(sheets).items()
        if stretch[0] <= k < stretch[1]
        and not any(
            each.topic == topic
            for sheet in sheets[k + 1 :]
            if not sheet.lost
            for each in sheet.reviews
        )
    }


def _limits(sheets: Iterable[Sheet]) -> dict[int, int]:
    return week_limits((sheet.week, sheet.minutes) for sheet in sheets)


class _Room:
    """How many reviews each week still may hold, beside those in the sheets that are able to."""

    def __init__(self, sheets: Iterable[Sheet], able: Iterable[Sheet]) -> None:
        self._left = Counter(_limits(sheets))
        self._left.subtract(sheet.week for sheet in able for _ in sheet.reviews)

    def for_one(self, sheet: Sheet) -> bool:
        """Whether one more review fits into the sheet's free time and its week; it is booked."""
        in_block = sheet.free >= REVIEW and len(sheet.reviews) < REVIEWS_A_BLOCK
        fits = in_block and self._left[sheet.week] > 0
        self._left[sheet.week] -= fits
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


def _rolled(sheets: Sequence[Sheet], known: Iterable[Memory], last: dict[str, int]) -> list[Memory]:
    """The memories after the sheets, with every review in them answered well."""
    memories = {memory.topic: memory for memory in known}
    for k, sheet in enumerate(sheets):
        for each in () if sheet.lost else sheet.reviews:
            if each.topic in memories:
                memories[each.topic] = recalled(memories[each.topic], sheet.day)
        for topic in {each.topic for each in sheet.work if each.topic}:
            if last.get(topic) == k:
                memories[topic] = learned(topic, sheet.day)
    # A topic that is studied again is known only after that.
    return [memory for topic, memory in memories.items() if last.get(topic, -1) < len(sheets)]


def _last_study(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Topic -> the last sheet that it is studied in."""
    return {
        each.topic: k
        for k, sheet in enumerate(sheets)
        if not sheet.lost
        for each in sheet.work
        if each.kind == "study" and each.topic
    }
