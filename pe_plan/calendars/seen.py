"""A plan's own events as calendars have them, and a folder with a file for each (vdir), which
vdirsyncer and khal work with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.calendars.ics import file_name
from pe_plan.calendars.reading import BrokenError, Files, Part, TooMuchError, events_in, read
from pe_plan.calendars.times import Zones, span
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import SANE, Entry, Seen

_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_ESCAPED = re.compile(r"\\(.)")
_FAR = 2200  # the year as far as which zones that a calendar describes are followed
_UNKNOWN = -1  # the sequence of what cannot be read


def seen(
    texts: Iterable[tuple[str, bytes]], own: Collection[str], zone: ZoneInfo
) -> tuple[Seen, ...]:
    """The events with those uids in calendar files (each with the name that messages call it by),
    in order of the uid. Of one that is there several times the latest counts: by SEQUENCE, then by
    LAST-MODIFIED, then by its place. Times without a zone are those of the calendar's, else of
    `zone`. What stands in for one time of a series is passed over.
    Raises PePlanError for every file that is no calendar and every such event that is broken: one
    that were passed over would look deleted.
    """
    problems: list[Problem] = []
    found: list[tuple[str, int, str, Seen]] = []
    for name, data in texts:
        files = Files("SUMMARY", "LAST-MODIFIED")
        try:
            for calendar in files.read(name, data):
                zones = Zones(calendar, zone, _FAR, files.spend)
                for part in events_in(calendar):
                    if part.uid in own and not part.replaces:
                        written = part.word("LAST-MODIFIED")
                        changed = written if _MOMENT.fullmatch(written) else ""
                        with files.noting(part):
                            found.append((part.uid, part.sequence, changed, _seen(part, zones)))
        except TooMuchError as error:
            files.broken.append(Problem(where=name, what=str(error)))
        problems += files.broken
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    found.sort(key=lambda each: each[:3])
    return tuple({event.uid: event for *_, event in found}.values())


def _seen(part: Part, zones: Zones) -> Seen:
    start, end = span(part, zones)
    begins = None
    if isinstance(start, datetime) and isinstance(end, datetime):
        try:
            begins, end = start.astimezone(UTC), end.astimezone(UTC)
        except OverflowError:
            raise BrokenError("is at one end of time") from None
    title = part.word("SUMMARY")
    return Seen(
        uid=part.uid,
        start=begins,
        minutes=max(0, (end - (begins or start)) // timedelta(minutes=1)),
        summary=_ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], title),
        sequence=part.sequence,
        cancelled=part.word("STATUS").upper() == "CANCELLED",
    )


class Found(Struct, frozen=True, kw_only=True):
    """One of a plan's events as a file has it; `sequence` is -1 where that cannot be read."""

    uid: str
    sequence: int
    content: bytes


def found(name: str, content: bytes, own: Collection[str]) -> Found | None:
    """The event in a file, where it is the only one there and its uid is one of the `own`; any
    file with the name of such an event is taken for it. (vdirsyncer calls what it brings from a
    server otherwise: it does not like the "@" of our uids.)"""
    parts = _parts(content)
    if len(uids := {part.uid for part in parts}) == 1 and not uids.isdisjoint(own):
        sequence = max(part.sequence for part in parts)
        return Found(uid=uids.pop(), sequence=sequence, content=content)
    uid = name.removesuffix(file_name(""))
    return Found(uid=uid, sequence=_UNKNOWN, content=content) if uid in own else None


def outrun(
    ledger: Iterable[Entry], files: Mapping[str, bytes], there: Mapping[str, Found], now: datetime
) -> tuple[Entry, ...]:
    """The ledger with each event that is `there` (by file name) otherwise than in `files` one above
    its highest sequence there as of `now`, where it is not yet: some calendars refuse what is older
    than what they have."""
    highest: dict[str, int] = {}
    for each in there.values():
        content = files.get(file_name(each.uid))
        if content is not None and each.sequence < SANE and not _is_right(each.content, content):
            highest[each.uid] = max(each.sequence, highest.get(each.uid, _UNKNOWN))
    stamp = now.replace(microsecond=0)
    return tuple(
        replace(entry, sequence=highest[entry.uid] + 1, changed=stamp)
        if entry.sequence <= highest.get(entry.uid, _UNKNOWN)
        else entry
        for entry in ledger
    )


def difference(
    files: Mapping[str, bytes], there: Mapping[str, Found]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """What to write and what to delete so that of the plan's events just these `files` are there:
    one that left has none, and one that goes by another name gets its own, since vdirsyncer stops
    where an event stands in two files."""
    right = {n for n, each in there.items() if n in files and _is_right(each.content, files[n])}
    written = {name: content for name, content in files.items() if name not in right}
    return written, tuple(name for name in there if name not in files)


def _is_right(there: bytes, content: bytes) -> bool:
    """Whether a file tells of its event what `content` does: when it is, what it is called, and
    of no earlier state. Servers write in ways of their own, and people make notes: that may stay
    until the event changes."""
    if there == content:
        return True
    told, meant = _told(there), _told(content)
    if told is None or meant is None or told.sequence < meant.sequence:
        return False
    return replace(told, sequence=meant.sequence) == meant


@lru_cache(4_096)
def _told(content: bytes) -> Seen | None:
    """What a file says of the only event in it, None where that is not plain."""
    with suppress(PePlanError, ValueError):  # broken, or one time of a series that is not there
        (part,) = _parts(content)
        if not part.repeats:
            (event,) = seen([("", content)], [part.uid], ZoneInfo("UTC"))
            return event
    return None


def _parts(content: bytes) -> list[Part]:
    """The events in a file, none where it cannot be read."""
    try:
        return [part for calendar in read(content)[0] for part in events_in(calendar)]
    except (BrokenError, TooMuchError):
        return []
