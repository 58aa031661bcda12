"""The same plan, later: what was missed finds a place, and nothing else moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from pe_plan.model import (
    Block,
    DoesNotFit,
    Plan,
    Profile,
    Progress,
    Roadmap,
    TopicPlan,
    Window,
)
from pe_plan.planning.anew import laid_anew
from pe_plan.planning.availability import is_freer, slots
from pe_plan.planning.blocks import Naming, Titles, block_of, is_checkpoint
from pe_plan.planning.fitting import bounds, verdict
from pe_plan.planning.grid import capacities
from pe_plan.planning.repair import Repaired, depths, repair
from pe_plan.planning.settling import Case, settle
from pe_plan.planning.sheets import Names, made_up


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
    repaired = repair(case) if _grid_holds(case, before) else None
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
        and _instants(case, profile) == _instants(case, before)
        and case.efforts.levels == {topic.id: topic.level for topic in plan.topics}
        and not (more and (plan.trimmed or plan.left_out))
    )


def _within(own: Window, wide: Window) -> bool:
    return own.weekday == wide.weekday and wide.start <= own.start and own.end <= wide.end


def _instants(case: Case, profile: Profile) -> list[datetime]:
    """When the plan's windows come in the learner's zone, from the day on."""
    plan = case.plan
    theirs = Profile(
        start=profile.start,
        minutes_per_week=plan.minutes_per_week,
        windows=plan.windows,
        timezone=profile.timezone,
    )
    used = [window.minutes for window in plan.windows]
    return [slot.start for slot in slots(theirs, used, case.as_of, plan.finish)]


def _written(case: Case, repaired: Repaired, revision: int, uid: Naming) -> Plan:
    plan = case.plan
    blocks = _blocks(case, repaired, uid)
    later = repaired.grid.weeks is not plan.weeks
    finish = repaired.grid.weeks[-1].starts + timedelta(days=6) if later else plan.finish
    # Final weeks that were laid anew say so themselves.
    unplaced = [each for each in plan.unplaced if not later or is_checkpoint(each)]
    cut: Counter[str] = Counter()
    for topic, (minutes, _) in repaired.cut.items():
        cut[case.roadmap.phase_of[topic]] += minutes
    return replace(
        plan,
        as_of=case.as_of,
        revision=revision,
        finish=finish,
        verdict=verdict(finish, bounds(case.roadmap, case.profile)),
        weeks=capacities(case.profile, repaired.grid.weeks, blocks, case.week),
        phases=tuple(
            replace(phase, minutes=phase.minutes - cut[phase.id]) for phase in plan.phases
        ),
        topics=_topics(plan.topics, repaired, case.roadmap),
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


def _topics(
    topics: Sequence[TopicPlan], repaired: Repaired, roadmap: Roadmap
) -> tuple[TopicPlan, ...]:
    wanted = depths(roadmap, topics, repaired.turn)
    found: list[TopicPlan] = []
    for topic in topics:
        cut, open_ = repaired.cut.get(topic.id, (0, 0))
        if cut:
            shorter = replace(
                topic,
                depth=wanted[topic.id],
                minutes=topic.minutes - cut,
                trimmed=topic.trimmed + cut,
                whole=round((open_ - cut) / topic.share(open_)),
            )
        found.append(shorter if cut else topic)
    return tuple(found)
