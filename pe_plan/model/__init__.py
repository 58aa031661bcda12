"""The words of the domain as frozen values; no behaviour beyond what follows from their fields.

Lengths are integer minutes. Instants are aware datetimes in UTC; the learner's wall clock is
`Profile.zone`. Identity is an id, never a position. The glossary stands in DESIGN.md.
"""

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
from pe_plan.model.roadmap import Phase, Question, Resource, Roadmap, Round, Topic
from pe_plan.model.state import State
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
