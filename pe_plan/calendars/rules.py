"""How often an event repeats (RRULE of RFC 5545), worked out between two moments and nowhere else.

A rule is walked from the year, month, week or day that holds the first of them to the one that
holds the last: so one that began in the year 1, or that never comes true, costs no more than any
other. dateutil walks every rule from its start on, and one that never comes true to the year 9999.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import product

from msgspec import Struct

from pe_plan.calendars.limits import LONGEST_VALUE, MOST_A_DAY, BrokenError
from pe_plan.calendars.values import day_or_moment, wall
from pe_plan.errors import quoted

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})")
_TOO_OFTEN = {"SECONDLY": "second", "MINUTELY": "minute"}
_EVERY = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY")
_RANGES = {
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYSETPOS": range(1, 367),
    "BYHOUR": range(24),
    "BYMINUTE": range(60),
    "BYSECOND": range(60),
}
_FROM_THE_END = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_NAMES = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_RANGES}
_NEVER = datetime.max  # noqa: DTZ901

Spend = Callable[[int], None]


class Rule(Struct, frozen=True, kw_only=True):
    """A rule that repeats what begins at `begin` (wall clock). Numbers are as in RFC 5545, empty
    where anything goes; `weekdays` holds (n, weekday), n being 0 for all of them; `times` are those
    of a day, and of an hour (its hour being 0) where `frequency` is HOURLY."""

    begin: datetime
    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime = _NEVER
    week_begins: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    hours: frozenset[int] = frozenset()
    times: tuple[time, ...] = (time(),)
    positions: frozenset[int] = frozenset()


def read_rule(text: str, start: date) -> Rule:
    """The rule of an event that starts so. Raises BrokenError for what is none, and for one that
    repeats more often than `MOST_A_DAY`."""
    given = _given(text)
    frequency = given.get("FREQ", "")
    if frequency in _TOO_OFTEN:
        raise BrokenError(f"repeats by the {_TOO_OFTEN[frequency]}; at most by the hour is read")
    if frequency not in _EVERY:
        raise _unreadable(text)
    try:
        return _rule(given, frequency, start)
    except BrokenError:
        raise
    except (ValueError, OverflowError):
        raise _unreadable(text) from None


def _given(text: str) -> Mapping[str, str]:
    given: dict[str, str] = {}
    if len(text) > LONGEST_VALUE:
        raise _unreadable(text)
    for pair in filter(None, (pair.strip() for pair in text.upper().split(";"))):
        name, _, value = pair.partition("=")
        if name not in _NAMES or name in given:
            raise _unreadable(text)
        given[name] = value
    return given


def _unreadable(text: str) -> BrokenError:
    return BrokenError(f"its rule (RRULE) cannot be read: {quoted(text)}")


def _rule(given: Mapping[str, str], frequency: str, start: date) -> Rule:
    numbers = {name: _numbers(name, given[name]) for name in _RANGES if name in given}
    weekdays = _weekdays(given["BYDAY"], frequency) if "BYDAY" in given else frozenset()
    begin = wall(start)
    # What the rule leaves open is taken from the start.
    if not any(name in given for name in _DAYS):
        if frequency == "YEARLY":
            numbers.setdefault("BYMONTH", frozenset({start.month}))
        if frequency in ("YEARLY", "MONTHLY"):
            numbers["BYMONTHDAY"] = frozenset({start.day})
        elif frequency == "WEEKLY":
            weekdays = frozenset({(0, start.weekday())})
    count = int(given.get("COUNT", "-1"))
    return Rule(
        begin=begin,
        frequency=frequency,
        interval=_positive(given.get("INTERVAL", "1")),
        count=None if count < 0 else count,  # some write -1 for "no end"
        until=_until(given["UNTIL"], start) if "UNTIL" in given else _NEVER,
        week_begins=_WEEKDAYS.index(given.get("WKST", "MO")),
        months=numbers.get("BYMONTH", frozenset()),
        month_days=numbers.get("BYMONTHDAY", frozenset()),
        year_days=numbers.get("BYYEARDAY", frozenset()),
        weeks=numbers.get("BYWEEKNO", frozenset()),
        weekdays=weekdays,
        hours=numbers.get("BYHOUR", frozenset()),
        times=_times(numbers, frequency, begin) if isinstance(start, datetime) else (time(),),
        positions=numbers.get("BYSETPOS", frozenset()),
    )


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _numbers(name: str, text: str) -> frozenset[int]:
    numbers = frozenset(map(int, text.split(",")))
    if not all((abs(n) if name in _FROM_THE_END else n) in _RANGES[name] for n in numbers):
        raise ValueError(text)
    return numbers


def _weekdays(text: str, frequency: str) -> frozenset[tuple[int, int]]:
    """(n, weekday) for each; which of them is meant means something in months and years alone."""
    found = [_WEEKDAY.fullmatch(day.strip()) for day in text.split(",")]
    if None in found:
        raise ValueError(text)
    counted = frequency in ("MONTHLY", "YEARLY")
    return frozenset(
        (int(day[1] or 0) if counted else 0, _WEEKDAYS.index(day[2])) for day in found if day
    )


def _times(
    numbers: Mapping[str, frozenset[int]], frequency: str, begin: datetime
) -> tuple[time, ...]:
    hourly = frequency == "HOURLY"
    hours = [0] if hourly else sorted(numbers.get("BYHOUR", {begin.hour}))
    minutes = sorted(numbers.get("BYMINUTE", {begin.minute}))
    seconds = sorted(numbers.get("BYSECOND", {begin.second}))
    a_day = len(hours) * len(minutes) * len(seconds)
    if a_day * (len(numbers.get("BYHOUR", range(24))) if hourly else 1) > MOST_A_DAY:
        raise BrokenError(f"repeats more than {MOST_A_DAY} times a day")
    return tuple(time(*each) for each in product(hours, minutes, seconds))


def _until(text: str, start: date) -> datetime:
    """The last moment, on the wall clock of the start; of a day without a time, its end."""
    until = day_or_moment(text)
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    if not isinstance(start, datetime):
        return datetime.combine(until.date(), time.max)
    if until.tzinfo is None or start.tzinfo is None:
        return until.replace(tzinfo=None)
    try:
        return wall(until.astimezone(start.tzinfo))
    except OverflowError:
        return wall(until)


def starts(rule: Rule, first: datetime, last: datetime, spend: Spend) -> Iterator[datetime]:
    """When it comes true between two moments (both included; all on the wall clock), in order.
    `spend` is told of each day looked at and each time found, and may raise."""
    last = min(last, rule.until)
    origin = rule.begin if rule.count is not None else max(rule.begin, first)
    left = rule.count
    for together in _sets(rule, origin, last, spend):
        spend(len(together))
        for moment in _chosen(rule, together):
            if moment > last or left == 0:
                return
            if moment < rule.begin:
                continue
            left = None if left is None else left - 1
            if moment >= first:
                yield moment


def _chosen(rule: Rule, together: list[datetime]) -> list[datetime]:
    if not rule.positions:
        return together
    size = len(together)
    places = {n - 1 if n > 0 else size + n for n in rule.positions}
    return [together[n] for n in sorted(places) if 0 <= n < size]


def _sets(rule: Rule, origin: datetime, last: datetime, spend: Spend) -> Iterator[list[datetime]]:
    """The moments of each year, month, week, day or hour, from the one that holds `origin` on."""
    for ordinals in _stretches(rule, origin.toordinal(), last.toordinal()):
        spend(len(ordinals))
        days = [day for day in map(date.fromordinal, ordinals) if _holds(rule, day)]
        if rule.frequency != "HOURLY":
            yield [datetime.combine(day, each) for day in days for each in rule.times]
            continue
        for day in days:
            for hour in _hours(rule, day):
                yield [datetime.combine(day, each.replace(hour=hour)) for each in rule.times]


def _hours(rule: Rule, day: date) -> Iterator[int]:
    passed = 24 * (day.toordinal() - rule.begin.toordinal()) - rule.begin.hour
    for hour in sorted(rule.hours) or range(24):
        if (passed + hour) % rule.interval == 0:
            yield hour


def _stretches(rule: Rule, origin: int, last: int) -> Iterator[range]:
    """The days of each year, month, week or day that counts, as ordinals."""
    begin = rule.begin.toordinal()
    match rule.frequency:
        case "YEARLY" | "MONTHLY":
            yield from _months(rule, origin, last)
        case "WEEKLY":
            week = begin - (rule.begin.weekday() - rule.week_begins) % 7
            for day in _steps(week, 7 * rule.interval, origin, last):
                yield range(max(day, 1), min(day + 7, date.max.toordinal() + 1))
        case _:
            step = rule.interval if rule.frequency == "DAILY" else 1
            for day in _steps(begin, step, origin, last):
                yield range(day, day + 1)


def _steps(begin: int, step: int, origin: int, last: int) -> range:
    return range(origin - (origin - begin) % step, last + 1, step)


def _months(rule: Rule, origin: int, last: int) -> Iterator[range]:
    yearly = rule.frequency == "YEARLY"
    begin, low, high = (
        day.year if yearly else 12 * day.year + day.month - 1
        for day in (rule.begin, date.fromordinal(origin), date.fromordinal(last))
    )
    for n in _steps(begin, rule.interval, low, high):
        if yearly:
            inside = sorted(rule.months) or (1, 12)
            yield range(_month(n, inside[0] - 1).start, _month(n, inside[-1] - 1).stop)
        elif not rule.months or n % 12 + 1 in rule.months:
            yield _month(*divmod(n, 12))


def _month(year: int, month: int) -> range:
    first = date(year, month + 1, 1).toordinal()
    return range(first, first + monthrange(year, month + 1)[1])


def _holds(rule: Rule, day: date) -> bool:
    """Whether the rule comes true on a day of a year, month, week or day that counts."""
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or _either(rule.month_days, *_in_month(day)))
        and (not rule.year_days or _either(rule.year_days, *_in_year(day)))
        and (not rule.weeks or _either(rule.weeks, *_week(day, rule.week_begins)))
        and (not rule.weekdays or _on_weekday(rule, day))
    )


def _either(wanted: frozenset[int], place: int, from_the_end: int) -> bool:
    return place in wanted or from_the_end in wanted


def _in_month(day: date) -> tuple[int, int]:
    """Its place in the month, and the same from the end (-1 is the last)."""
    return day.day, day.day - monthrange(day.year, day.month)[1] - 1


def _in_year(day: date) -> tuple[int, int]:
    place = day.timetuple().tm_yday
    return place, place - date(day.year, 12, 31).timetuple().tm_yday - 1


def _week(day: date, begins: int) -> tuple[int, int]:
    """The number of its week, where week 1 is the first with four days, and from the end."""

    def monday(of: int) -> int:
        return of - (of - 1 - begins) % 7

    week = monday(day.toordinal())
    year = date.fromordinal(max(week + 3, 1)).year
    first, next_first = (monday(date(y, 1, 4).toordinal()) for y in (year, year + 1))
    return (week - first) // 7 + 1, (week - next_first) // 7


def _on_weekday(rule: Rule, day: date) -> bool:
    weekday = day.weekday()
    if (0, weekday) in rule.weekdays:
        return True
    in_month = rule.frequency == "MONTHLY" or rule.months
    place, from_the_end = _in_month(day) if in_month else _in_year(day)
    return not rule.weekdays.isdisjoint(
        {((place - 1) // 7 + 1, weekday), (-((-from_the_end - 1) // 7 + 1), weekday)}
    )
