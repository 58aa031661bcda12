"""The rest of a plan laid anew, since hours, windows, zone, skills or the date have changed.

Efforts, weeks and blocks as for a first plan, but of what is still open and from the week of the
day on. Blocks that still fit stay; the others move before any vanishes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from msgspec.structs import replace

from pe_plan.model import (
    LEVELS,
    Block,
    DoesNotFit,
    PhasePlan,
    Plan,
    Profile,
    TopicPlan,
    Unplaced,
    Week,
)
from pe_plan.planning.availability import fitted
from pe_plan.planning.blocks import Naming, compose, studied
from pe_plan.planning.effort import Efforts
from pe_plan.planning.fitting import QUARTER, Fit, Fitter, ShortNotice, bounds, frame, verdict
from pe_plan.planning.grid import capacities, weeks_off
from pe_plan.planning.notice import at_short_notice
from pe_plan.planning.outline import Begun, Outline, in_weeks, phase_plan, weeks_of
from pe_plan.planning.rest import Rest, begun, from_now, rest_of, shares
from pe_plan.planning.settling import Case, week_of
from pe_plan.planning.sheets import made_up


def laid_anew(case: Case, before: Profile, revision: int, uid: Naming) -> Plan | DoesNotFit:
    """The accepted plan with all that is open laid anew; `before` is the learner that it knew."""
    rest = rest_of(case)
    outline = _outline(case, before, rest)
    if isinstance(outline, DoesNotFit):
        return outline
    kept = [session for block in rest.kept for session in block.sessions]
    before_it = [*kept, *case.early, *rest.study]
    new = compose(outline.agendas, case.roadmap, str, before=before_it)
    return _plan(case, rest, outline, _matched(case, rest.loose, new, uid), revision)


def _outline(case: Case, before: Profile, rest: Rest) -> Outline | DoesNotFit:
    """The open phases over the weeks from now on, at the hours and up to the finish of before where
    that is enough, else by the rules of a first plan."""
    plan, profile = case.plan, case.profile
    deepest = {topic.id: topic.depth for topic in plan.topics if topic.depth}
    efforts = Efforts(
        case.roadmap,
        profile.skills,
        shares=shares(case, rest),
        deepest={} if _may_deepen(case, before) else deepest,
        phases=rest.phases,
    )
    behind = begun(case, rest)
    if not rest.phases:
        return _only_close(case, rest, behind)
    open_, window = replace(case.roadmap, phases=rest.phases), bounds(case.roadmap, profile)
    fitter = Fitter(open_, from_now(case, rest), efforts, window, behind.close)
    alike = case.profile == before and not (profile.interview or profile.overrun)
    if alike:  # its grid was tried first, and holds no more
        return fitter.ways_out()
    shape = _kept_finish(case, before, fitter, behind) or fitter.fit()
    if isinstance(shape, ShortNotice):
        return at_short_notice(open_, efforts, shape.frame)
    return shape if isinstance(shape, DoesNotFit) else in_weeks(open_, efforts, shape, behind)


def _kept_finish(case: Case, before: Profile, fitter: Fitter, behind: Begun) -> Fit | None:
    """The finish of before, with the fewest hours from those of before to those offered that are
    enough, else with fewer catch-up weeks."""
    plan, profile = case.plan, case.profile
    if profile.finish_early or profile.interview != before.interview:
        return None
    least, most = min(plan.minutes_per_week, profile.minutes_per_week), profile.minutes_per_week
    hours = [least, *range(least // QUARTER * QUARTER + QUARTER, most, QUARTER), most]
    tried = product(range(behind.close.catch_up or 0, -1, -1), hours)
    found = (fitter.keeping(minutes, plan.finish, catch_up) for catch_up, minutes in tried)
    return next(filter(None, found), None)


def _may_deepen(case: Case, before: Profile) -> bool:
    """Only more hours, a higher skill or a later date let topics go deeper than before."""
    now = Efforts(case.roadmap, case.profile.skills).levels
    higher = any(LEVELS.index(now[t.id]) > LEVELS.index(t.level) for t in case.plan.topics)
    was, now_on = before.interview, case.profile.interview
    later = was is not None and (now_on is None or now_on > was)
    return higher or later or case.profile.minutes_per_week > before.minutes_per_week


def _matched(
    case: Case, old: Sequence[Block], new: Sequence[Block], uid: Naming
) -> tuple[Block, ...]:
    """The new blocks under the uids of the old: of one that begins at the same time, else of the
    next one of the same week that is left."""
    left = {block.start: block for block in old}
    taken = {block.start: left.pop(block.start).uid for block in new if block.start in left}
    waiting: dict[int, list[str]] = defaultdict(list)
    for block in left.values():
        waiting[week_of(case.plan, case.profile.day_of(block.start))].append(block.uid)
    pinned = {pin.start for pin in case.profile.pins}
    found: list[Block] = []
    for block in new:
        week = waiting[week_of(case.plan, case.profile.day_of(block.start))]
        name = taken.get(block.start) or (week.pop(0) if week else uid(block.start))
        found.append(replace(block, uid=name, pinned=block.start in pinned))
    return tuple(found)


def _plan(case: Case, rest: Rest, outline: Outline, new: Sequence[Block], revision: int) -> Plan:
    plan, frame = case.plan, outline.frame
    window = bounds(case.roadmap, case.profile)
    finish = frame.last_day(outline.weeks[-1].n - 1) if outline.weeks else plan.finish
    weeks = _weeks(case, outline)
    blocks = [*rest.kept, *(_made_up(block, weeks, case) for block in new)]
    minutes = studied(session for block in new for session in block.sessions)
    topics = _topics(case, rest, outline, minutes)
    return replace(
        plan,
        as_of=case.as_of,
        revision=revision,
        minutes_per_week=frame.minutes,
        windows=fitted(case.profile.windows, frame.minutes),
        earliest=window.earliest,
        latest=window.latest,
        finish=finish,
        verdict=verdict(finish, window),
        weeks=capacities(case.profile, weeks, blocks, case.week),
        phases=_phase_plans(case, outline, topics, weeks),
        topics=topics,
        blocks=tuple(sorted(blocks, key=lambda block: block.start)),
        left_out=outline.left_out,
        unplaced=(*_missed_checkpoints(case, rest), *outline.unplaced),
        early=case.early,
    )


def _weeks(case: Case, outline: Outline) -> tuple[Week, ...]:
    """The weeks before the day as they were, then the new ones; between them nothing."""
    plan = case.plan
    if not outline.weeks:
        return plan.weeks
    empty = weeks_off(plan.weeks[0].starts, range(len(plan.weeks), case.week))
    later = (replace(week, n=week.n + case.week) for week in outline.weeks)
    return (*plan.weeks[: case.week], *empty, *later)


def _made_up(block: Block, weeks: Sequence[Week], case: Case) -> Block:
    """Study of a phase that is over by the week is made up."""
    week = weeks[week_of(case.plan, case.profile.day_of(block.start))]
    late = made_up(block.sessions, lambda s: week.kind == "study" and s.phase != week.phase)
    return replace(block, sessions=late)


def _topics(
    case: Case, rest: Rest, outline: Outline, minutes: Counter[str]
) -> tuple[TopicPlan, ...]:
    """Each topic with the minutes done and those still to come."""
    open_, planned = rest.minutes, rest.topics
    levels = Efforts(case.roadmap, case.profile.skills).levels
    found: list[TopicPlan] = []
    for topic in case.plan.topics:
        depth = outline.depths.get(topic.id, topic.depth) if topic.id in planned else topic.depth
        less = open_[topic.id] - minutes[topic.id]
        share = topic.share(open_[topic.id])
        found.append(
            replace(
                topic,
                level=levels[topic.id],
                depth=depth,
                minutes=topic.minutes - less,
                whole=round(minutes[topic.id] / share) if share else topic.whole,
                trimmed=max(topic.trimmed + less, 0) if depth != topic.depth else topic.trimmed,
            )
        )
    return tuple(found)


def _phase_plans(
    case: Case, outline: Outline, topics: Iterable[TopicPlan], weeks: Sequence[Week]
) -> tuple[PhasePlan, ...]:
    """The phases, those still to come in their new places."""
    minutes = {topic.id: topic.minutes for topic in topics}
    weeks_of_study = Counter(week.phase for week in weeks)
    efforts = Efforts(case.roadmap, case.profile.skills)
    before = {phase.id: phase for phase in case.plan.phases}
    depths = {topic.id: topic.depth for topic in topics}
    found: list[PhasePlan] = []
    for phase in case.roadmap.phases:
        was = before.get(phase.id)
        if place := outline.places.get(phase.id):
            plan = phase_plan(phase, place, efforts, depths, minutes)
            starts = was.starts if was and was.starts < case.as_of else place.first
            found.append(replace(plan, weeks=weeks_of_study[phase.id], starts=starts))
        elif was:
            found.append(replace(was, minutes=sum(minutes[t.id] for t in phase.topics)))
    return tuple(found)


def _missed_checkpoints(case: Case, rest: Rest) -> list[Unplaced]:
    """Missed checkpoints of phases that are over: nothing follows that would hold them."""
    coming = {phase.id for phase in rest.phases}
    before = [u for u in case.plan.unplaced if u.kind == "mock" and u.phase]
    return before + [
        Unplaced(kind=s.kind, minutes=s.minutes, phase=s.phase, round=s.round)
        for s in case.owed
        if s.kind == "mock" and s.phase and s.phase not in coming
    ]


def _only_close(case: Case, rest: Rest, behind: Begun) -> Outline:
    """Where no study is open: catch-up weeks up to the finish, then the final weeks."""
    plan, profile = case.plan, case.profile
    minutes = min(plan.minutes_per_week, profile.minutes_per_week)
    last = bounds(case.roadmap, profile).latest if profile.interview else plan.finish
    whole = frame(from_now(case, rest), minutes, last)
    stop = len(whole.open)
    first = max(stop - (behind.close.final_weeks or 0), 0)
    while first and whole.open.minutes((first, stop)) < behind.close.minutes:
        first -= 1
    course = behind.course(case.roadmap, {}, minutes)
    agendas = course.catch_up(whole.drafts((0, first)))
    final, unplaced = course.final(whole.drafts((first, stop)), behind.close)
    return Outline(
        frame=whole,
        places={},
        depths={},
        weeks=weeks_of(whole, {}, range(first), (first, stop)),
        agendas=agendas + final,
        unplaced=unplaced,
    )
