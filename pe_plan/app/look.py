"""What the plan looks like from a day: its sessions, a week, a topic, and where the learner stands.

Nothing is written here. Lengths are minutes; shares, depths and recall go from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import convert

from pe_plan.app.context import Circumstances, Outcome
from pe_plan.app.folder import agree, on_day
from pe_plan.documents.plan_json import (
    BlockRow,
    Document,
    Row,
    SessionNow,
    as_they_stand,
    block_row,
    depth,
    row,
)
from pe_plan.errors import quoted, refusal
from pe_plan.model import Answer, Level, Session, Week
from pe_plan.tracking import standing
from pe_plan.tracking.naming import only
from pe_plan.tracking.progress import Situation, is_open, is_unmarked, live

if TYPE_CHECKING:
    from pe_plan.planning.memory import Memory


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


class _Due(Row, frozen=True):
    topic: str
    since: date
    recall: float
    planned: date | None  # the day of the topic's first open review


def today(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Today]:
    """The day's sessions; where it has none, those of the next day that has some."""
    here = on_day(folder, as_of, around)
    ahead = (here.profile.day_of(b.start) for b in here.plan.blocks if not here.is_past(b))
    day = min(ahead, default=None)
    blocks, sessions = _between(day, day, here) if day else ((), ())
    studied = {session.topic for session in sessions if session.kind == "study"}
    topics = [topic for topic in here.roadmap.topics if topic.id in studied]
    json = Today(
        as_of=here.day,
        day=day,
        week=here.plan.week_of(day or here.day).n,
        blocks=blocks,
        sessions=sessions,
        topics=tuple(convert(each, TextRow, from_attributes=True) for each in topics),
        unmarked=_unmarked(here),
    )
    return Outcome(json=json, state=here.state, roadmap=here.roadmap)


def week(
    folder: Path, number: str | None, as_of: str | None, around: Circumstances
) -> Outcome[WeekView]:
    """The sessions of that plan week, else of the week in which the day lies."""
    here = on_day(folder, as_of, around)
    weeks = {str(each.n): each for each in here.plan.weeks}
    found = weeks.get(number.lstrip("0")) if number else here.plan.week_of(here.day)
    if found is None:
        hint = f"this plan has weeks 1 to {len(weeks)}"
        raise refusal("week", f"there is no week {quoted(number)}", hint)
    blocks, sessions = _between(*standing.days_of(here.plan, found), here)
    past = _unmarked(here)
    json = WeekView(as_of=here.day, week=found, blocks=blocks, sessions=sessions, unmarked=past)
    return Outcome(json=json, state=here.state, roadmap=here.roadmap)


def topic(folder: Path, name: str, as_of: str | None, around: Circumstances) -> Outcome[TopicCard]:
    """The study card of the topic that is so called."""
    here = on_day(folder, as_of, around)
    agree(here.state, here.roadmap, folder)
    id = only(name, here.roadmap.topic_names, "topic")
    found = next(topic for topic in here.roadmap.topics if topic.id == id)
    given = next((each for each in here.plan.topics if each.id == id), None)
    nothing = standing.Studied(id=id, done=0, open=0)
    studied = standing.topics_studied(here.plan, here.progress).get(id, nothing)
    memory = next((each for each in _memories(here) if each.topic == id), None)
    answers = here.progress.answers
    card = row(
        _Topic,
        convert(found, TextRow, from_attributes=True),
        found,
        studied,
        phase=here.roadmap.phase_of[id],
        level=given.level if given else None,
        depth=depth(given) if given else 0.0,
        minutes=given.minutes if given else 0,
        share=float(studied.share),
    )
    json = TopicCard(
        as_of=here.day,
        topic=card,
        sessions=_rows((s for s in here.sessions if s.topic == id), here),
        reviews=tuple(_Review(on, said) for about, on, said, _ in answers if about == id),
        memory=_Memory(recall=memory.recall(here.day), due=memory.due) if memory else None,
    )
    return Outcome(json=json, state=here.state, roadmap=here.roadmap)


def status(folder: Path, as_of: str | None, around: Circumstances) -> Outcome[Status]:
    """Where the learner stands."""
    here = on_day(folder, as_of, around)
    plan, told, profile, day = here.plan, here.progress, here.profile, here.day
    memories = _memories(here)
    recall = {memory.topic: memory.recall(day) for memory in memories}
    studied = standing.topics_studied(plan, told)
    mocks = (session for session in plan.sessions if session.kind == "mock")
    ahead = (s for s in mocks if profile.day_of(s.start) >= day and is_open(s, told))
    mock = _rows(islice(ahead, 1), here)
    phases = standing.phases_studied(plan, studied, here.roadmap.phase_of)
    pairs = zip(phases, plan.phases, strict=True)
    json = Status(
        as_of=day,
        week=plan.week_of(day).n,
        weeks=len(plan.weeks),
        balance=standing.balance(plan, told, profile, day),
        unmarked=_unmarked(here),
        phases=tuple(row(_Phase, found, phase, share=float(found.share)) for found, phase in pairs),
        rounds=_rounds(studied, recall, here),
        reviews_due=_due(memories, here),
        next_mock=mock[0] if mock else None,
        cushion=standing.cushion(plan, profile, day),
    )
    return Outcome(json=json, state=here.state, roadmap=here.roadmap)


def _between(
    first: date, last: date, here: Situation
) -> tuple[tuple[BlockRow, ...], tuple[SessionNow, ...]]:
    """The blocks of these days, and the sessions that stand or stood there."""
    day_of = here.profile.day_of
    blocks = [block for block in here.plan.blocks if first <= day_of(block.start) <= last]
    held = [session for block in blocks for session in block.sessions]
    early = [session for session in here.plan.early if first <= day_of(session.start) <= last]
    return tuple(block_row(b, here.profile) for b in blocks), _rows((*held, *early), here)


def _rows(sessions: Iterable[Session], here: Situation) -> tuple[SessionNow, ...]:
    return as_they_stand(sessions, here.plan, here.profile, here.progress)


def _unmarked(here: Situation) -> tuple[str, ...]:
    return tuple(session.id for session in here.unmarked(here.day - timedelta(days=1)))


def _memories(here: Situation) -> Sequence[Memory]:
    from pe_plan.planning.memory import memories

    return memories(here.plan, here.progress, here.profile, here.day)


def _due(memories: Iterable[Memory], here: Situation) -> tuple[_Due, ...]:
    """The reviews that are due, what is least known first; without topics reviewed on this very
    day, of which memory speaks from the next on."""
    told, day = here.progress, here.day
    reviews = [session for session in here.sessions if session.kind == "review"]
    done = {session.topic for session in reviews if told.days.get(session.id) == day}
    done |= {topic for topic, on, _, _ in told.answers if on == day}
    planned = {
        session.topic: here.profile.day_of(session.start)
        for session in reversed(here.plan.sessions)  # so that the first one stays
        if session.kind == "review" and is_unmarked(session, told)
    }
    due = [memory for memory in memories if memory.due <= day and memory.topic not in done]
    found = [_Due(m.topic, m.due, m.recall(day), planned.get(m.topic)) for m in due]
    return tuple(sorted(found, key=lambda due: (due.recall, due.topic)))


def _rounds(
    studied: Mapping[str, standing.Studied], recall: Mapping[str, float], here: Situation
) -> tuple[_Round, ...]:
    """How ready the learner is for each round, and the mocks of it so far, oldest first. What a
    topic weighs is what the roadmap gives it at the middle of its phase's weeks, whoever learns
    it."""
    state, roadmap = here.state, here.roadmap
    weights = [
        (topic, Fraction(sum(phase.weeks) * topic.weight, 200) * roadmap.reference_hours * 60)
        for phase in roadmap.phases
        for topic in phase.topics
    ]
    asked = {
        each.id: [(topic.id, minutes) for topic, minutes in weights if each.id in topic.rounds]
        for each in roadmap.rounds
    }
    ready = standing.readiness(asked, studied, recall)
    counting = live(state.log, state.accepted)
    log = sorted(state.log, key=lambda line: line.on)
    mocks = [line for line in log if line.change in counting and line.on <= here.day]
    rows = []
    for each, found in zip(roadmap.rounds, ready, strict=True):
        scores = tuple(_Score(m.on, m.score) for m in mocks if m.round == each.id and m.score)
        about = {"ready": found.ready, "done": found.covered, "topics": found.parts}
        rows.append(row(_Round, each, mocks=scores, **about))
    return tuple(rows)
