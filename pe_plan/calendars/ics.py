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
_OCTETS = 75  # a line's length without its line break
_CONTINUATION = range(0x80, 0xC0)  # the bytes of UTF-8 that begin no character
_END = b"END:VCALENDAR\r\n"


def to_ics(events: Sequence[Event], ledger: Sequence[Entry], *, name: str) -> tuple[bytes, ...]:
    """The calendar `name` as complete iCalendar files: one, or as many as the limits ask.
    `ledger` is what `publish` made of these events; it may hold more. The same arguments give the
    same bytes. Raises ValueError if there are no events (an empty calendar is invalid), and if
    one was never published as it is.
    """
    return _files(name, ledger, list(_published(events, ledger)))


def removed_ics(entries: Sequence[Entry], *, name: str) -> tuple[bytes, ...]:
    """Complete files that cancel the removed `entries` where that is heeded, and else retitle them.
    Raises ValueError if there are none, or if one of them is not removed."""
    if not all(entry.removed for entry in entries):
        raise ValueError("only removed events can be cancelled")
    about = {"STATUS": _Text("CANCELLED"), "TRANSP": _Text("TRANSPARENT")}
    cancelled = (_event(each, f"[removed] {each.summary}", about) for each in entries)
    return _files(name, entries, [_serialised(event) for event in cancelled])


def event_files(events: Sequence[Event], ledger: Sequence[Entry]) -> dict[str, bytes]:
    """File name -> a calendar with that event alone. Nothing in a file changes unless its event
    does. `ledger` is as for `to_ics`."""
    head = _head()
    files = zip(events, _published(events, ledger), strict=True)
    return {file_name(event.uid): head + content + _END for event, content in files}


def file_name(uid: str) -> str:
    """What the file of one event is called."""
    return f"{uid}.ics"


def _published(events: Iterable[Event], ledger: Iterable[Entry]) -> Iterator[bytes]:
    entries = {entry.uid: entry for entry in ledger if not entry.removed}
    for event in events:
        entry = entries.get(event.uid)
        if entry is None or entry.fingerprint != fingerprint(event):
            raise ValueError(f"{event.uid} was never published as it is now")
        yield _vevent(event, entry)


def _files(name: str, ledger: Iterable[Entry], parts: Sequence[bytes]) -> tuple[bytes, ...]:
    """The parts in order, in files within the limits; one that is larger stands alone."""
    if not parts:
        raise ValueError("a calendar without events is invalid")
    about: dict[str, object] = {"CALSCALE": _Text("GREGORIAN"), "COLOR": _Text("steelblue")}
    about["NAME"] = about["X-WR-CALNAME"] = _Text(one_line(name))
    about["REFRESH-INTERVAL"] = vDuration(timedelta(hours=12), params={"VALUE": "DURATION"})
    about["LAST-MODIFIED"] = _utc(max(entry.changed for entry in ledger))
    files = [[_head(**about)]]
    size = around = len(files[0][0]) + len(_END)
    for part in parts:
        if len(files[-1]) > _MOST_EVENTS or (size + len(part) > _MOST_BYTES and size > around):
            files.append(files[0][:1])
            size = around
        files[-1].append(part)
        size += len(part)
    return tuple(b"".join([*file, _END]) for file in files)


class _Text(vText):
    """TEXT as RFC 5545 escapes it; the library's own breaks the line at a literal backslash-N."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        slashes = self.replace("\\", "\\\\")  # first, so that what follows is not escaped twice
        marks = slashes.replace(";", "\\;").replace(",", "\\,")
        return marks.replace("\n", "\\n").encode()


def _head(**about: object) -> bytes:
    """A calendar up to its first event."""
    always = {"VERSION": _Text("2.0"), "PRODID": _Text("-//pe-plan//pe-plan//EN")}
    return _serialised(icalendar.Calendar(always, **about)).removesuffix(_END)


@lru_cache(4_096)  # what changed is written twice: among all events, and on its own
def _vevent(event: Event, entry: Entry) -> bytes:
    free = _Text("TRANSPARENT" if event.transparent else "OPAQUE")
    about = {"DESCRIPTION": _Text(event.description), "TRANSP": free}
    component = _event(entry, event.summary, about)
    if event.categories:
        component["CATEGORIES"] = categories = vCategory([])
        categories.cats = [_Text(category) for category in event.categories]
    if event.remind is not None:
        before = vDuration(-timedelta(minutes=event.remind))
        told = {"ACTION": _Text("DISPLAY"), "DESCRIPTION": _Text(event.summary)}
        component.add_component(icalendar.Alarm(told, TRIGGER=before))
    return _serialised(component)


def _event(entry: Entry, summary: str, about: Mapping[str, vText]) -> icalendar.Event:
    event = icalendar.Event(about, UID=_Text(entry.uid), SUMMARY=_Text(summary))
    event["DTSTAMP"] = event["LAST-MODIFIED"] = _utc(entry.changed)
    event["DTSTART"] = _utc(entry.start)
    event["DTEND"] = _utc(entry.start + timedelta(minutes=entry.minutes))
    event["SEQUENCE"] = vInt(entry.sequence)
    return event


def _utc(moment: datetime) -> vDatetime:
    return vDatetime(moment.astimezone(UTC))


def _serialised(component: icalendar.Component) -> bytes:
    lines = component.content_lines()
    return b"".join(_folded(line.encode()) + b"\r\n" for line in lines if line)


def _folded(line: bytes) -> bytes:
    """`line` in rows of at most 75 octets, cut neither inside a character nor inside an escape: the
    library would cut between the two backslashes of one."""
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
