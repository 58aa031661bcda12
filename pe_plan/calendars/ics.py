"""Events as iCalendar files (RFC 5545, RFC 7986) that import cleanly everywhere we know of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import icalendar
from icalendar.prop import vCategory, vDatetime, vDuration, vInt, vText

from pe_plan.calendars.events import one_line
from pe_plan.calendars.ledger import Event, fingerprint
from pe_plan.model import Entry

_MOST_EVENTS = 1_000
_MOST_BYTES = 900_000  # Google refuses a file above 1 MB
_PRODID = "-//pe-plan//pe-plan//EN"
_COLOUR = "steelblue"
_REFRESH = timedelta(hours=12)
_OCTETS = 75  # a line's length without its line break
_CONTINUATION = range(0x80, 0xC0)  # the bytes of UTF-8 that begin no character
_EMPTY = "a calendar without events is invalid"
_END = b"END:VCALENDAR\r\n"


def to_ics(events: Sequence[Event], ledger: Sequence[Entry], *, name: str) -> tuple[bytes, ...]:
    """The calendar `name` as complete iCalendar files: one, or as many as the limits ask.

    `ledger` is what `publish` made of these events; it may hold more. The same arguments give the
    same bytes. Raises ValueError if there are no events (an empty calendar is invalid), and if
    one was never published as it is.
    """
    if not events:
        raise ValueError(_EMPTY)
    entries = {entry.uid: entry for entry in ledger if not entry.removed}
    parts = [_published(event, _entry_of(event, entries)) for event in events]
    return _files(_head(name, ledger), parts)


def removed_ics(entries: Sequence[Entry], *, name: str) -> tuple[bytes, ...]:
    """Complete files that cancel the removed `entries` where that is heeded, and else retitle them.

    Raises ValueError if there are none, or if one of them is not removed.
    """
    if not entries:
        raise ValueError(_EMPTY)
    if not all(entry.removed for entry in entries):
        raise ValueError("only removed events can be cancelled")
    return _files(_head(name, entries), [_serialised(_cancelled(entry)) for entry in entries])


def alone(events: Iterable[Event], ledger: Sequence[Entry]) -> Iterator[bytes]:
    """Each event as a calendar of its own, in which nothing changes unless the event does;
    `ledger` is as for `to_ics`."""
    calendar = icalendar.Calendar()
    calendar["VERSION"] = _Text("2.0")
    calendar["PRODID"] = _Text(_PRODID)
    head = _serialised(calendar).removesuffix(_END)
    entries = {entry.uid: entry for entry in ledger if not entry.removed}
    for event in events:
        yield head + _published(event, _entry_of(event, entries)) + _END


@lru_cache(4_096)  # what changed is written twice: among all events, and on its own
def _published(event: Event, entry: Entry) -> bytes:
    return _serialised(_vevent(event, entry))


def _files(head: bytes, parts: Iterable[bytes]) -> tuple[bytes, ...]:
    room = _MOST_BYTES - len(head) - len(_END)
    return tuple(head + b"".join(group) + _END for group in _groups(parts, room))


class _Text(vText):
    """TEXT as RFC 5545 escapes it; the library's own breaks the line at a literal backslash-N."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        slashes = self.replace("\\", "\\\\")  # first, so that what follows is not escaped twice
        marks = slashes.replace(";", "\\;").replace(",", "\\,")
        return marks.replace("\n", "\\n").encode()


def _entry_of(event: Event, entries: Mapping[str, Entry]) -> Entry:
    entry = entries.get(event.uid)
    if entry is None or entry.fingerprint != fingerprint(event):
        raise ValueError(f"{event.uid} was never published as it is now")
    return entry


def _head(name: str, ledger: Iterable[Entry]) -> bytes:
    """The calendar's own properties, up to where its events begin."""
    calendar = icalendar.Calendar()
    calendar["VERSION"] = _Text("2.0")
    calendar["PRODID"] = _Text(_PRODID)
    calendar["CALSCALE"] = _Text("GREGORIAN")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = _Text(one_line(name))
    calendar["COLOR"] = _Text(_COLOUR)
    calendar["REFRESH-INTERVAL"] = vDuration(_REFRESH, params={"VALUE": "DURATION"})
    calendar["LAST-MODIFIED"] = _utc(max(entry.changed for entry in ledger))
    return _serialised(calendar).removesuffix(_END)


def _vevent(event: Event, entry: Entry) -> icalendar.Event:
    component = _base(entry, event.start, event.minutes, event.summary)
    component["DESCRIPTION"] = _Text(event.description)
    component["TRANSP"] = _Text("TRANSPARENT" if event.transparent else "OPAQUE")
    if event.categories:
        component["CATEGORIES"] = categories = vCategory([])
        categories.cats = [_Text(category) for category in event.categories]
    if event.remind is not None:
        component.add_component(_alarm(event.remind, event.summary))
    return component


def _cancelled(entry: Entry) -> icalendar.Event:
    component = _base(entry, entry.start, entry.minutes, f"[removed] {entry.summary}")
    component["STATUS"] = _Text("CANCELLED")
    component["TRANSP"] = _Text("TRANSPARENT")
    return component


def _base(entry: Entry, start: datetime, minutes: int, summary: str) -> icalendar.Event:
    component = icalendar.Event()
    component["UID"] = _Text(entry.uid)
    component["DTSTAMP"] = component["LAST-MODIFIED"] = _utc(entry.changed)
    component["SEQUENCE"] = vInt(entry.sequence)
    component["DTSTART"] = _utc(start)
    component["DTEND"] = _utc(start + timedelta(minutes=minutes))
    component["SUMMARY"] = _Text(summary)
    return component


def _alarm(minutes: int, text: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm["ACTION"] = _Text("DISPLAY")
    alarm["TRIGGER"] = vDuration(-timedelta(minutes=minutes))
    alarm["DESCRIPTION"] = _Text(text)
    return alarm


def _utc(moment: datetime) -> vDatetime:
    return vDatetime(moment.astimezone(UTC))


def _serialised(component: icalendar.Component) -> bytes:
    lines = component.content_lines()
    return b"".join(_folded(line.encode()) + b"\r\n" for line in lines if line)


def _folded(line: bytes) -> bytes:
    """`line` in rows of at most 75 octets, cut neither inside a character nor inside an escape.

    The library would cut between the two backslashes of an escape.
    """
    rows, at, room = [], 0, _OCTETS
    while len(line) - at > room:
        cut = at + room
        while line[cut] in _CONTINUATION:
            cut -= 1
        row = line[at:cut]
        cut -= (len(row) - len(row.rstrip(b"\\"))) % 2
        rows.append(line[at:cut])
        at, room = cut, _OCTETS - 1  # the space that marks the fold counts
    return b"\r\n ".join([*rows, line[at:]])


def _groups(parts: Iterable[bytes], room: int) -> Iterator[list[bytes]]:
    """`parts` in order, in runs of at most 1,000 and of `room` bytes; a larger one stands alone."""
    group: list[bytes] = []
    size = 0
    for part in parts:
        if group and (len(group) == _MOST_EVENTS or size + len(part) > room):
            yield group
            group, size = [], 0
        group.append(part)
        size += len(part)
    yield group
