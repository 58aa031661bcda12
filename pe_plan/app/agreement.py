"""Whether a state agrees with the roadmap that it keeps: somebody may have changed either by hand.

Only commands that read the roadmap ask; what a state can say of itself the store checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from pe_plan.errors import quoted
from pe_plan.model import WEEKDAYS, Roadmap, State, Window, clock
from pe_plan.tracking.progress import live

Fault = tuple[str, str]  # key path in plan.toml, what is wrong


def strangers(state: State, roadmap: Roadmap) -> Iterator[Fault]:
    """Every phase, topic and round that only one of the two has, and what the next plan would
    stumble over: windows at one time, blocks in none of the plan's weeks. What was recorded before
    the plan began may speak of another roadmap."""
    plan = state.plan
    rounds = {round.id for round in roadmap.rounds}
    topics = {topic.id for topic in roadmap.topics}
    phases = {phase.id for phase in roadmap.phases}
    # At short notice a phase of which nothing is studied is none of the plan's.
    yield from _known("plan.phases", "phase", [phase.id for phase in plan.phases], phases)
    yield from _same("plan.topics", "topic", [topic.id for topic in plan.topics], topics)
    yield from _known("plan.left_out", "topic", plan.left_out, topics)
    sessions = (*plan.sessions, *plan.early)
    yield from _known("plan.blocks", "round", [session.round for session in sessions], rounds)
    yield from _known("plan.blocks", "phase", [session.phase for session in sessions], phases)
    yield from _known("plan.weeks", "phase", [week.phase for week in plan.weeks], phases)
    for what in plan.unplaced:
        yield from _known("plan.unplaced", "round", [what.round], rounds)
        yield from _known("plan.unplaced", "phase", [what.phase], phases)
    yield from _known("profile.skills", "phase or topic", state.profile.skills, _who(roadmap))
    yield from _outside(state)
    yield from _overlapping("profile.windows", state.profile.windows)
    yield from _overlapping("plan.windows", plan.windows)
    counting = live(state.log, state.accepted)
    plans = (line.change for line in state.accepted if line.begins and line.change in counting)
    began = max(plans, default=0)
    told = [line for line in state.log if line.change in counting and line.change > began]
    yield from _known("log", "topic", [line.topic for line in told], topics)
    yield from _known("log", "round", [line.round for line in told], rounds)


def _who(roadmap: Roadmap) -> set[str]:
    topics = {topic.id for topic in roadmap.topics}
    return {"all", *topics, *(phase.id for phase in roadmap.phases)}


def _same(path: str, what: str, found: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    yield from _known(path, what, found, known)
    for id in sorted({*known} - {*found}):
        yield path, f"the roadmap's {what} {quoted(id)} is missing"


def _known(
    path: str, what: str, found: Collection[str | None], known: Collection[str]
) -> Iterator[Fault]:
    for id in dict.fromkeys(found):
        if id is not None and id not in known:
            yield path, f"the roadmap has no {what} {quoted(id)}"


def _overlapping(path: str, windows: Iterable[Window]) -> Iterator[Fault]:
    """Windows at one time, in which two blocks would come to stand."""
    in_order = sorted(windows, key=lambda window: (window.weekday, window.start))
    for first, second in pairwise(in_order):
        if second.weekday == first.weekday and second.start < first.end:
            day = WEEKDAYS[first.weekday]
            yield path, f"two windows overlap on {day} at {clock(second.start)}"


def _outside(state: State) -> Iterator[Fault]:
    """Blocks before the first week or after the last."""
    weeks, day_of = state.plan.weeks, state.profile.day_of
    for block in state.plan.blocks:
        day = day_of(block.start)
        if not weeks[0].starts <= day < weeks[-1].starts + timedelta(days=7):
            yield "plan.blocks", f"{quoted(block.uid)} on {day} is in none of the plan's weeks"
