"""Where a state breaks its own rules, be it read or about to be written; what one value by itself
may be stands in its type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pe_plan.errors import Fault, quoted
from pe_plan.model import Plan, Profile, Record, RecordKind, State

_MINUTE = timedelta(minutes=1)
_YEARS = range(2, 9999)  # in which every zone can tell the time
# Kind -> what a record of it says; of what is marked "?" there may be nothing.
_SAYS: dict[RecordKind, set[str]] = {
    "done": {"session", "minutes?"},
    "mastered": {"topic"},
    "review": {"topic", "answer", "session?"},
    "mock": {"round", "score", "session?"},
    "undo": {"undone"},
}
_SAID = ("session", "topic", "round", "minutes", "answer", "score", "undone")


def contradictions(state: State) -> Iterator[Fault]:
    """Every rule broken: an id twice, sessions that do not fill their block or speak of
    what the plan does not have, weeks or changes out of order."""
    if faults := [*_zones(state.profile), *_far(state)]:
        yield from faults  # the others could not be asked
        return
    yield from _twice(state)
    yield from _profile(state.profile)
    yield from _blocks(state)
    yield from _sessions(state.plan)
    yield from _weeks(state.plan)
    yield from _log(state)


def _zones(profile: Profile) -> Iterator[Fault]:
    """Time zones that there are not."""
    names = {"profile.timezone": profile.timezone}
    names |= {f"profile.abroad[{n}]": name for n, (_, name) in enumerate(profile.abroad)}
    for path, name in names.items():
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            yield path, f"no time zone is called {quoted(name)}"


def _far(state: State) -> Iterator[Fault]:
    """Instants and days at one end of time, where no calendar can count."""
    plan, profile = state.plan, state.profile
    found: dict[str, Sequence[date]] = {
        "profile.busy": [moment for stretch in profile.busy for moment in stretch],
        "profile.dropped": [moment for stretch in profile.dropped for moment in stretch],
        "profile.pins": [moment for pin in profile.pins for moment in (pin.start, pin.home)],
        "plan.blocks": [block.start for block in plan.blocks]
        + [session.start for session in plan.sessions],
        "plan.early": [session.start for session in plan.early],
        "ledger": [moment for entry in state.ledger for moment in (entry.start, entry.changed)],
        "log": [record.entered for record in state.log],
        "accepted": [line.entered for line in state.accepted],
        "profile": [profile.start, profile.interview or profile.start],
        "plan": [plan.as_of, plan.earliest, plan.latest, plan.finish],
        "plan.weeks": [week.starts for week in plan.weeks],
    }
    for path, moments in found.items():
        if far := next((each for each in moments if each.year not in _YEARS), None):
            yield path, f"{far.isoformat()} lies beyond the calendar of some time zone"


def _twice(state: State) -> Iterator[Fault]:
    """Every id that stands more than once among its like."""
    plan, sessions = state.plan, [session.id for session in state.plan.sessions]
    for path, ids in (
        ("plan.phases", [phase.id for phase in plan.phases]),
        ("plan.topics", [topic.id for topic in plan.topics]),
        ("plan.blocks", [block.uid for block in plan.blocks]),
        ("plan.blocks", sessions),
        ("plan.early", [*{*sessions}, *(session.id for session in plan.early)]),
        ("ledger", [entry.uid for entry in state.ledger]),
        ("profile.pins", [pin.uid for pin in state.profile.pins]),
        ("accepted", [f"change {line.change}" for line in state.accepted]),
    ):
        if len(set(ids)) < len(ids):
            for id, times in Counter(ids).items():
                if times > 1:
                    yield path, f"{quoted(id)} stands there {times} times"


def _profile(profile: Profile) -> Iterator[Fault]:
    """Days out of order; stretches that last no time, or do not come after the one before."""
    if any(later[0] < earlier[0] for earlier, later in pairwise(profile.abroad)):
        yield "profile.abroad", "the days do not stand in order"
    for path, stretches in (("profile.busy", profile.busy), ("profile.dropped", profile.dropped)):
        until = datetime.min.replace(tzinfo=UTC)
        for start, end in stretches:
            if start >= end or start < until:
                what = "lasts no time" if start >= end else "does not come after the one before it"
                yield path, f"the stretch from {start.isoformat()} {what}"
            until = end


def _blocks(state: State) -> Iterator[Fault]:
    """Blocks that their sessions do not fill, and pinned ones that do not stand where they are
    pinned. A pin may outlive its block; what is over or was worked on stays where it took place."""
    pins = {pin.uid: (pin.start, pin.minutes) for pin in state.profile.pins}
    for block in state.plan.blocks:
        until, filled = block.start, bool(block.sessions)
        for session in block.sessions:
            filled = filled and session.start == until
            until += session.minutes * _MINUTE
        if not filled or until != block.end:
            yield "plan.blocks", f"the sessions of {quoted(block.uid)} do not fill it exactly"
        if not block.title.isprintable():
            yield "plan.blocks", f"the title of {quoted(block.uid)} holds what no terminal shows"
        if block.pinned and block.uid not in pins:
            yield "plan.blocks", f"{quoted(block.uid)} is pinned, yet not in profile.pins"
        elif block.pinned and pins[block.uid] != (block.start, block.minutes):
            begun = any(session.status != "planned" for session in block.sessions)
            if not begun and state.profile.day_of(block.start) >= state.plan.as_of:
                yield "plan.blocks", f"{quoted(block.uid)} does not stand where profile.pins has it"


def _sessions(plan: Plan) -> Iterator[Fault]:
    """Sessions of a topic that the plan does not have, or not of what they should."""
    topics = {None, *(topic.id for topic in plan.topics)}
    for path, sessions in (("plan.blocks", plan.sessions), ("plan.early", plan.early)):
        for each in sessions:
            if each.topic not in topics:
                yield path, f"{quoted(each.id)}: the plan has no topic {quoted(each.topic)}"
            elif each.kind == "study" and not (each.topic and each.activity):
                yield path, f"{quoted(each.id)}: to study, it needs a topic and an activity"


def _weeks(plan: Plan) -> Iterator[Fault]:
    a_week = timedelta(days=7)
    if not plan.weeks:
        yield "plan.weeks", "there is no week"
    elif [week.n for week in plan.weeks] != list(range(1, len(plan.weeks) + 1)):
        yield "plan.weeks", f"the weeks are not numbered from 1 to {len(plan.weeks)}"
    elif any(later.starts - earlier.starts != a_week for earlier, later in pairwise(plan.weeks)):
        yield "plan.weeks", "the weeks do not follow one another"


def _log(state: State) -> Iterator[Fault]:
    """Records that do not say what their kind does, and changes out of order; one command writes
    any number of records and at most one accepted plan."""
    for n, record in enumerate(state.log):
        for what in _said(record):
            yield f"log[{n}]", f"a record of kind {record.kind} {what}"
    records = [record.change for record in state.log]
    accepted = [line.change for line in state.accepted]
    for path, numbers in (("log", records), ("accepted", accepted)):
        if any(later < earlier for earlier, later in pairwise([1, *numbers])):
            yield path, "the numbers of the changes do not rise from 1"
    known = {*records, *accepted}
    for record in state.log:
        back = record.undone
        if back is not None and not (back in known and back < record.change):
            yield "log", f"change {record.change} takes back change {back}, which is no earlier one"


def _said(record: Record) -> Iterator[str]:
    """What a record says and should not, or should and does not."""
    says = _SAYS[record.kind]
    for name in _SAID:
        given = getattr(record, name) is not None
        if given and not says & {name, f"{name}?"}:
            yield f"says nothing of its {name}"
        if not given and name in says:
            yield f"lacks its {name}"
