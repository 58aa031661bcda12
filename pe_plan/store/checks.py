"""Where a state breaks its own rules, be it read or about to be written; what one value by itself
may be stands in its type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pe_plan.errors import quoted
from pe_plan.model import Block, Plan, Profile, Record, RecordKind, State, Stretch

Fault = tuple[str, str]  # key path, what is wrong

_WEEK = timedelta(days=7)
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
    plan = state.plan
    yield from _twice("plan.phases", [phase.id for phase in plan.phases])
    yield from _twice("plan.topics", [topic.id for topic in plan.topics])
    yield from _twice("plan.blocks", [block.uid for block in plan.blocks])
    sessions = [session.id for session in plan.sessions]
    yield from _twice("plan.blocks", sessions)
    yield from _twice("plan.early", [*{*sessions}, *(session.id for session in plan.early)])
    yield from _twice("ledger", [entry.uid for entry in state.ledger])
    for block in plan.blocks:
        if not _filled(block):
            yield "plan.blocks", f"the sessions of {quoted(block.uid)} do not fill it exactly"
        if not block.title.isprintable():
            yield "plan.blocks", f"the title of {quoted(block.uid)} holds what no terminal shows"
    yield from _profile(state.profile)
    yield from _pinned(state)
    yield from _weeks(plan)
    yield from _strangers(plan)
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
    moments = {
        "profile.busy": [moment for stretch in profile.busy for moment in stretch],
        "profile.dropped": [moment for stretch in profile.dropped for moment in stretch],
        "profile.pins": [moment for pin in profile.pins for moment in (pin.start, pin.home)],
        "plan.blocks": [block.start for block in plan.blocks]
        + [session.start for session in plan.sessions],
        "plan.early": [session.start for session in plan.early],
        "ledger": [moment for entry in state.ledger for moment in (entry.start, entry.changed)],
        "log": [record.entered for record in state.log],
        "accepted": [line.entered for line in state.accepted],
    }
    days = {
        "profile": [profile.start, profile.interview or profile.start],
        "plan": [plan.as_of, plan.earliest, plan.latest, plan.finish],
        "plan.weeks": [week.starts for week in plan.weeks],
    }
    for path, found in (moments | days).items():
        if far := next((each for each in found if each.year not in _YEARS), None):
            yield path, f"{far.isoformat()} lies beyond the calendar of some time zone"


def _twice(path: str, ids: Collection[str]) -> Iterator[Fault]:
    """Every id that stands more than once at the path."""
    if len(set(ids)) < len(ids):
        for id, times in Counter(ids).items():
            if times > 1:
                yield path, f"{quoted(id)} stands there {times} times"


def _filled(block: Block) -> bool:
    end = block.start
    for session in block.sessions:
        if session.start != end:
            return False
        end += timedelta(minutes=session.minutes)
    return bool(block.sessions) and end == block.end


def _profile(profile: Profile) -> Iterator[Fault]:
    if any(later[0] < earlier[0] for earlier, later in pairwise(profile.abroad)):
        yield "profile.abroad", "the days do not stand in order"
    yield from _apart("profile.busy", profile.busy)
    yield from _apart("profile.dropped", profile.dropped)


def _apart(path: str, stretches: Sequence[Stretch]) -> Iterator[Fault]:
    """Stretches that last no time, or do not come after the one before them; they may touch."""
    until: datetime | None = None
    for start, end in stretches:
        if start >= end or (until and start < until):
            what = "lasts no time" if start >= end else "does not come after the one before it"
            yield path, f"the stretch from {start.isoformat()} {what}"
        until = end


def _pinned(state: State) -> Iterator[Fault]:
    """Pinned blocks that do not stand where they are pinned. A pin may outlive its block, and what
    is over or was worked on stays where it took place."""
    places = {pin.uid: (pin.start, pin.minutes) for pin in state.profile.pins}
    yield from _twice("profile.pins", [pin.uid for pin in state.profile.pins])
    for block in state.plan.blocks:
        if block.pinned and places.get(block.uid) != (block.start, block.minutes):
            if block.uid not in places:
                what = "is pinned, and profile.pins does not say where"
            elif _is_ahead(block, state):
                what = "does not stand where profile.pins has it"
            else:
                continue
            yield "plan.blocks", f"{quoted(block.uid)} {what}"


def _is_ahead(block: Block, state: State) -> bool:
    """Whether nothing of it was worked on, and its day was still to come when the plan was made."""
    begun = any(session.status != "planned" for session in block.sessions)
    return not begun and state.profile.day_of(block.start) >= state.plan.as_of


def _weeks(plan: Plan) -> Iterator[Fault]:
    if not plan.weeks:
        yield "plan.weeks", "there is no week"
    elif [week.n for week in plan.weeks] != list(range(1, len(plan.weeks) + 1)):
        yield "plan.weeks", f"the weeks are not numbered from 1 to {len(plan.weeks)}"
    elif any(later.starts - earlier.starts != _WEEK for earlier, later in pairwise(plan.weeks)):
        yield "plan.weeks", "the weeks do not follow one another"


def _strangers(plan: Plan) -> Iterator[Fault]:
    """Sessions of a topic that the plan does not have, or not of what they should."""
    topics = {None, *(topic.id for topic in plan.topics)}
    for path, sessions in (("plan.blocks", plan.sessions), ("plan.early", plan.early)):
        for session in sessions:
            if session.topic not in topics:
                what = f"the plan has no topic {quoted(session.topic)}"
            elif session.kind == "study" and not (session.topic and session.activity):
                what = "to study, it needs a topic and an activity"
            else:
                continue
            yield path, f"{quoted(session.id)}: {what}"


def _log(state: State) -> Iterator[Fault]:
    """One command writes any number of records and at most one accepted plan."""
    for n, record in enumerate(state.log):
        yield from ((f"log[{n}]", what) for what in _said(record))
    records = [record.change for record in state.log]
    accepted = [line.change for line in state.accepted]
    for path, numbers in (("log", records), ("accepted", accepted)):
        if any(later < earlier for earlier, later in pairwise([1, *numbers])):
            yield path, "the numbers of the changes do not rise from 1"
    yield from _twice("accepted", [f"change {number}" for number in accepted])
    known = {*records, *accepted}
    for record in state.log:
        back = record.undone
        if back is not None and not (back in known and back < record.change):
            what = f"change {record.change} takes back change {back}, which is no earlier one"
            yield "log", what


def _said(record: Record) -> Iterator[str]:
    """What a record of its kind says and should not, or should and does not."""
    says = _SAYS[record.kind]
    for name in _SAID:
        given = getattr(record, name) is not None
        if given and not says & {name, f"{name}?"}:
            yield f"a record of kind {record.kind} says nothing of its {name}"
        if not given and name in says:
            yield f"a record of kind {record.kind} lacks its {name}"
