"""Busy times held against recurring_ical_events, and against what a learner sees on the clock."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest

from tests.support_awkward import AWKWARD, WEEKLY
from tests.support_calendars import (
    DAY,
    MINUTE,
    RULES,
    by_library,
    calendar,
    calls,
    decade,
    described,
    event,
    read,
    timed,
    wall,
)


@pytest.mark.parametrize("name", AWKWARD)
def test_busy_times_are_those_that_the_library_finds(name):
    assert read(AWKWARD[name]).stretches == by_library(AWKWARD[name])


def test_ten_thousand_events_are_as_busy_as_the_library_finds():
    data = decade()
    assert data.count(b"BEGIN:VEVENT") == 10_000
    assert read(data).stretches == by_library(data)


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("way", ["LF", "BOM", "folded", "UTF-16", "lower case", "latin-1"])
def test_however_it_is_written(name, way):
    data = AWKWARD[name]
    folded = b"\r\n".join(
        b"\r\n ".join(line[n : n + 9] for n in range(0, len(line), 9)) or line
        for line in data.split(b"\r\n")
    )
    written = {
        "LF": data.replace(b"\r\n", b"\n"),
        "BOM": b"\xef\xbb\xbf" + data,
        "folded": folded,
        "UTF-16": data.decode().encode("utf-16"),
        "lower case": data.replace(b"BEGIN:VEVENT", b"begin:vevent").replace(
            b"DTSTART", b"DtStart"
        ),
        "latin-1": data.replace(b"Secret", b"\xfc\xff\xe9"),
    }[way]
    assert written != data
    assert read(written).stretches == read(data).stretches


def test_days_are_those_of_the_learner_and_follow_the_clocks():
    switch, _ = read(AWKWARD["days over a switch"]).stretches
    assert wall(switch) == ["2026-03-27 00:00 2026-03-31 00:00"]
    assert switch[1] - switch[0] == 4 * DAY - 60 * MINUTE
    (afar,) = read(AWKWARD["all day"], timezone="Pacific/Kiritimati").stretches
    assert afar[0] == datetime(2026, 1, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "zone", "first"),
    [
        ("floating", "Europe/Berlin", "2026-07-10 10:00 2026-07-10 11:00"),
        ("floating", "Asia/Tokyo", "2026-07-10 03:00 2026-07-10 04:00"),
        ("floating in a calendar with a zone", "Asia/Tokyo", "2026-07-10 16:00 2026-07-10 17:00"),
        ("a name of Windows", "Asia/Tokyo", "2026-07-10 19:00 2026-07-10 20:00"),
        ("a name of Windows, described", "Asia/Tokyo", "2026-07-10 10:00 2026-07-10 11:00"),
        ("an odd name, described", "Asia/Tokyo", "2026-03-20 14:30 2026-03-20 15:30"),
    ],
)
def test_a_time_means_the_zone_that_it_names_or_the_calendars_or_the_learners(name, zone, first):
    assert wall(read(AWKWARD[name], timezone=zone).stretches[0]) == [first]


def test_a_zone_may_be_described_after_its_use_and_named_in_quotes():
    late = calendar(
        timed("20260320T100000", "20260320T110000", WEEKLY, zone='"Home; wide"'),
        timed("20260820T100000", "20260820T110000", zone='"Home; wide"'),
        described("Home; wide", "-0330", "-0230"),
    )
    assert wall(*read(late).stretches[:2]) == [
        "2026-03-20 14:30 2026-03-20 15:30",
        "2026-03-27 14:30 2026-03-27 15:30",
    ]
    assert "2026-08-20 14:30 2026-08-20 15:30" in wall(*read(late).stretches)


def test_one_name_may_mean_another_zone_in_another_file():
    """The library that reads zones remembers the first of a name."""

    def custom(offset: str) -> bytes:
        single = timed("20260112T100000", "20260112T110000", zone="Customized Time Zone")
        return calendar(described("Customized Time Zone", offset, offset), single)

    both = read(custom("+0100"), custom("+0500"))
    assert wall(*both.stretches) == [
        "2026-01-12 06:00 2026-01-12 07:00",
        "2026-01-12 10:00 2026-01-12 11:00",
    ]


def test_a_zone_that_ceased_to_switch_keeps_its_last_offset():
    blocks = [
        "BEGIN:VTIMEZONE\r\nTZID:Isle\r\n",
        "BEGIN:STANDARD\r\nDTSTART:19700101T030000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\n",
        "RDATE:19991031T030000,20001029T030000\r\nEND:STANDARD\r\n",
        "BEGIN:DAYLIGHT\r\nDTSTART:20000326T020000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300\r\n",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20010325T000000Z\r\nEND:DAYLIGHT\r\n",
        "END:VTIMEZONE\r\n",
    ]
    single = timed("20260112T100000", "20260112T110000", zone="Isle")
    assert wall(*read(calendar(*blocks, single)).stretches) == ["2026-01-12 08:00 2026-01-12 09:00"]


def test_until_a_day_means_until_its_end_and_by_the_events_own_clock():
    """The library takes both for moments of UTC, which loses the last time west of Greenwich."""
    for until in ("20260119", "20260119T180000", "20260119T230000Z"):
        rule = f"RRULE:FREQ=WEEKLY;UNTIL={until}"
        single = timed("20260112T180000", "20260112T190000", rule, zone="America/New_York")
        assert len(read(calendar(single)).stretches) == 2


def test_times_of_utc_in_a_calendar_with_a_zone_repeat_by_its_clock():
    summer = [line for line in wall(*read(AWKWARD["google"]).stretches) if "-07-" in line]
    assert summer[0] == "2026-07-06 10:00 2026-07-06 11:00"


def test_own_events_are_not_busy_and_those_of_another_plan_are():
    mine = timed("20260112T100000", "20260112T110000", WEEKLY, uid="mine")
    broken = event("DTSTART:soon", uid="mine")
    other = timed("20260113T100000", "20260113T110000", uid="other")
    taken = read(calendar(mine, broken, other), own=frozenset({"mine"}))
    assert wall(*taken.stretches) == ["2026-01-13 10:00 2026-01-13 11:00"]


def test_a_margin_widens_what_has_a_time_and_not_what_lasts_days():
    data = calendar(
        timed("20260112T100000", "20260112T110000"),
        timed("20260112T113000", "20260112T120000"),
        timed("20260113T100000", "20260113T100000"),
        event("DTSTART;VALUE=DATE:20260120"),
        event(
            *("DTSTART;TZID=Europe/Berlin:20260122T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
            *("DTEND;TZID=Europe/Berlin:20260123T000000",),
            uid="outlook",
        ),
    )
    days = ["2026-01-20 00:00 2026-01-21 00:00", "2026-01-22 00:00 2026-01-23 00:00"]
    wider = read(data, busy_margin=15).stretches
    assert wall(*wider) == ["2026-01-12 09:45 2026-01-12 12:15", *days]
    alone = read(data, busy_margin=14, ignore_all_day=True)
    assert wall(*alone.stretches) == [
        "2026-01-12 09:46 2026-01-12 11:14",
        "2026-01-12 11:16 2026-01-12 12:14",
    ]


def test_a_margin_reaches_into_the_time_asked_about_and_is_cut_at_its_ends():
    data = calendar(
        timed("20260104T230000", "20260104T235000", uid="before"),
        timed("20270111T001000", "20270111T010000", uid="after"),
    )
    assert read(data).stretches == ()
    assert wall(*read(data, busy_margin=30).stretches) == [
        "2026-01-05 00:00 2026-01-05 00:20",
        "2027-01-10 23:40 2027-01-11 00:00",
    ]


def test_seconds_are_rounded_outward():
    data = calendar(timed("20260112T100001", "20260112T110059"))
    assert wall(*read(data).stretches) == ["2026-01-12 10:00 2026-01-12 11:01"]


def test_a_day_that_begins_and_ends_on_one_date_is_a_day():
    data = calendar(event("DTSTART;VALUE=DATE:20260112", "DTEND;VALUE=DATE:20260112"))
    assert wall(*read(data).stretches) == ["2026-01-12 00:00 2026-01-13 00:00"]


def test_an_end_that_the_clocks_leave_behind_its_start_takes_what_is_between():
    """02:45 is not there on that day and means 03:45, of which the library makes nothing."""
    data = calendar(timed("20260329T024500", "20260329T031500"))
    assert wall(*read(data).stretches) == ["2026-03-29 03:15 2026-03-29 03:45"]


def test_a_long_period_reaches_into_the_time_asked_about():
    """The library looks back no further than the event's own length."""
    period = "RDATE;VALUE=PERIOD:20251220T090000Z/P20D"
    data = calendar(timed("20251201T100000", "20251201T110000", period))
    assert wall(*read(data).stretches) == ["2026-01-05 00:00 2026-01-09 10:00"]


def test_events_without_a_uid_have_nothing_in_common():
    one, two = (
        event(f"DTSTART:2026011{n}T100000Z", "DURATION:PT1H", f"SEQUENCE:{n}", uid="")
        for n in (2, 3)
    )
    assert len(read(calendar(one, two)).stretches) == 2


def test_events_that_share_a_uid_by_mistake_all_count():
    data = calendar(
        timed("20260112T100000", "20260112T110000", uid="1"),
        timed("20260113T100000", "20260113T110000", uid="1"),
        timed("20260114T100000", "20260114T110000", "RRULE:FREQ=WEEKLY;COUNT=2", uid="1"),
    )
    assert len(read(data).stretches) == 4


def test_files_add_up_in_any_order():
    one, two = AWKWARD["weekly, one left out"], AWKWARD["floating"]
    assert read(one, two).stretches == read(two, one).stretches
    assert set(read(one).stretches) < set(read(one, two).stretches)


def test_nothing_busy_is_nothing():
    assert read().stretches == read(calendar()).stretches == ()


THREE_YEARS = date(2029, 1, 7)
_LOADED = """\
import json, sys
from pathlib import Path
from tests.support_calendars import LAST, LEARNER
from pe_plan.calendars.busy import taken
for name in [name for name in sys.modules if name.startswith("recurring_ical_events")]:
    del sys.modules[name]
print(len(taken([("a.ics", Path(sys.argv[1]).read_bytes())], LEARNER, (), LAST).stretches))
print("recurring_ical_events" in sys.modules)
"""


@pytest.mark.parametrize(("rules", "most"), [(RULES, 1), (("FREQ=DAILY",), 2.5)])
def test_ten_years_are_read_in_about_the_calls_that_icalendar_takes_to_parse_them(rules, most):
    """A tenth of the calendar that the budget of 5 speaks of. Measured: 0.5, and 2.1 where every
    series is a daily one without an end."""
    data = decade(980, 20, rules)
    read(data)  # imports

    ours = calls(lambda: read(data, last=THREE_YEARS))
    assert ours <= most * calls(lambda: icalendar.Calendar.from_ical(data))


@pytest.mark.parametrize(("series", "loads"), [(0, "False"), (1, "True")])
def test_plain_events_are_read_without_the_library_for_series(tmp_path, series, loads):
    (tmp_path / "a.ics").write_bytes(decade(50, series, ("FREQ=WEEKLY",)))
    said = subprocess.run(
        [sys.executable, "-c", _LOADED, str(tmp_path / "a.ics")],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert said.split()[1] == loads
