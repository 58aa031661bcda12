"""Reviews after a re-plan: laid anew where work slid, moved where a rating says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from pe_plan.model import Roadmap, Session
from pe_plan.planning import reviews
from pe_plan.planning.drafts import Piece
from pe_plan.planning.grid import new
from pe_plan.planning.reviews import Memory, Sitting, learned, recalled
from pe_plan.planning.sheets import Sheet, again_of
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
        Sitting(
            day=sheet.day,
            week=sheet.week,
            room=len(_reviews(sheet)),
            spare=sheet.free // reviews.MINUTES,
        )
        for sheet in open_sheets
    ]
    chosen, _ = reviews.lay(sittings, memories, finished, week_limits(sheets))
    pool = _Pool(open_sheets, roadmap)
    for sheet, topics in zip(open_sheets, chosen, strict=True):
        rest = [piece for piece in sheet.work if not piece.reviews_topic]
        sheet.fill([*(pool.take(topic) for topic in topics), *rest])


def follow(
    sheets: Sequence[Sheet], topics: Collection[str], known: Iterable[Memory], roadmap: Roadmap
) -> None:
    """Lay the reviews of these topics alone anew, within their own time and free time."""
    able = [sheet for sheet in sheets if not sheet.final and not sheet.lost]
    pool = _Pool(able, roadmap, topics)
    for sheet in able:
        if len(kept := [p for p in sheet.work if not pool.holds(p)]) < len(sheet.work):
            sheet.fill(kept)
    last = _last_study(sheets)
    memories = {memory.topic: memory for memory in known if memory.topic in topics}
    limits = week_limits(sheets)
    used = Counter(sheet.week for sheet in able for _ in _reviews(sheet))
    for k, sheet in enumerate(sheets):
        if sheet.final or sheet.lost:
            continue
        due = [memory for memory in memories.values() if memory.due <= sheet.day]
        for memory in sorted(due, key=lambda m: (-m.fading(sheet.day), m.topic)):
            if used[sheet.week] < limits[sheet.week] and has_room(sheet):
                used[sheet.week] += 1
                sheet.fill([pool.take(memory.topic), *sheet.work])
                memories[memory.topic] = recalled(memory, sheet.day)
        for topic in sorted(topics):
            if last.get(topic) == k:
                memories[topic] = learned(topic, sheet.day)


def make_up(sheets: Sequence[Sheet], missed: Iterable[Session], weeks: range) -> None:
    """A missed review goes into free time of these weeks, else the topic's next review serves."""
    limits = week_limits(sheets)
    used = Counter(sheet.week for sheet in sheets if not sheet.lost for _ in _reviews(sheet))
    for session in {session.topic: session for session in missed}.values():
        for sheet in sheets:
            if sheet.lost:
                continue
            topics = [piece.topic for piece in _reviews(sheet)]
            if session.topic in topics or sheet.week not in weeks:
                break
            if not sheet.final and used[sheet.week] < limits[sheet.week] and has_room(sheet):
                used[sheet.week] += 1
                again = replace(again_of(session), minutes=reviews.MINUTES)
                sheet.fill([again, *sheet.work])
                break


def unreviewed(sheets: Sequence[Sheet], stretch: Stretch) -> set[str]:
    """Topics that end in the stretch and are not reviewed after that."""
    last = _last_study(sheets)
    ending = {topic for topic, k in last.items() if stretch[0] <= k < stretch[1]}
    return {
        topic
        for topic in ending
        if not any(
            piece.topic == topic
            for sheet in sheets[last[topic] + 1 :]
            if not sheet.lost
            for piece in _reviews(sheet)
        )
    }


def has_room(sheet: Sheet) -> bool:
    """Whether one more review fits into the sheet's free time."""
    return sheet.free >= reviews.MINUTES and len(_reviews(sheet)) < reviews.A_BLOCK


def week_limits(sheets: Iterable[Sheet]) -> dict[int, int]:
    """The greatest number of reviews in each week: a fifth of it, but always one."""
    minutes: Counter[int] = Counter()
    for sheet in sheets:
        minutes[sheet.week] += sheet.minutes
    share = reviews.WEEK_SHARE * reviews.MINUTES
    return {week: max(whole // share, 1) for week, whole in minutes.items()}


class _Pool:
    """The review sessions that are laid anew, to keep their ids."""

    def __init__(
        self, sheets: Iterable[Sheet], roadmap: Roadmap, topics: Collection[str] | None = None
    ) -> None:
        self._roadmap = roadmap
        self._topics = topics
        self._waiting: dict[str | None, list[Session]] = defaultdict(list)
        for sheet in sheets:
            for piece in sheet.work:
                if self.holds(piece):
                    self._waiting[piece.topic].append(piece)

    def holds(self, piece: Session) -> bool:
        """Whether the piece is one of those that are laid anew."""
        return piece.reviews_topic and (self._topics is None or piece.topic in self._topics)

    def take(self, topic: str) -> Session:
        """The topic's next review, a new one where none is left."""
        if self._waiting[topic]:
            return replace(self._waiting[topic].pop(0), minutes=reviews.MINUTES)
        return new(Piece(kind="review", topic=topic, minutes=reviews.MINUTES), self._roadmap)


def _rolled(sheets: Sequence[Sheet], known: Iterable[Memory], last: dict[str, int]) -> list[Memory]:
    """The memories after the sheets, with every review in them answered well."""
    memories = {memory.topic: memory for memory in known}
    for k, sheet in enumerate(sheets):
        for piece in () if sheet.lost else _reviews(sheet):
            if piece.topic in memories:
                memories[piece.topic] = recalled(memories[piece.topic], sheet.day)
        for topic in {piece.topic for piece in sheet.work if piece.topic}:
            if last.get(topic) == k:
                memories[topic] = learned(topic, sheet.day)
    # A topic that is studied again is known only after that.
    return [memory for topic, memory in memories.items() if last.get(topic, -1) < len(sheets)]


def _last_study(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Topic -> the last sheet that it is studied in."""
    return {
        piece.topic: k
        for k, sheet in enumerate(sheets)
        if not sheet.lost
        for piece in sheet.work
        if piece.kind == "study" and piece.topic
    }


def _reviews(sheet: Sheet) -> list[Session]:
    return [piece for piece in sheet.work if piece.reviews_topic]
