"""Awkward calendars, and what recurring_ical_events makes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from msgspec.structs import replace

from pe_plan.calendars.busy import Taken, taken
from pe_plan.errors import PePlanError
from tests.support_plan import profile

BERLIN = ZoneInfo("Europe/Berlin")
LEARNER = profile(windows=())
LAST = date(2027, 1, 10)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]


def event(*lines: str, uid: str = "a@example.org", title: str = "Dr. Secret") -> str:
    """An event with these lines; they stand between some that every calendar has."""
    named = [f"UID:{uid}"] if uid else []
    head = ["BEGIN:VEVENT", "DTSTAMP:20250101T000000Z", *named, f"SUMMARY:{title}"]
    return "\r\n".join([*head, *lines, "DESCRIPTION:About it", "END:VEVENT", ""])


def timed(start: str, end: str = "", *more: str, zone: str = "Europe/Berlin", uid: str = "") -> str:
    """An event from one wall clock time to another, such as 20260302T100000."""
    both = [f"DTSTART;TZID={zone}:{start}", *([f"DTEND;TZID={zone}:{end}"] if end else [])]
    return event(*both, *more, uid=uid or f"{start}-{'-'.join(more)[:20]}@example.org")


def calendar(*events: str, head: tuple[str, ...] = ()) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//A//B//EN", *head, ""]
    return ("\r\n".join(lines) + "".join(events) + "END:VCALENDAR\r\n").encode()


def described(name: str, standard: str = "+0100", summer: str = "+0200") -> str:
    """A zone as Outlook describes it, with the switches of the European Union."""
    return "\r\n".join(
        [
            *("BEGIN:VTIMEZONE", f"TZID:{name}"),
            *("BEGIN:STANDARD", "DTSTART:16010101T030000"),
            *(f"TZOFFSETFROM:{summer}", f"TZOFFSETTO:{standard}"),
            *("RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
            *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000"),
            *(f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{summer}"),
            *("RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
            *("END:VTIMEZONE", ""),
        ]
    )


def read(
    *files: bytes, own: frozenset[str] = frozenset(), last: date = LAST, **about: object
) -> Taken:
    """What files take of the time of a learner of whom that is said."""
    texts = [(f"{n}.ics", data) for n, data in enumerate(files)]
    return taken(texts, replace(LEARNER, **about), own, last)


def complaints(*files: bytes, **about: object) -> list[str]:
    """What is said of files that are refused."""
    try:
        read(*files, **about)
    except PePlanError as error:
        return str(error).splitlines()
    raise AssertionError("nothing was refused")


def wall(*stretches: Stretch, zone: ZoneInfo = BERLIN) -> list[str]:
    """Stretches as a learner reads them off the clock."""
    return [
        f"{start.astimezone(zone):%Y-%m-%d %H:%M} {end.astimezone(zone):%Y-%m-%d %H:%M}"
        for start, end in stretches
    ]


def by_library(data: bytes, first: date = LEARNER.start, last: date = LAST) -> tuple[Stretch, ...]:
    """The busy times of a file as recurring_ical_events has them."""
    low, high = (datetime.combine(day, time(), BERLIN) for day in (first, last + DAY))
    found = set()
    for each in icalendar.Calendar.from_ical(data, multiple=True):
        query = recurring_ical_events.of(each)
        for part in query.between(low - 2 * DAY, high + 2 * DAY):
            if not _is_free(part):
                start, end = (_utc(part[name].dt) for name in ("DTSTART", "DTEND"))
                found.add((max(start, low.astimezone(UTC)), min(end, high.astimezone(UTC))))
    return tuple(joined(stretch for stretch in found if stretch[0] < stretch[1]))


def _is_free(part: icalendar.Event) -> bool:
    shown = [part.get(name) for name in ("TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS")]
    return not {"TRANSPARENT", "CANCELLED", "FREE"}.isdisjoint(shown)


def _utc(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time as stretches in order and apart, taken one by one."""
    ordered = sorted(stretches)
    apart: list[Stretch] = []
    while ordered:
        start, end = ordered.pop(0)
        while ordered and ordered[0][0] <= end:
            end = max(end, ordered.pop(0)[1])
        apart.append((start, end))
    return apart


RULES = (
    *("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=WEEKLY;INTERVAL=2;COUNT=200"),
    *(
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY",
        "FREQ=DAILY;UNTIL=20270101T000000Z",
    ),
)


def calls(action: Callable[[], object]) -> int:
    """How many functions are called, those of C among them."""
    count = 0

    def watch(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def decade(plain: int = 9_800, series: int = 200, rules: tuple[str, ...] = RULES) -> bytes:
    """A calendar of ten years around what is asked, as Google writes one."""
    dice = Random(1)
    began = datetime(2019, 1, 1)  # noqa: DTZ001
    parts = []
    for n in range(plain + series):
        start = began + timedelta(minutes=15 * dice.randrange(10 * 365 * 96))
        end = start + timedelta(minutes=15 * dice.randint(1, 12))
        uid = f"{n:026d}@google.com"
        if n < plain:
            when = [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}"]
        else:
            rule = dice.choice(rules)
            when = [f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}"]
            when += [f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}", f"RRULE:{rule}"]
            when += [f"EXDATE;TZID=Europe/Berlin:{start + 7 * DAY:%Y%m%dT%H%M%S}"]
        more = ["CREATED:20250101T000000Z", "LAST-MODIFIED:20250101T000000Z", "SEQUENCE:0"]
        more += [f"LOCATION:Room {n}", "STATUS:CONFIRMED", "TRANSP:OPAQUE"]
        parts.append(event(*when, *more, uid=uid, title=f"Event {n}"))
    return calendar(*parts, head=("X-WR-TIMEZONE:Europe/Berlin",))
