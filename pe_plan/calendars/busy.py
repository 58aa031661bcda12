"""When the events of other calendars take time. Nothing else of them is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.calendars.limits import MOST_EVENTS, BrokenError, Steps, TooMuchError
from pe_plan.calendars.reading import (
    Part,
    Reading,
    by_uid,
    events,
    latest,
    line_numbers,
    place,
    read,
    repeats,
)
from pe_plan.calendars.times import horizon, span
from pe_plan.calendars.zones import Zones
from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.model import Stretch, merged

SHOWN = 10  # broken events that one message tells of
_SHOWN_AS, _ALL_DAY = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"  # of Outlook
_NAMES = ("TRANSP", _SHOWN_AS, _ALL_DAY)
_CUT_OFF = "has no end; the file may be cut off"
_SMALLER = "export fewer years, or leave this calendar out"
_NONE = "there is no calendar among what you named; is it the right path?"
_LENIENT = "mend it, or leave broken events out with --lenient"


class Asked(Struct, frozen=True):
    """What is asked of calendars: the days from `first` to `last` (included) in the learner's
    `zone`. The uids in `own` are never busy. `margin` widens events that last no whole days by so
    many minutes on both sides; `ignore_all_day` passes over the others, `lenient` over broken ones.
    """

    first: date
    last: date
    zone: ZoneInfo
    own: frozenset[str]
    margin: int
    ignore_all_day: bool
    lenient: bool


class Taken(Struct, frozen=True):
    """The times that are taken: whole minutes in UTC, in order and apart. `left_out` says of each
    broken event that was passed over where it stands and what is wrong with it."""

    stretches: tuple[tuple[datetime, datetime], ...]
    left_out: tuple[str, ...]


def taken(texts: Sequence[tuple[str, bytes]], asked: Asked) -> Taken:
    """The busy times of calendar files, each with the name that messages call it by.

    Raises PePlanError with every broken event, unless those are passed over; and, whether or not,
    where there is no calendar at all, or more to read than `limits` allows.
    """
    reader = _Reader(asked)
    for name, data in texts:
        reader.read(name, data)
    if reader.broken and not (asked.lenient and reader.calendars):
        hint = _NONE if asked.lenient else _LENIENT
        raise PePlanError(Exit.BAD_INPUT, _told(reader.broken, hint))
    return Taken(
        stretches=merged(reader.stretches),
        left_out=tuple(f"{printable(each.where, 1_000)}: {each.what}" for each in reader.broken),
    )


def _told(broken: Sequence[Problem], hint: str) -> list[Problem]:
    """The first few, and how many more there are; what to do about them is said once."""
    told = list(broken[:SHOWN])
    if (more := len(broken) - SHOWN) > 0:
        told.append(Problem(where="calendars", what=f"and {more:,} more like these"))
    return [*told[:-1], replace(told[-1], hint=hint)]


class _Reader:
    """Reads one file after another, noting the stretches that are taken and what is broken."""

    def __init__(self, asked: Asked) -> None:
        self.stretches: list[Stretch] = []
        self.broken: list[Problem] = []
        self.calendars = 0
        self._asked = asked
        self._horizon = horizon(asked.first, asked.last, asked.zone, asked.margin)
        self._steps = Steps()
        self._events = 0
        self._wrong: list[tuple[Part | None, str]] = []

    def read(self, name: str, data: bytes) -> None:
        """Read the file of that name."""
        self._wrong = []
        try:
            with self._noting(None):
                self._calendars(read(data, _NAMES))
        except TooMuchError as error:
            raise PePlanError(
                Exit.BAD_INPUT, [Problem(where=name, what=str(error), hint=_SMALLER)]
            ) from None
        self.broken += _problems(name, data, self._wrong)

    @contextmanager
    def _noting(self, part: Part | None) -> Iterator[None]:
        self._steps.begin()
        try:
            yield
        except TooMuchError:
            raise
        except BrokenError as error:
            self._wrong.append((part, str(error)))

    def _calendars(self, reading: Reading) -> None:
        self.calendars += len(reading.calendars)
        for calendar in reading.calendars:
            inside = [part for part in events(calendar) if part.uid not in self._asked.own]
            self._events += len(inside)
            if self._events > MOST_EVENTS:
                raise TooMuchError(f"holds, with the files before it, over {MOST_EVENTS:,} events")
            zones = Zones(calendar, self._asked.zone, self._horizon.high.year, self._steps.spend)
            for series in by_uid(inside):
                self._series(series, zones)
        self._wrong += ((part, _CUT_OFF) for part in reading.cut_off)

    def _series(self, parts: Sequence[Part], zones: Zones) -> None:
        """Events of one uid: those that stand in for a time of another, and the latest of others,
        of which a careless writer makes several."""
        others = latest([part for part in parts if "RECURRENCE-ID" not in part.properties])
        changes = [part for part in parts if "RECURRENCE-ID" in part.properties]
        if changes or any(map(repeats, others)):
            self._repeated(others, changes, zones)
            return
        for part in filter(_takes_time, others):
            with self._noting(part):
                self._take(*span(part, zones), part)

    def _repeated(self, others: Sequence[Part], changes: Sequence[Part], zones: Zones) -> None:
        from pe_plan.calendars.series import Member, member, times

        known: list[Member] = []
        for part in (*others, *changes):
            with self._noting(part):
                known.append(member(part, zones, self._steps.spend))
        changing = [each for each in known if each.replaces is not None]
        groups = [[each, *changing] for each in known if each.replaces is None] or [changing]
        taking = {each.part.line for each in known if _takes_time(each.part)}
        for group in filter(None, groups):
            with self._noting(group[0].part):
                for start, end, part in times(group, self._horizon, self._steps.spend):
                    if part.line in taking:
                        self._take(start, end, part)

    def _take(self, start: date, end: date, part: Part) -> None:
        whole_days = not isinstance(start, datetime) or part.word(_ALL_DAY).upper() == "TRUE"
        if whole_days and self._asked.ignore_all_day:
            return
        stretch = self._horizon.stretch(start, end, widened=not whole_days)
        if stretch:
            self.stretches.append(stretch)


def _takes_time(part: Part) -> bool:
    """Whether the event's time is marked as taken, surely or perhaps."""
    return (
        part.word("TRANSP").upper() != "TRANSPARENT"
        and part.word("STATUS").upper() != "CANCELLED"
        and part.word(_SHOWN_AS).upper() != "FREE"
    )


def _problems(name: str, data: bytes, wrong: Sequence[tuple[Part | None, str]]) -> list[Problem]:
    """What is wrong in the file of that name, with the place of each."""
    numbers = line_numbers(data, (part.line for part, _ in wrong if part and not part.uid))
    return [
        Problem(where=f"{name}: {place(part, numbers)}" if part else name, what=what)
        for part, what in wrong
    ]
