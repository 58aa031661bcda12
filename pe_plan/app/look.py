"""What the plan looks like from a day: its sessions, a week, a topic, and where the learner stands.

Nothing is written here. Lengths are minutes; shares, depths and recall go from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pe_plan.app.context import Circumstances, Outcome
from pe_plan.app.context import standing as day_stood_on
from pe_plan.app.folder import opened
from pe_plan.documents.plan_json import BlockRow, Document, Row, block_row, depth, row
from pe_plan.documents.sessions import SessionNow, as_they_stand
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.model import Answer, Level, Progress, Session, Topic, Week
from pe_plan.tracking import standing
from pe_plan.tracking.naming import only
from pe_plan.tracking.progress import is_unmarked, live, progress, up_to

if TYPE_CHECKING:
    from pe_plan.planning.memory import Memory

T = TypeVar("T", bound=Document)
_Held = tuple[tuple[BlockRow, ...], tuple[SessionNow, ...]]


class TextRow(Row, frozen=True, kw_only=True):
    """What the roadmap says of a topic."""

    id: str
    title: str
    learn: str
    practise: str
    prove: str
    self_check: str
    note: str
    tools: tuple[str, ...]
    resources: tuple[_Resource, ...]


class Today(Document, frozen=True, kw_only=True):
    """The `day` that is shown (none after the last one), with the topics that are studied on it;
    `unmarked` is past work of which nothing was said."""

    as_of: date
    day: date | None
    week: int
    blocks: tuple[BlockRow, ...]
    sessions: tuple[SessionNow, ...]
    topics: tuple[TextRow, ...]
    unmarked: tuple[str, ...]


class WeekView(Document, frozen=True, kw_only=True):
    """One week of the plan."""

    as_of: date
    week: Week
    blocks: tuple[BlockRow, ...]
    sessions: tuple[SessionNow, ...]
    unmarked: tuple[str, ...]


class TopicCard(Document, frozen=True, kw_only=True):
    """A topic for study, the reviews recorded, and the memory of it once it is finished."""

    as_of: date
    topic: _Topic
    sessions: tuple[SessionNow, ...]
    reviews: tuple[_Review, ...]
    memory: _Memory | None


class Status(Document, frozen=True, kw_only=True):
    """Where the learner stands."""

    as_of: date
    week: int
    weeks: int
    balance: standing.Balance
    unmarked: tuple[str, ...]
    phases: tuple[_Phase, ...]
    rounds: tuple[_Round, ...]
    reviews_due: tuple[_Due, ...]
    next_mock: SessionNow | None
    cushion: standing.Cushion


class _Resource(Row, frozen=True, kw_only=True):
    title: str
    url: str


class _Topic(TextRow, frozen=True, kw_only=True):
    phase: str
    priority: int
    rounds: tuple[str, ...]
    alongside: bool
    requires: tuple[str, ...]
    level: Level | None  # none: it has no place in the plan
    depth: float
    minutes: int
    done: int
    open: int
    share: float


class _Review(Row, frozen=True):
    on: date
    answer: Answer


class _Memory(Row, frozen=True, kw_only=True):
    recall: float
    due: date


class _Phase(Row, frozen=True, kw_only=True):
    id: str
    title: str
    done: int
    open: int
    share: float


class _Score(Row, frozen=True):
    on: date
    score: int


class _Round(Row, frozen=True, kw_only=True):
    id: str
    title: str
    ready: float
    done: float
    topics: tuple[standing.Part, ...]
    mocks: tuple[_Score, ...]


class _Due(Row, frozen=True, kw_only=True):
    topic: str
    since: date
    recall: float
    planned: date | None  # the day of the topic's first open review


def today(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Today]:
    """The day's sessions; where it has none, those of the next day that has some."""
    here = _Day(folder, as_of, around)
    day = standing.next_day(here.plan, here.profile, here.day)
    blocks, sessions = here.between(day, day) if day else ((), ())
    studied = {session.topic for session in sessions if session.kind == "study"}
    topics = [topic for topic in here.roadmap.topics if topic.id in studied]
    json = Today(
        as_of=here.day,
        day=day,
        week=standing.week_of(here.plan, day or here.day).n,
        blocks=blocks,
        sessions=sessions,
        topics=tuple(row(TextRow, each, resources=_resources(each)) for each in topics),
        unmarked=here.unmarked,
    )
    return here.outcome(json)


def week(
    folder: Path, number: str | None, as_of: str | None, around: Circumstances
) -> Outcome[WeekView]:
    """The sessions of that plan week, else of the week in which the day lies."""
    here = _Day(folder, as_of, around)
    weeks = {str(each.n): each for each in here.plan.weeks}
    found = weeks.get(number.lstrip("0")) if number else standing.week_of(here.plan, here.day)
    if found is None:
        what, hint = f"there is no week {quoted(number)}", f"this plan has weeks 1 to {len(weeks)}"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where="week", what=what, hint=hint)])
    blocks, sessions = here.between(*standing.days_of(here.plan, found))
    json = WeekView(
        as_of=here.day, week=found, blocks=blocks, sessions=sessions, unmarked=here.unmarked
    )
    return here.outcome(json)


def topic(folder: Path, name: str, as_of: str | None, around: Circumstances) -> Outcome[TopicCard]:
    """The study card of the topic that is so called. Raises PePlanError where none or several
    are."""
    here = _Day(folder, as_of, around, checked=True)
    id = only(name, {t.id: (t.short, t.title) for t in here.roadmap.topics}, "topic")
    found = next(topic for topic in here.roadmap.topics if topic.id == id)
    given = next((each for each in here.plan.topics if each.id == id), None)
    nothing = standing.Studied(id=id, done=0, open=0)
    studied = standing.topics_studied(here.plan, here.told).get(id, nothing)
    memory = next((each for each in here.memories() if each.topic == id), None)
    json = TopicCard(
        as_of=here.day,
        topic=row(
            _Topic,
            found,
            studied,
            resources=_resources(found),
            phase=here.roadmap.phase_of[id],
            level=given.level if given else None,
            depth=depth(given) if given else 0.0,
            minutes=given.minutes if given else 0,
            share=float(studied.share),
        ),
        sessions=here.rows(s for s in here.sessions if s.topic == id),
        reviews=tuple(_Review(on, said) for about, on, said, _ in here.told.answers if about == id),
        memory=_Memory(recall=memory.recall(here.day), due=memory.due) if memory else None,
    )
    return here.outcome(json)


def status(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Status]:
    """Where the learner stands."""
    here = _Day(folder, as_of, around)
    plan, told = here.plan, here.told
    memories = here.memories()
    recall = {memory.topic: memory.recall(here.day) for memory in memories}
    studied = standing.topics_studied(plan, told)
    mocks = (session for session in plan.sessions if session.kind == "mock")
    mock = standing.next_open(mocks, told, here.profile, here.day)
    phases = standing.phases_studied(plan, studied, here.roadmap.phase_of)
    json = Status(
        as_of=here.day,
        week=standing.week_of(plan, here.day).n,
        weeks=len(plan.weeks),
        balance=standing.balance(plan, told, here.profile, here.day),
        unmarked=here.unmarked,
        phases=tuple(
            row(_Phase, found, phase, share=float(found.share))
            for found, phase in zip(phases, plan.phases, strict=True)
        ),
        rounds=here.rounds(studied, recall),
        reviews_due=here.due(memories),
        next_mock=as_they_stand((mock,), plan, here.profile, Progress())[0] if mock else None,
        cushion=standing.cushion(plan, here.profile, here.day),
    )
    return here.outcome(json)


class _Day:
    """The plan in a folder on the day that a command stands on."""

    def __init__(
        self, folder: Path, as_of: str | None, around: Circumstances, *, checked: bool = False
    ) -> None:
        self.state, self.roadmap = opened(folder, checked=checked)
        self.plan, self.profile = self.state.plan, self.state.profile
        self.day = day_stood_on(as_of, self.state, around)
        self.told = progress(self.plan, self.state.log, self.state.accepted)
        self.sessions = (*self.plan.sessions, *self.plan.early)

    def outcome(self, json: T) -> Outcome[T]:
        return Outcome(json=json, state=self.state, roadmap=self.roadmap)

    def between(self, first: date, last: date) -> _Held:
        """The blocks of these days, and the sessions that stand or stood there."""
        blocks = standing.blocks_between(self.plan, self.profile, first, last)
        held = (session for block in blocks for session in block.sessions)
        early = standing.early_between(self.plan, self.profile, first, last)
        return tuple(block_row(b, self.profile) for b in blocks), self.rows((*held, *early))

    def rows(self, sessions: Iterable[Session]) -> tuple[SessionNow, ...]:
        return as_they_stand(sessions, self.plan, self.profile, self.told)

    @property
    def unmarked(self) -> tuple[str, ...]:
        """Past work of which nothing was said."""
        yesterday = self.day - timedelta(days=1)
        past = up_to(yesterday, self.plan, self.told, self.profile.day_of)
        return tuple(session.id for session in past)

    def memories(self) -> tuple[Memory, ...]:
        """The memory of every topic that is finished."""
        from pe_plan.planning.memory import memories

        return memories(self.plan, self.told, self.profile, self.day)

    def due(self, memories: Iterable[Memory]) -> tuple[_Due, ...]:
        """The reviews that are due, what is least known first; without topics reviewed on this very
        day, of which memory speaks from the next on."""
        done = {topic for topic, on, _, _ in self.told.answers if on == self.day} | {
            session.topic
            for session in self.sessions
            if session.kind == "review" and self.told.days.get(session.id) == self.day
        }
        planned = {
            session.topic: self.profile.day_of(session.start)
            for session in reversed(self.plan.sessions)  # so that the first one stays
            if session.kind == "review" and is_unmarked(session, self.told)
        }
        found = [
            _Due(
                topic=m.topic, since=m.due, recall=m.recall(self.day), planned=planned.get(m.topic)
            )
            for m in memories
            if m.due <= self.day and m.topic not in done
        ]
        return tuple(sorted(found, key=lambda due: (due.recall, due.topic)))

    def rounds(
        self, studied: Mapping[str, standing.Studied], recall: Mapping[str, float]
    ) -> tuple[_Round, ...]:
        """How ready the learner is for each round, and the mocks of it so far, oldest first. What a
        topic weighs is what the roadmap gives it at the middle of its phase's weeks, whoever learns
        it."""
        weights = [
            (topic, Fraction(sum(phase.weeks) * topic.weight, 200) * self.roadmap.reference_hours)
            for phase in self.roadmap.phases
            for topic in phase.topics
        ]
        asked = {
            each.id: [(topic.id, hours * 60) for topic, hours in weights if each.id in topic.rounds]
            for each in self.roadmap.rounds
        }
        counting = live(self.state.log, self.state.accepted)
        log = sorted(self.state.log, key=lambda line: line.on)
        mocks = [line for line in log if line.change in counting and line.on <= self.day]
        return tuple(
            row(
                _Round,
                each,
                ready=found.ready,
                done=found.covered,
                topics=found.parts,
                mocks=tuple(_Score(m.on, m.score) for m in mocks if m.round == each.id and m.score),
            )
            for each, found in zip(
                self.roadmap.rounds, standing.readiness(asked, studied, recall), strict=True
            )
        )


def _resources(topic: Topic) -> tuple[_Resource, ...]:
    return tuple(row(_Resource, each) for each in topic.resources)
