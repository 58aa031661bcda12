"""The whole of a plan, or all of one topic, as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from pe_plan.app.around import Circumstances
from pe_plan.app.around import standing as day_stood_on
from pe_plan.app.files import opened
from pe_plan.model import (
    Answer,
    Phase,
    Plan,
    Profile,
    Progress,
    Record,
    Roadmap,
    Session,
    State,
    Topic,
    TopicPlan,
    Week,
)
from pe_plan.tracking import progress as choosing
from pe_plan.tracking import standing
from pe_plan.tracking import standing as agenda
from pe_plan.tracking.naming import only
from pe_plan.tracking.progress import live, progress


class Due(Struct, frozen=True, kw_only=True):
    """A topic whose review is due since the day `since`, its predicted `recall` (0 to 1), and the
    day for which the plan has its next review, if any."""

    topic: str
    since: date
    recall: float
    planned: date | None


class Standing(Struct, frozen=True, kw_only=True):
    """Where the learner stands on the day `as_of`; `scores` are the mocks of each round as days
    and scores, oldest first. `roadmap` has no texts."""

    plan: Plan
    profile: Profile
    as_of: date
    week: Week
    roadmap: Roadmap
    balance: standing.Balance
    unmarked: tuple[Session, ...]
    phases: tuple[standing.Studied, ...]
    rounds: tuple[standing.Readiness, ...]
    scores: Mapping[str, tuple[tuple[date, int], ...]]
    due: tuple[Due, ...]
    mock: Session | None
    cushion: standing.Cushion


class Card(Struct, frozen=True, kw_only=True):
    """A topic for study: what the roadmap says, what the plan gives it (None: nothing), what of it
    is done, its sessions in order of time, the reviews recorded, and the memory of it once it is
    finished: its predicted recall and the day from which a review is due."""

    plan: Plan
    profile: Profile
    progress: Progress
    as_of: date
    roadmap: Roadmap
    topic: Topic
    phase: Phase
    given: TopicPlan | None
    studied: Mapping[str, standing.Studied]
    sessions: tuple[Session, ...]
    answers: tuple[tuple[date, Answer], ...]
    recall: float | None
    due: date | None


def status(folder: Path, as_of: str | None, around: Circumstances) -> Standing:
    """Where the learner stands."""
    from pe_plan.planning.memory import memories

    state, roadmap = opened(folder, checked=False)
    plan, profile = state.plan, state.profile
    day = day_stood_on(as_of, state, around)
    told = progress(plan, state.log, state.accepted)
    known = {memory.topic: memory for memory in memories(plan, told, profile, day)}
    recall = {id: memory.recall(day) for id, memory in known.items()}
    studied = standing.topics_studied(plan, told)
    due = [
        Due(topic=id, since=memory.due, recall=recall[id], planned=_planned(id, state, told))
        for id, memory in known.items()
        if memory.due <= day and not _recalled_on(day, id, plan, told)
    ]
    mocks = (session for session in plan.sessions if session.kind == "mock")
    yesterday = day - timedelta(days=1)
    return Standing(
        plan=plan,
        profile=profile,
        as_of=day,
        week=agenda.week_of(plan, day),
        roadmap=roadmap,
        balance=standing.balance(plan, told, profile, day),
        unmarked=tuple(choosing.up_to(yesterday, plan, told, profile.day_of)),
        phases=standing.phases_studied(plan, studied, roadmap.phase_of),
        rounds=standing.readiness(_asked_in(roadmap), studied, recall),
        scores=_scores(state, day),
        due=tuple(sorted(due, key=lambda each: (each.recall, each.topic))),
        mock=agenda.next_open(mocks, told, profile, day),
        cushion=standing.cushion(plan, profile, day),
    )


def topic(folder: Path, name: str, as_of: str | None, around: Circumstances) -> Card:
    """The study card of the topic that is so called. Raises PePlanError where none or several
    are."""
    from pe_plan.planning.memory import memories

    state, roadmap = opened(folder)
    plan, profile = state.plan, state.profile
    day = day_stood_on(as_of, state, around)
    found = _named(name, roadmap)
    told = progress(plan, state.log, state.accepted)
    memory = next((m for m in memories(plan, told, profile, day) if m.topic == found.id), None)
    own = (s for s in (*plan.sessions, *plan.early) if s.topic == found.id)
    return Card(
        plan=plan,
        profile=profile,
        progress=told,
        as_of=day,
        roadmap=roadmap,
        topic=found,
        phase=next(phase for phase in roadmap.phases if found in phase.topics),
        given=next((each for each in plan.topics if each.id == found.id), None),
        studied=standing.topics_studied(plan, told),
        sessions=tuple(sorted(own, key=lambda session: session.start)),
        answers=tuple((on, answer) for id, on, answer, _ in told.answers if id == found.id),
        recall=memory.recall(day) if memory else None,
        due=memory.due if memory else None,
    )


def _asked_in(roadmap: Roadmap) -> dict[str, list[tuple[str, Fraction]]]:
    """Round -> its topics with their weights in minutes: what the roadmap gives each at the middle
    of its phase's weeks, whoever learns it."""
    asked: dict[str, list[tuple[str, Fraction]]] = {round.id: [] for round in roadmap.rounds}
    for phase in roadmap.phases:
        minutes = Fraction(sum(phase.weeks), 2) * roadmap.reference_hours * 60
        for each in phase.topics:
            for round in each.rounds:
                if round in asked:
                    asked[round].append((each.id, minutes * Fraction(each.weight, 100)))
    return asked


def _planned(topic: str, state: State, told: Progress) -> date | None:
    """The day of the topic's first open review."""
    return next(
        (
            state.profile.day_of(session.start)
            for session in state.plan.sessions
            if session.topic == topic
            and session.kind == "review"
            and choosing.is_unmarked(session, told)
        ),
        None,
    )


def _recalled_on(day: date, topic: str, plan: Plan, told: Progress) -> bool:
    """Whether the topic was reviewed on that very day, of which memory speaks from the next on."""
    answered = any(id == topic and on == day for id, on, _, _ in told.answers)
    return answered or any(
        session.topic == topic and session.kind == "review" and told.days.get(session.id) == day
        for session in (*plan.sessions, *plan.early)
    )


def _scores(state: State, day: date) -> dict[str, tuple[tuple[date, int], ...]]:
    """Round -> the mocks recorded up to that day, oldest first."""
    counting = live(state.log, state.accepted)
    mocks: list[Record] = [
        line
        for line in state.log
        if line.kind == "mock" and line.change in counting and line.on <= day
    ]
    mocks.sort(key=lambda line: line.on)
    return {
        round: tuple((m.on, m.score) for m in mocks if m.round == round and m.score)
        for round in dict.fromkeys(mock.round for mock in mocks)
        if round
    }


def _named(name: str, roadmap: Roadmap) -> Topic:
    known = {topic.id: (topic.short, topic.title) for topic in roadmap.topics}
    wanted = only(name, known, "topic")
    return next(topic for topic in roadmap.topics if topic.id == wanted)
