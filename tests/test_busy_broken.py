"""Events that cannot be read: each is told, all at once, or passed over where that was asked."""

from __future__ import annotations

import pytest

from pe_plan.errors import Exit, PePlanError
from tests.support_calendars import calendar, complaints, described, event, read, timed, wall

GOOD = timed("20260112T100000", "20260112T110000", uid="good")
START, END = (
    "DTSTART;TZID=Europe/Berlin:20260112T100000",
    "DTEND;TZID=Europe/Berlin:20260112T110000",
)
HINT = "; mend it, or leave broken events out with --lenient"
BROKEN = {
    (): "has no start (DTSTART)",
    **{
        (f"DTSTART:{when}",): f"its start (DTSTART): '{when}' is no date and no time"
        for when in ("soon", "20261301T100000", "20260229", "P1D")
    },
    ('DTSTART;X="a:20260112T100000',): "its DTSTART cannot be read",
    (START, "DTEND:later"): "its end (DTEND): 'later' is no date and no time",
    (START, "DTEND:20260112T080000Z"): "ends before it starts",
    (START, "DURATION:-PT1H"): "ends before it starts",
    (START, "DURATION:an hour"): "its length (DURATION) cannot be read: 'an hour'",
    **{
        (START, END, f"RRULE:{rule}"): f"its rule (RRULE) cannot be read: '{rule}'"
        for rule in (
            *("FREQ=SOMETIMES", "", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYDAY=XX"),
            *("FREQ=DAILY;UNTIL=never", "FREQ=DAILY;BYEASTER=1", "FREQ=DAILY;BYMONTHDAY=32"),
        )
    },
    (START, END, "RRULE:FREQ=MINUTELY"): "repeats by the minute; at most by the hour is read",
    (START, END, "RRULE:FREQ=SECONDLY;COUNT=5"): (
        "repeats by the second; at most by the hour is read"
    ),
    (START, END, "RRULE:FREQ=WEEKLY", "EXDATE:sunday"): "'sunday' is no date and no time",
    (START, END, "RDATE;VALUE=PERIOD:20260113T100000Z/20260113T090000Z"): (
        "one of its dates (RDATE) ends before it starts"
    ),
    (START, END, "RDATE;VALUE=PERIOD:20260113T100000Z/-PT1H"): "ends before it starts",
    (START, END, "RECURRENCE-ID:first"): (
        "its place in its series (RECURRENCE-ID): 'first' is no date and no time"
    ),
    (START, "DTEND;TZID=Europe/Berlin:20280112T110000", "RRULE:FREQ=WEEKLY"): (
        "repeats, and lasts or is moved by more than a year"
    ),
    **{
        (f"DTSTART;TZID={zone}:20260112T100000",): (
            f"its time zone '{zone}' is not known, nor described in the file"
        )
        for zone in ("Middle Earth", "../../etc/passwd")
    },
}


@pytest.mark.parametrize("lines", BROKEN, ids=lambda lines: lines[-1] if lines else "nothing")
def test_a_broken_event_is_told_and_may_be_passed_over(lines):
    data = calendar(GOOD, event(*lines, uid="bad"))
    assert complaints(data) == [f"0.ics: event bad: {BROKEN[lines]}{HINT}"]
    taken = read(data, lenient=True)
    assert taken.left_out == (f"0.ics: event bad: {BROKEN[lines]}",)
    assert wall(*taken.stretches) == ["2026-01-12 10:00 2026-01-12 11:00"]


def test_all_are_told_at_once_those_without_a_uid_by_their_line():
    folded = "DESCRIPTION:one\r\n two\r\n\tthree"
    first = calendar(
        GOOD, event("DTSTART:soon", uid=""), timed("20260113T100000", "20260113T090000")
    )
    second = calendar(event(folded, START), event(folded, folded, uid=""))
    begins = [
        [n for n, line in enumerate(data.decode().splitlines(), 1) if line == "BEGIN:VEVENT"]
        for data in (first, second)
    ]
    soon = "its start (DTSTART): 'soon' is no date and no time"
    assert complaints(first, second) == [
        f"0.ics: line {begins[0][1]}: {soon}",
        "0.ics: event 20260113T100000-@example.org: ends before it starts",
        f"1.ics: line {begins[1][1]}: has no start (DTSTART){HINT}",
    ]


def test_of_many_the_first_ten_are_told_and_how_many_more_there_are():
    told = complaints(calendar(*(event(uid=f"e{n}") for n in range(25))))
    assert told[:10] == [f"0.ics: event e{n}: has no start (DTSTART)" for n in range(10)]
    assert told[10:] == [f"calendars: and 15 more like these{HINT}"]
    assert len(complaints(calendar(*(event(uid=f"e{n}") for n in range(10))))) == 10


def test_an_event_that_takes_no_time_may_be_as_broken_as_it_likes():
    free = [("TRANSP:TRANSPARENT",), ("STATUS:CANCELLED",), ("X-MICROSOFT-CDO-BUSYSTATUS:FREE",)]
    data = calendar(GOOD, *(event("DTSTART:soon", *mark) for mark in free))
    assert len(read(data).stretches) == 1


def test_a_broken_exception_leaves_its_series_as_it_is():
    weekly = timed("20260112T100000", "20260112T110000", "RRULE:FREQ=WEEKLY;COUNT=3", uid="w")
    change = event("RECURRENCE-ID:20260119T090000Z", "DTSTART:soon", uid="w")
    assert len(complaints(calendar(weekly, change))) == 1
    assert len(read(calendar(weekly, change), lenient=True).stretches) == 3


def test_a_described_zone_that_cannot_be_read_breaks_the_events_in_it_alone():
    nonsense = described("Odd").replace("TZOFFSETTO:+0100", "TZOFFSETTO:a bit")
    often = described("Often").replace("FREQ=YEARLY", "FREQ=MINUTELY")
    events = [timed("20260112T120000", zone=zone, uid=zone) for zone in ("Odd", "Often")]
    assert complaints(calendar(nonsense, often, GOOD, *events)) == [
        "0.ics: event Odd: its time zone 'Odd' is described in a way that cannot be read",
        "0.ics: event Often: its time zone 'Often' is described in a way that cannot be read"
        + HINT,
    ]
    assert len(read(calendar(nonsense, often, GOOD)).stretches) == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (bytes(1_000), "is empty"),
        (b"hello", "is no calendar"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is no calendar"),
        (b"<!DOCTYPE html>\n<HTML>sign in</HTML>", "is a web page, not a calendar"),
        (event(START, END).encode(), "is no calendar"),
        (
            calendar().removesuffix(b"END:VCALENDAR\r\n"),
            "line 1: has no end; the file may be cut off",
        ),
        (
            calendar(GOOD, event(START, uid="cut"))[:-60],
            "event cut: has no end; the file may be cut off",
        ),
    ],
)
def test_what_is_no_whole_calendar_is_told(data, what):
    assert complaints(data) == [f"0.ics: {what}{HINT}"]
    assert read(data, calendar(), lenient=True).left_out == (f"0.ics: {what}",)


def test_where_there_is_no_calendar_at_all_nothing_is_passed_over():
    with pytest.raises(PePlanError, match="is it the right path"):
        read(b"# Notes", lenient=True)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes():
    data = calendar(GOOD, event(START, uid="cut"))[:-60]
    assert len(read(data, lenient=True).stretches) == 1


def test_a_forgotten_end_costs_no_event():
    data = calendar(GOOD, timed("20260113T100000", "20260113T110000", uid="2"))
    forgotten = data.replace(b"END:VEVENT\r\n", b"", 1)
    assert read(forgotten).stretches == read(data).stretches
    assert len(read(data).stretches) == 2


def test_messages_hold_no_title_and_no_control_characters():
    odd = "\x1b[31m" + "u" * 1_000
    data = calendar(event("DTSTART:\x07soon\x00", uid=odd, title="Dr. Secret"))
    (line,) = complaints(data)
    assert "Secret" not in line
    assert line.isprintable()
    assert len(line) < 250
    (left_out,) = read(data, lenient=True).left_out
    assert left_out.isprintable()


def test_the_exit_is_that_of_bad_input():
    with pytest.raises(PePlanError) as raised:
        read(b"")
    assert raised.value.code == Exit.BAD_INPUT
