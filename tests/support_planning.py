"""Any roadmap and any learner, for the laws of planning; and the learners of the real roadmap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import assume
from hypothesis import strategies as st
from msgspec import Struct

from pe_plan.inputs.answers import Answers, read_profile
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.inputs.week import read_default_week
from pe_plan.model import (
    LEVELS,
    STEP,
    Block,
    Days,
    DoesNotFit,
    Phase,
    Plan,
    Profile,
    Roadmap,
    Round,
    Session,
    Topic,
    Week,
    Window,
)
from pe_plan.planning.availability import Slot
from pe_plan.planning.effort import Efforts
from pe_plan.planning.fitting import Fitter, ShortNotice
from pe_plan.planning.pipeline import generate
from tests import support_plan as made
from tests.support_busy import busy_times

DATA = Path(__file__).parent.parent / "data"
ROADMAP = read_roadmap((DATA / "meta-production-engineer.toml").read_bytes(), "roadmap.toml")
DEFAULT_WEEK = read_default_week((DATA / "default-week.toml").read_bytes(), "default-week.toml")
HOUR = 60
DAY = 24 * HOUR

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
MEMORABLE = (
    date(2011, 12, 26),  # in Apia the Friday of this week does not exist
    date(2024, 2, 26),
    date(2023, 12, 29),
    date(2025, 3, 27),
    date(2025, 10, 20),
    date(1970, 1, 1),
    date(2199, 12, 30),
)


class Case(Struct, frozen=True, kw_only=True):
    """What a plan is made from."""

    roadmap: Roadmap
    profile: Profile

    def plan(self) -> Plan | DoesNotFit:
        """The plan, its blocks named by their start."""
        return planned(self.roadmap, self.profile)


def planned(roadmap: Roadmap, profile: Profile) -> Plan | DoesNotFit:
    """The plan with an id that is not random."""
    named = {"plan_id": "plan", "uid": lambda start: start.isoformat()}
    return generate(roadmap, profile, as_of=profile.start, revision=0, **named)


def learner(hours: str = "12", *skills: str, **answers: object) -> Profile:
    """A learner of the real roadmap who starts on Monday 2026-01-05 in Berlin."""
    given = {"start": "2026-01-05", "hours": hours, "skill": skills} | answers
    return read_profile(
        Answers(**given),
        file=None,
        roadmap=ROADMAP,
        default_week=DEFAULT_WEEK,
        now=datetime(2026, 1, 1, tzinfo=UTC),
        found_zone="Europe/Berlin",
    ).profile


# ── Roadmaps ──────────────────────────────────────────────────────────────────────────────────
@st.composite
def roadmaps(draw: st.DrawFn, most_phases: int = 12, most_topics: int = 80) -> Roadmap:
    """1 to 12 phases and 1 to 80 topics that a roadmap file may hold."""
    count = draw(st.integers(1, most_phases))
    rounds = tuple(
        Round(id=f"round-{n}", title=f"Round {n}", count=draw(st.integers(1, 3)))
        for n in range(draw(st.integers(0, 4)))
    )
    crowd = draw(st.sampled_from((1, 3, 8, 8, 20, most_topics)))
    earlier: list[str] = []
    phases: list[Phase] = []
    for n in range(count):
        most = max(min(crowd, most_topics - len(earlier) - (count - n - 1)), 1)
        phase = draw(_phases(n, draw(st.integers(1, most)), tuple(earlier), rounds))
        phases.append(phase)
        earlier += phase.order
    least = min(max(sum(sum(phase.weeks) for phase in phases) // 9, 1), 40)
    least = draw(st.integers(max(least - 4, 1), least + 3))
    return made.roadmap(
        *phases,
        window_months=(least, least + draw(st.integers(1, 12))),
        reference_hours=draw(st.integers(1, 16)),
        rounds=rounds,
    )


@st.composite
def _phases(
    draw: st.DrawFn, number: int, count: int, earlier: Sequence[str], rounds: Sequence[Round]
) -> Phase:
    places = st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)
    cuts = sorted(draw(places))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    linked = draw(st.booleans())
    topics: list[Topic] = []
    for n, weight in enumerate(weights):
        alongside = draw(st.integers(0, 5)) == 5
        before = [topic.id for topic in topics if not topic.alongside and not alongside]
        able = [*earlier, *before] if linked else []
        topic = made.topic(
            f"topic-{number}-{n}",
            weight=weight,
            priority=draw(st.integers(1, 3)),
            rounds=draw(_some_of([round_.id for round_ in rounds])),
            requires=draw(_some_of(able)),
            alongside=alongside,
        )
        topics.append(topic)
    least = draw(st.integers(1, 10))
    weeks = (least, least + draw(st.integers(0, 4)))
    shown = tuple(draw(st.permutations(topics))) if count < 10 else tuple(topics)
    return made.phase(f"phase-{number}", *topics, weeks=weeks, topics=shown)


def _some_of(ids: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    if not ids:
        return st.just(())
    return st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple)


# ── Learners ──────────────────────────────────────────────────────────────────────────────────
starts = st.one_of(st.sampled_from(MEMORABLE), st.dates(date(2000, 1, 1), date(2040, 12, 31)))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Window, ...]:
    """Windows as they are typed: on any day, at any hour, short and long, several a day."""
    lengths = draw(st.sampled_from(((25, 45), (25, 300), (60, 180), (120, 120))))
    windows: list[Window] = []
    for weekday in range(7):
        minute = draw(st.sampled_from((0, 60, 7 * 60, 12 * 60, 19 * 60)))
        for _ in range(draw(st.sampled_from((0, 0, 1, 1, 1, 2, 3)))):
            start = minute + 5 * draw(st.integers(0, 24))
            end = start + 5 * draw(st.integers(lengths[0] // 5, lengths[1] // 5))
            if end > DAY:
                break
            windows.append(Window(weekday=weekday, start=start, end=end))
            minute = end
    return tuple(windows) or (Window(weekday=5, start=60, end=240),)


@st.composite
def profiles(draw: st.DrawFn, roadmap: Roadmap) -> Profile:
    """Any learner: hours only, windows, or both; days off, interview, skills and wishes."""
    if draw(st.booleans()):
        minutes = 5 * draw(st.integers(5, 12 * 48))
        windows = DEFAULT_WEEK.order(minutes)
    else:
        windows = draw(weeks())
        minutes = sum(window.minutes for window in windows)
        if draw(st.booleans()):
            minutes = 5 * draw(st.integers(5, minutes // 5))
    start = draw(starts)
    interview = draw(st.none() | st.none() | st.integers(1, 40) | st.integers(1, 500))
    return Profile(
        start=start,
        minutes_per_week=minutes,
        windows=windows,
        timezone=draw(st.sampled_from(ZONES)),
        days_off=draw(_days_off(start)),
        busy=draw(st.just(()) | busy_times(start)),
        interview=start + timedelta(days=interview) if interview else None,
        skills=draw(_skills(roadmap)),
        finish_early=draw(st.booleans()),
        overrun=draw(st.booleans()),
    )


@st.composite
def _days_off(draw: st.DrawFn, start: date) -> tuple[Days, ...]:
    found: list[Days] = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(days=draw(st.integers(-5, 300)))
        length = draw(st.sampled_from((0, 0, 3, 6, 13, 40)))
        found.append(Days(first=first, last=first + timedelta(days=length)))
    return tuple(sorted(found, key=lambda days: (days.first, days.last)))


def _skills(roadmap: Roadmap) -> st.SearchStrategy[dict[str, str]]:
    known = ["all", *(p.id for p in roadmap.phases), *(t.id for t in roadmap.topics)]
    return st.dictionaries(st.sampled_from(known), st.sampled_from(LEVELS), max_size=4)


@st.composite
def cases(draw: st.DrawFn, most_phases: int = 12, most_topics: int = 80) -> Case:
    """A roadmap and a learner of it."""
    roadmap = draw(roadmaps(most_phases, most_topics))
    return Case(roadmap=roadmap, profile=draw(profiles(roadmap)))


# ── Plans ─────────────────────────────────────────────────────────────────────────────────────
class Laws:
    """What holds for every plan; each law is handed the case and the plan that came of it."""

    def __init__(self) -> None:
        self.all: list[Callable[[Case, Plan], None]] = []

    def __call__(self, law: Callable[[Case, Plan], None]) -> Callable[[Case, Plan], None]:
        self.all.append(law)
        return law

    def hold(self, case: Case, plan: Plan) -> None:
        for law in self.all:
            law(case, plan)


def plan_of(case: Case) -> Plan:
    """The case's plan; cases that fit no window are of no interest here."""
    plan = case.plan()
    assume(isinstance(plan, Plan))
    return plan


def at_short_notice(case: Case) -> bool:
    """Whether phases take consecutive blocks instead of weeks."""
    efforts = Efforts(case.roadmap, case.profile.skills)
    return isinstance(Fitter(case.roadmap, case.profile, efforts).fit(), ShortNotice)


def lies_in_a_window(
    what: Block | Slot, day: date, zone: ZoneInfo, windows: Iterable[Window]
) -> bool:
    """Whether every minute of it shows that day and lies in one window, which is as long."""
    minutes = (*range(0, what.minutes, STEP), what.minutes - 1)  # nothing ends in between
    moments = [(what.start + timedelta(minutes=m)).astimezone(zone) for m in minutes]
    shown = [moment.hour * HOUR + moment.minute for moment in moments]
    return {moment.date() for moment in moments} == {day} and any(
        window.weekday == day.weekday() and window.start <= min(shown) <= max(shown) < window.end
        for window in windows
        if what.minutes <= window.minutes
    )


def assert_blocks_follow_and_are_filled(plan: Plan) -> None:
    """None overlaps the next, and the sessions of each fill it."""
    assert all(one.end <= two.start for one, two in pairwise(plan.blocks))
    for block in plan.blocks:
        at = block.start
        for session in block.sessions:
            assert session.start == at
            at += timedelta(minutes=session.minutes)
        assert at == block.end


def day_of(session: Session | Block, case: Case) -> date:
    return session.start.astimezone(case.profile.zone).date()


def week_of(plan: Plan, case: Case, what: Session | Block) -> Week:
    return plan.weeks[(day_of(what, case) - case.profile.start).days // 7]


def studied(plan: Plan) -> dict[str, list[Session]]:
    """Topic -> its study sessions in order of time."""
    found: dict[str, list[Session]] = defaultdict(list)
    for session in plan.sessions:
        if session.kind == "study":
            found[session.topic].append(session)
    return found


def topic_reviews(block: Block) -> list[Session]:
    return [s for s in block.sessions if s.kind == "review" and s.topic is not None]
