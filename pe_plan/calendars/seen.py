"""A plan's own events, read back from calendars."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pe_plan.calendars.limits import BrokenError, Steps
from pe_plan.calendars.reading import Part, events, line_numbers, place, read
from pe_plan.calendars.times import span
from pe_plan.calendars.zones import Zones
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Seen

_NAMES = ("SUMMARY", "LAST-MODIFIED")
_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_ESCAPED = re.compile(r"\\(.)")
_MINUTE = timedelta(minutes=1)
_FAR = 2200  # the year as far as which zones that a calendar describes are followed

_Version = tuple[int, str]


def seen(
    texts: Sequence[tuple[str, bytes]], own: Collection[str], zone: ZoneInfo
) -> tuple[Seen, ...]:
    """The events with those uids in calendar files (each with the name that messages call it by),
    in order of the uid. Of one that is there several times the latest counts: by SEQUENCE, then by
    LAST-MODIFIED, then by its place. Times without a zone are those of the calendar's, else of
    `zone`. What stands in for one time of a series is passed over.

    Raises PePlanError for every file that is no calendar and every such event that is broken: one
    that were passed over would look deleted.
    """
    problems: list[Problem] = []
    found: dict[str, tuple[_Version, Seen]] = {}
    for name, data in texts:
        for version, event in _in_file(name, data, own, zone, problems.append):
            if event.uid not in found or version >= found[event.uid][0]:
                found[event.uid] = version, event
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    return tuple(found[uid][1] for uid in sorted(found))


def _in_file(
    name: str,
    data: bytes,
    own: Collection[str],
    zone: ZoneInfo,
    refuse: Callable[[Problem], None],
) -> Iterator[tuple[_Version, Seen]]:
    steps = Steps()
    try:
        reading = read(data, _NAMES)
    except BrokenError as error:
        refuse(Problem(where=name, what=str(error)))
        return
    for calendar in reading.calendars:
        zones = Zones(calendar, zone, _FAR, steps.spend)
        for part in events(calendar):
            if part.uid not in own or "RECURRENCE-ID" in part.properties:
                continue
            steps.begin()
            try:
                yield (part.sequence, _changed(part)), _seen(part, zones)
            except BrokenError as error:
                refuse(Problem(where=f"{name}: {place(part, {})}", what=str(error)))
    for part in reading.cut_off:
        where = f"{name}: {place(part, line_numbers(data, [part.line]))}"
        refuse(Problem(where=where, what="has no end; the file may be cut off"))


def _seen(part: Part, zones: Zones) -> Seen:
    start, end = span(part, zones)
    cancelled = part.word("STATUS").upper() == "CANCELLED"
    if isinstance(start, datetime) and isinstance(end, datetime):
        try:
            begins, ends = (moment.astimezone(UTC) for moment in (start, end))
        except OverflowError:
            raise BrokenError("is at one end of time") from None
    else:
        begins, ends = None, None
    return Seen(
        uid=part.uid,
        start=begins,
        minutes=max(0, ((ends - begins) if begins and ends else (end - start)) // _MINUTE),
        summary=_ESCAPED.sub(_meant, part.word("SUMMARY")),
        sequence=part.sequence,
        cancelled=cancelled,
    )


def _meant(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]


def _changed(part: Part) -> str:
    """When its writer says to have changed it last, as text that grows; empty where they do not."""
    text = part.word("LAST-MODIFIED")
    return text if _MOMENT.fullmatch(text) else ""
