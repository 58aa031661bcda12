"""Missed work on the grid of the accepted plan: what gives way first, and what comes after.

Free time nearby, then sliding; then offered hours that an eased plan left alone, a later finish
inside the window, the dial, and at last less than the dial's end. None of it moves a block.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count

from msgspec import Struct, field

from pe_plan.model import (
    Block,
    Days,
    Phase,
    Plan,
    Profile,
    Progress,
    Roadmap,
    Round,
    Session,
    Unplaced,
)
from pe_plan.planning import recalling
from pe_plan.planning.closing import further, hold, loop_left, of_loop
from pe_plan.planning.fitting import bounds
from pe_plan.planning.grid import Grid, Later, grid, later_finish, week_of, with_offered
from pe_plan.planning.memory import memories
from pe_plan.planning.reviews import Memory
from pe_plan.planning.settling import Settled
from pe_plan.planning.sheets import Queue, Sheet
from pe_plan.planning.sliding import NEARBY, Requires, Stretch, absorb, slides
from pe_plan.planning.trimming import FARTHEST, depths, trim

_LONGEST = 3 * 366  # days that an overrun may take beyond the window


class Case(Struct, frozen=True, kw_only=True):
    """What is to be repaired: the accepted plan, settled on a day, the learner since then, and the
    blocks that they have just put elsewhere."""

    roadmap: Roadmap
    profile: Profile
    plan: Plan
    progress: Progress
    settled: Settled
    as_of: date
    shifted: tuple[Block, ...] = ()

    @property
    def week(self) -> int:
        """The plan week of the day, from 0."""
        return week_of(self.plan, self.as_of)

    @property
    def requires(self) -> Requires:
        """Topic -> topics that come before it."""
        return {topic.id: topic.requires for topic in self.roadmap.topics}

    @property
    def behind(self) -> tuple[Session, ...]:
        """Every session that is settled."""
        settled = self.settled
        past = (session for block in settled.past for session in block.sessions)
        return (*past, *(s for ahead in settled.ahead for s in ahead.head), *settled.early)

    @property
    def loop(self) -> list[Round]:
        """What of the full loop was not held so far."""
        return loop_left(self.behind, self.roadmap)

    @property
    def to_recall(self) -> list[Phase]:
        """The phases that were not recalled in final weeks so far."""
        over = {s.phase for s in self.behind if s.status == "done" and self.closes(s)}
        return [phase for phase in self.roadmap.phases if phase.id not in over]

    def closes(self, session: Session) -> bool:
        """Whether it is a phase's recall, or a mock of the loop, in the final weeks."""
        week = min(week_of(self.plan, self.profile.day_of(session.start)), len(self.plan.weeks) - 1)
        return self.plan.weeks[week].kind == "final" and (session.recalls_phase or of_loop(session))

    def known(self) -> tuple[Memory, ...]:
        """The learner's memories on the day."""
        return memories(self.plan, self.progress, self.profile, self.as_of)


class Repaired(Struct, frozen=True, kw_only=True):
    """The future after it: sheets with their agendas, weeks, and what was cut from topics: minutes,
    of so many that were open."""

    grid: Grid
    sheets: Sequence[Sheet]
    turn: int = 0
    cut: dict[str, tuple[int, int]] = field(default_factory=dict)
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
    turns = range(1, FARTHEST + 1)
    k = bisect_left(turns, x=True, key=lambda turn: _attempt(case, widest, turn) is not None)
    return _attempt(case, widest, turns[k]) if k < len(turns) else None


def _may_close_later(case: Case) -> bool:
    """Whether days off take time from the final weeks, or these are over: then the finish moves
    rather than that the loop or a recall is left out."""
    finals = [sheet for sheet in grid(case.plan, case.settled, case.profile).sheets if sheet.final]
    return not finals or any(sheet.lost for sheet in finals)


def _bases(case: Case) -> Iterator[Grid]:
    """The grid as it is, then with more and more time."""
    base = grid(case.plan, case.settled, case.profile)
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
    later = Later(
        days=Days(first=case.as_of, last=last),
        windows=case.plan.windows,
        loop=case.loop,
        to_recall=case.to_recall,
    )
    for more in count(1):
        longer = later_finish(base, case.roadmap, case.profile, later, more)
        if longer is None:
            return
        yield longer


def _attempt(case: Case, base: Grid, turn: int) -> Repaired | None:
    """Everything owed in its place at a turn of the dial; None where it does not fit."""
    sheets = base.copies()
    owed: Sequence[Session] = (*case.settled.owed, *base.homeless)
    cut: dict[str, tuple[int, int]] = {}
    if turn:
        now = {topic.id: topic.depth for topic in case.plan.topics}
        wanted = depths(case.roadmap, case.plan.topics, turn)
        shares = {id: depth / now[id] for id, depth in wanted.items() if now[id]}
        owed, cut = trim(sheets, owed, shares)
    study = [session for session in owed if session.kind == "study"]
    stretches: list[Stretch] = []
    closing = [sheet for sheet in sheets if sheet.final]
    late = [p for sheet in closing if sheet.lost for p in sheet.work if p.kind == "study"]
    if len(closing) < len(sheets):
        stretches, left = absorb(sheets, study, case.week, case.requires, nearby=not turn)
        if left:
            return None
    else:
        late = [*study, *late]
    if not _into_final_weeks(case, closing, late):
        return None
    if base.weeks is not case.plan.weeks:  # the final weeks were laid for all that is left of them
        owed = [session for session in owed if not case.closes(session)]
    unplaced = _closing(case, sheets, owed, stretches)
    _reviews(case, sheets, owed, stretches)
    kept = [sheet for sheet in sheets if sheet.work or not sheet.spare]
    return Repaired(
        grid=base, sheets=kept, turn=turn, cut=cut, unplaced=(*base.unplaced, *unplaced)
    )


def _into_final_weeks(case: Case, sheets: Sequence[Sheet], study: Iterable[Session]) -> bool:
    """In the final weeks study goes into free time, then in the place of further mocks."""
    queue = Queue(case.requires)
    for session in study:
        queue.add(session, made_up=True, spent=True)
    if not queue:
        return True
    for sheet in sheets:
        if not sheet.lost and (taken := queue.take(sheet.free)):
            sheet.fill([*sheet.work, *taken])
    for sheet, piece in reversed(list(further(sheets, case.behind, case.roadmap))):
        if taken := queue.take(piece.minutes + sheet.free):
            sheet.fill([p for p in sheet.work if p is not piece] + taken)
    return not queue


def _closing(
    case: Case, sheets: Sequence[Sheet], owed: Iterable[Session], stretches: Sequence[Stretch]
) -> list[Unplaced]:
    """The missed mocks and phase recalls, and those of lost sheets that did not slide."""
    missed = [session for session in owed if slides(session)]
    missed += [p for k in _left_behind(sheets, stretches) for p in sheets[k].work if slides(p)]
    alike = [session for session in missed if session.kind != "study"]
    return hold(sheets, alike, case.behind, case.roadmap)


def _left_behind(sheets: Sequence[Sheet], stretches: Sequence[Stretch]) -> list[int]:
    """The lost sheets whose work did not slide."""
    slid = {k for first, stop in stretches for k in range(first, stop)}
    return [k for k, sheet in enumerate(sheets) if sheet.lost and k not in slid]


def _reviews(
    case: Case, sheets: Sequence[Sheet], owed: Iterable[Session], stretches: Sequence[Stretch]
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
    for k in _left_behind(sheets, stretches):
        gone, week = [s for s in sheets[k].work if s.reviews_topic], sheets[k].week
        recalling.make_up(sheets[k:], gone, range(week, week + NEARBY + 1))
    shifted = (session for block in case.shifted for session in block.sessions)
    late = {s.topic for s in (*owed, *shifted) if s.kind == "study" and s.topic}
    moved |= late & recalling.unreviewed(sheets, (0, len(sheets)))
    if moved:
        recalling.follow(sheets, moved, known, case.roadmap)
