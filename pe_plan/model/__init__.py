"""The words of the domain as frozen values; no behaviour beyond what follows from their fields.

Lengths are integer minutes. Instants are aware datetimes in UTC; the learner's wall clock is
`Profile.zone`. Identity is an id, never a position. The glossary stands in DESIGN.md.

A module is imported when something of it is first asked for: a dataclass takes a tenth of the time
that the interpreter takes to start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pe_plan.model.calendar import Entry
    from pe_plan.model.learner import Days, Profile, Window
    from pe_plan.model.log import Accepted, Progress, Record, RecordKind
    from pe_plan.model.plan import (
        Block,
        DoesNotFit,
        PhasePlan,
        Plan,
        Session,
        TopicPlan,
        Unplaced,
        Week,
    )
    from pe_plan.model.roadmap import Phase, Question, Roadmap, Round
    from pe_plan.model.state import State
    from pe_plan.model.topic import Resource, Topic
    from pe_plan.model.words import (
        ACTIVITIES,
        ANSWERS,
        FREE,
        LEVELS,
        SHORTEST,
        STEP,
        WEEKDAYS,
        Activity,
        Answer,
        Kind,
        Level,
        Status,
        Verdict,
        WeekKind,
        clock,
    )

__all__ = [
    "ACTIVITIES",
    "ANSWERS",
    "FREE",
    "LEVELS",
    "SHORTEST",
    "STEP",
    "WEEKDAYS",
    "Accepted",
    "Activity",
    "Answer",
    "Block",
    "Days",
    "DoesNotFit",
    "Entry",
    "Kind",
    "Level",
    "Phase",
    "PhasePlan",
    "Plan",
    "Profile",
    "Progress",
    "Question",
    "Record",
    "RecordKind",
    "Resource",
    "Roadmap",
    "Round",
    "Session",
    "State",
    "Status",
    "Topic",
    "TopicPlan",
    "Unplaced",
    "Verdict",
    "Week",
    "WeekKind",
    "Window",
    "clock",
]
_HOMES = {
    "calendar": ("Entry",),
    "learner": ("Days", "Profile", "Window"),
    "log": ("Accepted", "Progress", "Record", "RecordKind"),
    "plan": (
        *("Block", "DoesNotFit", "PhasePlan", "Plan", "Session", "TopicPlan", "Unplaced", "Week"),
    ),
    "roadmap": ("Phase", "Question", "Roadmap", "Round"),
    "state": ("State",),
    "topic": ("Resource", "Topic"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "words")
    globals()[name] = found = getattr(import_module(f"pe_plan.model.{home}"), name)
    return found
