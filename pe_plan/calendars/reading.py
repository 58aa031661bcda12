"""The lines of a calendar file as a tree of parts. Of an event nothing is taken up but what was
asked for, so that a title that nobody needs never leaves its line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from msgspec import Struct, field

from pe_plan.calendars.limits import (
    DEEPEST,
    LONGEST_VALUE,
    MOST_EVENTS,
    MOST_LINES,
    BrokenError,
    TooMuchError,
)
from pe_plan.errors import printable

TIMES = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS")
_OF_THE_FILE = ("BEGIN", "END", "X-WR-TIMEZONE", "TZID", "TZOFFSETFROM", "TZOFFSETTO")
_REPEATING = ("RRULE", "RDATE", "EXDATE")
_KEPT = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"}
_DIGITS = 20  # of a SEQUENCE; some write a moment there
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_START = re.compile(rb"\n(?![ \t])")
_PARAMETERS = re.compile(rb'(?:[^":]|"[^"]*")*+:')
_PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"|[^;:"]*)')


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

    def written(self, name: str) -> tuple[Mapping[str, str], str] | None:
        """The parameters and the value of a property, the first if it comes more than once.
        Raises BrokenError where they cannot be told apart."""
        given = self.properties.get(name)
        return split(name, given[0], LONGEST_VALUE) if given else None

    def all_written(self, name: str) -> Iterator[tuple[Mapping[str, str], str]]:
        """The same for each time that the property comes, as long as it may be."""
        return (split(name, given, len(given)) for given in self.properties.get(name, ()))

    def word(self, name: str) -> str:
        """The value of a property, empty where there is none; a long one is cut short."""
        given = self.properties.get(name)
        if not given:
            return ""
        head = _PARAMETERS.match(given[0], 0, LONGEST_VALUE)
        return _text(given[0][head.end() if head else 1 :][:LONGEST_VALUE])


@lru_cache(1_024)
def _parameters(head: bytes) -> Mapping[str, str]:
    found = _PARAMETER.findall(_text(head))
    return {name.strip().upper(): value.strip('"').strip() for name, value in found}


def split(name: str, given: bytes, most: int) -> tuple[Mapping[str, str], str]:
    """Parameters (upper case names) and value of what follows a property's name. Raises BrokenError
    if it is longer than `most` bytes, or has no value."""
    if len(given) <= most and given.startswith(b":"):
        return {}, _text(given[1:])
    head = _PARAMETERS.match(given, 0, LONGEST_VALUE)
    if len(given) > most or head is None:
        raise BrokenError(f"its {name} cannot be read")
    return _parameters(head[0]), _text(given[head.end() :])


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace").strip()


class Reading(Struct, frozen=True, kw_only=True):
    """The calendars of a file, and the part that had no end when it ended, if there is one."""

    calendars: tuple[Part, ...]
    cut_off: tuple[Part, ...]


def read(data: bytes, names: tuple[str, ...] = ()) -> Reading:
    """The calendars in a file: of events, the times and the properties `names` besides. Raises
    BrokenError for what is no calendar, and for one that holds more than is read."""
    text = unfolded(data)
    if not text.strip(b"\0\n "):
        raise BrokenError("is empty")
    root, open_parts = _tree(text, _wanted((*TIMES, *_REPEATING, *_OF_THE_FILE, *names)))
    tops = (root, *open_parts)
    inner = (part for top in tops for part in _walk(top, _KEPT))
    calendars = [part for part in (*open_parts, *inner) if part.kind == "VCALENDAR"]
    if not calendars:
        web = b"<html" in text[:LONGEST_VALUE].lower()
        raise BrokenError("is a web page, not a calendar" if web else "is no calendar")
    return Reading(calendars=tuple(calendars), cut_off=tuple(open_parts[-1:]))


def events(calendar: Part) -> Iterator[Part]:
    """Its events in order; one in which another begins is followed by that one."""
    return (part for part in _walk(calendar, {"VEVENT"}) if part.kind == "VEVENT")


def by_uid(parts: Iterable[Part]) -> Iterable[Sequence[Part]]:
    """The events of each uid; one without has nothing in common with any other."""
    series: dict[str | int, list[Part]] = {}
    for part in parts:
        series.setdefault(part.uid or part.line, []).append(part)
    return series.values()


def latest(parts: Sequence[Part]) -> Sequence[Part]:
    """Those of the highest SEQUENCE: what remains when an event is written several times."""
    if len(parts) < 2:  # noqa: PLR2004
        return parts
    highest = max(part.sequence for part in parts)
    return [part for part in parts if part.sequence == highest]


def repeats(part: Part) -> bool:
    """Whether the event says of more than one time that it takes it, or does not."""
    return not part.properties.keys().isdisjoint(_REPEATING)


def _walk(part: Part, into: Collection[str]) -> Iterator[Part]:
    for inner in part.parts:
        yield inner
        if inner.parts and inner.kind in into:
            yield from _walk(inner, into)


def unfolded(data: bytes) -> bytes:
    """One property a line, after a first empty one."""
    text = b"\n" + _bytes(data).replace(b"\r\n", b"\n")
    return text.replace(b"\n ", b"").replace(b"\n\t", b"")


def _bytes(data: bytes) -> bytes:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def line_numbers(data: bytes, lines: Iterable[int]) -> Mapping[int, int]:
    """The number in the file (1 is the first) of each of those `lines` of parts."""
    numbers: dict[int, int] = {}
    data = _bytes(data)
    starts = _LINE_START.finditer(data)
    at, number, seen = 0, 1, 0
    for line in sorted(set(lines)):
        for start in islice(starts, line - seen - 1, line - seen) if line > seen else ():
            number += data.count(b"\n", at, start.end())
            at = start.end()
        seen = line
        numbers[line] = number
    return numbers


def place(part: Part, numbers: Mapping[int, int]) -> str:
    """Which event is meant: by its UID, else by its line."""
    uid = part.uid
    return f"event {printable(uid)}" if uid else f"line {numbers[part.line]}"


@lru_cache(8)
def _wanted(names: tuple[str, ...]) -> re.Pattern[bytes]:
    # A fixed first character lets the search pass over all other lines at once.
    choice = "|".join(map(re.escape, names))
    return re.compile(rf"\n(?i:({choice}))[ \t]*([;:][^\n]*)".encode("ascii"))


def _tree(text: bytes, wanted: re.Pattern[bytes]) -> tuple[Part, list[Part]]:
    """Everything between BEGIN and END, and what was still open at the end of the file."""
    root = Part(kind="", line=0)
    stack = [root]
    line = at = count = 0
    for lines, found in enumerate(wanted.finditer(text)):
        name, given = found[1].upper().decode("ascii"), found[2]
        if name == "BEGIN":
            line, at = line + text.count(b"\n", at, found.start()), found.start()
            stack.append(Part(kind=_kind(given), line=line))
            count += stack[-1].kind == "VEVENT"
            _check(len(stack), count)
        elif name == "END":
            _close(stack, _kind(given))
        else:
            stack[-1].properties.setdefault(name, []).append(given)
        if lines > MOST_LINES:
            raise TooMuchError(f"holds more than {MOST_LINES:,} lines that are looked into")
    return root, stack[1:]


def _kind(given: bytes) -> str:
    return _text(given[1:LONGEST_VALUE]).upper()


def _check(depth: int, count: int) -> None:
    if depth > DEEPEST:
        raise TooMuchError(f"holds parts inside parts, more than {DEEPEST} deep")
    if count > MOST_EVENTS:
        raise TooMuchError(f"holds more than {MOST_EVENTS:,} events")


def _close(stack: list[Part], kind: str) -> None:
    """End the innermost part of that kind, and those in it that had no end of their own."""
    if all(part.kind != kind for part in stack[1:]):
        return
    while True:
        part = stack.pop()
        if part.kind in _KEPT:
            stack[-1].parts.append(part)
        if part.kind == kind:
            return
