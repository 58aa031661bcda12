"""Where a state breaks its own rules, be it read or about to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pe_plan.errors import quoted
from pe_plan.model import SHORTEST, Block, Plan, Profile, State
from pe_plan.store import words
from pe_plan.store.rows import after
from pe_plan.store.shapes import Fault

if TYPE_CHECKING:
    from pe_plan.model import Pin

_WEEK = timedelta(days=7)
_DAY = 24 * 60  # minutes
_WIDEST = 240  # minutes on each side of a busy event
_YEARS = range(2, 9999)  # in which every zone can tell the time
_LARGEST = 2_000_000_000  # calendars hold whole numbers of 32 bits


def contradictions(state: State) -> Iterator[Fault]:
    """Every rule broken: an id twice, sessions that do not fill their block or speak of
    what the plan does not have, weeks or changes out of order."""
    plan = state.plan
    yield from twice("plan.phases", [phase.id for phase in plan.phases])
    yield from twice("plan.topics", [topic.id for topic in plan.topics])
    yield from twice("plan.blocks", [block.uid for block in plan.blocks])
    sessions = [session.id for block in plan.blocks for session in block.sessions]
    yield from twice("plan.blocks", sessions)
    if plan.early:
        yield from twice("plan.early", [*{*sessions}, *(session.id for session in plan.early)])
    yield from twice("calendar.ledger", [entry.uid for entry in state.ledger])
    for entry in state.ledger:
        if entry.sequence > _LARGEST:
            yield (
                "calendar.ledger",
                f"{quoted(entry.uid)}: no calendar counts as far as its changes",
            )
    for block in plan.blocks:
        if not _filled(block):
            yield "plan.blocks", f"the sessions of {quoted(block.uid)} do not fill it exactly"
    yield from _profile(state.profile)
    yield from _pinned(state)
    yield from _weeks(plan)
    yield from _strangers(plan)
    yield from _log(state)


def twice(path: str, ids: Collection[str]) -> Iterator[Fault]:
    """Every id that stands more than once at the path."""
    if len(set(ids)) < len(ids):
        for id, times in Counter(ids).items():
            if times > 1:
                yield path, f"{quoted(id)} stands there {times} times"


def _filled(block: Block) -> bool:
    end, minutes = block.start, 0
    for session in block.sessions:
        if session.start != end:
            return False
        end = after(session)
        minutes += session.minutes
    return bool(block.sessions) and minutes == block.minutes


def _profile(profile: Profile) -> Iterator[Fault]:
    if any(later[0] < earlier[0] for earlier, later in pairwise(profile.abroad)):
        yield "profile.abroad", "the days do not stand in order"
    if profile.busy_margin > _WIDEST:
        yield (
            "profile.margin",
            f"expected at most {_WIDEST} minutes, got {quoted(profile.busy_margin)}",
        )
    yield from _apart("profile.busy", profile.busy)
    yield from _apart("profile.dropped", profile.dropped)


def _apart(path: str, stretches: Sequence[tuple[datetime, datetime]]) -> Iterator[Fault]:
    """Stretches that last no time, or do not come after the one before them; they may touch."""
    if not stretches:
        return
    until = stretches[0][0]
    for start, end in stretches:
        if not until <= start < end:
            what = "lasts no time" if start >= end else "does not come after the one before it"
            yield path, f"the stretch from {words.instant(start)} {what}"
        until = end
    if stretches[0][0].year not in _YEARS or until.year not in _YEARS:
        yield path, "reaches beyond the calendar of some time zone"


def _pinned(state: State) -> Iterator[Fault]:
    """Pins that cannot be, and pinned blocks that do not stand where they are pinned. A pin may
    outlive its block, and what is over or was worked on stays where it took place."""
    places = {pin.uid: (pin.start, pin.minutes) for pin in state.profile.pins}
    if len(places) < len(state.profile.pins):
        yield from twice("profile.pins", [pin.uid for pin in state.profile.pins])
    for n, pin in enumerate(state.profile.pins):
        for what in _of_pin(pin):
            yield f"profile.pins[{n}]", what
    for block in state.plan.blocks:
        if block.pinned and places.get(block.uid) != (block.start, block.minutes):
            if block.uid not in places:
                what = "is pinned, and profile.pins does not say where"
            elif _is_ahead(block, state):
                what = "does not stand where profile.pins has it"
            else:
                continue
            yield "plan.blocks", f"{quoted(block.uid)} {what}"


def _of_pin(pin: Pin) -> Iterator[str]:
    if not SHORTEST <= pin.minutes <= _DAY:
        yield f"a pinned block lasts from {SHORTEST} minutes to a day, not {quoted(pin.minutes)}"
    if not 0 < pin.home_minutes <= _DAY:
        yield f"its home lasts from 1 minute to a day, not {quoted(pin.home_minutes)}"


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
    records = [record.change for record in state.log]
    accepted = [line.change for line in state.accepted]
    for path, numbers in (("log.records", records), ("log.accepted", accepted)):
        if any(later < earlier for earlier, later in pairwise([1, *numbers])):
            yield path, "the numbers of the changes do not rise from 1"
    yield from twice("log.accepted", [f"change {number}" for number in accepted])
    known = {*records, *accepted}
    for record in state.log:
        back = record.undone
        if back is not None and not (back in known and back < record.change):
            what = f"change {record.change} takes back change {back}, which is no earlier one"
            yield "log.records", what
