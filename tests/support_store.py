"""States for the tests of the store: one plain, and any that Hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from pe_plan import model

STARTS = date(2026, 1, 5)
EVENING = datetime(2026, 1, 5, 18, tzinfo=UTC)


def session(id: str, minutes: int, start: datetime = EVENING, **changes: object) -> model.Session:
    values = {"kind": "study", "phase": "linux", "topic": "boot", "activity": "learn"} | changes
    return model.Session(id=id, start=start, minutes=minutes, **values)


def block(n: int, title: str = "TCP/IP stack: practise 3") -> model.Block:
    start = EVENING + timedelta(days=n)
    review = {"kind": "review", "activity": None, "part": 2, "parts": 5, "made_up": True}
    sessions = (
        session(f"boot.review.{n}", 15, start, **review),
        session(f"boot.learn.{n}", 105, start + timedelta(minutes=15)),
    )
    return model.Block(
        uid=f"b-{n}@pe-plan.invalid", start=start, minutes=120, title=title, sessions=sessions
    )


def entry(n: int) -> model.Entry:
    return model.Entry(
        uid=f"b-{n}@pe-plan.invalid",
        start=EVENING + timedelta(days=n),
        minutes=120,
        summary="TCP/IP stack: practise 3",
        sequence=1,
        fingerprint="9f86d081884c7d65",
        changed=EVENING,
        removed=n % 2 == 1,
    )


def state(*, blocks: int = 2, roadmap: str = "id = 'pe'\n", revision: int = 0) -> model.State:
    windows = (model.Window(weekday=0, start=1140, end=1440),)
    profile = model.Profile(
        start=STARTS,
        minutes_per_week=720,
        windows=windows,
        timezone="Europe/Berlin",
        days_off=(model.Days(first=STARTS, last=STARTS),),
        skills={"linux": "solid", "all": "some"},
    )
    phase = model.PhasePlan(
        id="linux",
        title="Linux | and more",
        weeks=7,
        roadmap_weeks=(6, 8),
        starts=STARTS,
        ends=date(2026, 2, 22),
        minutes=4800,
        why="mixed levels: 36 of 40 h",
    )
    plan = model.Plan(
        id="6a1f0b1e-0000-4000-8000-000000000000",
        roadmap="pe",
        as_of=STARTS,
        revision=revision,
        minutes_per_week=720,
        windows=windows,
        earliest=date(2026, 7, 4),
        latest=date(2026, 11, 5),
        finish=date(2026, 9, 6),
        verdict="inside",
        weeks=(model.Week(n=1, starts=STARTS, kind="study", phase="linux", capacity=720),),
        phases=(phase,),
        topics=(model.TopicPlan(id="boot", level="some", depth=Fraction(937, 1000), minutes=300),),
        blocks=tuple(block(n) for n in range(blocks)),
        unplaced=(model.Unplaced(kind="mock", minutes=45, round="coding"),),
    )
    ledger = tuple(entry(n) for n in range(blocks))
    return model.State(profile=profile, plan=plan, ledger=ledger, roadmap=roadmap)


# ── Any state ─────────────────────────────────────────────────────────────────────────────────

HOSTILE = (
    "",
    "-",
    "--",
    "%",
    "|",
    " | ",
    "a b",
    "%20;",
    "'",
    '"',
    "'''",
    '"""',
    "\\",
    "\r\n",
    "\n",
)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("ab -|%'\"\\\n\r\t\0\x7f\x1b\x85\u2028\u202e🙂"), max_size=12),
    st.text(max_size=12),
)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.@-]{0,11}", fullmatch=True)
maybe_names = st.none() | names
numbers = st.integers(0, 10_000)
dates = st.dates()
instants = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year < 9999)
flags = st.booleans()
levels = st.sampled_from(model.LEVELS)
kinds = st.sampled_from(["study", "review", "warm-up", "mock", "flex", "catch-up"])


@st.composite
def windows(draw: st.DrawFn) -> model.Window:
    start, end = draw(st.tuples(st.integers(0, 1440), st.integers(0, 1440)))
    rank, shortest = draw(st.tuples(numbers, numbers))
    weekday = draw(st.integers(0, 6))
    return model.Window(weekday=weekday, start=start, end=end, rank=rank, shortest=shortest)


profiles = st.builds(
    model.Profile,
    start=dates,
    minutes_per_week=numbers,
    windows=st.lists(windows(), max_size=3).map(tuple),
    timezone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]),
    days_off=st.lists(st.builds(model.Days, first=dates, last=dates), max_size=3).map(tuple),
    interview=st.none() | dates,
    skills=st.dictionaries(names, levels, max_size=4),
    finish_early=flags,
    overrun=flags,
    remind=st.none() | numbers,
)
weeks = st.builds(
    model.Week,
    n=numbers,
    starts=dates,
    kind=st.sampled_from(["study", "catch-up", "final", "off"]),
    phase=maybe_names,
    capacity=numbers,
)
phases = st.builds(
    model.PhasePlan,
    id=names,
    title=texts,
    weeks=numbers,
    roadmap_weeks=st.tuples(numbers, numbers),
    starts=dates,
    ends=dates,
    minutes=numbers,
    why=texts.map(lambda text: text.replace("|", "/")),
)
topics = st.builds(
    model.TopicPlan, id=names, level=levels, depth=st.fractions(0, 1), minutes=numbers
)
unplaced = st.builds(
    model.Unplaced, kind=kinds, minutes=numbers, phase=maybe_names, round=maybe_names
)
entries = st.builds(
    model.Entry,
    uid=names,
    start=instants,
    minutes=numbers,
    summary=texts,
    sequence=numbers,
    fingerprint=names,
    changed=instants,
    removed=flags,
)
sessions = st.builds(
    model.Session,
    id=names,
    kind=kinds,
    start=instants,
    minutes=st.integers(1, 200),
    phase=maybe_names,
    topic=maybe_names,
    activity=st.sampled_from([None, *model.ACTIVITIES]),
    round=maybe_names,
    part=numbers,
    parts=numbers,
    status=st.sampled_from(["planned", "done", "missed"]),
    made_up=flags,
)


def filled(uid: str, start: datetime, title: str, agenda: Sequence[model.Session]) -> model.Block:
    """A block whose sessions follow one another from its start."""
    placed, end = [], start
    for part in agenda:
        placed.append(replace(part, start=end))
        end += timedelta(minutes=part.minutes)
    minutes = sum(part.minutes for part in placed)
    return model.Block(uid=uid, start=start, minutes=minutes, title=title, sessions=tuple(placed))


@st.composite
def agendas(draw: st.DrawFn) -> tuple[model.Block, ...]:
    found = draw(st.lists(sessions, max_size=6, unique_by=lambda one: one.id))
    uids = draw(st.lists(names, min_size=3, max_size=3, unique=True))
    parts = [part for n in range(3) if (part := found[2 * n : 2 * n + 2])]
    return tuple(
        replace(filled(uid, draw(instants), draw(texts), part), pinned=draw(flags))
        for uid, part in zip(uids, parts, strict=False)
    )


plans = st.builds(
    model.Plan,
    id=texts,
    roadmap=texts,
    as_of=dates,
    revision=numbers,
    minutes_per_week=numbers,
    windows=st.lists(windows(), max_size=3).map(tuple),
    earliest=dates,
    latest=dates,
    finish=dates,
    verdict=st.sampled_from(["inside", "early", "late"]),
    weeks=st.lists(weeks, max_size=3).map(tuple),
    phases=st.lists(phases, max_size=3, unique_by=lambda one: one.id).map(tuple),
    topics=st.lists(topics, max_size=3, unique_by=lambda one: one.id).map(tuple),
    blocks=agendas(),
    left_out=st.lists(texts, max_size=3).map(tuple),
    unplaced=st.lists(unplaced, max_size=3).map(tuple),
)
states = st.builds(
    model.State,
    profile=profiles,
    plan=plans,
    ledger=st.lists(entries, max_size=4, unique_by=lambda one: one.uid).map(tuple),
    roadmap=st.lists(texts, max_size=8).map("".join),
)
