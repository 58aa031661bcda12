"""Any state that Hypothesis can think of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from msgspec import inspect
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
numbers = st.integers(0, 10_000)
dates = st.dates(date(2, 1, 1), date(9990, 1, 1))
instants = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1 < moment.year < 9990)
flags = st.booleans()
zones = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "UTC", "Etc/GMT+12"])
PLAIN = {
    inspect.StrType: texts,
    inspect.BoolType: flags,
    inspect.DateType: dates,
    inspect.DateTimeType: instants,
    inspect.NoneType: st.none(),
    inspect.CustomType: st.fractions(0, 1),
}


def any_of(kind: type, **known: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Any Struct of that type that its rules allow; of some fields it is known what they hold."""
    fields = {each.name: _any(each.type) for each in inspect.type_info(kind).fields}
    return st.builds(kind, **fields | known)


def _any(kind: inspect.Type) -> st.SearchStrategy[object]:
    match kind:
        case inspect.IntType(ge=least, le=most):
            found = st.integers(least, min(most, 10_000))
        case inspect.LiteralType(values=values):
            found = st.sampled_from(sorted(values))
        case inspect.UnionType(types=types):
            found = st.one_of(*map(_any, types))
        case inspect.TupleType(item_types=types):
            found = st.tuples(*map(_any, types))
        case inspect.VarTupleType(item_type=inner):
            found = st.lists(_any(inner), max_size=3).map(tuple)
        case inspect.DictType(value_type=inner):
            found = st.dictionaries(texts, _any(inner), max_size=4)
        case inspect.StructType(cls=cls):
            found = any_of(cls)
        case _:
            found = PLAIN[type(kind)]
    return found


@st.composite
def stretches(draw: st.DrawFn) -> tuple[tuple[datetime, datetime], ...]:
    """Stretches one after another; some touch."""
    found, clock = [], draw(instants)
    for gap, minutes in draw(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 5000)))):
        start = clock + timedelta(minutes=gap)
        clock = start + timedelta(minutes=minutes)
        found.append((start, clock))
    return tuple(found)


profiles = any_of(
    model.Profile,
    timezone=zones,
    abroad=st.lists(st.tuples(dates, zones), max_size=3).map(sorted).map(tuple),
    busy=stretches(),
    dropped=stretches(),
)
sessions = any_of(model.Session, minutes=st.integers(1, 200))


@st.composite
def agendas(draw: st.DrawFn) -> tuple[model.Block, ...]:
    found = draw(st.lists(sessions, max_size=6, unique_by=lambda one: one.id))
    uids = draw(st.lists(texts, min_size=3, max_size=3, unique=True))
    parts = [part for n in range(3) if (part := found[2 * n : 2 * n + 2])]
    blocks = [
        block(draw(instants), *part, uid=uid, title=draw(texts.filter(str.isprintable)))
        for uid, part in zip(uids, parts, strict=False)
    ]
    return tuple(
        replace(each, pinned=each.minutes >= model.SHORTEST and draw(flags)) for each in blocks
    )


def named(kind: type) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(any_of(kind), max_size=3, unique_by=lambda one: one.id).map(tuple)


plans = any_of(
    model.Plan,
    weeks=st.lists(any_of(model.Week), min_size=1, max_size=3).map(tuple),
    phases=named(model.PhasePlan),
    topics=named(model.TopicPlan),
    blocks=agendas(),
    early=st.just(()),
)
pins = any_of(Pin)
accepteds = any_of(model.Accepted)
afterwards = st.fixed_dictionaries({"entered": instants, "on": dates, "note": texts})
SAYS = {
    "done": {"session": texts, "minutes": st.none() | numbers},
    "mastered": {"topic": texts},
    "review": {
        "topic": texts,
        "answer": st.sampled_from(model.ANSWERS),
        "session": st.none() | texts,
    },
    "mock": {"round": texts, "score": st.integers(1, 5), "session": st.none() | texts},
}
said = st.one_of(
    *(st.fixed_dictionaries({"kind": st.just(kind)} | about) for kind, about in SAYS.items())
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
    free = pins.filter(lambda pin: pin.uid not in held)
    spare = draw(st.lists(free, max_size=2, unique_by=lambda pin: pin.uid))
    found = [
        replace(draw(pins), uid=uid, start=block.start, minutes=block.minutes)
        for uid, block in held.items()
    ]
    return tuple(draw(st.permutations([*found, *spare])))


@st.composite
def anything(draw: st.DrawFn) -> model.State:
    plan = draw(plans)
    taken = {one.id for one in plan.sessions}
    free = sessions.filter(lambda one: one.id not in taken)
    early = draw(st.lists(free, max_size=2, unique_by=lambda one: one.id))
    return model.State(
        profile=replace(draw(profiles), pins=draw(pinning(plan))),
        plan=about_itself(replace(plan, early=tuple(early))),
        ledger=tuple(
            draw(st.lists(any_of(model.Entry), max_size=4, unique_by=lambda one: one.uid))
        ),
        roadmap=draw(st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
        **draw(histories()),
    )


states = anything()
