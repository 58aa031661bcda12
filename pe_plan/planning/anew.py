"""The rest of a plan laid anew, since hours, windows, zone, skills or the date have changed.

Efforts, weeks and blocks as for a first plan, but of what is still open and from the week of the
day on. Blocks that still fit stay; the others move before any vanishes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    ACTIVITIES,
    LEVELS,
    SHORTEST,
    Block,
    DoesNotFit,
    Phase,
    PhasePlan,
    Plan,
    Profile,
    Session,
    TopicPlan,
    Week,
    merged,
)
from pe_plan.planning.availability import fitted, instant, taken
from pe_plan.planning.blocks import Naming, compose, is_checkpoint, not_placed, studied
from pe_plan.planning.effort import Efforts
from pe_plan.planning.fitting import QUARTER, Fit, Fitter, ShortNotice, bounds, frame, verdict
from pe_plan.planning.grid import capacities, sheets_of, weeks_off
from pe_plan.planning.outline import Outline, at_short_notice, in_weeks, phase_plan, weeks_of
from pe_plan.planning.scheduling import Begun, Course
from pe_plan.planning.settling import Case
from pe_plan.planning.sheets import Names, made_up
from pe_plan.planning.study import Shares


class Rest(Struct, frozen=True, kw_only=True):
    """What is left of a plan from its `first` day on: blocks that stay whatever comes, those that
    may go, the open study (owed first) and its minutes by topic, and the phases with their open
    topics; what earlier phases left open joins the one that is studied now."""

    kept: tuple[Block, ...]
    loose: tuple[Block, ...]
    study: tuple[Session, ...]
    minutes: Counter[str]
    phases: tuple[Phase, ...]
    first: date

    @property
    def topics(self) -> set[str]:
        """The topics that are open."""
        return {topic.id for phase in self.phases for topic in phase.topics}


def laid_anew(case: Case, before: Profile, revision: int, uid: Naming) -> Plan | DoesNotFit:
    """The accepted plan with all that is open laid anew; `before` is the learner that it knew."""
    rest = _rest(case)
    outline = _outline(case, before, rest)
    if isinstance(outline, DoesNotFit):
        return outline
    plan, frame, window = case.plan, outline.frame, bounds(case.roadmap, case.profile)
    kept = [session for block in rest.kept for session in block.sessions]
    composed = compose(outline.drafts, case.roadmap, str, [*kept, *case.early, *rest.study])
    weeks = plan.weeks
    if outline.weeks:  # those before the day as they were, then the new ones, nothing between them
        empty = weeks_off(weeks[0].starts, range(len(weeks), case.week))
        later = (replace(week, n=week.n + case.week) for week in outline.weeks)
        weeks = (*weeks[: case.week], *empty, *later)
    finish = frame.last_day(outline.weeks[-1].n - 1) if outline.weeks else plan.finish
    new = _matched(case, rest.loose, composed, weeks, uid)
    blocks = sorted([*rest.kept, *new], key=lambda block: block.start)
    topics = _topics(case, rest, outline, studied(s for block in new for s in block.sessions))
    # Nothing follows that would hold a missed checkpoint of a phase that is over.
    coming = {phase.id for phase in rest.phases}
    over = [not_placed(s) for s in case.owed if is_checkpoint(s) and s.phase not in coming]
    missed = [*filter(is_checkpoint, plan.unplaced), *over]
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
        topics=tuple(topics),
        blocks=tuple(blocks),
        left_out=outline.left_out,
        unplaced=(*missed, *outline.unplaced),
        early=case.early,
    )


# ── What is left, and what lies behind it ─────────────────────────────────────────────────────


def _rest(case: Case) -> Rest:
    """A day of which a part is over stays as it is, but for what something else took of it;
    everything after it is open."""
    begun = {ahead.day for ahead in case.ahead if ahead.head}
    coming = [ahead for ahead in case.ahead if ahead.open]
    loose = [ahead for ahead in coming if ahead.day not in begun]
    busy, names = taken(case.profile), Names((*case.plan.sessions, *case.plan.early))
    today = [s for a in coming if a.day in begun for s in sheets_of(a, case, busy)]
    over = [replace(a.block, sessions=a.head) for a in case.ahead if not a.open]
    kept = [sheet.on(sheet.block, names) for sheet in today if sheet.block and not sheet.lost]
    lost = [each for sheet in today if sheet.lost for each in sheet.work]
    open_ = (*case.owed, *lost, *(session for ahead in loose for session in ahead.open))
    study = tuple(session for session in open_ if session.kind == "study")
    topics, minutes, mastered = case.plan.topics, studied(study), case.progress.mastered
    # Topics that had no place so far may have one now.
    left_out = {t.id for t in topics if not (t.depth or t.minutes or t.id in mastered)}
    return Rest(
        kept=(*case.past, *over, *kept),
        loose=tuple(ahead.block for ahead in loose),
        study=study,
        minutes=minutes,
        phases=_phases(case, left_out | set(minutes)),
        first=max(begun, default=case.as_of - timedelta(days=1)) + timedelta(days=1),
    )


def _phases(case: Case, open_: set[str]) -> tuple[Phase, ...]:
    """The phases that are still open; the topics of those that are over come first in the one that
    is studied now, or in the last."""
    coming = [week.phase for week in case.plan.weeks[case.week :] if week.phase]
    order = [phase.id for phase in case.roadmap.phases]
    now = order.index(coming[0]) if coming else len(order) - 1
    late = [t for phase in case.roadmap.phases[:now] for t in phase.study_order if t.id in open_]
    found: list[Phase] = []
    for phase in case.roadmap.phases[now:]:
        topics = (*late, *(topic for topic in phase.study_order if topic.id in open_))
        late = []
        if topics:
            found.append(replace(phase, topics=topics, order=tuple(topic.id for topic in topics)))
    return tuple(found)


def _from_now(case: Case, rest: Rest) -> Profile:
    """The learner as if the plan began with the week of the day; what is over in it is busy."""
    profile = case.profile
    starts = case.plan.weeks[0].starts + timedelta(weeks=case.week)
    over = instant(starts, 0, profile.zone)
    moves = (instant(until, 0, ZoneInfo(name)) for until, name in profile.abroad)
    ends = (block.end for block in rest.kept)
    now = max([instant(rest.first, 0, profile.zone), *moves, *ends])
    later = ((max(begins, now), until) for begins, until in taken(profile) if until > now)
    pins = tuple(pin for pin in profile.pins if pin.start >= now)
    return replace(profile, start=starts, busy=merged([(min(over, now), now), *later]), pins=pins)


def _begun(case: Case, rest: Rest) -> Begun:
    """What a plan that goes on has behind it."""
    behind, phases = case.behind, case.roadmap.phases
    coming = [week.kind for week in case.plan.weeks if week.starts >= case.as_of]
    finals = max(coming.count("final"), 1)
    ids = [phase.id for phase in phases]
    over = phases[: ids.index(rest.phases[0].id)] if rest.phases else phases
    return Begun(
        close=replace(case.close, catch_up=coming.count("catch-up"), final_weeks=finals),
        memories=case.known(),
        alongside=[t.id for phase in over for t in phase.study_order if t.alongside],
        warm_ups=sum(session.kind == "warm-up" for session in behind),
        checked={s.phase for s in behind if s.phase and (is_checkpoint(s) or s.recalls_phase)},
        activities=_activities(rest),
    )


def _activities(rest: Rest) -> dict[str, Shares]:
    """The open minutes of each topic by activity, as shares; little that is left of one joins the
    next."""
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for session in rest.study:
        parts[session.topic or ""][session.activity or ""] += session.minutes
    found: dict[str, Shares] = {}
    for topic, minutes in parts.items():
        for activity, following in pairwise(ACTIVITIES):
            if minutes[activity] < SHORTEST and minutes[following]:
                minutes[following] += minutes.pop(activity, 0)
        whole = rest.minutes[topic]
        found[topic] = tuple((a, Fraction(minutes[a], whole)) for a in ACTIVITIES if minutes[a])
    return found


# ── The new weeks ─────────────────────────────────────────────────────────────────────────────


def _outline(case: Case, before: Profile, rest: Rest) -> Outline | DoesNotFit:
    """The open phases over the weeks from now on, at the hours and up to the finish of before where
    that is enough, else by the rules of a first plan."""
    plan, profile, behind = case.plan, case.profile, _begun(case, rest)
    if not rest.phases:
        return _only_close(case, rest, behind)
    deepest, planned = {t.id: t.depth for t in plan.topics if t.depth}, rest.topics
    efforts = Efforts(
        case.roadmap,
        profile.skills,
        shares={
            topic.id: topic.share(rest.minutes[topic.id])
            if topic.minutes
            else Fraction(topic.id in planned)  # all of one that had no place so far
            for topic in plan.topics
        },
        deepest={} if _may_deepen(case, before) else deepest,
        phases=rest.phases,
    )
    open_, window = replace(case.roadmap, phases=rest.phases), bounds(case.roadmap, profile)
    fitter = Fitter(open_, _from_now(case, rest), efforts, window, behind.close)
    if profile == before and not (profile.interview or profile.overrun):
        return fitter.ways_out()  # its grid was tried first, and holds no more
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
    now = case.efforts.levels
    higher = any(LEVELS.index(now[t.id]) > LEVELS.index(t.level) for t in case.plan.topics)
    was, now_on = before.interview, case.profile.interview
    later = was is not None and (now_on is None or now_on > was)
    return higher or later or case.profile.minutes_per_week > before.minutes_per_week


def _only_close(case: Case, rest: Rest, behind: Begun) -> Outline:
    """Where no study is open: catch-up weeks up to the finish, then the final weeks."""
    plan, profile = case.plan, case.profile
    minutes = min(plan.minutes_per_week, profile.minutes_per_week)
    last = bounds(case.roadmap, profile).latest if profile.interview else plan.finish
    whole = frame(_from_now(case, rest), minutes, last)
    stop = len(whole.open)
    first = max(stop - (behind.close.final_weeks or 0), 0)
    while first and whole.open.minutes((first, stop)) < behind.close.minutes:
        first -= 1
    catch_up, final = whole.drafts((0, first)), whole.drafts((first, stop))
    course = Course(case.roadmap, {}, minutes, behind)
    course.catch_up(catch_up)
    return Outline(
        frame=whole,
        places={},
        depths={},
        weeks=weeks_of(whole, {}, range(first), (first, stop)),
        unplaced=course.final(final),
        drafts=catch_up + final,
    )


def _matched(
    case: Case, old: Sequence[Block], new: Sequence[Block], weeks: Sequence[Week], uid: Naming
) -> list[Block]:
    """The new blocks under the uids of the old: of one that begins at the same time, else of the
    next one of the same week that is left. Study of a phase that is over by the week is made up."""
    left = {block.start: block for block in old}
    same = {block.start: left.pop(block.start).uid for block in new if block.start in left}
    waiting: dict[int, list[str]] = defaultdict(list)
    for block in left.values():
        waiting[case.week_at(block.start)].append(block.uid)
    pinned = {pin.start for pin in case.profile.pins}
    found: list[Block] = []
    for block in new:
        week = weeks[n := case.week_at(block.start)]
        name = same.get(block.start) or (waiting[n].pop(0) if waiting[n] else uid(block.start))
        work = made_up(block.sessions, week.phase) if week.kind == "study" else block.sessions
        found.append(replace(block, uid=name, pinned=block.start in pinned, sessions=work))
    return found


# ── What the plan says of it ──────────────────────────────────────────────────────────────────


def _topics(case: Case, rest: Rest, outline: Outline, minutes: Counter[str]) -> list[TopicPlan]:
    """Each topic with the minutes done and those still to come."""
    levels, planned = case.efforts.levels, rest.topics
    found: list[TopicPlan] = []
    for topic in case.plan.topics:
        depth = outline.depths.get(topic.id, topic.depth) if topic.id in planned else topic.depth
        less = rest.minutes[topic.id] - minutes[topic.id]
        share = topic.share(rest.minutes[topic.id])
        now = replace(
            topic,
            level=levels[topic.id],
            depth=depth,
            minutes=topic.minutes - less,
            whole=round(minutes[topic.id] / share) if share else topic.whole,
            trimmed=max(topic.trimmed + less, 0) if depth != topic.depth else topic.trimmed,
        )
        found.append(now)
    return found


def _phase_plans(
    case: Case, outline: Outline, topics: Sequence[TopicPlan], weeks: Sequence[Week]
) -> tuple[PhasePlan, ...]:
    """The phases, those still to come in their new places."""
    by_id = {topic.id: topic for topic in topics}
    weeks_of_study = Counter(week.phase for week in weeks)
    before = {phase.id: phase for phase in case.plan.phases}
    efforts = case.efforts
    found: list[PhasePlan] = []
    for phase in case.roadmap.phases:
        was = before.get(phase.id)
        if place := outline.places.get(phase.id):
            plan = phase_plan(phase, place, efforts, by_id)
            starts = was.starts if was and was.starts < case.as_of else place.first
            found.append(replace(plan, weeks=weeks_of_study[phase.id], starts=starts))
        elif was:
            found.append(replace(was, minutes=sum(by_id[t.id].minutes for t in phase.topics)))
    return tuple(found)
