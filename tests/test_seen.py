"""A plan's own events as calendars have them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pe_plan.calendars.seen import seen
from pe_plan.errors import PePlanError
from pe_plan.model import Seen
from tests.support_calendars import BERLIN, calendar, described, event, timed

OWN = {"a", "b"}


def read(*files: bytes) -> tuple[Seen, ...]:
    return seen([(f"{n}.ics", data) for n, data in enumerate(files)], OWN, BERLIN)


def test_an_event_is_seen_where_it_stands_with_its_title_unescaped():
    own = event(
        *("DTSTART;TZID=America/New_York:20260112T130000", "DURATION:PT90M", "SEQUENCE:3"),
        uid="a",
        title=r"✓ Done\, nearly\; C:\\new\nline",
    )
    assert read(calendar(own)) == (
        Seen(
            uid="a",
            start=datetime(2026, 1, 12, 18, tzinfo=UTC),
            minutes=90,
            summary="✓ Done, nearly; C:\\new\nline",
            sequence=3,
        ),
    )


def test_others_are_not_seen_not_even_broken_ones():
    other = event("DTSTART:soon", uid="c")
    odd = timed("20260112T100000", "20260112T110000", zone="Middle Earth", uid="d")
    own = timed("20260112T100000", "20260112T110000", uid="b")
    assert [each.uid for each in read(calendar(other, odd, own))] == ["b"]


NIGHT = timed("20260329T010000", "20260329T040000", uid="a")
LATE = described("Home", "-0330", "-0230") + timed("20990710T100000", "", zone="Home", uid="a")
FLOATING = event("DTSTART:20260112T100000", uid="a")
AFAR = ("X-WR-TIMEZONE:America/New_York",)


@pytest.mark.parametrize(
    ("data", "start", "minutes"),
    [
        (calendar(event("DTSTART;VALUE=DATE:20260328", "DURATION:P2D", uid="a")), None, 2 * 1_440),
        (calendar(NIGHT), datetime(2026, 3, 29, tzinfo=UTC), 120),  # what passes on the night
        (calendar(FLOATING), datetime(2026, 1, 12, 9, tzinfo=UTC), 0),
        (calendar(FLOATING, head=AFAR), datetime(2026, 1, 12, 15, tzinfo=UTC), 0),
        (calendar(LATE), datetime(2099, 7, 10, 12, 30, tzinfo=UTC), 0),  # zones hold for long
    ],
)
def test_times_are_those_of_the_day_the_zone_or_the_learner(data, start, minutes):
    (found,) = read(data)
    assert (found.start, found.minutes, found.cancelled) == (start, minutes, False)


def test_a_cancelled_event_is_seen_as_such():
    (found,) = read(calendar(timed("20260112T100000", "", "STATUS:CANCELLED", uid="a")))
    assert found.cancelled


@pytest.mark.parametrize(
    ("marks", "latest"),
    [
        ([("SEQUENCE:2",), ("SEQUENCE:10",), ("SEQUENCE:9",)], 1),
        ([("SEQUENCE:1",), (), ("SEQUENCE:soon",)], 0),
        ([("LAST-MODIFIED:20260102T000000Z",), ("LAST-MODIFIED:20260101T000000Z",), ()], 0),
        (
            [("SEQUENCE:1", "LAST-MODIFIED:20250101T000000Z"), ("LAST-MODIFIED:20260101T000000Z",)],
            0,
        ),
        ([(), (), ()], 2),
        ([("LAST-MODIFIED:20260101T000000Z",), ("LAST-MODIFIED:zzz",)], 0),
    ],
)
def test_of_several_versions_the_latest_counts(marks, latest):
    files = [  # with one event each, an hour apart in that order
        calendar(timed(f"20260112T{10 + n}0000", "", *mark, uid="a"))
        for n, mark in enumerate(marks)
    ]
    (found,) = read(*files)
    assert found == read(files[latest])[0]
    together = b"".join(files)
    assert read(together) == (found,)


def test_what_stands_in_for_one_time_of_a_series_is_passed_over():
    series = timed("20260112T100000", "20260112T110000", "RRULE:FREQ=SECONDLY", uid="a")
    change = timed("20260113T100000", "", "RECURRENCE-ID:20260112T090000Z", "SEQUENCE:9", uid="a")
    (found,) = read(calendar(series, change))
    assert found.start == datetime(2026, 1, 12, 9, tzinfo=UTC)


def test_broken_files_and_own_events_are_told_as_they_would_look_deleted():
    broken = calendar(event("DTSTART:soon", uid="a"), event("DTSTART:00010101T000000", uid="b"))
    cut = calendar(timed("20260112T100000", uid="a"))[:-10]
    with pytest.raises(PePlanError) as raised:
        read(broken, b"hello", cut)
    assert str(raised.value).splitlines() == [
        "0.ics: event a: its start (DTSTART): 'soon' is no date and no time",
        "0.ics: event b: is at one end of time",
        "1.ics: is no calendar",
        "2.ics: line 1: has no end; the file may be cut off",
    ]
