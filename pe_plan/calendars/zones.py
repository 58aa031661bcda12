"""Time zones by the names that calendars give them, and those that a calendar describes itself."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from pe_plan.calendars.limits import LONGEST_VALUE, MOST_DATES, BrokenError, TooMuchError
from pe_plan.calendars.reading import Part
from pe_plan.calendars.rules import Spend, read_rule, starts
from pe_plan.calendars.values import day_or_moment, offset, wall
from pe_plan.errors import quoted

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
_SECOND = timedelta(seconds=1)


class Zones:
    """The zones of one calendar. `floating` is that of times without one: the calendar's own
    (X-WR-TIMEZONE, kept as `own`) or else `home`, the learner's. Zones that the calendar describes
    are worked out to the year after `year`, when they are first asked for."""

    def __init__(self, calendar: Part, home: ZoneInfo, year: int, spend: Spend) -> None:
        described = (part for part in calendar.parts if part.kind == "VTIMEZONE")
        self._described = {_clean(part.word("TZID")): part for part in described}
        self._last, self._spend = datetime(year + 2, 1, 1), spend  # noqa: DTZ001
        self._found: dict[str, ZoneInfo | BrokenError] = {}
        self.home = home
        self.own = self._of_calendar(calendar.word("X-WR-TIMEZONE"))
        self.floating = self.own or home

    def named(self, name: str) -> ZoneInfo:
        """The zone of that name: a place's (Europe/Berlin), else one that the calendar describes,
        else a name of Windows, else the end of a path. Raises BrokenError if it is none."""
        if name not in self._found:
            try:
                self._found[name] = self._looked_up(_clean(name))
            except BrokenError as error:
                self._found[name] = error  # for all that follow, at no cost
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

    def _of_calendar(self, name: str) -> ZoneInfo | None:
        try:
            return self.named(name) if name else None
        except BrokenError:
            return None  # some write a city here that is no zone


def _clean(name: str) -> str:
    return name.strip('"/ ')


def _place(name: str) -> ZoneInfo | None:
    """The zone that the system or the tzdata package keeps under that name."""
    if not name or len(name) > LONGEST_VALUE // 10:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _described(part: Part, last: datetime, spend: Spend) -> ZoneInfo:
    try:
        switches = sorted(switch for each in part.parts for switch in _switches(each, last, spend))
        return _zone(switches)
    except TooMuchError:
        raise
    except (ValueError, TypeError, ArithmeticError):
        name = quoted(part.word("TZID"))
        raise BrokenError(
            f"its time zone {name} is described in a way that cannot be read"
        ) from None


def _switches(part: Part, last: datetime, spend: Spend) -> Iterator[tuple[int, int, int]]:
    """When clocks switch so: seconds of UTC since 1970, and the offsets before and after."""
    before, after = (_offset(part, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = day_or_moment(part.word("DTSTART"))
    begin = wall(start).replace(tzinfo=timezone(before * _SECOND))
    rules = [read_rule(text, begin) for _, text in part.all_written("RRULE")]
    dates = [each for _, text in part.all_written("RDATE") for each in text.split(",")]
    if len(dates) > MOST_DATES:
        raise BrokenError("too many dates")
    at = {wall(start), *(wall(day_or_moment(each)) for each in dates)}
    for rule in rules:
        at.update(starts(rule, rule.begin, last, spend))
    yield from ((int((each - _EPOCH) / _SECOND) - before, before, after) for each in at)


def _offset(part: Part, name: str) -> int:
    return int(offset(part.word(name)) / _SECOND)


def _zone(switches: list[tuple[int, int, int]]) -> ZoneInfo:
    """A zone with these switches: a compiled file as RFC 8536 has it, which Python reads itself."""
    if not switches:
        raise BrokenError("no switches")
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
