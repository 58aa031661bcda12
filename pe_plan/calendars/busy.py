"""When the events of other calendars take time. Nothing else of them is kept.

The times of rules are worked out by `rules`, within bounds, and handed to recurring_ical_events as
dates: it knows which of them are excluded, moved or replaced. It is loaded where something repeats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes
from msgspec import Struct
from msgspec.structs import replace

from pe_plan.calendars.reading import MOST_EVENTS, BrokenError, Files, Part, TooMuchError, events_in
from pe_plan.calendars.rules import Rule, read_rule, starts, wall
from pe_plan.calendars.times import DAY, Zones, duration, moment, span, time_of
from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.model import Profile, Stretch, merged

SHOWN = 10  # broken events that one message tells of
_LAST = date(9990, 1, 1)  # nothing that is asked about comes so near to the end of time
_LONGEST = timedelta(days=366)  # an event that repeats, and a move of all that follow
_OF_A_TIME = 20  # steps that it costs to hand a time on
_OF_A_DATE = 5  # and to read one that is named
_MINUTE = timedelta(minutes=1)
_SHOWN_AS, _ALL_DAY = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"  # of Outlook
_SMALLER = "export fewer years, or leave this calendar out"
_NONE = "there is no calendar among what you named; is it the right path?"
_LENIENT = "mend it, or leave broken events out with --lenient"

Period = tuple[date, date | timedelta]


class Taken(Struct, frozen=True):
    """The times that are taken: whole minutes in UTC, in order and apart. `left_out` says of each
    broken event that was passed over where it stands and what is wrong with it."""

    stretches: tuple[Stretch, ...]
    left_out: tuple[str, ...]


def taken(
    texts: Iterable[tuple[str, bytes]], learner: Profile, own: Collection[str], last: date
) -> Taken:
    """What calendar files, each with the name that messages call it by, take from the learner's
    start to the day `last` (included), by what they said of it. The uids in `own` are never busy.
    Raises PePlanError with every broken event, unless those are passed over (`lenient`); and,
    whether or not, where there is no calendar at all, or more to read than there may be.
    """
    busy = _Busy(learner, own, last)
    for name, data in texts:
        try:
            busy.read(name, data)
        except TooMuchError as error:
            problem = Problem(where=name, what=str(error), hint=_SMALLER)
            raise PePlanError(Exit.BAD_INPUT, [problem]) from None
    broken = busy.files.broken
    if broken and not (learner.lenient and busy.files.calendars):
        told = broken[:SHOWN]
        if (more := len(broken) - SHOWN) > 0:
            told.append(Problem(where="calendars", what=f"and {more:,} more like these"))
        told[-1] = replace(told[-1], hint=_NONE if learner.lenient else _LENIENT)  # said once
        raise PePlanError(Exit.BAD_INPUT, told)
    left_out = tuple(f"{printable(each.where, 1_000)}: {each.what}" for each in broken)
    return Taken(merged(busy.stretches), left_out)


class _Busy:
    """The stretches that files take of the time from `_low` to `_high` (UTC)."""

    def __init__(self, learner: Profile, own: Collection[str], last: date) -> None:
        self.stretches: list[Stretch] = []
        self.files = Files("TRANSP", _SHOWN_AS, _ALL_DAY)
        self._events = 0
        self._own, self._zone, self._ignore_all_day = own, learner.zone, learner.ignore_all_day
        self._margin = learner.busy_margin * _MINUTE
        days = learner.start, min(last, _LAST) + DAY
        moments = (datetime.combine(day, time(), learner.zone) for day in days)
        self._low, self._high = (moment.astimezone(UTC) for moment in moments)

    def read(self, name: str, data: bytes) -> None:
        """Note what the file of that name takes."""
        for calendar in self.files.read(name, data):
            zones = Zones(calendar, self._zone, self._high.year, self.files.spend)
            series = defaultdict[str | int, list[Part]](list)
            for part in events_in(calendar):
                if part.uid not in self._own:
                    self._events += 1
                    # One without a uid has nothing in common with any other.
                    series[part.uid or part.line].append(part)
            if self._events > MOST_EVENTS:
                raise TooMuchError(f"holds, with the files before it, over {MOST_EVENTS:,} events")
            for parts in series.values():
                self._series(parts, zones)

    def _series(self, parts: Sequence[Part], zones: Zones) -> None:
        """Events of one uid: those that stand in for a time of another, and the latest of others,
        of which a careless writer makes several."""
        changes = [part for part in parts if part.replaces]
        others = [part for part in parts if not part.replaces]
        if len(others) > 1:
            newest = max(part.sequence for part in others)
            others = [part for part in others if part.sequence == newest]
        if not changes and not any(part.repeats for part in others):
            for part in filter(_takes_time, others):
                with self.files.noting(part):
                    self._take(*span(part, zones), part)
            return
        known: list[_Member] = []
        for part in (*others, *changes):
            with self.files.noting(part):
                known.append(_Member(part, zones, self.files))
        changing = [each for each in known if each.replaces is not None]
        groups = [[each, *changing] for each in known if each.replaces is None] or [changing]
        for group in filter(None, groups):
            with self.files.noting(group[0].part):
                for start, end, member in self._times(group):
                    if member.takes_time:
                        self._take(start, end, member.part)

    def _times(self, members: Sequence[_Member]) -> Iterator[tuple[date, date, _Member]]:
        """When the events of one series begin and end, and which of them it is, wherever that may
        matter. Of those that say when it repeats at most one may be among them."""
        around = max(each.reach for each in members) + 3 * DAY + self._margin
        low, high = self._low - around, self._high + around
        spend = self.files.spend
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
                    found = starts(rule, wall(low), wall(high), spend)
                    dates += (at.replace(tzinfo=zone) if zone else at.date() for at in found)
                spend(len(dates) * (_OF_A_TIME + asked))
                calendar.add_component(each.with_dates(dates))
            for time in _query()(calendar).between(low, high):
                yield time["START"], time["END"], time["MEMBER"]
        except (ValueError, TypeError, ArithmeticError):
            raise BrokenError("repeats in a way that cannot be worked out") from None

    def _take(self, start: date, end: date, part: Part) -> None:
        """Note the whole minutes, of a timed event with the margin on both sides."""
        whole_days = not isinstance(start, datetime) or part.word(_ALL_DAY).upper() == "TRUE"
        # Inside a gap of the clocks an end may come out before its start.
        begins, ends = sorted((self._utc(start), self._utc(end)))
        if begins == ends or (whole_days and self._ignore_all_day):
            return
        margin = timedelta() if whole_days else self._margin
        low = max(begins.replace(second=0, microsecond=0) - margin, self._low)
        over = (ends.replace(second=0, microsecond=0) - ends) % _MINUTE
        high = min(ends + over + margin, self._high)
        if low < high:
            self.stretches.append((low, high))

    def _utc(self, moment: date) -> datetime:
        """The instant; of what is years away from the time asked about, one that is clear of it."""
        if moment.year < self._low.year - 1:
            return self._low - 2 * DAY
        if moment.year > self._high.year + 1:
            return self._high + 2 * DAY
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), self._zone)
        return moment.astimezone(UTC)


class _Member:
    """An event of a series as it is written: its own time, and either what it `replaces` (and all
    that `follow`) or what makes it repeat. `reach` is how far from a time of its series, at most,
    what follows from that may end: BrokenError is raised where that is more than a year."""

    def __init__(self, part: Part, zones: Zones, files: Files) -> None:
        self.part, self.takes_time = part, _takes_time(part)
        self.start, self.end = span(part, zones)
        self.replaces = time_of(part, "RECURRENCE-ID", "place in its series", zones)
        self.follow = False
        self.rules: list[Rule] = []
        self.dates: list[date | Period] = []
        self.excluded: list[date] = []
        lengths = [self.end - self.start]
        if self.replaces is None:
            self.rules += (read_rule(text, self.start) for _, text in part.all_written("RRULE"))
            self.dates += _dates(part, "RDATE", zones, files)
            excluded = _dates(part, "EXDATE", zones, files)
            self.excluded += (each[0] if isinstance(each, tuple) else each for each in excluded)
            for start, end in (each for each in self.dates if isinstance(each, tuple)):
                lengths.append(end if isinstance(end, timedelta) else end - start)
        elif place := part.written("RECURRENCE-ID"):
            self.follow = place[0].get("RANGE", "").upper() == "THISANDFUTURE"
            lengths.append(abs(wall(self.start) - wall(self.replaces)) + 2 * DAY)
        self.reach = max(lengths) if self.rules or self.dates or self.follow else timedelta()
        if self.reach > _LONGEST:
            raise BrokenError("repeats, and lasts or is moved by more than a year")

    def with_dates(self, dates: list[date | Period]) -> Event:
        """The event in the words of the library, with all the dates on which it repeats."""
        event = Event(UID="1", SEQUENCE=self.part.sequence, MEMBER=self)
        event["DTSTART"], event["DTEND"] = vDDDTypes(self.start), vDDDTypes(self.end)
        if self.replaces is None:
            # The start is the first time, if the rules have it or not, unless all ended before it.
            over = self.rules and all(rule.until < rule.begin for rule in self.rules)
            event["RDATE"] = vDDDLists(dates)
            event["EXDATE"] = vDDDLists([*self.excluded, *([self.start] if over else [])])
            return event
        event["RECURRENCE-ID"] = replaced = vDDDTypes(self.replaces)
        if self.follow:
            replaced.params["RANGE"] = "THISANDFUTURE"
        if "RRULE" in self.part.properties:
            event["RRULE"] = []  # that there is one is all that counts
        return event


def _dates(part: Part, name: str, zones: Zones, files: Files) -> Iterator[date | Period]:
    for parameters, written in part.dates(name):
        files.spend(_OF_A_DATE)
        start, slash, end = written.partition("/")
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


def _takes_time(part: Part) -> bool:
    """Whether the event's time is marked as taken, surely or perhaps."""
    return (
        part.word("TRANSP").upper() != "TRANSPARENT"
        and part.word("STATUS").upper() != "CANCELLED"
        and part.word(_SHOWN_AS).upper() != "FREE"
    )


@cache
def _query() -> Callable[[Calendar], Any]:
    import recurring_ical_events as library  # type: ignore[import-untyped]

    class Adapter(library.EventAdapter):  # type: ignore[misc]
        """The library would copy the whole event for each of its times."""

        def as_component(self, start: date, stop: date, _: bool) -> dict[str, Any]:  # noqa: FBT001
            return {"START": start, "END": stop, "MEMBER": self._component["MEMBER"]}

    events = library.ComponentsWithName("VEVENT", adapter=Adapter)
    return partial(library.CalendarQuery, components=[events])
