"""The same plan, later: what was missed finds a place, and nothing else moves.

On the grid of the accepted plan the order of what gives way is: free time nearby, then sliding;
then offered hours that an eased plan left alone, a later finish inside the window, the dial, and at
last less than the dial's end. None of it moves a block.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.model import (
    SHORTEST,
    STEP,
    Block,
    DoesNotFit,
    Plan,
    Profile,
    Progress,
    Roadmap,
    Session,
    TopicPlan,
    Unplaced,
    Window,
)
from pe_plan.planning import sliding
from pe_plan.planning.anew import laid_anew
from pe_plan.planning.availability import days, is_freer, opened, totals
from pe_plan.planning.blocks import Naming, Titles, block_of, is_checkpoint, studied
from pe_plan.planning.effort import DIAL_END, depth
from pe_plan.planning.fitting import bounds, verdict
from pe_plan.planning.grid import Grid, capacities, grid, later_finish, with_offered
from pe_plan.planning.settling import Case, settle
from pe_plan.planning.sheets import Names, Queue, Sheet, made_up
from pe_plan.planning.sliding import Stretch, is_study

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


def replan(
    roadmap: Roadmap,
    profile: Profile,
    before: Profile,
    plan: Plan,
    progress: Progress,
    *,
    as_of: date,
    revision: int,
    uid: Naming,
) -> Plan | DoesNotFit:
    """The accepted plan carried on from `as_of` by what the log says, or why it does not fit.

    `profile` is the learner from now on, `before` as the accepted plan knew them. `uid` names a
    block that is new, by its UTC start.
    """
    case = settle(roadmap, profile, before, plan, progress, as_of=as_of)
    repaired = _repair(case) if _grid_holds(case, before) else None
    if repaired is None:
        return laid_anew(case, before, revision, uid)
    plan_on = _written(case, repaired, revision, uid)
    if before.finish_early or not profile.finish_early:
        return plan_on
    sooner = laid_anew(case, before, revision, uid)
    return sooner if isinstance(sooner, Plan) and sooner.finish < plan_on.finish else plan_on


def _grid_holds(case: Case, before: Profile) -> bool:
    """Whether the learner still has the plan's windows, at the same instants, and asks for nothing
    that only a new plan gives: another date, or depth."""
    profile, plan = case.profile, case.plan
    more = profile.minutes_per_week > before.minutes_per_week
    more = more or is_freer(profile, before, case.as_of)
    return (
        profile.interview == before.interview
        and profile.minutes_per_week >= plan.minutes_per_week
        and all(any(_within(own, wide) for wide in profile.windows) for own in plan.windows)
        and _instants(case, profile.zone) == _instants(case, before.zone)
        and case.efforts.levels == {topic.id: topic.level for topic in plan.topics}
        and not (more and (plan.trimmed or plan.left_out))
    )


def _within(own: Window, wide: Window) -> bool:
    return own.weekday == wide.weekday and wide.start <= own.start and own.end <= wide.end


def _instants(case: Case, zone: ZoneInfo) -> list[datetime]:
    """When the plan's windows come in that zone, from the day on."""
    ahead = days(case.as_of, case.plan.finish)
    return [start for day in ahead for start, _ in opened(day, case.plan.windows, zone)]


def _written(case: Case, repaired: Repaired, revision: int, uid: Naming) -> Plan:
    plan = case.plan
    blocks = _blocks(case, repaired, uid)
    later = repaired.grid.weeks is not plan.weeks
    finish = repaired.grid.weeks[-1].starts + timedelta(days=6) if later else plan.finish
    # Final weeks that were laid anew say so themselves.
    unplaced = [each for each in plan.unplaced if not later or is_checkpoint(each)]
    phase_of = case.roadmap.phase_of
    cut = totals((phase_of[topic], minutes) for topic, (minutes, _) in repaired.cut.items())
    return replace(
        plan,
        as_of=case.as_of,
        revision=revision,
        finish=finish,
        verdict=verdict(finish, bounds(case.roadmap, case.profile)),
        weeks=capacities(case.profile, repaired.grid.weeks, blocks, case.week),
        phases=tuple(replace(p, minutes=p.minutes - cut[p.id]) for p in plan.phases),
        topics=_topics(case, repaired),
        blocks=blocks,
        unplaced=(*unplaced, *repaired.unplaced),
        early=case.early,
    )


def _blocks(case: Case, repaired: Repaired, uid: Naming) -> tuple[Block, ...]:
    """All blocks in order of time; one whose agenda stays is the very same."""
    names = Names((*case.plan.sessions, *case.plan.early))
    titles = Titles(case.roadmap)
    found = [*case.past, *(replace(a.block, sessions=a.head) for a in case.ahead if not a.open)]
    for sheet in repaired.sheets:
        if sheet.lost:
            continue
        block = sheet.on(sheet.block, names) if sheet.block else None
        if block is None or block is not sheet.block:
            phase = repaired.grid.weeks[sheet.week].phase
            # Study that came here from another block is made up where this is not its phase's week.
            stayed = {session.id for session in sheet.block.sessions} if sheet.block else set()
            sessions = made_up(block.sessions if block else sheet.sessions(names), phase, stayed)
            title = titles.of_block(sessions)
            if block:
                block = replace(block, title=title, sessions=sessions)
            else:
                block = block_of(uid(sheet.start), sessions, title)
        found.append(block)
    return tuple(sorted(found, key=lambda block: block.start))


def _topics(case: Case, repaired: Repaired) -> tuple[TopicPlan, ...]:
    wanted = _depths(case, repaired.turn)
    found: list[TopicPlan] = []
    for topic in case.plan.topics:
        cut, open_ = repaired.cut.get(topic.id, (0, 0))
        shorter = replace(topic, minutes=topic.minutes - cut, trimmed=topic.trimmed + cut)
        if cut:
            whole = round((open_ - cut) / topic.share(open_))
            shorter = replace(shorter, depth=wanted[topic.id], whole=whole)
        found.append(shorter)
    return tuple(found)


# ── On the grid of the accepted plan ──────────────────────────────────────────────────────────


def _repair(case: Case) -> Repaired | None:
    """The plan's future with everything owed in a place; None where a topic would vanish."""
    base = grid(case)
    # Where days off take time from the final weeks, or these are over, the finish moves rather than
    # that the loop or a recall is left out.
    finals = [sheet.lost for sheet in base.sheets if sheet.final]
    may_close_later = not finals or any(finals)
    found: Repaired | None = None
    for widest in _bases(case, base):
        if attempt := _attempt(case, widest, 0):
            found = found or attempt
            if not (attempt.unplaced and may_close_later):
                return attempt
    if found:
        return found
    turns = range(1, _FARTHEST + 1)  # the smallest that fits; trimming more frees more
    k = bisect_left(turns, x=True, key=lambda turn: _attempt(case, widest, turn) is not None)
    return _attempt(case, widest, turns[k]) if k < len(turns) else None


def _bases(case: Case, base: Grid) -> Iterator[Grid]:
    """The grid as it is, then with more and more time."""
    yield base
    offered = with_offered(base, case.profile)
    if len(offered.sheets) > len(base.sheets):
        yield (base := offered)
    if case.profile.interview:
        return
    last = bounds(case.roadmap, case.profile).latest
    if case.profile.overrun:
        last += timedelta(days=_LONGEST)
    close, more = case.close, 1
    while longer := later_finish(base, case, close, last, more):
        yield longer
        more += 1


def _attempt(case: Case, base: Grid, turn: int) -> Repaired | None:
    """Everything owed in its place at a turn of the dial; None where it does not fit."""
    sheets = [replace(sheet) for sheet in base.sheets]
    owed: Sequence[Session] = (*case.owed, *base.homeless)
    cut: Cut = {}
    if turn:
        now = {topic.id: topic.depth for topic in case.plan.topics}
        shares = {id: depth / now[id] for id, depth in _depths(case, turn).items() if now[id]}
        owed, cut = _trim(sheets, owed, shares)
    stretches: list[Stretch] = []
    study = [*filter(is_study, owed)]
    closing = [sheet for sheet in sheets if sheet.final]
    late = [each for sheet in closing if sheet.lost for each in filter(is_study, sheet.work)]
    if len(closing) == len(sheets):
        late = [*study, *late]
    else:
        stretches, fits = sliding.absorb(sheets, study, case.week, case.requires, nearby=not turn)
        if not fits:
            return None
    # In the final weeks study goes into free time, then in the place of further mocks.
    queue = Queue(case.requires, late, spent=True)
    for sheet in closing:
        sheet.take_up(queue)
    sliding.replace_further(closing, queue, case.held, case.roadmap)
    if queue:
        return None
    if base.weeks is not case.plan.weeks:  # the final weeks were laid for all that is left of them
        owed = [session for session in owed if not case.closes(session)]
    slid = {k for stretch in stretches for k in range(*stretch)}
    left_behind = [k for k, sheet in enumerate(sheets) if sheet.lost and k not in slid]
    missed = [*owed, *(each for k in left_behind for each in sheets[k].work)]
    alike = [each for each in missed if sliding.slides(each) and not is_study(each)]
    unplaced = (*base.unplaced, *sliding.hold(sheets, alike, case.held, case.roadmap))
    _reviews(case, sheets, owed, stretches, left_behind)
    kept = [sheet for sheet in sheets if sheet.work or not sheet.spare]
    return Repaired(grid=base, sheets=kept, turn=turn, cut=cut, unplaced=unplaced)


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
        sliding.recall_anew(sheets, stretch, known, case.roadmap)
        moved |= sliding.unreviewed(sheets, stretch)
    if not stretches or stretches[0][0]:
        missed = [s for s in owed if s.reviews_topic]
        sliding.make_up(sheets, missed, case.week)
    for k in left_behind:
        sliding.make_up(sheets[k:], sheets[k].reviews, sheets[k].week)
    shifted = (session for block in case.shifted for session in block.sessions)
    late = {s.topic for s in (*owed, *shifted) if s.kind == "study" and s.topic}
    moved |= late & sliding.unreviewed(sheets, (0, len(sheets)))
    if moved:
        sliding.recall_alone(sheets, moved, known, case.roadmap)


# ── The dial, turned on what is still open ────────────────────────────────────────────────────


def _depths(case: Case, turn: int) -> dict[str, Fraction]:
    """How deep each topic goes at a turn from 0 on, as far as beyond the dial's end; never deeper
    than it goes now."""
    now = {topic.id: topic.depth for topic in case.plan.topics}
    shrunk = 1 - Fraction(max(turn - DIAL_END, 0), _FARTHEST - DIAL_END)
    topics = case.roadmap.topics
    return {t.id: min(depth(t.priority, turn) * shrunk, now[t.id]) for t in topics if t.id in now}


def _trim(
    sheets: Sequence[Sheet], owed: Sequence[Session], shares: Mapping[str, Fraction]
) -> tuple[list[Session], Cut]:
    """Shorten the open study of each topic to its share, in whole steps and to one session at the
    least; what it leaves is free time. Returns what is still owed of `owed`, and what was taken of
    each topic that was shortened."""
    cutting = _Cutting(studied((*owed, *(each for sheet in sheets for each in sheet.work))), shares)
    left = cutting.shortened(owed)
    for sheet in sheets:
        if (shorter := cutting.shortened(sheet.work)) != list(sheet.work):
            sheet.fill(shorter)
    open_, given = cutting.open, cutting.given
    return left, {topic: (open_[topic] - kept, open_[topic]) for topic, kept in given.items()}


class _Cutting:
    """Shortens session after session so that each topic gets its share of the time gone by."""

    def __init__(self, open_: Counter[str], shares: Mapping[str, Fraction]) -> None:
        self.open = open_
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
        return [replace(each, minutes=minutes) for each, minutes in lengths if minutes]

    def _length(self, session: Session) -> int:
        topic = session.topic or ""
        whole = self.open[topic]
        wanted = self._wanted.get(topic, whole)
        if session.kind != "study" or wanted == whole:
            return session.minutes
        self._passed[topic] += session.minutes
        due = Fraction(wanted * self._passed[topic], whole) - self.given[topic]
        minutes = int(due) // STEP * STEP
        rest = wanted - self.given[topic] - minutes
        if 0 < rest < SHORTEST or self._passed[topic] == whole:
            minutes += rest
        elif minutes < SHORTEST:
            minutes = 0
        minutes = min(minutes, session.minutes)
        if minutes < SHORTEST and self.given[topic]:
            minutes = 0  # a crumb is cut, too
        self.given[topic] += minutes
        return minutes
