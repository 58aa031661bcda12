"""The words of the domain as frozen values; no behaviour beyond what follows from their fields.

Lengths are integer minutes. Instants are aware datetimes in UTC; the learner's wall clock is
`Profile.zone`. Identity is an id, never a position. The glossary stands in DESIGN.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

Level = Literal["new", "some", "solid", "strong"]
Kind = Literal["study", "review", "warm-up", "mock", "flex", "catch-up"]
Activity = Literal["learn", "practise", "prove"]
WeekKind = Literal["study", "catch-up", "final", "off"]
Verdict = Literal["inside", "early", "late"]
Status = Literal["planned", "done", "missed"]

LEVELS: tuple[Level, ...] = ("new", "some", "solid", "strong")
ACTIVITIES: tuple[Activity, ...] = ("learn", "practise", "prove")
STEP = 5  # every length is a multiple of five minutes
SHORTEST = 25  # no session is shorter, reviews and flex aside
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def clock(minutes: int) -> str:
    """Minutes after midnight as 19:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


# ── The roadmap ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to study from; `checked` is the day its link was last seen to work, if known."""

    title: str
    url: str
    checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The smallest plannable unit. `weight` is its percentage of the phase, `priority` 1 (must)
    to 3 (could), `requires` the ids of topics to finish first. `alongside` spreads it over its
    whole phase."""

    id: str
    title: str
    short: str
    weight: int
    priority: int
    kind: str
    rounds: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    alongside: bool = False
    learn: str = ""
    practise: str = ""
    prove: str = ""
    self_check: str = ""
    tools: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the roadmap: `weeks` is its published range, `topics` stand in published
    order and `order` holds their ids in the order of study."""

    id: str
    title: str
    subtitle: str
    level: str
    weeks: tuple[int, int]
    topics: tuple[Topic, ...]
    order: tuple[str, ...]
    tools: tuple[str, ...] = ()

    @property
    def study_order(self) -> tuple[Topic, ...]:
        """The topics in the order of study."""
        by_id = {topic.id: topic for topic in self.topics}
        return tuple(by_id[id] for id in self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """An interview round; a full loop holds it `count` times."""

    id: str
    title: str
    count: int
    covers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A frequently asked question and its answer, as published."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roadmap:
    """What there is to learn, with nothing of the learner in it. `window_months` bounds the
    finish, in calendar months from the start; `reference_hours` is the weekly pace that the
    week ranges describe."""

    id: str
    title: str
    summary: str
    window_months: tuple[int, int]
    reference_hours: int
    rounds: tuple[Round, ...]
    phases: tuple[Phase, ...]
    questions: tuple[Question, ...] = ()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic, phase by phase, in published order."""
        return tuple(topic for phase in self.phases for topic in phase.topics)

    @property
    def phase_of(self) -> dict[str, str]:
        """Topic id -> phase id."""
        return {topic.id: phase.id for phase in self.phases for topic in phase.topics}


# ── The learner ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Weekly study time on one weekday (0 is Monday), in minutes after midnight of the wall
    clock; `end` may be 1440. When fewer hours are wanted than the windows hold, lower ranks are
    filled first, windows of one rank are shortened in proportion, none below `shortest`."""

    weekday: int
    start: int
    end: int
    rank: int = 0
    shortest: int = SHORTEST

    @property
    def minutes(self) -> int:
        """The window's nominal length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A stretch of whole days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the learner says. `minutes_per_week` is what they offer, taken from `windows` in
    order; `skills` maps "all", a phase id or a topic id to a level (the narrowest wins); `remind`
    is minutes before a block."""

    start: date
    minutes_per_week: int
    windows: tuple[Window, ...]
    timezone: str
    days_off: tuple[Days, ...] = ()
    interview: date | None = None
    skills: Mapping[str, Level] = field(default_factory=dict)
    finish_early: bool = False
    overrun: bool = False
    remind: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The learner's time zone."""
        return ZoneInfo(self.timezone)


# ── The plan ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A piece of work inside a block. `phase` and `topic` say what it is about (a phase recall
    has a phase only), `round` is a mock's; `part` of `parts` counts within topic and activity."""

    id: str
    kind: Kind
    start: datetime
    minutes: int
    phase: str | None = None
    topic: str | None = None
    activity: Activity | None = None
    round: str | None = None
    part: int = 1
    parts: int = 1
    status: Status = "planned"
    made_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One sitting and one calendar event; its sessions fill it and are its agenda."""

    uid: str
    start: datetime
    minutes: int
    title: str
    sessions: tuple[Session, ...]
    pinned: bool = False

    @property
    def end(self) -> datetime:
        """The instant at which the block is over."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A plan week, counted from 1; it begins on the start date's weekday. `capacity` is in
    minutes, `phase` the phase studied in it."""

    n: int
    starts: date
    kind: WeekKind
    phase: str | None
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePlan:
    """A phase's place: `weeks` of study, its first and last day, its study minutes, and `why`
    its weeks are what they are beside the roadmap's range."""

    id: str
    title: str
    weeks: int
    roadmap_weeks: tuple[int, int]
    starts: date
    ends: date
    minutes: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPlan:
    """A topic's planned study minutes, at `depth` (the dial's factor, 0 to 1; 0: left out)."""

    id: str
    level: Level
    depth: Fraction
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Work that the final weeks or a phase's end could not hold."""

    kind: Kind
    minutes: int
    phase: str | None = None
    round: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The dated plan. `minutes_per_week` is what it uses (lower than offered when eased),
    `windows` are shortened to that; `earliest` and `latest` bound the finish, all inclusive days.
    `left_out` holds topic ids and is empty but at short notice."""

    id: str
    roadmap: str
    as_of: date
    revision: int
    minutes_per_week: int
    windows: tuple[Window, ...]
    earliest: date
    latest: date
    finish: date
    verdict: Verdict
    weeks: tuple[Week, ...]
    phases: tuple[PhasePlan, ...]
    topics: tuple[TopicPlan, ...]
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session in order of time."""
        return tuple(session for block in self.blocks for session in block.sessions)

    @property
    def trimmed(self) -> tuple[TopicPlan, ...]:
        """The topics that the dial gave less than full depth, but not nothing."""
        return tuple(topic for topic in self.topics if 0 < topic.depth < 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoesNotFit:
    """No plan ends inside the window. The ways out: hours per week (in minutes) that hold the
    core, or everything at full depth (None where no week would), beside the minutes that the
    windows hold; and the finish at today's hours, with about as many calendar months as it lies
    beyond the window (all None where there is no time at all)."""

    core_minutes: int | None
    full_minutes: int | None
    held: int
    finish: date | None
    months_over: int


# ── The calendar ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published event's line in the ledger: `changed` is the instant at which its exported
    content last changed, `removed` says that it left the plan."""

    uid: str
    start: datetime
    minutes: int
    summary: str
    sequence: int
    fingerprint: str
    changed: datetime
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything a plan folder remembers. `roadmap` is the TOML text the plan was made from."""

    profile: Profile
    plan: Plan
    ledger: tuple[Entry, ...]
    roadmap: str
