"""Missed work on the grid of the accepted plan: what gives way first, and what comes after.

Free time nearby, then sliding; then offered hours that an eased plan left alone, a later finish
inside the window, the dial, and at last less than the dial's end. None of it moves a block.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import count

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Roadmap, Session, TopicPlan, Unplaced
from pe_plan.planning import recalling
from pe_plan.planning.blocks import studied
from pe_plan.planning.effort import DIAL_END, depth
from pe_plan.planning.fitting import bounds
from pe_plan.planning.grid import Grid, grid, later_finish, with_offered
from pe_plan.planning.settling import Case
from pe_plan.planning.sheets import Queue, Sheet
from pe_plan.planning.sliding import (
    NEARBY,
    Stretch,
    absorb,
    hold,
    is_study,
    replace_further,
    slides,
)

_LONGEST = 3 * 366  # days that an overrun may take beyond the window
_FARTHEST = DIAL_END + 1000  # beyond the dial's end all topics shrink alike, down to one session

Cut = dict[str, tuple[int, int]]  # topic -> the minutes taken from it, of so many that were open


class Repaired(Struct, frozen=True, kw_only=True):
    """The future after it: sheets with their agendas, weeks, and what was cut from topics."""

    grid: Grid
    sheets: Sequence[Sheet]
    turn: int = 0
    cut: Cut = field(default_factory=dict)
    unplaced: Sequence[Unplaced] = ()


def repair(case: Case) -> Repaired | None:
    """The plan's future with everything owed in a place; None where a topic would vanish."""
    found: Repaired | None = None
    for base in _bases(case):
        if attempt := _attempt(case, base, 0):
            found = found or attempt
            if not (attempt.unplaced and _may_close_later(case)):
                return attempt
    if found:
        return found
    widest = base  # the smallest turn that fits there; trimming more frees more
    turns = range(1, _FARTHEST + 1)
    k = bisect_left(turns, x=True, key=lambda turn: _attempt(case, widest, turn) is not None)
    return _attempt(case, widest, turns[k]) if k < len(turns) else None


def _may_close_later(case: Case) -> bool:
    """Whether days off take time from the final weeks, or these are over: then the finish moves
    rather than that the loop or a recall is left out."""
    finals = [sheet for sheet in grid(case).sheets if sheet.final]
    return not finals or any(sheet.lost for sheet in finals)


def _bases(case: Case) -> Iterator[Grid]:
    """The grid as it is, then with more and more time."""
    base = grid(case)
    yield base
    offered = with_offered(base, case.profile)
    if len(offered.sheets) > len(base.sheets):
        base = offered
        yield base
    if case.profile.interview:
        return
    last = bounds(case.roadmap, case.profile).latest
    if case.profile.overrun:
        last += timedelta(days=_LONGEST)
    close = case.close
    for more in count(1):
        if (longer := later_finish(base, case, close, last, more)) is None:
            return
        yield longer


def _attempt(case: Case, base: Grid, turn: int) -> Repaired | None:
    """Everything owed in its place at a turn of the dial; None where it does not fit."""
    sheets = base.copies()
    owed: Sequence[Session] = (*case.owed, *base.homeless)
    cut: Cut = {}
    if turn:
        now = {topic.id: topic.depth for topic in case.plan.topics}
        wanted = depths(case.roadmap, case.plan.topics, turn)
        shares = {id: depth / now[id] for id, depth in wanted.items() if now[id]}
        owed, cut = _trim(sheets, owed, shares)
    stretches: list[Stretch] = []
    study = [*filter(is_study, owed)]
    closing = [sheet for sheet in sheets if sheet.final]
    late = [each for sheet in closing if sheet.lost for each in filter(is_study, sheet.work)]
    if len(closing) < len(sheets):
        stretches, fits = absorb(sheets, study, case.week, case.requires, nearby=not turn)
        if not fits:
            return None
    else:
        late = [*study, *late]
    if not _into_final_weeks(case, closing, late):
        return None
    if base.weeks is not case.plan.weeks:  # the final weeks were laid for all that is left of them
        owed = [session for session in owed if not case.closes(session)]
    slid = {k for stretch in stretches for k in range(*stretch)}
    left_behind = [k for k, sheet in enumerate(sheets) if sheet.lost and k not in slid]
    missed = [*owed, *(each for k in left_behind for each in sheets[k].work)]
    alike = [each for each in missed if slides(each) and not is_study(each)]
    unplaced = hold(sheets, alike, case.held, case.roadmap)
    _reviews(case, sheets, owed, stretches, left_behind)
    kept = [sheet for sheet in sheets if sheet.work or not sheet.spare]
    return Repaired(
        grid=base, sheets=kept, turn=turn, cut=cut, unplaced=(*base.unplaced, *unplaced)
    )


def _into_final_weeks(case: Case, sheets: Sequence[Sheet], study: Iterable[Session]) -> bool:
    """In the final weeks study goes into free time, then in the place of further mocks."""
    queue = Queue(case.requires, study, spent=True)
    for sheet in sheets:
        if not sheet.lost and (taken := queue.take(sheet.free)):
            sheet.fill([*sheet.work, *taken])
    if queue:
        replace_further(sheets, queue, case.held, case.roadmap)
    return not queue


def _reviews(
    case: Case,
    sheets: Sequence[Sheet],
    owed: Iterable[Session],
    stretches: Sequence[Stretch],
    left_behind: Iterable[int],
) -> None:
    """Reviews anew where work slid, missed ones made up nearby, rated ones moved."""
    known = case.known()
    moved = {topic for topic, _, answer, new in case.progress.answers if new and answer != "good"}
    for stretch in stretches:
        recalling.anew(sheets, stretch, known, case.roadmap)
        moved |= recalling.unreviewed(sheets, stretch)
    if not stretches or stretches[0][0]:
        missed = [s for s in owed if s.reviews_topic]
        recalling.make_up(sheets, missed, range(case.week, case.week + NEARBY + 1))
    for k in left_behind:
        week = sheets[k].week
        recalling.make_up(sheets[k:], sheets[k].reviews, range(week, week + NEARBY + 1))
    shifted = (session for block in case.shifted for session in block.sessions)
    late = {s.topic for s in (*owed, *shifted) if s.kind == "study" and s.topic}
    moved |= late & recalling.unreviewed(sheets, (0, len(sheets)))
    if moved:
        recalling.follow(sheets, moved, known, case.roadmap)


# ── The dial, turned on what is still open ────────────────────────────────────────────────────


def depths(roadmap: Roadmap, topics: Iterable[TopicPlan], turn: int) -> dict[str, Fraction]:
    """How deep each topic goes at a turn from 0 on, as far as beyond the dial's end; never deeper
    than it goes now."""
    priority = {topic.id: topic.priority for topic in roadmap.topics}
    shrunk = 1 - Fraction(max(turn - DIAL_END, 0), _FARTHEST - DIAL_END)
    return {
        topic.id: min(depth(priority[topic.id], turn) * shrunk, topic.depth) for topic in topics
    }


def _trim(
    sheets: Sequence[Sheet], owed: Sequence[Session], shares: Mapping[str, Fraction]
) -> tuple[list[Session], Cut]:
    """Shorten the open study of each topic to its share, in whole steps and to one session at the
    least; what it leaves is free time. Returns what is still owed of `owed`, and what was taken of
    each topic that was shortened."""
    open_ = studied((*owed, *(each for sheet in sheets for each in sheet.work)))
    cut = _Cutting(open_, shares)
    left = cut.shortened(owed)
    for sheet in sheets:
        if (shorter := cut.shortened(sheet.work)) != list(sheet.work):
            sheet.fill(shorter)
    return left, {topic: (open_[topic] - given, open_[topic]) for topic, given in cut.given.items()}


class _Cutting:
    """Shortens session after session so that each topic gets its share of the time gone by."""

    def __init__(self, open_: Counter[str], shares: Mapping[str, Fraction]) -> None:
        self._open = open_
        self._wanted = {
            topic: max(int(minutes * shares[topic]) // STEP * STEP, min(minutes, SHORTEST))
            for topic, minutes in open_.items()
            if shares.get(topic, 1) < 1
        }
        self._passed: Counter[str] = Counter()
        self.given: Counter[str] = Counter()

    def shortened(self, sessions: Iterable[Session]) -> list[Session]:
        """The sessions at their new lengths, without those of which nothing is left."""
        lengths = ((each, self._length(each)) for each in sessions)
        return [
            each if each.minutes == minutes else replace(each, minutes=minutes)
            for each, minutes in lengths
            if minutes
        ]

    def _length(self, session: Session) -> int:
        topic = session.topic or ""
        wanted = self._wanted.get(topic, self._open[topic])
        if session.kind != "study" or wanted == self._open[topic]:
            return session.minutes
        self._passed[topic] += session.minutes
        due = Fraction(wanted * self._passed[topic], self._open[topic]) - self.given[topic]
        minutes = int(due) // STEP * STEP
        rest = wanted - self.given[topic] - minutes
        if 0 < rest < SHORTEST or self._passed[topic] == self._open[topic]:
            minutes += rest
        elif minutes < SHORTEST:
            minutes = 0
        minutes = min(minutes, session.minutes)
        if minutes < SHORTEST and self.given[topic]:
            minutes = 0  # a crumb is cut, too
        self.given[topic] += minutes
        return minutes
