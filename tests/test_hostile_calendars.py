"""Calendars made to take long, or much room: they end in a clear error, or are read at once.

How long is counted in calls, which does not depend on the machine.
"""

from __future__ import annotations

import pytest

from pe_plan.calendars import busy, reading
from pe_plan.calendars.reading import MOST_STEPS, MOST_STEPS_OF_ONE
from pe_plan.errors import PePlanError
from tests.support_awkward import AWKWARD
from tests.support_calendars import calendar, calls, complaints, described, event, read, timed, wall
from tests.support_child import with_memory
from tests.support_folder import linux

START, END = (
    "DTSTART;TZID=Europe/Berlin:20200112T100000",
    "DTEND;TZID=Europe/Berlin:20200112T110000",
)
OFTEN = f"repeats too often, or began too long ago (over {MOST_STEPS_OF_ONE:,} steps)"
A_DAY = "repeats more than 24 times a day"
HOURS, SIXTY = (",".join(map(str, range(n))) for n in (24, 60))


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    """What is loaded when it is first needed counts for no test."""
    read(repeated("FREQ=DAILY"), AWKWARD["several calendars"])


def quick(data: bytes, most: int = 100_000) -> list[str]:
    """What the file is busy with, or what is said of it, if that took few calls."""
    said = []

    def action() -> None:
        try:
            said.extend(wall(*read(data).stretches))
        except PePlanError as error:
            said.extend(str(error).splitlines())

    assert calls(action) <= most
    return said


def repeated(rule: str, *more: str) -> bytes:
    return calendar(event(START, END, f"RRULE:{rule}", *more, uid="r"))


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("FREQ=SECONDLY", "repeats by the second; at most by the hour is read"),
        ("FREQ=MINUTELY;INTERVAL=90", "repeats by the minute; at most by the hour is read"),
        (f"FREQ=DAILY;BYHOUR={HOURS};BYMINUTE={SIXTY};BYSECOND={SIXTY}", A_DAY),
        (f"FREQ=HOURLY;BYMINUTE={SIXTY}", A_DAY),
        (f"FREQ=YEARLY;BYDAY=MO;BYHOUR={HOURS};BYMINUTE=1,2", A_DAY),
        ("FREQ=DAILY;INTERVAL=0", "its rule (RRULE) cannot be read: 'FREQ=DAILY;INTERVAL=0'"),
        ("FREQ=DAILY;" + ";" * 5_000, "its rule (RRULE) cannot be read: 'FREQ=DAILY;;;"),
    ],
)
def test_rules_that_come_true_too_often_are_refused_before_they_are_walked(rule, what):
    (line,) = quick(repeated(rule), most=1_000)
    assert line.startswith(f"0.ics: event r: {what}")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;BYSETPOS=5",
        "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=7",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
        "FREQ=WEEKLY;INTERVAL=" + "9" * 900,
        "FREQ=DAILY;COUNT=0",
    ],
)
def test_rules_that_never_come_true_end(rule):
    assert quick(repeated(rule)) == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;UNTIL=99991231T235959Z",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=DAILY;COUNT=999999999;UNTIL=99991231",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    ],
)
def test_rules_without_an_end_are_walked_to_the_end_of_what_is_asked(rule):
    assert len(quick(repeated(rule))) == 371


@pytest.mark.parametrize(
    ("rule", "zone"),
    [
        ("FREQ=WEEKLY;WKST=SU", ";TZID=Asia/Tokyo"),
        ("FREQ=WEEKLY;WKST=SU", ";TZID=America/New_York"),
        *((f"FREQ={each}", "") for each in ("YEARLY", "MONTHLY", "DAILY", "HOURLY")),
    ],
)
def test_rules_from_the_year_1_cost_what_those_of_today_do(rule, zone):
    when = f"DTSTART{zone}:00010101T000000", "DURATION:PT1M", f"RRULE:{rule}"
    assert quick(calendar(event(*when)), most=2_000_000)


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=HOURLY"])
def test_times_are_not_counted_from_the_year_1_on(monkeypatch, rule):
    monkeypatch.setattr(reading, "MOST_STEPS_OF_ONE", MOST_STEPS_OF_ONE // 10)
    when = "DTSTART:00010101T000000", "DURATION:PT1M", f"RRULE:{rule};COUNT=999999999"
    (line,) = quick(calendar(event(*when, uid="c")), most=600_000)
    assert line.startswith("0.ics: event c: repeats too often, or began too long ago (over 60,000")


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z"),
        ("DTSTART:00010101T000000", "DTEND:99991231T235959"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", "DTEND;TZID=America/New_York:99991231T235959"),
        ("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:99991231"),
        ("DTSTART;VALUE=DATE:00010101", "DURATION:P99999999D"),
        ("DTSTART:20200101T000000Z", "DURATION:PT99999999H"),
    ],
)
def test_an_event_of_all_time_takes_what_was_asked_about(lines):
    assert quick(calendar(event(*lines))) == ["2026-01-05 00:00 2027-01-11 00:00"]


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY;COUNT=3"])
@pytest.mark.parametrize(
    "start",
    [
        *("DTSTART;VALUE=DATE:99991231", "DTSTART:99991231T235959Z"),
        *("DTSTART;TZID=America/New_York:99991231T235959", "DTSTART;VALUE=DATE:00010101"),
    ],
)
def test_the_ends_of_time_are_far_away(start, rule):
    data = calendar(event(start, "DURATION:P2D", *filter(None, [rule])))
    busy = quick(data)
    assert len(busy) == ("0001" in start and "YEARLY" in rule)


@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_millions_of_dates_are_too_many(name):
    what = f"names more than 10,000 dates ({name})"
    one = repeated("FREQ=DAILY", f"{name}:" + "20260112T090000Z," * 1_000_000)
    many = repeated("FREQ=DAILY", *[f"{name}:20260112T090000Z"] * 200_000)
    for data, most in ((one, 1_000), (many, 2_500_000)):
        (line,) = quick(data, most)
        assert line.startswith(f"0.ics: event r: {what}")


DATES = ",".join(["20260112T090000Z"] * 9_000)


@pytest.mark.parametrize(
    ("lines", "count"),
    [(("RRULE:FREQ=HOURLY",), 5), ((f"EXDATE:{DATES}",), 12), ((f"RDATE:{DATES}",), 12)],
    ids=["times", "dates left out", "more dates"],
)
def test_work_is_bounded_over_all_events_even_if_broken_ones_are_passed_over(
    monkeypatch, lines, count
):
    monkeypatch.setattr(reading, "MOST_STEPS", MOST_STEPS // 10)
    events = [timed("20200112T100000", "", *lines, uid=str(n)) for n in range(count)]
    assert read(calendar(*events[:1]), lenient=True).left_out == ()
    (line,) = complaints(calendar(*events), lenient=True)
    assert line == (
        f"0.ics: holds events that repeat more often than is read (over {MOST_STEPS // 10:,} "
        "steps); export fewer years, or leave this calendar out"
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("RECURRENCE-ID:20260112T090000Z", "DTEND:99991231T000000Z"),
        ("EXDATE:20260112T090000Z", "DTEND:99991231T000000Z"),
        ("RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z", "DURATION:PT1H"),
        ("RRULE:FREQ=YEARLY", "DTEND:99991231T000000Z"),
        ("RDATE;VALUE=PERIOD:00010101T000000Z/99991231T000000Z",),
    ],
)
def test_series_may_reach_to_the_ends_of_time_in_no_way(lines):
    told = quick(calendar(event("DTSTART:00010102T000000Z", *lines, uid="r")))
    assert len(told) == any("9999" in line for line in lines)
    assert all(line.startswith(("2026-01-05", "0.ics: event r: repeats")) for line in told)


def test_dead_rules_are_paid_for_too():
    dead = [
        timed("20200112T100000", "", "RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", uid=str(n))
        for n in range(200)
    ]
    assert quick(calendar(*dead), 2_000_000) == []


def test_moves_of_all_that_follow_are_paid_for_by_each_of_them():
    moves = [
        timed(
            f"20260{1 + n % 9}12T100000",
            "",
            f"RECURRENCE-ID;RANGE=THISANDFUTURE:20260{1 + n % 9}{10 + n % 18}T090000Z",
            uid="r",
        )
        for n in range(3_000)
    ]
    (line,) = complaints(calendar(event(START, END, "RRULE:FREQ=DAILY", uid="r"), *moves))
    assert line.startswith(f"0.ics: event r: {OFTEN}")


def test_exceptions_are_paid_for_by_each_series_of_their_uid(monkeypatch):
    monkeypatch.setattr(reading, "MOST_STEPS", MOST_STEPS // 50)
    both = START, END, "RRULE:FREQ=YEARLY"
    series = [event(*both, uid="r") for _ in range(10)]
    changes = [event(*both[:2], "RECURRENCE-ID:20260112T090000Z", uid="r") for _ in range(600)]
    assert read(calendar(series[0], *changes)).left_out == ()
    (line,) = complaints(calendar(*series, *changes), lenient=True)
    assert line.startswith("0.ics: holds events that repeat more often than is read")


@pytest.mark.parametrize("kind", ["VEVENT", "VCALENDAR", "X-ODD"])
def test_deep_nesting_is_refused(kind):
    data = b"BEGIN:VCALENDAR\r\n" + f"BEGIN:{kind}\r\n".encode() * 100_000
    (line,) = quick(data, 3_000)
    assert line.startswith("0.ics: holds parts inside parts, more than 50 deep")


@pytest.mark.parametrize(
    ("limit", "data", "what"),
    [
        ("MOST_EVENTS", b"BEGIN:VEVENT\nEND:VEVENT\n", "1,000 events"),
        ("MOST_LINES", b"BEGIN:X\nEND:X\n", "1,000 lines that are looked into"),
        ("MOST_LINES", b"UID:1\n", "1,000 lines that are looked into"),
    ],
)
def test_a_file_of_nothing_much_is_refused_when_it_is_too_long(monkeypatch, limit, data, what):
    monkeypatch.setattr(reading, limit, 1_000)
    (line,) = complaints(b"BEGIN:VCALENDAR\n" + data * 1_100 + b"END:VCALENDAR\n", lenient=True)
    hint = "export fewer years, or leave this calendar out"
    assert line == f"0.ics: holds more than {what}; {hint}"


def test_many_files_hold_no_more_than_one(monkeypatch):
    monkeypatch.setattr(busy, "MOST_EVENTS", 1_000)
    half = calendar(*(event(uid="") for _ in range(501)))
    (line,) = complaints(half, half, lenient=True)
    assert line.startswith("1.ics: holds, with the files before it, over 1,000 events")


MILLION = 1_000_000
LONG = {
    "a title": (event(START, END, "COMMENT:" + "x" * 100 * MILLION), []),
    "a folded title": (event(START, END, "COMMENT:" + "x\r\n " * 5 * MILLION), []),
    "a start": (event("DTSTART:" + "1" * 10 * MILLION, uid="r"), ["its DTSTART cannot be read"]),
    "quotes": (event('DTSTART;X="' + 'a"b"' * MILLION, uid="r"), ["its DTSTART cannot be read"]),
    "parameters": (event("DTSTART" + ";A=B" * MILLION, uid="r"), ["its DTSTART cannot be read"]),
    "a uid": (event("DTSTART:soon", uid="u" * 10 * MILLION), [f"event {'u' * 39}…: "]),
    "a zone": (event(f"DTSTART;TZID={'z' * 900}:20260112T100000"), ["its time zone 'zzz"]),
    "a rule": (
        event(START, "RRULE:" + "FREQ=DAILY;" * MILLION),
        ["its rule (RRULE) cannot be read"],
    ),
    "NULs": (event(START, END, "\0" * 10 * MILLION), []),
}


@pytest.mark.parametrize("name", LONG)
def test_long_lines_are_passed_over_or_told_in_short(name):
    part, wanted = LONG[name]
    told = quick(calendar(part), 5_000)
    assert len(told) == len(wanted)
    assert all(words in line and len(line) < 300 for words, line in zip(wanted, told, strict=True))


@linux
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_what_is_not_read_takes_no_memory_but_its_own_twice():
    data = calendar(event(START, END, "COMMENT:" + "é" * 25 * MILLION))
    read(calendar())
    assert with_memory(3 * len(data), lambda: read(data).stretches == ()) == "True"


def test_what_is_no_text_is_told():
    for odd in (b"\0", b"\xff\xfe\xfa", b"\xed\xa0\x80", b"\x85", "\u2028".encode()):
        data = calendar(timed("20260112T100000", "20260112T110000")).replace(
            b"Berlin:20260112T10", b"Berlin:2026" + odd, 1
        )
        (line,) = complaints(data)
        assert line.isprintable()
        assert "is no date and no time" in line
        titled = calendar(timed("20260112T100000", "20260112T110000")).replace(b"Secret", odd)
        assert len(read(titled).stretches) == 1


def test_a_described_zone_may_not_take_long_and_is_tried_once(monkeypatch):
    monkeypatch.setattr(reading, "MOST_STEPS_OF_ONE", MOST_STEPS_OF_ONE // 10)
    often = described("Often").replace("FREQ=YEARLY", "FREQ=HOURLY").replace("1601", "0001")
    events = [
        timed("20260112T120000", "20260112T130000", zone="Often", uid=str(n)) for n in range(50)
    ]
    told = quick(calendar(often, *events), 600_000)
    assert told[0].startswith(
        "0.ics: event 0: its time zone 'Often' is described in a way that cann"
    )
    assert told[10].startswith("calendars: and 40 more like these")
