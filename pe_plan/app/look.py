"""What the plan looks like from a day: its sessions, a week, a topic, and where the learner stands.

Nothing is written here. Lengths are minutes; shares, depths and recall go from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pe_plan.app.around import Circumstances
from pe_plan.app.asof import standing as day_stood_on
from pe_plan.app.files import opened
from pe_plan.app.outcome import Outcome
from pe_plan.documents.plan_json import BlockRow, Document, Row, block_row, depth, row
from pe_plan.documents.sessions import SessionNow, as_they_stand
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.model import Answer, Level, Progress, Roadmap, Session, Topic, Week
from pe_plan.tracking import agenda, choosing, standing
from pe_plan.tracking.naming import only
from pe_plan.tracking.progress import live, progress

if TYPE_CHECKING:
    from pe_plan.planning.reviews import Memory

T = TypeVar("T", bound=Document)
Texts = TypeVar("Texts", bound="TextRow")


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


class _Part(Row, frozen=True, kw_only=True):
    topic: str
    weight: float
    done: float
    recall: float


class _Score(Row, frozen=True):
    on: date
    score: int


class _Round(Row, frozen=True, kw_only=True):
    id: str
    title: str
    ready: float
    done: float
    topics: tuple[_Part, ...]
    mocks: tuple[_Score, ...]


class _Due(Row, frozen=True, kw_only=True):
    topic: str
    since: date
    recall: float
    planned: date | None  # the day of the topic's first open review


def today(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Today]:
    """The day's sessions; where it has none, those of the next day that has some."""
    here = _Day(folder, as_of, around)
    day = agenda.next_day(here.plan, here.profile, here.day)
    blocks, sessions = here.between(day, day) if day else ((), ())
    studied = {session.topic for session in sessions if session.kind == "study"}
    return here.outcome(
        Today(
            as_of=here.day,
            day=day,
            week=agenda.week_of(here.plan, day or here.day).n,
            blocks=blocks,
            sessions=sessions,
            topics=tuple(_texts(TextRow, t) for t in here.roadmap.topics if t.id in studied),
            unmarked=here.unmarked,
        )
    )


def week(
    folder: Path, number: str | None, as_of: str | None, around: Circumstances
) -> Outcome[WeekView]:
    """The sessions of that plan week, else of the week in which the day lies."""
    here = _Day(folder, as_of, around)
    weeks = {str(each.n): each for each in here.plan.weeks}
    found = weeks.get(number.lstrip("0")) if number else agenda.week_of(here.plan, here.day)
    if found is None:
        what, hint = f"there is no week {quoted(number)}", f"this plan has weeks 1 to {len(weeks)}"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where="week", what=what, hint=hint)])
    blocks, sessions = here.between(*agenda.days_of(here.plan, found))
    return here.outcome(
        WeekView(
            as_of=here.day, week=found, blocks=blocks, sessions=sessions, unmarked=here.unmarked
        )
    )


def topic(folder: Path, name: str, as_of: str | None, around: Circumstances) -> Outcome[TopicCard]:
    """The study card of the topic that is so called. Raises PePlanError where none or several
    are."""
    here = _Day(folder, as_of, around)
    id = only(name, {t.id: (t.short, t.title) for t in here.roadmap.topics}, "topic")
    found = next(topic for topic in here.roadmap.topics if topic.id == id)
    given = next((each for each in here.plan.topics if each.id == id), None)
    studied = standing.topics_studied(here.plan, here.told).get(id)
    memory = here.memories.get(id)
    return here.outcome(
        TopicCard(
            as_of=here.day,
            topic=_texts(
                _Topic,
                found,
                phase=here.roadmap.phase_of[id],
                level=given.level if given else None,
                depth=depth(given) if given else 0.0,
                minutes=given.minutes if given else 0,
                done=studied.done if studied else 0,
                open=studied.open if studied else 0,
                share=float(studied.share) if studied else 0.0,
            ),
            sessions=here.rows(s for s in here.sessions if s.topic == id),
            reviews=tuple(
                _Review(on, said) for about, on, said, _ in here.told.answers if about == id
            ),
            memory=_Memory(recall=memory.recall(here.day), due=memory.due) if memory else None,
        )
    )


def status(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Status]:
    """Where the learner stands."""
    here = _Day(folder, as_of, around)
    plan, roadmap, told = here.plan, here.roadmap, here.told
    memories = here.memories
    recall = {id: memory.recall(here.day) for id, memory in memories.items()}
    studied = standing.topics_studied(plan, told)
    due = [id for id in memories if memories[id].due <= here.day and not here.recalled(id)]
    mocks = (session for session in plan.sessions if session.kind == "mock")
    mock = agenda.next_open(mocks, told, here.profile, here.day)
    phases = standing.phases_studied(plan, studied, roadmap.phase_of)
    return here.outcome(
        Status(
            as_of=here.day,
            week=agenda.week_of(plan, here.day).n,
            weeks=len(plan.weeks),
            balance=standing.balance(plan, told, here.profile, here.day),
            unmarked=here.unmarked,
            phases=tuple(
                row(_Phase, found, phase, share=float(found.share))
                for found, phase in zip(phases, plan.phases, strict=True)
            ),
            rounds=here.rounds(standing.readiness(_asked_in(roadmap), studied, recall)),
            reviews_due=tuple(
                _Due(
                    topic=id,
                    since=memories[id].due,
                    recall=recall[id],
                    planned=here.planned(id),
                )
                for _, id in sorted((recall[id], id) for id in due)
            ),
            next_mock=as_they_stand((mock,), plan, here.profile, Progress())[0] if mock else None,
            cushion=standing.cushion(plan, here.profile, here.day),
        )
    )


class _Day:
    """The plan in a folder on the day that a command stands on."""

    def __init__(self, folder: Path, as_of: str | None, around: Circumstances) -> None:
        self.state, self.roadmap = opened(folder)
        self.plan, self.profile = self.state.plan, self.state.profile
        self.day = day_stood_on(as_of, self.state, around)
        self.told = progress(self.plan, self.state.log, self.state.accepted)
        self.sessions = (*self.plan.sessions, *self.plan.early)

    def outcome(self, json: T) -> Outcome[T]:
        return Outcome(json=json, state=self.state, roadmap=self.roadmap)

    def between(
        self, first: date, last: date
    ) -> tuple[tuple[BlockRow, ...], tuple[SessionNow, ...]]:
        """The blocks of these days, and their sessions with those that stood there and were done
        early."""
        blocks = agenda.blocks_between(self.plan, self.profile, first, last)
        held = (session for block in blocks for session in block.sessions)
        early = agenda.early_between(self.plan, self.profile, first, last)
        return tuple(block_row(b, self.profile) for b in blocks), self.rows((*held, *early))

    def rows(self, sessions: Iterable[Session]) -> tuple[SessionNow, ...]:
        return as_they_stand(sessions, self.plan, self.profile, self.told)

    @property
    def unmarked(self) -> tuple[str, ...]:
        """Past work of which nothing was said."""
        yesterday = self.day - timedelta(days=1)
        past = choosing.up_to(yesterday, self.plan, self.told, self.profile.day_of)
        return tuple(session.id for session in past)

    @property
    def memories(self) -> dict[str, Memory]:
        """The topics that are finished, with the memory of them."""
        from pe_plan.planning.memory import memories

        found = memories(self.plan, self.told, self.profile, self.day)
        return {memory.topic: memory for memory in found}

    def planned(self, topic: str) -> date | None:
        """The day of the topic's first open review."""
        days = (
            self.profile.day_of(session.start)
            for session in self.plan.sessions
            if session.topic == topic
            and session.kind == "review"
            and choosing.is_unmarked(session, self.told)
        )
        return next(days, None)

    def recalled(self, topic: str) -> bool:
        """Whether the topic was reviewed on this very day, of which memory speaks from the next
        on."""
        answered = any(id == topic and on == self.day for id, on, _, _ in self.told.answers)
        return answered or any(
            session.topic == topic
            and session.kind == "review"
            and self.told.days.get(session.id) == self.day
            for session in self.sessions
        )

    def rounds(self, found: Iterable[standing.Readiness]) -> tuple[_Round, ...]:
        """How ready the learner is for each round, and the mocks of it so far, oldest first."""
        counting = live(self.state.log, self.state.accepted)
        mocks = [
            line
            for line in sorted(self.state.log, key=lambda line: line.on)
            if line.kind == "mock" and line.change in counting and line.on <= self.day
        ]
        return tuple(
            row(
                _Round,
                each,
                ready=ready.ready,
                done=ready.covered,
                topics=tuple(
                    row(_Part, p, weight=round(float(p.weight), 1), done=float(p.done))
                    for p in ready.parts
                ),
                mocks=tuple(_Score(m.on, m.score) for m in mocks if m.round == each.id and m.score),
            )
            for each, ready in zip(self.roadmap.rounds, found, strict=True)
        )


def _texts(kind: type[Texts], topic: Topic, **otherwise: object) -> Texts:
    resources = tuple(row(_Resource, each) for each in topic.resources)
    return row(kind, topic, resources=resources, **otherwise)


def _asked_in(roadmap: Roadmap) -> dict[str, list[tuple[str, Fraction]]]:
    """Round -> its topics with their weights in minutes: what the roadmap gives each at the middle
    of its phase's weeks, whoever learns it."""
    asked: dict[str, list[tuple[str, Fraction]]] = {each.id: [] for each in roadmap.rounds}
    for phase in roadmap.phases:
        minutes = Fraction(sum(phase.weeks), 2) * roadmap.reference_hours * 60
        for found in phase.topics:
            for id in found.rounds:
                if id in asked:
                    asked[id].append((found.id, minutes * Fraction(found.weight, 100)))
    return asked
