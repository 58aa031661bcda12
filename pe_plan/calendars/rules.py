"""How often an event repeats (RRULE of RFC 5545), worked out by dateutil between two moments.

dateutil walks every rule from its start on, and one that never comes true to the year 9999. So each
is begun anew in the year, month, week, day or hour that holds the first of the two moments, and
stopped in the month after the last. dateutil also counts the places of the first week from its
start on, not from Monday (BYSETPOS): begun with the week, it counts right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice
from math import prod

from dateutil.rrule import DAILY, FREQNAMES, HOURLY, MONTHLY, WEEKLY, YEARLY, rrule, weekday
from icalendar.prop import vDDDTypes

from pe_plan.calendars.reading import LONGEST_VALUE, MOST_STEPS, BrokenError, Spend
from pe_plan.errors import quoted

MOST_A_DAY = 24  # times that one rule makes of a day
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})")
_CLOCK = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}  # the most of each
_FROM_THE_END = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_MOST = {"BYMONTH": 12, **_FROM_THE_END, **_CLOCK}
_DAYS = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"}
_NAMES = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_MOST}
_A_LOOK = 8  # numbers among which a day is looked up at the cost of one step


def day_or_moment(text: str) -> date:
    """A day, a moment of UTC (aware), or one of a clock that is not named (naive). Raises
    ValueError for what is none."""
    try:
        found = vDDDTypes.from_ical(text)  # type: ignore[no-untyped-call]
    except TypeError:
        raise ValueError(text) from None
    if not isinstance(found, date):
        raise ValueError(text)  # noqa: TRY004
    return found


def wall(moment: date) -> datetime:
    """What a clock shows at that moment where it was written; at the beginning of a day."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())


class Rule:
    """A rule that repeats what begins at `begin` (wall clock). `frequency` and the numbers `by`
    their names are as dateutil wants them. `since` is when the year or month that holds `begin`
    began, in months, or the week, day or hour, in hours."""

    def __init__(self, given: Mapping[str, str], frequency: int, start: date) -> None:
        interval, count = int(given.get("INTERVAL", "1")), int(given.get("COUNT", "-1"))
        if interval < 1:
            raise ValueError(interval)
        by = {name: _numbers(name, given[name]) for name in _MOST if name in given}
        months, byday = by.get("BYMONTH", []), given.get("BYDAY")
        days = [] if byday is None else _weekdays(byday, frequency, bool(months))
        # What the rule leaves open is taken from the start.
        self.begin = begin = wall(start)
        if _DAYS.isdisjoint(given):
            if frequency == YEARLY:
                by["BYMONTH"] = months = months or [begin.month]
            if frequency == WEEKLY:
                days = [weekday(begin.weekday())]
            elif frequency < WEEKLY:
                by["BYMONTHDAY"] = [begin.day]
        for name, number in zip(_CLOCK, (begin.hour, begin.minute, begin.second), strict=True):
            if name != "BYHOUR" or frequency != HOURLY:
                by[name] = by.get(name, [number]) if isinstance(start, datetime) else [number]
        if prod(len(by.get(name, range(24))) for name in _CLOCK) > MOST_A_DAY:
            raise BrokenError(f"repeats more than {MOST_A_DAY} times a day")
        self.by: dict[str, Sequence[int | weekday]] = {name.lower(): by[name] for name in by}
        self.by["byweekday"] = days
        self.week_begins = _WEEKDAYS.index(given.get("WKST", "MO"))
        into = (begin.weekday() - self.week_begins) % 7 * 24 + begin.hour
        passed = {YEARLY: begin.month - 1, WEEKLY: into, DAILY: begin.hour}.get(frequency, 0)
        self.since = _passed(begin, frequency) - passed
        if frequency == YEARLY and len(months) == 1:
            # The same, at a twelfth of the days to look at.
            frequency, interval, self.since = MONTHLY, 12 * interval, self.since + months[0] - 1
        self.frequency, self.interval = frequency, interval
        self.count = None if count < 0 else min(count, MOST_STEPS)  # some write -1 for "no end"
        self.until = _until(given.get("UNTIL", "99991231"), start)


def read_rule(text: str, start: date) -> Rule:
    """The rule of an event that starts so. Raises BrokenError for what is none, and for one that
    repeats more often than `MOST_A_DAY`."""
    try:
        given = _given(text)
        return Rule(given, FREQNAMES.index(given.get("FREQ", "")), start)
    except (ValueError, OverflowError):
        raise BrokenError(f"its rule (RRULE) cannot be read: {quoted(text)}") from None


def _given(text: str) -> Mapping[str, str]:
    if len(text) > LONGEST_VALUE:
        raise ValueError(text)
    pairs = [pair.strip().partition("=") for pair in text.upper().split(";") if pair.strip()]
    given = {name: value for name, _, value in pairs}
    if len(given) < len(pairs) or not given.keys() <= _NAMES:
        raise ValueError(text)
    if (frequency := given.get("FREQ", "")) in ("SECONDLY", "MINUTELY"):
        unit = frequency.removesuffix("LY").lower()
        raise BrokenError(f"repeats by the {unit}; at most by the hour is read")
    return given


def _numbers(name: str, text: str) -> list[int]:
    numbers = sorted(set(map(int, text.split(","))))
    first = 0 if name in _CLOCK else 1
    if not all(first <= (abs(n) if name in _FROM_THE_END else n) <= _MOST[name] for n in numbers):
        raise ValueError(text)
    return numbers


def _weekdays(text: str, frequency: int, in_months: bool) -> list[weekday]:  # noqa: FBT001
    """Which of them is meant means something in months and years alone. Where one is counted, one
    that is not is counted out: dateutil takes only what is both."""
    found = [_WEEKDAY.fullmatch(day.strip()) for day in text.split(",")]
    if None in found:
        raise ValueError(text)
    days = {(int(day[1] or 0), _WEEKDAYS.index(day[2])) for day in found if day}
    if frequency >= WEEKLY or not any(n for n, _ in days):
        return [weekday(day) for day in {day for _, day in days}]
    most = 6 if frequency == MONTHLY or in_months else 54  # no month has a sixth monday
    return [
        weekday(day, max(-most, min(each, most)))
        for n, day in days
        for each in ([n] if n else range(1, most))
    ]


def _until(text: str, start: date) -> datetime:
    """The last moment, on the wall clock of the start; of a day without a time, its end."""
    until = day_or_moment(text)
    if not (isinstance(until, datetime) and isinstance(start, datetime)):
        return datetime.combine(until, time.max)
    with suppress(OverflowError):
        if until.tzinfo and start.tzinfo:
            until = until.astimezone(start.tzinfo)
    return wall(until)


class _PassedError(Exception):
    """The last month was passed."""


class _Walk(rrule):
    """dateutil asks for the days around Easter, of which RFC 5545 knows nothing, wherever it comes
    to another month (or year): there it can be counted, and stopped."""

    def __init__(self, months: int, cost: int, spend: Spend, **rule: object) -> None:
        self._left, self._cost, self._spend = months + 2, cost, spend  # asked once before it begins
        super().__init__(**rule)  # type: ignore[arg-type]

    def _next_month(self) -> None:
        if not self._left:
            raise _PassedError
        self._left -= 1
        self._spend(self._cost)

    _byeaster = property(_next_month, lambda *_: None)


def starts(rule: Rule, first: datetime, last: datetime, spend: Spend) -> Iterator[datetime]:
    """When it comes true between two moments (both included; all on the wall clock), in order.
    `spend` is told of each day (or hour) looked at and each time found, and may raise."""
    last = min(last, rule.until)
    origin = max(rule.begin, first) if rule.count is None else rule.begin
    if origin > last:
        return
    with suppress(_PassedError):
        found = (at for at in _walk(rule, origin, last, spend) if at >= rule.begin)
        for moment in islice(found, rule.count):
            if moment > last:
                return
            spend(1)
            if moment >= first:
                yield moment


def _walk(rule: Rule, origin: datetime, last: datetime, spend: Spend) -> Iterable[datetime]:
    """When it comes true from the year, month, week, day or hour that holds `origin` on."""
    frequency = rule.frequency
    in_months = frequency < WEEKLY
    length = {YEARLY: 12, WEEKLY: 7 * 24, DAILY: 24}.get(frequency, 1)
    begin, end = max(_passed(origin, frequency), rule.since), _passed(last, frequency)
    begin -= (begin - rule.since) % (length * rule.interval)
    if begin > end:
        return ()
    # Where it is longer than the time asked about, how much longer is nobody's concern.
    interval = min(rule.interval, (end - begin) // length + 1)
    if in_months:
        start = datetime(begin // 12, begin % 12 + 1, 1)  # noqa: DTZ001
    else:  # the first week of all may have begun before
        start = datetime.combine(date.fromordinal(max(begin // 24, 1)), time(begin % 24))
    months = _passed(last, MONTHLY) - _passed(start, MONTHLY)
    looks = {YEARLY: 366, HOURLY: 31 * 24}.get(frequency, 31)
    if in_months:
        months //= length * interval
    else:
        looks += length * interval // (31 * 24)  # months that are passed over, one by one
    cost = looks * (1 + sum(map(len, rule.by.values())) // _A_LOOK)
    wanted = {"freq": frequency, "interval": interval, "wkst": rule.week_begins, **rule.by}
    try:
        return _Walk(months, cost, spend, dtstart=start, **wanted)
    except ValueError:  # it is seen that no hour is ever right
        return ()


def _passed(moment: datetime, frequency: int) -> int:
    """Months until then, or hours for what repeats by the week or more often."""
    if frequency < WEEKLY:
        return 12 * moment.year + moment.month - 1
    return 24 * moment.toordinal() + moment.hour
