"""Calendars that have been read wrongly before, by this or other programs."""

from __future__ import annotations

from tests.support_calendars import calendar, described, event, timed

WEEKLY = "RRULE:FREQ=WEEKLY"
_MORNING = "20250106T100000 20250106T113000"
_HOUR = "20250106T100000 20250106T110000"
_ONE = "20260112T160000 20260112T170000"
_OLD = "20200131T160000 20200131T170000"
_SUMMER = "20260710T100000 20260710T110000"
_BERLIN = "TZID=Europe/Berlin"

# Events from one wall clock time to another in Berlin, "-" for none; those that stand in for a time
# of another, or are a version of it, have its uid.
_TIMED = {
    "weekly, one left out": f"{_MORNING} {WEEKLY} EXDATE;{_BERLIN}:20260112T100000",
    "left out in UTC": f"{_MORNING} {WEEKLY} EXDATE:20260112T090000Z,20260706T080000Z",
    "left out by its day": f"{_MORNING} {WEEKLY} EXDATE;VALUE=DATE:20260112",
    "one moved": f"{_HOUR} {WEEKLY} | 20260114T170000 20260114T190000 "
    f"RECURRENCE-ID;{_BERLIN}:20260112T100000",
    "one moved into the time asked about": "20200106T100000 20200106T110000 "
    f"{WEEKLY};UNTIL=20210101T000000Z | "
    "20260114T170000 - DURATION:PT2H RECURRENCE-ID:20200113T090000Z",
    "one cancelled": f"{_HOUR} {WEEKLY} | 20260112T100000 20260112T110000 "
    f"RECURRENCE-ID;{_BERLIN}:20260112T100000 STATUS:CANCELLED",
    "moved from one on": f"{_HOUR} {WEEKLY} | 20260113T180000 20260113T190000 "
    f"RECURRENCE-ID;RANGE=THISANDFUTURE;{_BERLIN}:20260112T100000",
    "moved from one on, into the time asked about": "20251117T100000 20251117T110000 "
    f"{WEEKLY};UNTIL=20251222T120000Z | 20260110T180000 20260110T190000 "
    f"RECURRENCE-ID;RANGE=THISANDFUTURE;{_BERLIN}:20251201T100000",
    "an exception whose series is elsewhere": "20260113T180000 20260113T190000 "
    "RECURRENCE-ID:20260112T090000Z",
    "an older version beside the newer": "20260112T100000 20260112T110000 SEQUENCE:1 | "
    "20260113T100000 20260113T110000 SEQUENCE:2",
    "the last friday": f"{_OLD} RRULE:FREQ=MONTHLY;BYDAY=-1FR",
    "the 31st": f"{_OLD} RRULE:FREQ=MONTHLY",
    "the last working day": f"{_OLD} RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "yearly": "19700606T160000 19700606T170000 RRULE:FREQ=YEARLY",
    "every other week, seven times": "20251201T160000 20251201T170000 "
    f"{WEEKLY};INTERVAL=2;COUNT=7;BYDAY=MO,TH",
    "every other week, which begins on sunday": "20251202T160000 20251202T170000 "
    f"{WEEKLY};INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    "every working day at night, over both switches": "20250101T013000 20250101T043000 "
    "RRULE:FREQ=DAILY;BYDAY=SA,SU,MO",
    "hourly": "20251231T080000 20251231T081500 RRULE:FREQ=HOURLY;INTERVAL=5;UNTIL=20260301T000000Z",
    "until before it begins": f"{_ONE} {WEEKLY};UNTIL=20260101T000000Z",
    "begins beside its rule": f"20260113T160000 20260113T170000 {WEEKLY};BYDAY=FR;COUNT=3",
    "two rules": f"{_ONE} {WEEKLY};COUNT=3 RRULE:FREQ=MONTHLY;COUNT=3",
    "longer than the time asked about": "20200112T160000 20350112T160000",
    "more dates": f"{_ONE} RDATE;{_BERLIN}:20260114T160000,20260115T090000",
    "periods": f"{_ONE} RDATE;VALUE=PERIOD:20260114T160000Z/PT3H,20260329T000000Z/20260329T020000Z",
    "no end": "20260112T160000",
    "a length": "20260112T160000 - DURATION:PT90M | 20260328T160000 - DURATION:P1D | "
    "20260328T170000 - DURATION:PT24H",
    "no time at all": "20260112T160000 20260112T160000",
    "over midnight and a switch": f"20260328T230000 20260329T060000 {WEEKLY}",
    "in the hour that the clocks leave out": "20260329T021500 20260329T034500",
    "shown as free": "20260112T100000 20260112T110000 TRANSP:TRANSPARENT | "
    "20260113T100000 20260113T110000 STATUS:CANCELLED | "
    "20260114T100000 20260114T110000 X-MICROSOFT-CDO-BUSYSTATUS:FREE | "
    "20260115T100000 20260115T110000 STATUS:TENTATIVE TRANSP:OPAQUE | "
    "20260116T100000 20260116T110000 X-MICROSOFT-CDO-BUSYSTATUS:OOF",
}
_DAYS = {
    "a birthday in a leap year": "DTSTART:19720229 RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
    "all day": "DTSTART:20260112 DTEND:20260113",
    "all day without an end": "DTSTART:20260112",
    "a day before the time asked about": "DTSTART:20250112",
    "days over a switch": "DTSTART:20260327 DTEND:20260331 | DTSTART:20261024 DURATION:P3D",
    "days over and over": f"DTSTART:20200104 DTEND:20200106 {WEEKLY} EXDATE:20260110 "
    "RDATE:20260113",
}
_FLOATING = event("DTSTART:20260710T100000", "DTEND:20260710T110000", WEEKLY)
_ZONED = {
    "weekly by another clock": ("America/New_York", "20250106T100000 20250106T110000", ()),
    "a name of Windows": ("Pacific Standard Time", _SUMMER, ()),
    "a name of Windows, described": ("W. Europe Standard Time", _SUMMER, ("+0100", "+0200")),
    "an odd name, described": (
        *("Home 7 wide", "20260320T100000 20260320T110000"),
        ("-0330", "-0230"),
    ),
    "a name with a path": (
        *("/example.org/2026/Europe/Berlin", "20260320T100000 20260320T110000"),
        ("+0100", "+0200"),
    ),
}


def _timed(text: str) -> bytes:
    """A calendar with these events."""
    related = "RECURRENCE-ID" in text or "SEQUENCE" in text
    parts = [part.replace(" -", " ").split(" ") for part in text.split(" | ")]
    uids = ["w" if related else str(n) for n in range(len(parts))]
    return calendar(*(timed(*part, uid=uid) for part, uid in zip(parts, uids, strict=True)))


def _days(text: str) -> bytes:
    """The same of whole days."""
    parts = [part.split() for part in text.split(" | ")]
    names = ("DTSTART:", "DTEND:", "EXDATE:", "RDATE:")
    lines = [
        [line.replace(":", ";VALUE=DATE:") if line.startswith(names) else line for line in part]
        for part in parts
    ]
    return calendar(*(event(*part, uid=str(n)) for n, part in enumerate(lines)))


def _zoned(zone: str, span: str, offsets: tuple[str, ...]) -> bytes:
    """A weekly event in a zone, which the calendar describes if it says its offsets."""
    head = [described(zone, *offsets)] if offsets else []
    return calendar(*head, timed(*span.split(), WEEKLY, zone=zone))


AWKWARD = {
    **{name: _timed(text) for name, text in _TIMED.items()},
    **{name: _days(text) for name, text in _DAYS.items()},
    **{name: _zoned(*about) for name, about in _ZONED.items()},
    "two zones": calendar(
        event(
            "DTSTART;TZID=America/New_York:20260310T200000",
            "DTEND;TZID=Europe/Berlin:20260311T080000",
        )
    ),
    "floating": calendar(_FLOATING),
    "floating in a calendar with a zone": calendar(
        _FLOATING, head=("X-WR-TIMEZONE:America/New_York",)
    ),
    "google": calendar(
        event("DTSTART:20260112T090000Z", "DTEND:20260112T100000Z", uid="1"),
        event("DTSTART:20250106T090000Z", "DTEND:20250106T100000Z", WEEKLY, uid="2"),
        event("DTSTART;VALUE=DATE:20260116", "TRANSP:TRANSPARENT", uid="3"),
        head=("X-WR-CALNAME:Me", "X-WR-TIMEZONE:Europe/Berlin"),
    ),
    "several calendars": calendar(timed("20260112T100000", "20260112T110000"))
    + calendar(timed("20260113T100000", "20260113T110000")),
    "other parts": calendar(
        "BEGIN:VTODO\r\nDTSTART:20260112T100000Z\r\nDUE:20260112T110000Z\r\nEND:VTODO\r\n",
        event(
            *("DTSTART:20260113T100000Z", "DTEND:20260113T110000Z"),
            *("BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT5M", "REPEAT:3", "END:VALARM"),
        ),
    ),
}
