"""The lines of a calendar file as a tree of parts, and how much is read, whoever wrote it. Of an
event nothing is taken up but what was asked for, so that a title that nobody needs never leaves its
line. Work is counted before it is done, so that the worst file ends as soon as a long one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
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

_TIMES = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS")
_OF_THE_FILE = ("BEGIN", "END", "X-WR-TIMEZONE", "TZID", "TZOFFSETFROM", "TZOFFSETTO")
_REPEATING = ("RRULE", "RDATE", "EXDATE")
_KEPT = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"}
_DIGITS = 20  # of a SEQUENCE; some write a moment there
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_START = re.compile(rb"\n(?![ \t])")
_PARAMETERS = re.compile(rb'(?:[^":]|"[^"]*")*+:')
_PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"|[^;:"]*)')

Spend = Callable[[int], None]
Written = tuple[Mapping[str, str], str]  # parameters (upper case names) and value of a property


class BrokenError(ValueError):
    """What is wrong with an event, or with a whole file, as words that follow its name."""


class TooMuchError(BrokenError):
    """More than is read, even where broken events are passed over."""


class Steps:
    """The work that may still be done: for a whole reading, and for the event at hand."""

    def __init__(self) -> None:
        self._left = MOST_STEPS
        self.begin()

    def begin(self) -> None:
        """From now on the next event pays."""
        self._left_of_one = MOST_STEPS_OF_ONE

    def spend(self, steps: int) -> None:
        """Take so many. Raises BrokenError where the event has none left, TooMuchError where the
        reading has none."""
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
        given = self.properties.get(name)
        return _split(name, given[0], LONGEST_VALUE) if given else None

    def all_written(self, name: str) -> Iterator[Written]:
        """The same for each time that the property comes, as long as it may be."""
        return (_split(name, given, len(given)) for given in self.properties.get(name, ()))

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


def _split(name: str, given: bytes, most: int) -> Written:
    if len(given) <= most and given.startswith(b":"):
        return {}, _text(given[1:])
    head = _PARAMETERS.match(given, 0, LONGEST_VALUE)
    if len(given) > most or head is None:
        raise BrokenError(f"its {name} cannot be read")
    return _parameters(head[0]), _text(given[head.end() :])


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
    stack = _tree(text, _wanted((*_TIMES, *_REPEATING, *_OF_THE_FILE, *names)))
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
        self.steps = Steps()
        self.calendars = 0
        self.broken: list[Problem] = []
        self._names = names
        self._wrong: list[tuple[Part | None, str]] = []

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
        """Note what is wrong with a part of the file that is read, and go on after it."""
        self.steps.begin()
        try:
            yield
        except TooMuchError:
            raise
        except BrokenError as error:
            self._wrong.append((part, str(error)))


def _places(data: bytes, parts: Iterable[Part]) -> Mapping[int, str]:
    """Which parts of a file are meant, by their lines: an event by its UID, another by the number
    of its line there (1 is the first)."""
    data = _bytes(data)
    starts = chain([0], (found.end() for found in _LINE_START.finditer(data)))
    names: dict[int, str] = {}
    at, number, passed = 0, 1, -1
    for part in sorted(parts, key=lambda part: part.line):
        if part.uid:
            names[part.line] = f"event {printable(part.uid)}"
        elif part.line > passed:
            start = next(islice(starts, part.line - passed - 1, None))
            number += data.count(b"\n", at, start)
            at, passed = start, part.line
            names[part.line] = f"line {number}"
    return names


def _bytes(data: bytes) -> bytes:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


@lru_cache(8)
def _wanted(names: tuple[str, ...]) -> re.Pattern[bytes]:
    # A fixed first character lets the search pass over all other lines at once.
    choice = "|".join(map(re.escape, names))
    return re.compile(rf"\n(?i:({choice}))[ \t]*([;:][^\n]*)".encode("ascii"))


def _tree(text: bytes, wanted: re.Pattern[bytes]) -> list[Part]:
    """Everything between BEGIN and END, and behind it what was still open at the end of the
    file."""
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
            _close(stack, kind)
            continue
        line, at = line + text.count(b"\n", at, found.start()), found.start()
        stack.append(Part(kind=kind, line=line))
        count += kind == "VEVENT"
        if len(stack) > DEEPEST:
            raise TooMuchError(f"holds parts inside parts, more than {DEEPEST} deep")
        if count > MOST_EVENTS:
            raise TooMuchError(f"holds more than {MOST_EVENTS:,} events")
    return stack


def _close(stack: list[Part], kind: str) -> None:
    """End the innermost part of that kind, and those in it that had no end of their own."""
    if any(part.kind == kind for part in stack[1:]):
        while True:
            part = stack.pop()
            if part.kind in _KEPT:
                stack[-1].parts.append(part)
            if part.kind == kind:
                return
