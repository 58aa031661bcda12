"""The dated plan, what happened to it, and everything else that a plan folder remembers."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, field

from pe_plan.model.learner import Profile, Window
from pe_plan.model.words import Count, Instant, Level, Minutes, OfDay, Value

Kind = Literal["study", "review", "warm-up", "mock", "flex", "catch-up"]
Activity = Literal["learn", "practise", "prove"]
WeekKind = Literal["study", "catch-up", "final", "off"]
Verdict = Literal["inside", "early", "late"]
Status = Literal["planned", "done", "missed"]
Answer = Literal["again", "hard", "good", "easy"]
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}\Z", title="16 of 0-9 and a-f")]
RecordKind = Literal["done", "mastered", "review", "mock", "undo"]

ACTIVITIES: tuple[Activity, ...] = ("learn", "practise", "prove")
FREE: tuple[Kind, ...] = ("flex", "catch-up")  # kinds of time that is kept free of work
ANSWERS: tuple[Answer, ...] = ("again", "hard", "good", "easy")
SCHEMA = 4  # of state.json; what was called plan.toml had 1 to 3
SANE = 1_000_000  # a SEQUENCE that no calendar has honestly come to


def carried(
    planned: Collection[Activity | None], here: Collection[Activity | None]
) -> list[Activity]:
    """The activities of the sessions here, and those of their topic that are too short to be among
    the `planned`: each joins the one before it, and where there is none the one after."""
    home, found = next(each for each in ACTIVITIES if each in planned), list[Activity]()
    for activity in ACTIVITIES:
        home = activity if activity in planned else home
        found += [activity] * (home in here)
    return found


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

    def week_of(self, day: date) -> Week:
        """The week of a day; before the plan its first, after it its last."""
        n = (day - self.weeks[0].starts).days // 7
        return self.weeks[min(max(n, 0), len(self.weeks) - 1)]

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


class Record(Value, frozen=True, kw_only=True):
    """One line of the log. `change` numbers the command that wrote it (one command may write
    several lines), `entered` is when, `on` the day that it speaks of.

    done      `session`, with the `minutes` it took if they were told
    mastered  `topic`: tested out, nothing more to plan
    review    `topic` and its `answer`; `session` is the planned review that it was, if any
    mock      `round` and its `score`, 1 to 5, with a `note`; `session` likewise
    undo      `undone` is the change that counts no longer
    """

    change: Count
    entered: Instant
    on: date
    kind: RecordKind
    session: str | None = None
    topic: str | None = None
    round: str | None = None
    minutes: Count | None = None
    answer: Answer | None = None
    score: Annotated[int, Meta(ge=1, le=5)] | None = None
    note: str = ""
    undone: Count | None = None


class Accepted(Value, frozen=True, kw_only=True):
    """A plan that was accepted: when, as of which day, why, and what that changed. A plan that
    began anew (`begins`) does not count what was recorded before."""

    change: Count
    entered: Instant
    as_of: date
    revision: Count
    begins: bool
    reason: str = ""
    retitled: Count = 0
    moved: Count = 0
    added: Count = 0
    removed: Count = 0
    finish: date


class Progress(Value, frozen=True, kw_only=True):
    """What the log says of the accepted plan: nothing undone, nothing of an earlier beginning.

    `done` maps a session's id to the minutes of it that count as done (in steps of five, at most
    its own), `spent` to the minutes that it took where they were told, `days` to the day on which
    it was last worked on. `answers` are reviews in order of their days, each as topic, day, answer
    and whether it was recorded after the plan was accepted. `mastered` maps topics to days.
    """

    done: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    answers: tuple[tuple[str, date, Answer, bool], ...] = ()
    mastered: Mapping[str, date] = field(default_factory=dict)

    def touches(self, block: Block) -> bool:
        """Whether anything of the block was worked on, or settled by an earlier re-plan."""
        return any(s.status != "planned" or self.done.get(s.id) for s in block.sessions)

    def begun(self, block: Block, day: date) -> int:
        """How many sessions of the day's block are over: those up to the last one that was worked
        on in its time (or later), or that an earlier re-plan settled."""
        for n in range(len(block.sessions), 0, -1):
            session = block.sessions[n - 1]
            in_time = self.days.get(session.id, day) >= day
            if session.status != "planned" or (in_time and self.done.get(session.id)):
                return n
        return 0


class Entry(Value, frozen=True, kw_only=True):
    """A published event's line in the ledger: `changed` is the instant at which its exported
    content last changed, `removed` says that it left the plan."""

    uid: str
    start: Instant
    minutes: OfDay
    summary: str
    sequence: Count
    fingerprint: str
    changed: Instant
    removed: bool = False


class Seen(Value, frozen=True, kw_only=True):
    """An event of this plan as a calendar has it now: `start` in UTC (None for one that lasts whole
    days), its length in minutes as it is there, its title, its SEQUENCE (0 where it has none), and
    whether it is cancelled."""

    uid: str
    start: datetime | None
    minutes: int
    summary: str
    sequence: int = 0
    cancelled: bool = False


class State(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Everything a plan folder remembers. `roadmap` is the hash of the roadmap that the plan was
    made from; `log` and `accepted` are only ever added to, in the order of their changes."""

    schema: int = SCHEMA
    profile: Profile
    plan: Plan
    ledger: tuple[Entry, ...]
    roadmap: Hash
    log: tuple[Record, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def next_change(self) -> int:
        """The number of the next change."""
        used = [line.change for line in self.log] + [line.change for line in self.accepted]
        return max(used, default=0) + 1
