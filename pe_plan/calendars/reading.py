"""The lines of a calendar file as a tree of parts, and how much is read, whoever wrote it. Of an
event nothing is taken up but what was asked for, so that a title that nobody needs never leaves its
line. Work is counted before it is done, so that the worst file ends as soon as a long one."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from itertools import chain, islice

from msgspec import Struct, field

from pe_plan.errors import Problem, printable

MOST_EVENTS = 100_000  # of a reading; 27 a day for ten years
MOST_DATES = 10_000  # that one event or zone names one by one (RDATE, EXDATE)
MOST_LINES = 1_500_000  # of a file that are looked into; an event has about ten
MOST_STEPS = 5_000_000  # of a reading, in days looked at; each takes about a microsecond
MOST_STEPS_OF_ONE = 600_000  # of one event: an hourly one in three years, or a daily one in 800
LONGEST_VALUE = 1_000  # bytes of what stands alone, as a start does
DEEPEST = 50  # parts inside parts; a calendar that means it has four

_REPEATING = ("RRULE", "RDATE", "EXDATE")
_LOOKED_INTO = (
    *("BEGIN", "END", "X-WR-TIMEZONE", "TZID", "TZOFFSETFROM", "TZOFFSETTO", *_REPEATING),
    *("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS"),
)
_KEPT = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"}
_DIGITS = 20  # of a SEQUENCE; some write a moment there
_PARAMETERS = re.compile(rb'(?:[^":]|"[^"]*")*+:')
_PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"|[^;:"]*)')

Spend = Callable[[int], None]
Written = tuple[Mapping[str, str], str]  # parameters (upper case names) and value of a property


class BrokenError(Exception):
    """What is wrong with an event, or with a whole file, as words that follow its name."""


class TooMuchError(Exception):
    """More than is read, even where broken events are passed over."""


class Part(Struct, frozen=True, kw_only=True):
    """What stands between BEGIN and END: its kind, its first line (0 is the first of all, folded
    ones counted as one), its properties as they are written, and the parts in it."""

    kind: str
    line: int
    properties: dict[str, list[bytes]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    @property
    def uid(self) -> str:
        """The event's UID, empty where it has none."""
        return self.word("UID")

    @property
    def sequence(self) -> int:
        """How often its writer says to have changed it, 0 where they do not (SEQUENCE)."""
        text = self.word("SEQUENCE")
        return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0

    @property
    def replaces(self) -> bool:
        """Whether the event stands in for one time of a series."""
        return "RECURRENCE-ID" in self.properties

    @property
    def repeats(self) -> bool:
        """Whether the event says of more than one time that it takes it, or does not."""
        return not self.properties.keys().isdisjoint(_REPEATING)

    def written(self, name: str) -> Written | None:
        """A property, the first if it comes more than once. Raises BrokenError where it is too
        long, or its parameters and its value cannot be told apart."""
        return next(self.all_written(name, LONGEST_VALUE), None)

    def all_written(self, name: str, most: int = sys.maxsize) -> Iterator[Written]:
        """The same for each time that the property comes, as long as it may be."""
        for given in self.properties.get(name, ()):
            head = _PARAMETERS.match(given, 0, LONGEST_VALUE)
            if len(given) > most or head is None:
                raise BrokenError(f"its {name} cannot be read")
            yield _parameters(head[0]), _text(given[head.end() :])

    def dates(self, name: str) -> Iterator[Written]:
        """Each date of a property that may name many. Raises BrokenError for too many."""
        count = 0
        for parameters, text in self.all_written(name):
            dates = text.split(",", MOST_DATES) if text else []
            count += len(dates)
            if count > MOST_DATES:
                raise BrokenError(f"names more than {MOST_DATES:,} dates ({name})")
            yield from ((parameters, each.strip()) for each in dates)

    def word(self, name: str) -> str:
        """The value of a property, empty where there is none; a long one is cut short."""
        given = self.properties.get(name)
        if not given:
            return ""
        head = _PARAMETERS.match(given[0], 0, LONGEST_VALUE)
        return _text(given[0][head.end() if head else 1 :][:LONGEST_VALUE])

    def within(self, kinds: Collection[str]) -> Iterator[Part]:
        """All parts in it, and those in them that are of these kinds, and so on, in order."""
        for inner in self.parts:
            yield inner
            if inner.parts and inner.kind in kinds:
                yield from inner.within(kinds)


@lru_cache(1_024)
def _parameters(head: bytes) -> Mapping[str, str]:
    found = _PARAMETER.findall(_text(head))
    return {name.strip().upper(): value.strip('"').strip() for name, value in found}


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace").strip()


def read(data: bytes, names: tuple[str, ...] = ()) -> tuple[list[Part], list[Part]]:
    """The calendars in a file (of events, the times and the properties `names` besides), and the
    part that had no end when it ended, if there is one. Raises BrokenError for what is no calendar,
    and for one that holds more than is read."""
    text = b"\n" + _bytes(data).replace(b"\r\n", b"\n")
    text = text.replace(b"\n ", b"").replace(b"\n\t", b"")  # one property a line
    if not text.strip(b"\0\n "):
        raise BrokenError("is empty")
    choice = "|".join(map(re.escape, (*_LOOKED_INTO, *names)))
    # A fixed first character lets the search pass over all other lines at once.
    stack = _tree(text, re.compile(rf"\n(?i:({choice}))[ \t]*([;:][^\n]*)".encode("ascii")))
    found = chain(stack[1:], *(part.within(_KEPT) for part in stack))
    if calendars := [part for part in found if part.kind == "VCALENDAR"]:
        return calendars, stack[1:][-1:]
    web = b"<html" in text[:LONGEST_VALUE].lower()
    raise BrokenError("is a web page, not a calendar" if web else "is no calendar")


def events_in(calendar: Part) -> list[Part]:
    """Its events in order; one in which another begins is followed by that one."""
    return [part for part in calendar.within({"VEVENT"}) if part.kind == "VEVENT"]


class Files:
    """Calendar files read one after another: the work that this may take, how many calendars there
    were, and all that is `broken`, with its place. `names` are the properties of events to take up
    besides the times."""

    def __init__(self, *names: str) -> None:
        self.calendars = 0
        self.broken: list[Problem] = []
        self._names, self._wrong = names, list[tuple[Part | None, str]]()
        self._left, self._left_of_one = MOST_STEPS, MOST_STEPS_OF_ONE

    def read(self, name: str, data: bytes) -> Iterator[Part]:
        """The calendars in a file that messages call so. Raises TooMuchError."""
        self._wrong = []
        with self.noting(None):
            calendars, cut_off = read(data, self._names)
            self.calendars += len(calendars)
            yield from calendars
            self._wrong += ((part, "has no end; the file may be cut off") for part in cut_off)
        places = _places(data, [part for part, _ in self._wrong if part])
        for part, what in self._wrong:
            where = f"{name}: {places[part.line]}" if part else name
            self.broken.append(Problem(where=where, what=what))

    @contextmanager
    def noting(self, part: Part | None) -> Iterator[None]:
        """Note what is wrong with a part of the file that is read, and go on after it. What is
        spent meanwhile is spent on that part."""
        self._left_of_one = MOST_STEPS_OF_ONE
        try:
            yield
        except BrokenError as error:
            self._wrong.append((part, str(error)))

    def spend(self, steps: int) -> None:
        """Take so many from the work that may be done. Raises BrokenError where the part at hand
        has none left, TooMuchError where the reading has none."""
        self._left -= steps
        self._left_of_one -= steps
        if self._left < 0:
            raise TooMuchError(
                f"holds events that repeat more often than is read (over {MOST_STEPS:,} steps)"
            )
        if self._left_of_one < 0:
            raise BrokenError(
                f"repeats too often, or began too long ago (over {MOST_STEPS_OF_ONE:,} steps)"
            )


def _places(data: bytes, parts: Iterable[Part]) -> Mapping[int, str]:
    """Which parts of a file are meant, by their lines: an event by its UID, another by the number
    of its line there (1 is the first)."""
    names = {part.line: f"event {printable(part.uid)}" if part.uid else "" for part in parts}
    nameless = {line for line, name in names.items() if not name}
    numbered = enumerate(BytesIO(_bytes(data)), 1)
    begun = (number for number, line in numbered if not line.startswith((b" ", b"\t")))
    for line, number in enumerate(islice(begun, max(nameless, default=-1) + 1)):
        if line in nameless:
            names[line] = f"line {number}"
    return names


def _bytes(data: bytes) -> bytes:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _tree(text: bytes, wanted: re.Pattern[bytes]) -> list[Part]:
    """Everything between BEGIN and END, and behind it what was still open at the end."""
    stack = [Part(kind="", line=0)]
    line = at = count = 0
    for lines, found in enumerate(wanted.finditer(text)):
        name, given = found[1].upper().decode("ascii"), found[2]
        if lines > MOST_LINES:
            raise TooMuchError(f"holds more than {MOST_LINES:,} lines that are looked into")
        if name not in ("BEGIN", "END"):
            stack[-1].properties.setdefault(name, []).append(given)
            continue
        kind = _text(given[1:LONGEST_VALUE]).upper()
        if name == "END":
            # With the innermost of that kind ends what is in it and had no end of its own.
            ends = kind in [part.kind for part in stack[1:]]
            while ends:
                part = stack.pop()
                if part.kind in _KEPT:
                    stack[-1].parts.append(part)
                ends = part.kind != kind
            continue
        line, at = line + text.count(b"\n", at, found.start()), found.start()
        stack.append(Part(kind=kind, line=line))
        count += kind == "VEVENT"
        if len(stack) > DEEPEST:
            raise TooMuchError(f"holds parts inside parts, more than {DEEPEST} deep")
        if count > MOST_EVENTS:
            raise TooMuchError(f"holds more than {MOST_EVENTS:,} events")
    return stack
