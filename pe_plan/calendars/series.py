"""Events that repeat, and those that stand in for one of their times.

The times of rules are worked out by `rules`, within bounds, and handed to recurring_ical_events as
dates: it knows which of them are excluded, moved or replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes
from recurring_ical_events import (  # type: ignore[import-untyped]
    CalendarQuery,
    ComponentsWithName,
    EventAdapter,
)

from pe_plan.calendars.reading import MOST_DATES, BrokenError, Part, Spend
from pe_plan.calendars.rules import Rule, read_rule, starts, wall
from pe_plan.calendars.times import DAY, Zones, duration, moment, span, time_of

_LONGEST = timedelta(days=366)  # an event that repeats, and a move of all that follow
_OF_A_TIME = 20  # steps that it costs to hand a time on
_OF_A_DATE = 5  # and to read one that is named

Period = tuple[date, date | timedelta]


class Member:
    """An event of a series as it is written: its own time, and either what it `replaces` (and all
    that `follow`) or what makes it repeat. `reach` is how far from a time of its series, at most,
    what follows from that may end.

    Raises BrokenError for what cannot be read, and for what is longer than a year.
    """

    def __init__(self, part: Part, zones: Zones, spend: Spend) -> None:
        self.part = part
        self.start, self.end = span(part, zones)
        self.replaces = time_of(part, "RECURRENCE-ID", "place in its series", zones)
        self.follow = False
        self.rules: list[Rule] = []
        self.dates: list[date | Period] = []
        self.excluded: list[date] = []
        lengths = [self.end - self.start]
        if self.replaces is None:
            self.rules += (read_rule(text, self.start) for _, text in part.all_written("RRULE"))
            self.dates += _dates(part, "RDATE", zones, spend)
            excluded = _dates(part, "EXDATE", zones, spend)
            self.excluded += (each[0] if isinstance(each, tuple) else each for each in excluded)
            for start, end in (each for each in self.dates if isinstance(each, tuple)):
                lengths.append(end if isinstance(end, timedelta) else end - start)
        elif place := part.written("RECURRENCE-ID"):
            self.follow = place[0].get("RANGE", "").upper() == "THISANDFUTURE"
            lengths.append(abs(wall(self.start) - wall(self.replaces)) + 2 * DAY)
        self.reach = max(lengths) if self.rules or self.dates or self.follow else timedelta()
        if self.reach > _LONGEST:
            raise BrokenError("repeats, and lasts or is moved by more than a year")


def _dates(part: Part, name: str, zones: Zones, spend: Spend) -> Iterator[date | Period]:
    count = 0
    for parameters, text in part.all_written(name):
        each = text.split(",", MOST_DATES) if text else []
        count += len(each)
        if count > MOST_DATES:
            raise BrokenError(f"names more than {MOST_DATES:,} dates ({name})")
        spend(_OF_A_DATE * len(each))
        for written in each:
            start, slash, end = written.strip().partition("/")
            begins = moment(parameters, start, zones)
            if not slash:
                yield begins
            elif end.upper().lstrip("+-").startswith("P"):
                yield begins, duration(end)
            else:
                ends = moment(parameters, end, zones)
                if isinstance(begins, datetime) != isinstance(ends, datetime) or ends < begins:
                    raise BrokenError("one of its dates (RDATE) ends before it starts")
                yield begins, ends


class _Adapter(EventAdapter):  # type: ignore[misc]
    """The library would copy the whole event for each of its times."""

    def as_component(self, start: date, stop: date, _: bool) -> dict[str, Any]:  # noqa: FBT001
        return {"START": start, "END": stop, "PART": self._component["PART"]}


_SELECTED = ComponentsWithName("VEVENT", adapter=_Adapter)


def times(
    members: Sequence[Member], low: datetime, high: datetime, spend: Spend
) -> Iterator[tuple[date, date, Part]]:
    """When the events of one series begin and end, and which of them it is, wherever that touches
    the time from `low` to `high` (UTC). Of those that say when it repeats at most one may be among
    them."""
    around = max(each.reach for each in members) + 3 * DAY
    changes = [each for each in members if each.replaces is not None]
    # Each time is asked about each of these: has it moved this one, too?
    asked = sum(each.follow or "RRULE" in each.part.properties for each in changes)
    spend(_OF_A_TIME * len(changes))
    calendar = Calendar()
    try:
        for each in members:
            zone = each.start.tzinfo if isinstance(each.start, datetime) else None
            dates = list(each.dates)
            for rule in each.rules:
                found = starts(rule, wall(low) - around, wall(high) + around, spend)
                dates += (at.replace(tzinfo=zone) if zone else at.date() for at in found)
            spend(len(dates) * (_OF_A_TIME + asked))
            calendar.add_component(_component(each, dates))
        query = CalendarQuery(calendar, components=[_SELECTED])
        for time in query.between(low - around, high + around):
            yield time["START"], time["END"], time["PART"]
    except (ValueError, TypeError, ArithmeticError):
        raise BrokenError("repeats in a way that cannot be worked out") from None


def _component(each: Member, dates: list[date | Period]) -> Event:
    component = Event(UID="1", PART=each.part)
    component["DTSTART"], component["DTEND"] = vDDDTypes(each.start), vDDDTypes(each.end)
    component["SEQUENCE"] = each.part.sequence
    if each.replaces is None:
        # The start is the first time, whether or not the rules have it, unless all ended before it.
        over = each.rules and all(rule.until < rule.begin for rule in each.rules)
        component["RDATE"] = vDDDLists(dates)
        component["EXDATE"] = vDDDLists([*each.excluded, *([each.start] if over else [])])
        return component
    component["RECURRENCE-ID"] = replaced = vDDDTypes(each.replaces)
    if each.follow:
        replaced.params["RANGE"] = "THISANDFUTURE"
    if "RRULE" in each.part.properties:
        component["RRULE"] = []  # that there is one is all that counts
    return component
