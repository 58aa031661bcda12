"""The zones of a calendar, and the times of an event in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from io import BytesIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.prop import vDuration, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from pe_plan.calendars.reading import BrokenError, Part, Spend
from pe_plan.calendars.rules import day_or_moment, read_rule, starts, wall
from pe_plan.errors import quoted

DAY = timedelta(days=1)
_LONGEST_NAME = 100  # of a zone
_AROUND = '"/ '  # what some write around one


class Zones:
    """The zones of one calendar. `floating` is that of times without one: the calendar's own
    (X-WR-TIMEZONE, kept as `own`) or else `home`, the learner's. Zones that the calendar describes
    are worked out to the year after `year`, when they are first asked for."""

    def __init__(self, calendar: Part, home: ZoneInfo, year: int, spend: Spend) -> None:
        described = (part for part in calendar.parts if part.kind == "VTIMEZONE")
        self._described = {part.word("TZID").strip(_AROUND): part for part in described}
        self._last, self._spend = datetime(year + 2, 1, 1), spend  # noqa: DTZ001
        self._found: dict[str, ZoneInfo | BrokenError] = {}
        self.own: ZoneInfo | None = None
        if name := calendar.word("X-WR-TIMEZONE"):
            with suppress(BrokenError):  # some write a city that is no zone
                self.own = self.named(name)
        self.floating = self.own or home

    def named(self, name: str) -> ZoneInfo:
        """The zone of that name: a place's (Europe/Berlin), else one that the calendar describes,
        else a name of Windows, else the end of a path. Raises BrokenError if it is none."""
        if name not in self._found:
            try:
                self._found[name] = self._looked_up(name.strip(_AROUND))
            except BrokenError as error:  # for all that follow at no cost
                self._found[name] = error
        found = self._found[name]
        if isinstance(found, BrokenError):
            raise found
        return found

    def _looked_up(self, name: str) -> ZoneInfo:
        if zone := _place(name):
            return zone
        if part := self._described.get(name):
            return _described(part, self._last, self._spend)
        ends = (name.split("/", n)[-1] for n in range(1, name.count("/") + 1))
        for guess in (WINDOWS_TO_OLSON.get(name, ""), *ends):
            if zone := _place(guess):
                return zone
        raise BrokenError(f"its time zone {quoted(name)} is not known, nor described in the file")


def _place(name: str) -> ZoneInfo | None:
    """The zone that the system or the tzdata package keeps under that name."""
    if 0 < len(name) <= _LONGEST_NAME:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(name)
    return None


def _described(part: Part, last: datetime, spend: Spend) -> ZoneInfo:
    """A zone with the switches of its parts: a compiled file as RFC 8536 has it, which Python reads
    itself."""
    try:
        switches = sorted(switch for each in part.parts for switch in _switches(each, last, spend))
        # The first of them counts before all switches.
        offsets = list(dict.fromkeys([switches[0][1], *(after for _, _, after in switches)]))
        at = {when: offsets.index(after) for when, _, after in switches}
        header = b"TZif2" + bytes(15)
        kinds = b"".join(struct.pack(">iBB", offset, 0, 0) for offset in offsets)
        body = struct.pack(f">6I{len(at)}q", 0, 0, 0, len(at), len(offsets), 1, *at)
        names = bytes(at.values()) + kinds + b"\0"
        # An older part comes first in such a file; this one's is empty.
        file = header + bytes(24) + header + body + names + b"\n\n"
        return ZoneInfo.from_file(BytesIO(file), key="described")
    except (BrokenError, ValueError, TypeError, ArithmeticError, LookupError):
        id = quoted(part.word("TZID"))
        raise BrokenError(f"its time zone {id} is described in a way that cannot be read") from None


def _switches(part: Part, last: datetime, spend: Spend) -> Iterator[tuple[int, int, int]]:
    """When clocks switch so: seconds of UTC since 1970, and the offsets before and after."""
    before, after = (
        vUTCOffset.from_ical(part.word(name))  # type: ignore[no-untyped-call]
        for name in ("TZOFFSETFROM", "TZOFFSETTO")
    )
    start, zone = wall(day_or_moment(part.word("DTSTART"))), timezone(before)
    begin = start.replace(tzinfo=zone)
    rules = [read_rule(text, begin) for _, text in part.all_written("RRULE")]
    at = {start, *(wall(day_or_moment(each)) for _, each in part.dates("RDATE"))}
    for rule in rules:
        at.update(starts(rule, start, last, spend))
    offsets = int(before.total_seconds()), int(after.total_seconds())
    yield from ((int(each.replace(tzinfo=zone).timestamp()), *offsets) for each in at)


def moment(parameters: Mapping[str, str], text: str, zones: Zones) -> date:
    """A day or an aware moment as it is written. Raises BrokenError if it is neither."""
    try:
        found = day_or_moment(text)
    except ValueError:
        raise BrokenError(f"{quoted(text)} is no date and no time") from None
    if not isinstance(found, datetime):
        return found
    if found.tzinfo is None:
        name = parameters.get("TZID")
        return found.replace(tzinfo=zones.named(name) if name else zones.floating)
    # What is written in UTC repeats by the clock that the calendar names, as its writers mean it.
    try:
        return found.astimezone(zones.own or UTC)
    except OverflowError:
        return found


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


def span(part: Part, zones: Zones) -> tuple[date, date]:
    """When an event begins and ends: two days (the end not included) or two aware moments, which
    are equal where it takes no time. Raises BrokenError for what cannot be read."""
    start = time_of(part, "DTSTART", "start", zones)
    if start is None:
        raise BrokenError("has no start (DTSTART)")
    timed = isinstance(start, datetime)
    end = time_of(part, "DTEND", "end", zones)
    if end is None:
        lasts = part.written("DURATION")
        end = _later(start, duration(lasts[1]) if lasts else timedelta() if timed else DAY)
    elif isinstance(start, datetime) and not isinstance(end, datetime):
        end = datetime.combine(end, time(), start.tzinfo)
    elif not timed:
        end = wall(end).date()
    if end < start:
        raise BrokenError("ends before it starts")
    return start, _later(start, DAY) if end == start and not timed else end  # so some write one day


def duration(text: str) -> timedelta:
    """A length as it is written. Raises BrokenError for what is none, or runs backwards."""
    try:
        lasts: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    except ValueError:
        raise BrokenError(f"its length (DURATION) cannot be read: {quoted(text)}") from None
    if lasts < timedelta():
        raise BrokenError("ends before it starts")
    return lasts


def _later(start: date, lasts: timedelta) -> date:
    """By the wall clock, at most at the end of time. Where days begin it, whole ones are meant."""
    try:
        whole = isinstance(start, datetime) or not lasts % DAY
        return start + (lasts if whole else lasts + DAY)
    except OverflowError:
        if isinstance(start, datetime):
            return datetime.max.replace(tzinfo=start.tzinfo)
        return date.max
