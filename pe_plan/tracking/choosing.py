"""Which sessions a learner speaks of, and which come next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime

from pe_plan.model import Block, Plan, Progress, Session
from pe_plan.tracking.progress import is_open

DayOf = Callable[[datetime], date]  # the day on the learner's wall clock


def is_unmarked(session: Session, progress: Progress) -> bool:
    """Whether there is work in it of which nothing was said. Who said that a part of it was done
    has said it all."""
    return session.status == "planned" and not session.is_free and session.id not in progress.days


def up_to(day: date, plan: Plan, progress: Progress, day_of: DayOf) -> Iterator[Session]:
    """The unmarked sessions up to and including that day."""
    for block in plan.blocks:
        if day_of(block.start) > day:
            return
        yield from (session for session in block.sessions if is_unmarked(session, progress))


def work_up_to(day: date, plan: Plan, day_of: DayOf) -> list[tuple[date, Session]]:
    """All that there ever was to do up to and including that day, each with its own day."""
    days = ((day_of(session.start), session) for session in (*plan.sessions, *plan.early))
    return [(on, session) for on, session in days if on <= day and not session.is_free]


def of_day(day: date, plan: Plan, progress: Progress, day_of: DayOf) -> tuple[Session, ...]:
    """The unmarked sessions of that day."""
    return tuple(
        session for session in up_to(day, plan, progress, day_of) if day_of(session.start) == day
    )


def of_last_day(day: date, plan: Plan, progress: Progress, day_of: DayOf) -> tuple[Session, ...]:
    """The unmarked sessions of the last day up to `day` that has any."""
    found = tuple(up_to(day, plan, progress, day_of))
    last = day_of(found[-1].start) if found else day
    return tuple(session for session in found if day_of(session.start) == last)


def next_of_topic(
    topic: str, plan: Plan, progress: Progress, taken: Collection[str] = ()
) -> Session | None:
    """The topic's earliest open session that is not in `taken`, study before all else."""
    found = [
        session
        for session in plan.sessions
        if session.topic == topic and session.id not in taken and is_open(session, progress)
    ]
    return min(found, key=lambda session: session.kind != "study", default=None)


def open_study(topic: str, plan: Plan, progress: Progress) -> tuple[Session, ...]:
    """The topic's study that is still to do."""
    return tuple(
        session
        for session in plan.sessions
        if session.topic == topic and session.kind == "study" and is_open(session, progress)
    )


def carrier(missed: Session, plan: Plan, progress: Progress) -> Session | None:
    """The session that now carries the work of a missed one: the next open one of its kind."""
    return next(
        (
            session
            for session in plan.sessions
            if _about(session) == _about(missed) and is_open(session, progress)
        ),
        None,
    )


def _about(session: Session) -> tuple[str | None, ...]:
    subject = session.topic or session.round or session.phase
    return (session.kind, subject, session.activity)


def upcoming(
    day: date, plan: Plan, progress: Progress, day_of: DayOf
) -> tuple[Block, Session] | None:
    """The first block from `day` on with work of which nothing was said, and the first such
    session in it."""
    for block in plan.blocks:
        if day_of(block.start) >= day:
            for session in block.sessions:
                if is_unmarked(session, progress):
                    return block, session
    return None
