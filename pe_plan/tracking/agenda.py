"""Which sessions belong to a day, and what of them is still open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from pe_plan.model import Block, Plan, Profile, Progress, Session, Week
from pe_plan.tracking.progress import is_open


def open_minutes(session: Session, progress: Progress) -> int:
    """What is still to do of the session's work; free time asks for nothing."""
    if session.is_free or not is_open(session, progress):
        return 0
    return session.minutes - progress.done.get(session.id, 0)


def next_day(plan: Plan, profile: Profile, as_of: date) -> date | None:
    """The first day from `as_of` on that has a block."""
    days = (profile.day_of(block.start) for block in plan.blocks)
    return min((day for day in days if day >= as_of), default=None)


def blocks_between(plan: Plan, profile: Profile, first: date, last: date) -> tuple[Block, ...]:
    """The blocks of these days, both included."""
    return tuple(block for block in plan.blocks if first <= profile.day_of(block.start) <= last)


def early_between(plan: Plan, profile: Profile, first: date, last: date) -> tuple[Session, ...]:
    """The sessions that stood on these days and were done before their time."""
    return tuple(s for s in plan.early if first <= profile.day_of(s.start) <= last)


def week_of(plan: Plan, day: date) -> Week:
    """The plan week of a day; before the plan its first, after it its last."""
    starts = [week.starts for week in plan.weeks]
    return plan.weeks[max(bisect_right(starts, day) - 1, 0)]


def days_of(plan: Plan, week: Week) -> tuple[date, date]:
    """The week's first and last day; the plan's last week ends with the plan."""
    last = week.starts + timedelta(days=6)
    return week.starts, max(week.starts, min(last, plan.finish)) if week is plan.weeks[-1] else last


def next_open(
    sessions: Iterable[Session], progress: Progress, profile: Profile, as_of: date
) -> Session | None:
    """The first of the sessions, in order of time, that is on or after `as_of` and not done."""
    return next(
        (s for s in sessions if is_open(s, progress) and profile.day_of(s.start) >= as_of), None
    )
