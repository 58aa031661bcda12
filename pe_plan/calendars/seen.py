"""A plan's own events, read back from calendars."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pe_plan.calendars.reading import BrokenError, Files, Part, TooMuchError, events_in
from pe_plan.calendars.times import Zones, span
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Seen

_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_ESCAPED = re.compile(r"\\(.)")
_FAR = 2200  # the year as far as which zones that a calendar describes are followed


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
    found: dict[str, tuple[tuple[int, str], Seen]] = {}
    for name, data in texts:
        files = Files("SUMMARY", "LAST-MODIFIED")
        try:
            for calendar in files.read(name, data):
                zones = Zones(calendar, zone, _FAR, files.spend)
                for part in events_in(calendar):
                    if part.uid not in own or part.replaces:
                        continue
                    changed = part.word("LAST-MODIFIED")
                    version = part.sequence, changed if _MOMENT.fullmatch(changed) else ""
                    with files.noting(part):
                        event = _seen(part, zones)
                        if event.uid not in found or version >= found[event.uid][0]:
                            found[event.uid] = version, event
        except TooMuchError as error:
            files.broken.append(Problem(where=name, what=str(error)))
        problems += files.broken
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    return tuple(found[uid][1] for uid in sorted(found))


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
