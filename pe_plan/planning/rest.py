"""What is left of a plan on a day, and what lies behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    ACTIVITIES,
    SHORTEST,
    Block,
    Phase,
    Plan,
    Profile,
    Session,
    merged,
)
from pe_plan.planning.allocation import LOOP_MOCK, RECALL_LEAST
from pe_plan.planning.availability import instant, taken
from pe_plan.planning.frame import Close
from pe_plan.planning.grid import sheets_of
from pe_plan.planning.outline import Begun
from pe_plan.planning.repair import Case
from pe_plan.planning.settling import Names
from pe_plan.planning.study import Shares


class Rest(Struct, frozen=True, kw_only=True):
    """What is left of a plan: blocks that stay whatever comes, those that may go, the open study
    (owed first), and the phases with their open topics; what earlier phases left open joins the
    one that is studied now."""

    kept: tuple[Block, ...]
    loose: tuple[Block, ...]
    study: tuple[Session, ...]
    phases: tuple[Phase, ...]
    first: date

    def minutes(self) -> Counter[str]:
        """Open minutes of each topic."""
        open_ = Counter[str]()
        for session in self.study:
            open_[session.topic or ""] += session.minutes
        return open_


def rest_of(case: Case) -> Rest:
    """A day of which a part is over stays as it is, but for what something else took of it;
    everything after it is open."""
    settled, plan, day_of = case.settled, case.plan, case.profile.day_of
    begun = {day_of(ahead.block.start) for ahead in settled.ahead if ahead.head}
    busy = taken(case.profile)
    today = [
        sheet
        for ahead in settled.ahead
        if ahead.open and day_of(ahead.block.start) in begun
        for sheet in sheets_of(ahead, plan, case.profile, busy)
    ]
    names = Names((*plan.sessions, *plan.early))
    over = [replace(a.block, sessions=a.head) for a in settled.ahead if not a.open]
    kept = [sheet.on(sheet.block, names) for sheet in today if sheet.block and not sheet.lost]
    lost = [piece for sheet in today if sheet.lost for piece in sheet.work]
    loose = [a for a in settled.ahead if a.open and day_of(a.block.start) not in begun]
    open_ = (*settled.owed, *lost, *(session for a in loose for session in a.open))
    study = tuple(session for session in open_ if session.kind == "study")
    waiting = {session.topic for session in study} | _left_out(case)
    return Rest(
        kept=(*settled.past, *over, *kept),
        loose=tuple(ahead.block for ahead in loose),
        study=study,
        phases=_phases(case, plan, waiting),
        first=max(begun, default=case.as_of - timedelta(days=1)) + timedelta(days=1),
    )


def _left_out(case: Case) -> set[str | None]:
    """Topics that had no place so far, and may have one now."""
    topics, mastered = case.plan.topics, case.progress.mastered
    return {t.id for t in topics if not (t.depth or t.minutes or t.id in mastered)}


def _phases(case: Case, plan: Plan, open_: Iterable[str | None]) -> tuple[Phase, ...]:
    """The phases that are still open; the topics of those that are over come first in the one that
    is studied now, or in the last."""
    coming = [week.phase for week in plan.weeks[case.week :] if week.phase]
    order = [phase.id for phase in case.roadmap.phases]
    now = order.index(coming[0]) if coming else len(order) - 1
    late = [t for phase in case.roadmap.phases[:now] for t in phase.study_order if t.id in open_]
    found: list[Phase] = []
    for phase in case.roadmap.phases[now:]:
        topics = [*late, *(topic for topic in phase.study_order if topic.id in open_)]
        late = []
        if topics:
            ids = tuple(topic.id for topic in topics)
            found.append(replace(phase, topics=tuple(topics), order=ids))
    return tuple(found)


def shares(plan: Plan, rest: Rest) -> dict[str, Fraction]:
    """What part of each topic is open; all of one that had no place so far."""
    open_ = rest.minutes()
    waiting = {topic.id for phase in rest.phases for topic in phase.topics}
    return {
        topic.id: topic.share(open_[topic.id]) if topic.minutes else Fraction(topic.id in waiting)
        for topic in plan.topics
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
    weeks, behind = case.plan.weeks, case.behind
    coming = [week.kind for week in weeks if week.starts >= case.as_of]
    over = case.roadmap.phases[: _number(case, rest)]
    loop, to_recall = case.loop, case.to_recall
    topics = sum(len(phase.topics) for phase in to_recall)
    return Begun(
        memories=case.known(),
        alongside=[t.id for phase in over for t in phase.study_order if t.alongside],
        warm_ups=sum(session.kind == "warm-up" for session in behind),
        checked={s.phase for s in behind if s.phase and (s.kind == "mock" or s.recalls_phase)},
        activities=_activities(rest),
        loop=loop,
        to_recall=to_recall,
        close=Close(
            catch_up=coming.count("catch-up"),
            final_weeks=max(coming.count("final"), 1),
            minutes=LOOP_MOCK * len(loop) + RECALL_LEAST * topics,
        ),
    )


def _number(case: Case, rest: Rest) -> int:
    """How many phases lie before the first open one."""
    ids = [phase.id for phase in case.roadmap.phases]
    return ids.index(rest.phases[0].id) if rest.phases else len(ids)


def _activities(rest: Rest) -> dict[str, Shares]:
    """The open minutes of each topic by activity, as shares; little that is left of one joins the
    next."""
    whole = rest.minutes()
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for session in rest.study:
        parts[session.topic or ""][session.activity or ""] += session.minutes
    for minutes in parts.values():
        for activity, following in pairwise(ACTIVITIES):
            if minutes[activity] < SHORTEST and minutes[following]:
                minutes[following] += minutes.pop(activity, 0)
    return {
        topic: tuple(
            (activity, Fraction(minutes[activity], whole[topic]))
            for activity in ACTIVITIES
            if minutes[activity]
        )
        for topic, minutes in parts.items()
    }
