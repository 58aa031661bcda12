"""Where a state breaks its own rules, be it read or about to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import pairwise

from pe_plan.errors import quoted
from pe_plan.model import Block, Plan, State
from pe_plan.store.rows import after
from pe_plan.store.shapes import Fault

_WEEK = timedelta(days=7)
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
    if any(later[0] < earlier[0] for earlier, later in pairwise(state.profile.abroad)):
        yield "profile.abroad", "the days do not stand in order"
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
    end = block.start
    for session in block.sessions:
        if session.start != end:
            return False
        end = after(session)
    return bool(block.sessions) and sum(s.minutes for s in block.sessions) == block.minutes


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
