"""Any state that Hypothesis can think of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan import model
from pe_plan.model import Pin
from tests.support_plan import block
from tests.support_store import record

HOSTILE = ("", "-", "|", "'", '"', "\\", "\\u0000", "\r\n", "\n", "<<<<<<< ", "{", "[" * 99)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("ab -|%'\"\\\n\r\t\0\x7f\x1b\x85\u2028\u202e🙂"), max_size=12),
    st.text(max_size=12),
)
titles = texts.filter(str.isprintable)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.@+-]{0,11}", fullmatch=True)
maybe_names = st.none() | names
numbers = st.integers(0, 10_000)
dates = st.dates(date(2, 1, 1), date(9990, 1, 1))
instants = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1 < moment.year < 9990)
flags = st.booleans()
levels = st.sampled_from(model.LEVELS)
zones = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "UTC", "Etc/GMT+12"])
kinds = st.sampled_from(["study", "review", "warm-up", "mock", "flex", "catch-up"])


@st.composite
def windows(draw: st.DrawFn) -> model.Window:
    start, end = draw(st.tuples(st.integers(0, 1440), st.integers(0, 1440)))
    rank, shortest = draw(st.tuples(numbers, numbers))
    weekday = draw(st.integers(0, 6))
    return model.Window(weekday=weekday, start=start, end=end, rank=rank, shortest=shortest)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[tuple[datetime, datetime], ...]:
    """Stretches one after another; some touch."""
    found, clock = [], draw(instants)
    for gap, minutes in draw(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 5000)))):
        start = clock + timedelta(minutes=gap)
        clock = start + timedelta(minutes=minutes)
        found.append((start, clock))
    return tuple(found)


profiles = st.builds(
    model.Profile,
    start=dates,
    minutes_per_week=numbers,
    windows=st.lists(windows(), max_size=3).map(tuple),
    timezone=zones,
    days_off=st.lists(st.builds(model.Days, first=dates, last=dates), max_size=3).map(tuple),
    interview=st.none() | dates,
    skills=st.dictionaries(names, levels, max_size=4),
    finish_early=flags,
    overrun=flags,
    remind=st.none() | numbers,
    abroad=st.lists(st.tuples(dates, zones), max_size=3).map(sorted).map(tuple),
    busy=stretches(),
    calendars=st.lists(texts, max_size=3).map(tuple),
    busy_margin=st.integers(0, 240),
    ignore_all_day=flags,
    lenient=flags,
    free=flags,
    dropped=stretches(),
)
lengths = st.integers(model.SHORTEST, 24 * 60)
pins = st.builds(
    Pin, uid=names, start=instants, minutes=lengths, home=instants, home_minutes=lengths
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
    why=texts,
)
topics = st.builds(
    model.TopicPlan,
    id=names,
    level=levels,
    depth=st.fractions(0, 1),
    minutes=numbers,
    trimmed=numbers,
    whole=numbers,
)
unplaced = st.builds(
    model.Unplaced, kind=kinds, minutes=numbers, phase=maybe_names, round=maybe_names
)
entries = st.builds(
    model.Entry,
    uid=names,
    start=instants,
    minutes=st.integers(0, 1440),
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


@st.composite
def agendas(draw: st.DrawFn) -> tuple[model.Block, ...]:
    found = draw(st.lists(sessions, max_size=6, unique_by=lambda one: one.id))
    uids = draw(st.lists(names, min_size=3, max_size=3, unique=True))
    parts = [part for n in range(3) if (part := found[2 * n : 2 * n + 2])]
    blocks = [
        block(draw(instants), *part, uid=uid, title=draw(titles))
        for uid, part in zip(uids, parts, strict=False)
    ]
    return tuple(
        replace(each, pinned=each.minutes >= model.SHORTEST and draw(flags)) for each in blocks
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
    weeks=st.lists(weeks, min_size=1, max_size=3).map(tuple),
    phases=st.lists(phases, max_size=3, unique_by=lambda one: one.id).map(tuple),
    topics=st.lists(topics, max_size=3, unique_by=lambda one: one.id).map(tuple),
    blocks=agendas(),
    left_out=st.lists(texts, max_size=3).map(tuple),
    unplaced=st.lists(unplaced, max_size=3).map(tuple),
)
afterwards = st.fixed_dictionaries({"entered": instants, "on": dates, "note": texts})
said = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("done"), "session": names, "minutes": st.none() | numbers}
    ),
    st.fixed_dictionaries({"kind": st.just("mastered"), "topic": names}),
    st.fixed_dictionaries(
        {
            "kind": st.just("review"),
            "topic": names,
            "answer": st.sampled_from(model.ANSWERS),
            "session": maybe_names,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("mock"),
            "round": names,
            "score": st.integers(1, 5),
            "session": maybe_names,
        }
    ),
)
accepteds = st.builds(
    model.Accepted,
    change=numbers,
    entered=instants,
    as_of=dates,
    revision=numbers,
    begins=flags,
    finish=dates,
    retitled=numbers,
    moved=numbers,
    added=numbers,
    removed=numbers,
    reason=texts,
)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, tuple[object, ...]]:
    """A log and the plans accepted, their changes numbered in any order that they may have."""
    plans = draw(st.lists(accepteds, max_size=3))
    numbered = sorted(draw(st.sets(st.integers(1, 20), min_size=len(plans), max_size=len(plans))))
    lines = draw(st.lists(st.tuples(afterwards, said), max_size=5))
    changes = sorted(draw(st.lists(st.integers(1, 20), min_size=len(lines), max_size=len(lines))))
    log = [
        model.Record(change=change, **when, **what)
        for change, (when, what) in zip(changes, lines, strict=True)
    ]
    if known := sorted({*numbered, *changes}):
        undone = draw(st.sampled_from(known))
        log.append(replace(record(21, "undo", undone=undone), note=draw(texts)))
    found = (replace(one, change=n) for n, one in zip(numbered, plans, strict=True))
    return {"log": tuple(log), "accepted": tuple(found)}


def about_itself(plan: model.Plan) -> model.Plan:
    """The plan with weeks in a row, and sessions that speak of its own phases and topics; there is
    no study in a plan without topics."""
    topics = [topic.id for topic in plan.topics] or [None]
    phases = [None, *(phase.id for phase in plan.phases)]

    def known(session: model.Session) -> model.Session:
        topic = topics[session.part % len(topics)] if session.topic else None
        study = {"kind": "study", "topic": topics[0], "activity": session.activity or "learn"}
        phase = phases[session.parts % len(phases)]
        told = study if session.kind == "study" and topics[0] else {"topic": topic}
        kind = "flex" if session.kind == "study" else session.kind
        return replace(session, **{"kind": kind, "phase": phase} | told)

    blocks = (replace(block, sessions=tuple(map(known, block.sessions))) for block in plan.blocks)
    first = plan.weeks[0].starts
    weeks = (
        replace(week, n=n + 1, starts=first + timedelta(weeks=n), phase=phases[n % len(phases)])
        for n, week in enumerate(plan.weeks)
    )
    early = tuple(map(known, plan.early))
    return replace(plan, blocks=tuple(blocks), weeks=tuple(weeks), early=early)


@st.composite
def pinning(draw: st.DrawFn, plan: model.Plan) -> tuple[Pin, ...]:
    """A pin for each pinned block, and pins of blocks that the plan does not pin or have."""
    held = {block.uid: block for block in plan.blocks if block.pinned}
    spare = draw(st.lists(pins.filter(lambda pin: pin.uid not in held), max_size=2, unique_by=_uid))
    found = [
        replace(draw(pins), uid=uid, start=block.start, minutes=block.minutes)
        for uid, block in held.items()
    ]
    return tuple(draw(st.permutations([*found, *spare])))


def _uid(pin: Pin) -> str:
    return pin.uid


@st.composite
def anything(draw: st.DrawFn) -> model.State:
    plan = draw(plans)
    taken = {one.id for one in plan.sessions}
    free = sessions.filter(lambda one: one.id not in taken)
    early = draw(st.lists(free, max_size=2, unique_by=lambda one: one.id))
    return model.State(
        profile=replace(draw(profiles), pins=draw(pinning(plan))),
        plan=about_itself(replace(plan, early=tuple(early))),
        ledger=tuple(draw(st.lists(entries, max_size=4, unique_by=lambda one: one.uid))),
        roadmap=draw(names),
        **draw(histories()),
    )


states = anything()
