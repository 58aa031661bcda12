"""The times of one event, and the stretches of UTC that they take."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from pe_plan.calendars.limits import BrokenError
from pe_plan.calendars.reading import Part
from pe_plan.calendars.values import length, wall
from pe_plan.calendars.zones import Zones, moment
from pe_plan.errors import quoted
from pe_plan.model import Stretch

DAY = timedelta(days=1)
_LAST = date(9990, 1, 1)  # nothing that is asked about comes so near to the end of time
_MINUTE = timedelta(minutes=1)


def span(part: Part, zones: Zones) -> tuple[date, date]:
    """When an event begins and ends: two days (the end not included) or two aware moments, which
    are equal where it takes no time. Raises BrokenError for what cannot be read."""
    start = time_of(part, "DTSTART", "start", zones)
    if start is None:
        raise BrokenError("has no start (DTSTART)")
    end = _end(part, start, zones)
    if end < start:
        raise BrokenError("ends before it starts")
    if end == start and not isinstance(start, datetime):
        end = _later(start, DAY)  # so do some write one day
    return start, end


def time_of(part: Part, name: str, called: str, zones: Zones) -> date | None:
    """The day or the aware moment of a property, if there is one. Raises BrokenError."""
    written = part.written(name)
    if written is None:
        return None
    try:
        return moment(*written, zones)
    except BrokenError as error:
        known = str(error).startswith("its ")
        raise BrokenError(str(error) if known else f"its {called} ({name}): {error}") from None


def _end(part: Part, start: date, zones: Zones) -> date:
    end = time_of(part, "DTEND", "end", zones)
    if end is None:
        lasts = part.written("DURATION")
        default = timedelta() if isinstance(start, datetime) else DAY
        return _later(start, duration(lasts[1]) if lasts else default)
    if isinstance(start, datetime) == isinstance(end, datetime):
        return end
    if isinstance(start, datetime):
        return datetime.combine(end, time(), start.tzinfo)
    return wall(end).date()


def duration(text: str) -> timedelta:
    """A length as it is written. Raises BrokenError for what is none, or runs backwards."""
    try:
        lasts = length(text)
    except ValueError:
        raise BrokenError(f"its length (DURATION) cannot be read: {quoted(text)}") from None
    if lasts < timedelta():
        raise BrokenError("ends before it starts")
    return lasts


def _later(start: date, lasts: timedelta) -> date:
    """By the wall clock, at most at the end of time. Where days begin it, whole ones are meant."""
    try:
        if isinstance(start, datetime) or not lasts % DAY:
            return start + lasts
        return start + lasts + DAY
    except OverflowError:
        if isinstance(start, datetime):
            return datetime.max.replace(tzinfo=start.tzinfo)
        return date.max


class Horizon(Struct, frozen=True, kw_only=True):
    """The time that is asked about, from `low` to `high` (UTC); days are those of `zone`, and
    timed events are wider by `margin` on both sides."""

    zone: ZoneInfo
    low: datetime
    high: datetime
    margin: timedelta

    def stretch(self, start: date, end: date, *, widened: bool) -> Stretch | None:
        """The whole minutes of it that lie between start and end, with the margin if `widened`."""
        # Inside a gap of the clocks an end may come out before its start.
        begins, ends = sorted((self.utc(start), self.utc(end)))
        if begins == ends:
            return None
        begins -= timedelta(seconds=begins.second, microseconds=begins.microsecond)
        ends += -timedelta(seconds=ends.second, microseconds=ends.microsecond) % _MINUTE
        margin = self.margin if widened else timedelta()
        low, high = max(begins - margin, self.low), min(ends + margin, self.high)
        return (low, high) if low < high else None

    def utc(self, moment: date) -> datetime:
        """The instant; of what is years away from the horizon, one that is clear of it, too."""
        if moment.year < self.low.year - 1:
            return self.low - 2 * DAY
        if moment.year > self.high.year + 1:
            return self.high + 2 * DAY
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), self.zone)
        return moment.astimezone(UTC)


def horizon(first: date, last: date, zone: ZoneInfo, margin: int) -> Horizon:
    """From the first day to the last (included) in that zone, with a margin in minutes."""
    after = min(last, _LAST) + DAY
    low, high = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, after))
    return Horizon(zone=zone, low=low, high=high, margin=margin * _MINUTE)
