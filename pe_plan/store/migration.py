"""Plans of the first schema, brought to this one. What came with the third, busy times and pinned
blocks, may be absent: a plan of the second is read as it is."""

from __future__ import annotations

from datetime import UTC, datetime, time

from msgspec.structs import replace

from pe_plan.model import Accepted, State
from pe_plan.store.shapes import Document


def from_1(document: Document) -> None:
    """Give the tables of schema 1 what came with the next: nothing was logged, trimmed by a
    re-plan or lived abroad."""
    plan = document["plan"]
    plan["topics"] = [f"{row} 0 0" for row in plan["topics"]]
    plan["early"] = []
    document["profile"]["abroad"] = []
    document["log"] = {"records": [], "accepted": []}


def begun(state: State) -> State:
    """The state with its plan as the first that was accepted: when the calendar was last told of
    it, else on the day that it stands on."""
    plan = state.plan
    told = [entry.changed for entry in state.ledger]
    first = Accepted(
        change=1,
        entered=max(told, default=datetime.combine(plan.as_of, time(), UTC)),
        as_of=plan.as_of,
        revision=plan.revision,
        begins=True,
        finish=plan.finish,
    )
    return replace(state, accepted=(first,))
