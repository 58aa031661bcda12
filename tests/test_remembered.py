"""What a plan remembers of its learner, and flags that say what has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.errors import PePlanError
from pe_plan.inputs.answers import Answers, Occasion, Reading, remembered
from pe_plan.model import Days, Pin, Profile
from tests.support_cli import complaints
from tests.support_profile import DEFAULT_WEEK, ROADMAP, profile, window

MARCH = date(2026, 3, 4)
CHOSEN = profile(start="2026-01-05", when=("mon,wed 19:00-21:00", "sat 09:00-17:00"))
ASSUMED = profile(start="2026-01-05", hours="12")


THEN = datetime(2026, 3, 10, 18, tzinfo=UTC)
HOUR = (THEN, THEN + timedelta(hours=1))
PIN = Pin(uid="a", start=THEN, minutes=60, home=HOUR[1], home_minutes=60)
BESIDE = {
    "busy": (HOUR,),
    "calendars": ("/a.ics",),
    "busy_margin": 15,
    "ignore_all_day": True,
    "lenient": True,
    "free": True,
    "pins": (PIN,),
    "dropped": (HOUR,),
}


def again(
    stored: Profile = CHOSEN, as_of: date = MARCH, *, begins: bool = False, **answers: object
) -> Reading:
    return remembered(
        Answers(**answers),
        stored,
        Occasion(as_of=as_of, begins=begins),
        roadmap=ROADMAP,
        default_week=DEFAULT_WEEK,
    )


def problems(stored: Profile = CHOSEN, as_of: date = MARCH, **answers: object) -> list[str]:
    return complaints(lambda: again(stored, as_of, **answers))


def days(first: str, last: str = "") -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last or first))


@pytest.mark.parametrize("stored", [CHOSEN, ASSUMED])
def test_where_nothing_is_typed_everything_stays(stored):
    full = replace(
        stored,
        days_off=(days("2026-03-01"), days("2026-03-02", "2026-03-08"), days("2026-03-03")),
        interview=date(2026, 8, 1),
        skills={"all": "new", "dns": "solid"},
        finish_early=True,
        overrun=True,
        remind=0,
        abroad=((date(2026, 2, 1), "Asia/Tokyo"),),
        **BESIDE,
    )
    reading = again(full)
    assert (reading.profile, reading.notes, reading.zone_found) == (full, (), False)


# ── Hours and windows ─────────────────────────────────────────────────────────────────────────
def test_hours_that_remembered_windows_hold_shorten_them():
    reading = again(hours="8")
    assert (reading.profile.minutes_per_week, reading.profile.windows) == (480, CHOSEN.windows)
    assert reading.notes == ("--hours 8 is used; your windows (12 h) are each shortened to it",)


def test_hours_that_fill_them_need_no_word():
    reading = again(hours="12")
    assert (reading.profile, reading.notes) == (CHOSEN, ())


def test_the_windows_were_kept_whole_so_more_hours_bring_them_back():
    shortened = again(hours="8").profile
    assert again(shortened, hours="12").profile == CHOSEN


def test_to_more_hours_than_they_hold_remembered_windows_yield():
    reading = again(hours="15")
    assert (reading.profile.minutes_per_week, reading.profile.windows) == (
        900,
        DEFAULT_WEEK.up_to_20_hours,
    )
    assert reading.notes == ("--hours 15 is used; the windows of your plan (12 h) yield to it",)
    assert reading.week_assumed


@pytest.mark.parametrize("hours", ["5", "12", "19", "30"])
def test_a_week_that_was_assumed_is_assumed_anew(hours):
    reading = again(ASSUMED, hours=hours)
    assert reading.profile.windows == DEFAULT_WEEK.order(int(hours) * 60)
    assert (reading.profile.minutes_per_week, reading.notes) == (int(hours) * 60, ())


@pytest.mark.parametrize("stored", [CHOSEN, ASSUMED])
def test_windows_alone_say_the_hours_too(stored):
    reading = again(stored, when=("sat,sun 10:00-13:00",))
    assert reading.profile.windows == (window(5, 10, 13), window(6, 10, 13))
    assert (reading.profile.minutes_per_week, reading.notes) == (360, ())


def test_both_together_are_read_as_for_a_first_plan():
    both = again(hours="5", when=("sat,sun 10:00-13:00",))
    assert both.profile.minutes_per_week == 300
    assert problems(hours="7", when=("sat,sun 10:00-13:00",)) == [
        (
            "--hours: 7 h a week is more than the windows hold, which is 6 h; lower the hours, "
            "add windows for 1 h, or give only one of the two"
        )
    ]


@given(st.integers(5, 224).map(lambda n: n / 4))
def test_hours_are_never_more_than_the_windows_hold(hours):
    for stored in (CHOSEN, ASSUMED):
        try:
            made = again(stored, hours=str(hours)).profile
        except PePlanError:
            assert hours > 48
        else:
            assert made.minutes_per_week == hours * 60
            assert sum(window.minutes for window in made.windows) >= made.minutes_per_week


# ── Days ──────────────────────────────────────────────────────────────────────────────────────
def test_days_off_are_added_and_one_list_with_those_of_before():
    stored = replace(CHOSEN, days_off=(days("2026-02-02"), days("2026-03-10", "2026-03-12")))
    reading = again(stored, off=("2026-03-12..2026-03-14", "2026-04-01", "2026-04-02"))
    assert reading.profile.days_off == (
        days("2026-02-02"),
        days("2026-03-10", "2026-03-14"),
        days("2026-04-01", "2026-04-02"),
    )
    assert reading.notes == ()


def test_the_past_can_be_missed_but_not_taken_off():
    reading = again(off=("2026-03-01..2026-03-05", "2026-02-01", "2026-02-03..2026-02-05"))
    assert reading.profile.days_off == (days("2026-03-04", "2026-03-05"),)
    assert reading.notes == (
        "--off 2026-02-01 lies behind and changes nothing",
        "--off 2026-02-03..2026-02-05 lies behind and changes nothing",
    )


def test_an_interview_lies_ahead():
    assert again(interview="2026-03-05").profile.interview == date(2026, 3, 5)
    assert problems(interview="2026-03-04") == [
        (
            "--interview: 2026-03-04 is not after 2026-03-04; study ends the day before the "
            "interview; give a later date"
        )
    ]
    assert "more than five years" in problems(interview="2036-03-04")[0]


def test_an_interview_that_has_come_ends_the_plan_unless_it_begins_anew():
    stored = replace(CHOSEN, interview=date(2026, 3, 4))
    assert problems(stored) == [
        (
            "--interview: your interview on 2026-03-04 has come, and the plan ends with it; name "
            "another with --interview DATE, or begin again with --restart"
        )
    ]
    assert again(stored, interview="2026-05-01").profile.interview == date(2026, 5, 1)
    reading = again(stored, begins=True)
    assert reading.profile.interview is None
    assert "left out" in reading.notes[0]


def test_a_plan_that_begins_anew_starts_when_it_is_said_or_on_a_monday():
    assert again(begins=True, start="2026-04-01").profile.start == date(2026, 4, 1)
    assert again(begins=True).profile.start == date(2026, 3, 9)
    assert again(as_of=date(2026, 3, 9), begins=True).profile.start == date(2026, 3, 9)
    assert again().profile.start == CHOSEN.start


# ── The zone ──────────────────────────────────────────────────────────────────────────────────
def test_what_is_past_keeps_its_zone():
    there = again(tz="America/New_York").profile
    assert (there.timezone, there.abroad) == ("America/New_York", ((MARCH, "Europe/Berlin"),))
    back = again(there, date(2026, 5, 1), tz="Europe/Berlin").profile
    assert back.abroad == ((MARCH, "Europe/Berlin"), (date(2026, 5, 1), "America/New_York"))
    noon = {day: datetime(2026, *day, 12, tzinfo=UTC) for day in ((3, 3), (3, 4), (5, 1))}
    zones = {day: str(back.local(instant).tzinfo) for day, instant in noon.items()}
    assert zones == {(3, 3): "Europe/Berlin", (3, 4): "America/New_York", (5, 1): "Europe/Berlin"}


@pytest.mark.parametrize("as_of", [date(2026, 1, 5), date(2026, 1, 1)])
def test_a_zone_in_which_nothing_was_lived_is_no_past(as_of):
    assert again(as_of=as_of, tz="Asia/Tokyo").profile.abroad == ()


def test_a_zone_corrected_on_the_same_day_was_never_lived_in():
    there = again(tz="Asia/Tokyo").profile
    corrected = again(there, tz="Asia/Kolkata").profile
    assert (corrected.timezone, corrected.abroad) == ("Asia/Kolkata", ((MARCH, "Europe/Berlin"),))
    assert again(tz="Europe/Berlin").profile == CHOSEN


# ── Other calendars ───────────────────────────────────────────────────────────────────────────
def test_calendars_are_added_and_how_they_are_read_stays_unless_it_is_typed():
    stored = replace(CHOSEN, **BESIDE)
    more = again(stored, busy=("b.ics", "c.zip")).profile
    assert more == replace(stored, calendars=("/a.ics", "b.ics", "c.zip"))
    typed = again(stored, busy_margin="0", free=False).profile
    assert typed == replace(stored, busy_margin=0, free=False)
    switched = again(CHOSEN, busy_margin="5", ignore_all_day=True, lenient=True, free=True)
    assert switched.profile == replace(
        CHOSEN, busy_margin=5, ignore_all_day=True, lenient=True, free=True
    )


def test_calendars_that_are_forgotten_leave_nothing_but_those_that_are_typed():
    stored = replace(CHOSEN, **BESIDE)
    forgotten = replace(stored, busy=(), calendars=(), ignore_all_day=False, lenient=False)
    assert again(stored, no_busy=True).profile == forgotten
    instead = again(stored, no_busy=True, busy=("b.ics",), lenient=True).profile
    assert instead == replace(forgotten, calendars=("b.ics",), lenient=True)
    assert again(CHOSEN, no_busy=True).profile == CHOSEN


def test_a_plan_that_begins_anew_has_no_block_to_pin_or_to_leave_out():
    stored = replace(CHOSEN, **BESIDE)
    begun = again(stored, as_of=date(2026, 3, 9), begins=True).profile
    assert begun == replace(stored, start=date(2026, 3, 9), pins=(), dropped=())


# ── Skills, switches, and everything that is wrong ────────────────────────────────────────────
def test_skills_are_merged_and_it_is_said_which_do_not_follow():
    stored = replace(CHOSEN, skills={"all": "some", "linux": "new", "dns": "solid", "tls": "some"})
    reading = again(stored, skill=("all=strong", "networking=some", "tls=new"))
    assert reading.profile.skills == {
        "all": "strong",
        "linux": "new",
        "dns": "solid",
        "tls": "new",
        "networking": "some",
    }
    assert reading.notes == (
        "--skill all=strong is used; as you said before: linux (new), dns (solid)",
        "--skill networking=some is used; as you said before: dns (solid)",
    )


def test_switches_are_set_and_a_reminder_of_nothing_is_one():
    made = again(finish_early=True, overrun=True, remind="0").profile
    assert (made.finish_early, made.overrun, made.remind) == (True, True, 0)
