"""Calendars that have been read wrongly before, by this or other programs."""

from __future__ import annotations

from tests.support_calendars import calendar, described, event, timed

WEEKLY = "RRULE:FREQ=WEEKLY"
AWKWARD = {
    "weekly, one left out": calendar(
        timed(
            "20250106T100000",
            "20250106T113000",
            WEEKLY,
            "EXDATE;TZID=Europe/Berlin:20260112T100000",
        )
    ),
    "left out in UTC": calendar(
        timed(
            "20250106T100000", "20250106T113000", WEEKLY, "EXDATE:20260112T090000Z,20260706T080000Z"
        )
    ),
    "left out by its day": calendar(
        timed("20250106T100000", "20250106T113000", WEEKLY, "EXDATE;VALUE=DATE:20260112")
    ),
    "one moved": calendar(
        timed("20250106T100000", "20250106T110000", WEEKLY, uid="w"),
        timed(
            "20260114T170000",
            "20260114T190000",
            "RECURRENCE-ID;TZID=Europe/Berlin:20260112T100000",
            uid="w",
        ),
    ),
    "one moved into the time asked about": calendar(
        timed("20200106T100000", "20200106T110000", WEEKLY + ";UNTIL=20210101T000000Z", uid="w"),
        timed("20260114T170000", "", "DURATION:PT2H", "RECURRENCE-ID:20200113T090000Z", uid="w"),
    ),
    "one cancelled": calendar(
        timed("20250106T100000", "20250106T110000", WEEKLY, uid="w"),
        timed(
            "20260112T100000",
            "20260112T110000",
            "RECURRENCE-ID;TZID=Europe/Berlin:20260112T100000",
            "STATUS:CANCELLED",
            uid="w",
        ),
    ),
    "moved from one on": calendar(
        timed("20250106T100000", "20250106T110000", WEEKLY, uid="w"),
        timed(
            "20260113T180000",
            "20260113T190000",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260112T100000",
            uid="w",
        ),
    ),
    "moved from one on, into the time asked about": calendar(
        timed("20251117T100000", "20251117T110000", f"{WEEKLY};UNTIL=20251222T120000Z", uid="w"),
        timed(
            "20260110T180000",
            "20260110T190000",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20251201T100000",
            uid="w",
        ),
    ),
    "an exception whose series is elsewhere": calendar(
        timed("20260113T180000", "20260113T190000", "RECURRENCE-ID:20260112T090000Z")
    ),
    "an older version beside the newer": calendar(
        timed("20260112T100000", "20260112T110000", "SEQUENCE:1", uid="v"),
        timed("20260113T100000", "20260113T110000", "SEQUENCE:2", uid="v"),
    ),
    "the last friday": calendar(
        timed("20200131T160000", "20200131T170000", "RRULE:FREQ=MONTHLY;BYDAY=-1FR")
    ),
    "the 31st": calendar(timed("20200131T160000", "20200131T170000", "RRULE:FREQ=MONTHLY")),
    "the last working day": calendar(
        timed(
            "20200131T160000",
            "20200131T170000",
            "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        )
    ),
    "yearly": calendar(timed("19700606T160000", "19700606T170000", "RRULE:FREQ=YEARLY")),
    "a birthday in a leap year": calendar(
        event("DTSTART;VALUE=DATE:19720229", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1")
    ),
    "every other week, seven times": calendar(
        timed(
            "20251201T160000", "20251201T170000", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=7;BYDAY=MO,TH"
        )
    ),
    "every other week, which begins on sunday": calendar(
        timed(
            "20251202T160000",
            "20251202T170000",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        )
    ),
    "every working day at night, over both switches": calendar(
        timed("20250101T013000", "20250101T043000", "RRULE:FREQ=DAILY;BYDAY=SA,SU,MO")
    ),
    "hourly": calendar(
        timed(
            "20251231T080000",
            "20251231T081500",
            "RRULE:FREQ=HOURLY;INTERVAL=5;UNTIL=20260301T000000Z",
        )
    ),
    "until before it begins": calendar(
        timed("20260112T160000", "20260112T170000", "RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z")
    ),
    "begins beside its rule": calendar(
        timed("20260113T160000", "20260113T170000", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=3")
    ),
    "two rules": calendar(
        timed(
            "20260112T160000", "20260112T170000", WEEKLY + ";COUNT=3", "RRULE:FREQ=MONTHLY;COUNT=3"
        )
    ),
    "all day": calendar(event("DTSTART;VALUE=DATE:20260112", "DTEND;VALUE=DATE:20260113")),
    "all day without an end": calendar(event("DTSTART;VALUE=DATE:20260112")),
    "days over a switch": calendar(
        event("DTSTART;VALUE=DATE:20260327", "DTEND;VALUE=DATE:20260331"),
        event("DTSTART;VALUE=DATE:20261024", "DURATION:P3D", uid="b"),
    ),
    "days over and over": calendar(
        event(
            *("DTSTART;VALUE=DATE:20200104", "DTEND;VALUE=DATE:20200106", WEEKLY),
            *("EXDATE;VALUE=DATE:20260110", "RDATE;VALUE=DATE:20260113"),
        )
    ),
    "longer than the time asked about": calendar(
        timed("20200112T160000", "20350112T160000"), event("DTSTART;VALUE=DATE:20250112")
    ),
    "more dates": calendar(
        timed(
            "20260112T160000",
            "20260112T170000",
            "RDATE;TZID=Europe/Berlin:20260114T160000,20260115T090000",
        )
    ),
    "periods": calendar(
        timed(
            "20260112T160000",
            "20260112T170000",
            "RDATE;VALUE=PERIOD:20260114T160000Z/PT3H,20260329T000000Z/20260329T020000Z",
        )
    ),
    "no end": calendar(timed("20260112T160000")),
    "a length": calendar(
        timed("20260112T160000", "", "DURATION:PT90M"),
        timed("20260328T160000", "", "DURATION:P1D", uid="d"),
        timed("20260328T170000", "", "DURATION:PT24H", uid="h"),
    ),
    "no time at all": calendar(timed("20260112T160000", "20260112T160000")),
    "over midnight and a switch": calendar(timed("20260328T230000", "20260329T060000", WEEKLY)),
    "in the hour that the clocks leave out": calendar(timed("20260329T021500", "20260329T034500")),
    "two zones": calendar(
        event(
            "DTSTART;TZID=America/New_York:20260310T200000",
            "DTEND;TZID=Europe/Berlin:20260311T080000",
        )
    ),
    "weekly by another clock": calendar(
        timed("20250106T100000", "20250106T110000", WEEKLY, zone="America/New_York")
    ),
    "floating": calendar(event("DTSTART:20260710T100000", "DTEND:20260710T110000", WEEKLY)),
    "floating in a calendar with a zone": calendar(
        event("DTSTART:20260710T100000", "DTEND:20260710T110000", WEEKLY),
        head=("X-WR-TIMEZONE:America/New_York",),
    ),
    "google": calendar(
        event("DTSTART:20260112T090000Z", "DTEND:20260112T100000Z", uid="1"),
        event("DTSTART:20250106T090000Z", "DTEND:20250106T100000Z", WEEKLY, uid="2"),
        event(
            "DTSTART;VALUE=DATE:20260116",
            "DTEND;VALUE=DATE:20260117",
            "TRANSP:TRANSPARENT",
            uid="3",
        ),
        head=("X-WR-CALNAME:Me", "X-WR-TIMEZONE:Europe/Berlin"),
    ),
    "a name of Windows": calendar(
        timed("20260710T100000", "20260710T110000", WEEKLY, zone="Pacific Standard Time")
    ),
    "a name of Windows, described": calendar(
        described("W. Europe Standard Time"),
        timed("20260710T100000", "20260710T110000", WEEKLY, zone="W. Europe Standard Time"),
    ),
    "an odd name, described": calendar(
        described("Home 7 wide", "-0330", "-0230"),
        timed("20260320T100000", "20260320T110000", WEEKLY, zone="Home 7 wide"),
    ),
    "a name with a path": calendar(
        described("/example.org/2026/Europe/Berlin"),
        timed("20260320T100000", "20260320T110000", WEEKLY, zone="/example.org/2026/Europe/Berlin"),
    ),
    "shown as free": calendar(
        timed("20260112T100000", "20260112T110000", "TRANSP:TRANSPARENT", uid="1"),
        timed("20260113T100000", "20260113T110000", "STATUS:CANCELLED", uid="2"),
        timed("20260114T100000", "20260114T110000", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", uid="3"),
        timed("20260115T100000", "20260115T110000", "STATUS:TENTATIVE", "TRANSP:OPAQUE", uid="4"),
        timed("20260116T100000", "20260116T110000", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", uid="5"),
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
