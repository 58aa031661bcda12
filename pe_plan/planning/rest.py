"""What is left of a plan on a day, and what lies behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import ACTIVITIES, SHORTEST, Block, Phase, Profile, Session, merged
from pe_plan.planning.availability import instant, taken
from pe_plan.planning.blocks import studied
from pe_plan.planning.grid import sheets_of
from pe_plan.planning.outline import Begun
from pe_plan.planning.settling import Case
from pe_plan.planning.sheets import Names
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


def rest_of(case: Case) -> Rest:
    """A day of which a part is over stays as it is, but for what something else took of it;
    everything after it is open."""
    plan, day_of = case.plan, case.profile.day_of
    begun = {day_of(ahead.block.start) for ahead in case.ahead if ahead.head}
    coming = [ahead for ahead in case.ahead if ahead.open]
    today = [ahead for ahead in coming if day_of(ahead.block.start) in begun]
    loose = [ahead for ahead in coming if day_of(ahead.block.start) not in begun]
    busy, names = taken(case.profile), Names((*plan.sessions, *plan.early))
    sheets = [sheet for ahead in today for sheet in sheets_of(ahead, case, busy)]
    over = [replace(a.block, sessions=a.head) for a in case.ahead if not a.open]
    kept = [sheet.on(sheet.block, names) for sheet in sheets if sheet.block and not sheet.lost]
    lost = [each for sheet in sheets if sheet.lost for each in sheet.work]
    open_ = (*case.owed, *lost, *(session for ahead in loose for session in ahead.open))
    study = tuple(session for session in open_ if session.kind == "study")
    minutes = studied(study)
    return Rest(
        kept=(*case.past, *over, *kept),
        loose=tuple(ahead.block for ahead in loose),
        study=study,
        minutes=minutes,
        phases=_phases(case, {*minutes, *_left_out(case)}),
        first=max(begun, default=case.as_of - timedelta(days=1)) + timedelta(days=1),
    )


def _left_out(case: Case) -> set[str]:
    """Topics that had no place so far, and may have one now."""
    topics, mastered = case.plan.topics, case.progress.mastered
    return {t.id for t in topics if not (t.depth or t.minutes or t.id in mastered)}


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


def shares(case: Case, rest: Rest) -> dict[str, Fraction]:
    """What part of each topic is open; all of one that had no place so far."""
    open_, waiting = rest.minutes, rest.topics
    return {
        topic.id: topic.share(open_[topic.id]) if topic.minutes else Fraction(topic.id in waiting)
        for topic in case.plan.topics
    }


def from_now(case: Case, rest: Rest) -> Profile:
    """The learner as if the plan began with the week of the day; what is over in it is busy."""
    profile = case.profile
    starts = case.plan.weeks[0].starts + timedelta(weeks=case.week)
    over = instant(starts, 0, profile.zone)
    ends = [block.end for block in rest.kept]
    moves = (instant(until, 0, ZoneInfo(name)) for until, name in profile.abroad)
    now = max([instant(rest.first, 0, profile.zone), *moves, *ends])
    later = ((max(begins, now), until) for begins, until in taken(profile) if until > now)
    return replace(
        profile,
        start=starts,
        busy=merged([(min(over, now), now), *later]),
        pins=tuple(pin for pin in profile.pins if pin.start >= now),
    )


def begun(case: Case, rest: Rest) -> Begun:
    """What a plan that goes on has behind it."""
    behind, phases = case.behind, case.roadmap.phases
    coming = [week.kind for week in case.plan.weeks if week.starts >= case.as_of]
    ids = [phase.id for phase in phases]
    over = phases[: ids.index(rest.phases[0].id)] if rest.phases else phases
    return Begun(
        close=replace(
            case.close, catch_up=coming.count("catch-up"), final_weeks=max(coming.count("final"), 1)
        ),
        memories=case.known(),
        alongside=[t.id for phase in over for t in phase.study_order if t.alongside],
        warm_ups=sum(session.kind == "warm-up" for session in behind),
        checked={s.phase for s in behind if s.phase and (s.kind == "mock" or s.recalls_phase)},
        activities=_activities(rest),
    )


def _activities(rest: Rest) -> dict[str, Shares]:
    """The open minutes of each topic by activity, as shares; little that is left of one joins the
    next."""
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for session in rest.study:
        parts[session.topic or ""][session.activity or ""] += session.minutes
    for minutes in parts.values():
        for activity, following in pairwise(ACTIVITIES):
            if minutes[activity] < SHORTEST and minutes[following]:
                minutes[following] += minutes.pop(activity, 0)
    return {
        topic: tuple(
            (activity, Fraction(minutes[activity], rest.minutes[topic]))
            for activity in ACTIVITIES
            if minutes[activity]
        )
        for topic, minutes in parts.items()
    }
