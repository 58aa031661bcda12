"""Whether a state agrees with its roadmap: somebody may have changed either by hand. What a state
can say of itself the store checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pe_plan.errors import quoted
from pe_plan.model import WEEKDAYS, Roadmap, State, clock
from pe_plan.tracking.progress import told

Fault = tuple[str, str]  # key path in state.json, what is wrong


def strangers(state: State, roadmap: Roadmap) -> Iterator[Fault]:
    """Every phase, topic and round that only one of the two has, and what the next plan would
    stumble over: windows at one time, blocks in none of the plan's weeks. What was recorded before
    the plan began may speak of another roadmap."""
    plan, lines = state.plan, told(state.log, state.accepted)
    rounds = {round.id for round in roadmap.rounds}
    topics = {topic.id for topic in roadmap.topics}
    phases = {phase.id for phase in roadmap.phases}
    sessions = (*plan.sessions, *plan.early)
    for path, what, found, known in (
        # At short notice a phase of which nothing is studied is none of the plan's.
        ("plan.phases", "phase", [phase.id for phase in plan.phases], phases),
        ("plan.topics", "topic", [topic.id for topic in plan.topics], topics),
        ("plan.left_out", "topic", plan.left_out, topics),
        ("plan.blocks", "round", [session.round for session in sessions], rounds),
        ("plan.blocks", "phase", [session.phase for session in sessions], phases),
        ("plan.weeks", "phase", [week.phase for week in plan.weeks], phases),
        ("plan.unplaced", "round", [missing.round for missing in plan.unplaced], rounds),
        ("plan.unplaced", "phase", [missing.phase for missing in plan.unplaced], phases),
        ("profile.skills", "phase or topic", state.profile.skills, {"all"} | topics | phases),
        ("log", "topic", [line.topic for line in lines], topics),
        ("log", "round", [line.round for line in lines], rounds),
    ):
        for id in dict.fromkeys(found):
            if id is not None and id not in known:
                yield path, f"the roadmap has no {what} {quoted(id)}"
    for id in sorted(topics - {topic.id for topic in plan.topics}):
        yield "plan.topics", f"the roadmap's topic {quoted(id)} is missing"
    for path, windows in (("profile", state.profile.windows), ("plan", plan.windows)):
        in_order = sorted(windows, key=lambda window: (window.weekday, window.start))
        for first, second in pairwise(in_order):
            if second.weekday == first.weekday and second.start < first.end:
                at = f"{WEEKDAYS[first.weekday]} at {clock(second.start)}"
                yield f"{path}.windows", f"two windows overlap on {at}"
    for block in plan.blocks:
        day_of = state.profile.day_of(block.start)
        if not plan.weeks[0].starts <= day_of < plan.weeks[-1].starts + timedelta(days=7):
            yield "plan.blocks", f"{quoted(block.uid)} on {day_of} is in none of the plan's weeks"
