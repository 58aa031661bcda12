"""The dated plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from pe_plan.model.learner import Window
from pe_plan.model.words import (
    FREE,
    Activity,
    Count,
    Instant,
    Kind,
    Level,
    Minutes,
    OfDay,
    Status,
    Value,
    Verdict,
    WeekKind,
)


class Session(Value, frozen=True, kw_only=True):
    """A piece of work inside a block. `phase` and `topic` say what it is about (a phase recall
    has a phase only), `round` is a mock's; `part` of `parts` counts within topic and activity."""

    id: str
    kind: Kind
    start: Instant
    minutes: OfDay
    phase: str | None = None
    topic: str | None = None
    activity: Activity | None = None
    round: str | None = None
    part: Count = 1
    parts: Count = 1
    status: Status = "planned"
    made_up: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it is time kept free, without work of its own."""
        return self.kind in FREE

    @property
    def recalls_phase(self) -> bool:
        """Whether it is a review of a whole phase."""
        return self.kind == "review" and self.topic is None

    @property
    def reviews_topic(self) -> bool:
        """Whether it is a review of one topic."""
        return self.kind == "review" and self.topic is not None


class Block(Value, frozen=True, kw_only=True):
    """One sitting and one calendar event; its sessions fill it and are its agenda."""

    uid: str
    start: Instant
    minutes: OfDay
    title: str
    sessions: tuple[Session, ...]
    pinned: bool = False

    @property
    def end(self) -> datetime:
        """The instant at which the block is over."""
        return self.start + timedelta(minutes=self.minutes)


class Week(Value, frozen=True, kw_only=True):
    """A plan week, counted from 1; it begins on the start date's weekday. `capacity` is in
    minutes, `phase` the phase studied in it."""

    n: Count
    starts: date
    kind: WeekKind
    phase: str | None
    capacity: Minutes


class PhasePlan(Value, frozen=True, kw_only=True):
    """A phase's place: `weeks` of study, its first and last day, its study minutes, and `why`
    its weeks are what they are beside the roadmap's range."""

    id: str
    title: str
    weeks: Count
    roadmap_weeks: tuple[Count, Count]
    starts: date
    ends: date
    minutes: Minutes
    why: str


class TopicPlan(Value, frozen=True, kw_only=True):
    """A topic's planned study minutes, at `depth` (the dial's factor, 0 to 1; 0: left out);
    `trimmed` are the minutes that re-plans took away, and `whole` is what all of it would take at
    its level and depth now (0: as many as planned), so that the open share outlives a change."""

    id: str
    level: Level
    depth: Fraction
    minutes: Minutes
    trimmed: Minutes = 0
    whole: Minutes = 0

    def share(self, minutes: int) -> Fraction:
        """What part of the topic so many of its open minutes are."""
        all_of_it = self.whole or self.minutes
        return Fraction(minutes, all_of_it) if all_of_it else Fraction(0)


class Unplaced(Value, frozen=True, kw_only=True):
    """Work that the final weeks or a phase's end could not hold."""

    kind: Kind
    minutes: Minutes
    phase: str | None = None
    round: str | None = None


class Plan(Value, frozen=True, kw_only=True):
    """The dated plan. `minutes_per_week` is what it uses (lower than offered when eased),
    `windows` are shortened to that; `earliest` and `latest` bound the finish, all inclusive days.
    `left_out` holds topic ids and is empty but at short notice. `early` are sessions done before
    their time: they keep their id and place, but the time in their block is free again."""

    id: str
    roadmap: str
    as_of: date
    revision: Count
    minutes_per_week: Minutes
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
    early: tuple[Session, ...] = ()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session that has its time in a block, in order of time."""
        return tuple(session for block in self.blocks for session in block.sessions)

    @property
    def trimmed(self) -> tuple[TopicPlan, ...]:
        """The topics that the dial gave less than full depth, but not nothing."""
        return tuple(topic for topic in self.topics if 0 < topic.depth < 1)


class DoesNotFit(Value, frozen=True, kw_only=True):
    """No plan ends inside the window. The ways out: hours per week (in minutes) that hold the
    core, or everything at full depth (None where no week would), beside the minutes that the
    windows hold; and the finish at today's hours, with about as many calendar months as it lies
    beyond the window (all None where there is no time at all)."""

    core_minutes: int | None
    full_minutes: int | None
    held: int
    finish: date | None
    months_over: int
