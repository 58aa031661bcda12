"""Single values as icalendar reads them. Each raises ValueError for what is none."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from icalendar.prop import vDDDTypes, vDuration, vUTCOffset


def day_or_moment(text: str) -> date:
    """A day, a moment of UTC (aware), or one of a clock that is not named (naive)."""
    try:
        found = vDDDTypes.from_ical(text)  # type: ignore[no-untyped-call]
    except TypeError:
        raise ValueError(text) from None
    if not isinstance(found, date):
        raise ValueError(text)  # noqa: TRY004
    return found


def length(text: str) -> timedelta:
    """How long something lasts, which may be less than nothing."""
    found: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    return found


def offset(text: str) -> timedelta:
    """How far a clock is ahead of UTC."""
    found: timedelta = vUTCOffset.from_ical(text)  # type: ignore[no-untyped-call]
    return found


def wall(moment: date) -> datetime:
    """What a clock shows at that moment where it was written; at the beginning of a day."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())
