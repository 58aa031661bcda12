"""What the learner remembers on a day: the log and the plan replayed through FSRS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from pe_plan.model import Answer, Plan, Profile, Progress, Session
from pe_plan.planning.reviews import Memory, learned, recalled


def memories(plan: Plan, progress: Progress, profile: Profile, as_of: date) -> tuple[Memory, ...]:
    """The memory of every topic that was finished before `as_of`: all of its study is done, or it
    was mastered. A review without an answer of its own counts as good."""
    sessions = (*plan.sessions, *plan.early)
    finished = finishes(sessions, progress, profile)
    answers: dict[str, dict[date, Answer]] = {}
    for session in sessions:
        if session.kind == "review" and session.topic and is_done(session, progress):
            day = worked_on(session, progress, profile)
            answers.setdefault(session.topic, {})[day] = "good"
    for topic, day, answer, _ in progress.answers:
        answers.setdefault(topic, {})[day] = answer
    return tuple(
        _replayed(topic, day, answers.get(topic, {}), as_of)
        for topic, day in finished.items()
        if day < as_of
    )


def finishes(sessions: Iterable[Session], progress: Progress, profile: Profile) -> dict[str, date]:
    """The day on which each topic was finished, of those without open study."""
    last: dict[str, date] = {}
    unfinished: set[str] = set()
    for session in sessions:
        if session.kind != "study" or session.topic is None:
            continue
        if is_done(session, progress):
            day = worked_on(session, progress, profile)
            last[session.topic] = max(last.get(session.topic, day), day)
        elif session.status == "planned":
            unfinished.add(session.topic)
    last |= progress.mastered
    return {
        topic: day
        for topic, day in sorted(last.items())
        if topic not in unfinished or topic in progress.mastered
    }


def is_done(session: Session, progress: Progress) -> bool:
    """Whether all of the session's minutes were done."""
    return session.status == "done" or progress.done.get(session.id, 0) >= session.minutes


def worked_on(session: Session, progress: Progress, profile: Profile) -> date:
    """The day on which the session was last worked on, else its own."""
    return progress.days.get(session.id) or profile.day_of(session.start)


def _replayed(topic: str, day: date, answers: Mapping[date, Answer], as_of: date) -> Memory:
    memory = learned(topic, day)
    for reviewed in sorted(answers):
        if day < reviewed <= as_of:
            memory = recalled(memory, reviewed, answers[reviewed])
    return memory
