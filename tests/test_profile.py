"""What the learner says in flags becomes a profile, or every problem."""

from __future__ import annotations

import re
import shlex
from datetime import date

import pytest

from pe_plan.inputs.answers import Reading
from pe_plan.model import Days, Profile
from tests.support_cli import refused
from tests.support_profile import DEFAULT_WEEK, WEDNESDAY, problems, profile, read, roadmap


# ── Nothing but defaults ──────────────────────────────────────────────────────────────────────
def test_nothing_given_is_enough_for_a_profile():
    reading = read()
    assert reading == Reading(
        profile=Profile(
            start=date(2026, 1, 12),
            minutes_per_week=720,
            windows=DEFAULT_WEEK.up_to_20_hours,
            timezone="Europe/Berlin",
        ),
        notes=(),
        zone_found=True,
        week_assumed=True,
    )


def test_the_roadmap_s_pace_is_the_default():
    assert profile(known=roadmap(9)).minutes_per_week == 540
    assert profile(known=None).minutes_per_week == 720
    assert problems(known=roadmap(60)) == [
        (
            "the roadmap's pace: 60 h is more than the default week holds, which is 48 h; "
            "say when you study, for example --when 'mon-sat 08:00-18:00'"
        )
    ]


@pytest.mark.parametrize("found", [None, "", "local", "Europe/Nowhere", "/etc/localtime"])
def test_a_zone_that_could_not_be_found_is_utc_and_said_to_be_found(found):
    reading = read(found=found)
    assert (reading.profile.timezone, reading.zone_found) == ("UTC", True)


# ── What is refused ───────────────────────────────────────────────────────────────────────────
# A flag, what was typed, and what is said of it.
REFUSED = """\
hours 0 → '0' leaves no time to study; offer at least 0.5
hours -3 → '-3' leaves no time to study; offer at least 0.5
hours 0.3 → '0.3' is less than one session of 25 minutes; offer at least 0.5
hours 200 → '200' is more than a week holds beside sleep; offer at most 112
hours 112.001 → '112.001' is more than a week holds beside sleep; offer at most 112
hours 7,5 → expected a number of hours like 12 or 7.5, got '7,5'; write it with a point
hours ten → expected a number of hours like 12 or 7.5, got 'ten'
hours nan → expected a number of hours like 12 or 7.5, got 'nan'
hours inf → expected a number of hours like 12 or 7.5, got 'inf'
hours 1e3 → expected a number of hours like 12 or 7.5, got '1e3'
hours 12h → expected a number of hours like 12 or 7.5, got '12h'
hours  → expected a number of hours like 12 or 7.5, got ''
hours . → expected a number of hours like 12 or 7.5, got '.'
hours ٣ → expected a number of hours like 12 or 7.5, got '٣'
hours 1_0 → expected a number of hours like 12 or 7.5, got '1_0'
hours 1/2 → expected a number of hours like 12 or 7.5, got '1/2'
skill linx=solid → there is no phase or topic 'linx'; did you mean 'linux'?
skill memry=solid → there is no phase or topic 'memry'; did you mean 'memory'?
skill cooking=solid → there is no phase or topic 'cooking'; use all, or a phase or topic that 'pe-plan roadmap show' lists
skill linux=stong → there is no level 'stong'; did you mean 'strong'?
skill linux=expert → there is no level 'expert'; use one of: new, some, solid, strong
skill linux= → there is no level ''; use one of: new, some, solid, strong
skill linux → expected WHO=LEVEL, got 'linux'; WHO is all, a phase or a topic, LEVEL new some solid strong
tz europe/berlin → there is no time zone 'europe/berlin'; did you mean 'Europe/Berlin'?
tz EUROPE/BERLIN → there is no time zone 'EUROPE/BERLIN'; did you mean 'Europe/Berlin'?
tz Europe/Berlim → there is no time zone 'Europe/Berlim'; did you mean 'Europe/Berlin'?
tz berlin → there is no time zone 'berlin'; did you mean 'Europe/Berlin'?
tz New York → there is no time zone 'New York'; did you mean 'America/New_York'?
tz utc → there is no time zone 'utc'; did you mean 'UTC'?
tz UTC+2 → there is no time zone 'UTC+2'; an offset knows no summer time, so name a place, like Europe/Berlin
tz +01:00 → there is no time zone '+01:00'; an offset knows no summer time, so name a place, like Europe/Berlin
tz localtime → there is no time zone 'localtime'; use a name like Europe/Berlin
tz Factory → there is no time zone 'Factory'; use a name like Europe/Berlin
tz /etc/localtime → there is no time zone '/etc/localtime'; use a name like Europe/Berlin
tz ../UTC → there is no time zone '../UTC'; use a name like Europe/Berlin
tz Europe → there is no time zone 'Europe'; use a name like Europe/Berlin
tz Mars/Base → there is no time zone 'Mars/Base'; use a name like Europe/Berlin
remind -1 → expected whole minutes from 0 to 10080, got '-1'; 10 reminds you ten minutes before you start
remind 10081 → expected whole minutes from 0 to 10080, got '10081'; 10 reminds you ten minutes before you start
remind 2.5 → expected whole minutes from 0 to 10080, got '2.5'; 10 reminds you ten minutes before you start
remind soon → expected whole minutes from 0 to 10080, got 'soon'; 10 reminds you ten minutes before you start
remind  → expected whole minutes from 0 to 10080, got ''; 10 reminds you ten minutes before you start
start 2026-02-30 → there is no 30 February 2026; its days are 2026-02-01 to 2026-02-28
start 2024-02-30 → there is no 30 February 2024; its days are 2024-02-01 to 2024-02-29
start 2026-12-32 → there is no 32 December 2026; its days are 2026-12-01 to 2026-12-31
start 2026-13-01 → there is no month 13; a date is written year-month-day
start 1969-12-31 → 1969-12-31 is out of reach; use a date from 1970-01-01 to 2199-12-31
start 2200-01-01 → 2200-01-01 is out of reach; use a date from 1970-01-01 to 2199-12-31
start 0000-00-00 → 0000-00-00 is out of reach; use a date from 1970-01-01 to 2199-12-31
start tomorrow → expected a date like 2026-01-05, got 'tomorrow'
start 2026-1-5 → expected a date like 2026-01-05, got '2026-1-5'
start 20260105 → expected a date like 2026-01-05, got '20260105'
start 05.01.2026 → expected a date like 2026-01-05, got '05.01.2026'
start 2026-W02-1 → expected a date like 2026-01-05, got '2026-W02-1'
start  → expected a date like 2026-01-05, got ''
off 2026-03-08..2026-03-02 → 2026-03-08 comes after 2026-03-02; turn them round: 2026-03-02..2026-03-08
off 2026-01-01..2036-01-09 → 2026-01-01..2036-01-09 is 3661 days; at most 3660 at a time, please
off 2026-02-01..2026-02-29 → there is no 29 February 2026; its days are 2026-02-01 to 2026-02-28
off 2026-03-02.. → expected a date like 2026-01-05, got ''
off easter → expected a date or a stretch like 2026-03-02..2026-03-08, got 'easter'
when fri 22:00-01:00 → 'fri 22:00-01:00' runs past midnight; write two windows: 'fri 22:00-24:00' and 'sat 00:00-01:00'
when thu-sun 22:00-1:00 → 'thu-sun 22:00-01:00' runs past midnight; write two windows: 'thu-sun 22:00-24:00' and 'fri-mon 00:00-01:00'
when fri 22:00-00:00 → 'fri 22:00-00:00' runs past midnight; keep to one side of it: 'fri 22:00-24:00'
when fri 23:45-01:00 → 'fri 23:45-01:00' runs past midnight; keep to one side of it: 'sat 00:00-01:00'
when fri 23:50-00:10 → 'fri 23:50-00:10' runs past midnight; let it end at 24:00
when mon,tue 21:00-19:00 → 'mon-tue 21:00-19:00' ends before it starts; turn it round: 'mon-tue 19:00-21:00'
when mon 19:10-19:00 → 'mon 19:10-19:00' ends before it starts; a window lasts 25 minutes or more
when mon 19:00-19:00 → 'mon 19:00-19:00' is empty; let it end later than it starts
when mon 19:00-19:20 → 'mon 19:00-19:20' is shorter than 25 minutes; give it at least that
when mon 19:03-20:00 → 19:03 is not on a multiple of 5 minutes; use 19:00 or 19:05
when mon 23:00-24:05 → there is no time 24:05; times go from 00:00 to 24:00
when mon 20:75-22:00 → there is no time 20:75; times go from 00:00 to 24:00
when moonday 20:00-22:00 → there is no day 'moonday'; did you mean 'monday'?
when mon-xyz 20:00-22:00 → there is no day 'xyz'; use mon, tue, wed, thu, fri, sat, sun, weekdays, weekends or daily
when 19:00-21:00 → expected days and times, got '19:00-21:00'; write it like 'mon-thu 19:00-21:00'
when mon 19-21 → expected days and times, got 'mon 19-21'; write it like 'mon-thu 19:00-21:00'
when  → expected days and times, got ''; write it like 'mon-thu 19:00-21:00'
"""  # noqa: E501
CASES = [re.fullmatch(r"(\S+) (.*?) → (.*)", line).groups() for line in REFUSED.splitlines()]


@pytest.mark.parametrize(("flag", "text", "said"), CASES)
def test_what_cannot_be_is_refused_with_what_to_do(flag, text, said, tmp_path):
    typed = (text,) if flag in ("skill", "when", "off") else text
    assert problems(**{flag: typed}) == [f"--{flag}: {said}"]
    if flag != "skill":  # of another roadmap
        assert refused("generate", f"--{flag}={text}", folder=tmp_path) == [f"--{flag}: {said}"]
    if flag == "start":
        assert problems(interview=text) == [f"--interview: {said}"]
    if flag == "off":
        assert problems(toml=f"off = [2026-01-01, '{text}']") == [f"me.toml: off[1]: {said}"]


# Flags together, and what is said of them.
TOGETHER = """\
$ --hours 49
--hours: 49 h is more than the default week holds, which is 48 h; say when you study, for example --when 'mon-sat 08:00-18:00'
$ --skill linux=new --skill LINUX=solid
--skill: 'linux' is said to be both new and solid; keep one of the two
$ --when 'mon-fri 19:00-21:00' --when 'weekdays 20:00-22:00' --when 'wed 21:30-23:00'
--when: 'mon-fri 19:00-21:00' and 'mon-fri 20:00-22:00' overlap; make them one window: 'mon-fri 19:00-22:00'
--when: 'wed 20:00-22:00' and 'wed 21:30-23:00' overlap; make them one window: 'wed 20:00-23:00'
$ --when 'mon 9:00-18:00' --when 'mon 10:00-11:00' --when 'mon 12:00-13:00'
--when: 'mon 09:00-18:00' and 'mon 10:00-11:00' overlap; make them one window: 'mon 09:00-18:00'
--when: 'mon 09:00-18:00' and 'mon 12:00-13:00' overlap; make them one window: 'mon 09:00-18:00'
$ --when 'daily 00:00-24:00'
--when: these windows hold 168 h a week, more than it has beside sleep; narrow them, or say with --hours how much of them, at most 112
$ --start 2026-01-05 --interview 2026-01-05
--interview: 2026-01-05 is not after the start, 2026-01-05; study ends the day before the interview; give a later date or an earlier --start
$ --start 2026-01-05 --interview 2026-01-04
--interview: 2026-01-04 is not after the start, 2026-01-05; study ends the day before the interview; give a later date or an earlier --start
$ --start 2026-01-05 --interview 2031-01-10
--interview: 2031-01-10 is more than five years after the start, 2026-01-05; plan without it until it comes nearer
"""  # noqa: E501


@pytest.mark.parametrize("case", TOGETHER.removeprefix("$ ").split("\n$ "))
def test_what_does_not_go_together_is_refused(case, tmp_path):
    flags, *said = case.splitlines()
    assert refused("generate", *shlex.split(flags), folder=tmp_path) == said


# ── Hours ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("hours", "minutes", "notes"),
    [
        ("8", 480, ()),
        ("7.5", 450, ()),
        (" 7.50 ", 450, ()),
        (".5", 30, ()),
        ("0.4", 25, ("--hours 0.4 is taken as 25 min, in steps of 5 minutes",)),
        ("7.26", 435, ("--hours 7.26 is taken as 7 h 15 min, in steps of 5 minutes",)),
        ("12.7", 760, ("--hours 12.7 is taken as 12 h 40 min, in steps of 5 minutes",)),
    ],
)
def test_hours_become_minutes_in_steps_of_five(hours, minutes, notes):
    reading = read(hours=hours)
    assert (reading.profile.minutes_per_week, reading.notes) == (minutes, notes)


SIX_HOURS = ("mon-wed 19:00-21:00",)
IN_FILE = 'when = "mon-wed 19:00-21:00"'


def test_windows_with_fewer_hours_than_were_said_in_the_same_breath_are_a_problem():
    message = (
        "hours: 8 h a week is more than the windows hold, which is 6 h; "
        "lower the hours, add windows for 2 h, or give only one of the two"
    )
    assert problems(hours="8", when=SIX_HOURS) == [f"--{message}"]
    assert problems(toml=f"hours = 8\n{IN_FILE}") == [f"me.toml: {message}"]
    # What both flags override is not weighed against each other.
    assert profile(hours="5", when=SIX_HOURS, toml=f"hours = 8\n{IN_FILE}").minutes_per_week == 300


def test_larger_windows_are_kept_whole_for_the_planner_to_shorten():
    reading = read(hours="5", when=SIX_HOURS)
    assert reading.profile.minutes_per_week == 300
    assert sum(w.minutes for w in reading.profile.windows) == 360
    assert {w.rank for w in reading.profile.windows} == {0}
    assert profile(hours="6", when=SIX_HOURS).minutes_per_week == 360
    assert (reading.notes, reading.week_assumed) == ((), False)


def test_a_remembered_value_yields_to_a_typed_one_and_this_is_said():
    typed_windows = read(when=SIX_HOURS, toml="hours = 8")
    assert typed_windows.profile.minutes_per_week == 360
    assert typed_windows.notes == ("--when is used (6 h a week); the 8 h of me.toml yield to it",)

    typed_hours = read(hours="8", toml=IN_FILE)
    assert typed_hours.profile.minutes_per_week == 480
    assert typed_hours.profile.windows == DEFAULT_WEEK.up_to_20_hours
    assert typed_hours.week_assumed
    assert typed_hours.notes == ("--hours 8 is used; the windows of me.toml (6 h) yield to it",)


def test_a_remembered_value_that_goes_with_the_typed_one_stays():
    fewer = read(hours="5", toml=IN_FILE)
    assert (fewer.profile.minutes_per_week, fewer.notes) == (300, ())
    assert fewer.profile.windows == profile(when=SIX_HOURS).windows

    wider = read(when=("mon-fri 19:00-21:00",), toml="hours = 8")
    assert wider.profile.minutes_per_week == 480
    assert wider.notes == (
        "--when holds 10 h; each window is shortened to keep the 8 h a week of me.toml",
    )


def test_a_broken_window_does_not_cause_a_second_complaint_about_the_hours():
    assert len(problems(hours="60", when=("garbage",))) == 1
    assert len(problems(hours="60", toml="when = 3")) == 1


# ── Skills, zone, reminder, switches ──────────────────────────────────────────────────────────
def test_skills_are_for_all_a_phase_or_a_topic_whatever_the_case():
    said = ("ALL=some", " linux = Solid", "Dns=NEW", "dns=new")
    assert profile(skill=said).skills == {"all": "some", "linux": "solid", "dns": "new"}


@pytest.mark.parametrize(
    "written", ['skill = {all = "some", linux = "new"}', 'skill = ["all=some", "linux=new"]']
)
def test_typed_skills_are_merged_over_the_remembered_ones(written):
    reading = read(skill=("linux=solid", "dns=strong"), toml=written)
    assert reading.profile.skills == {"all": "some", "linux": "solid", "dns": "strong"}


def test_without_a_roadmap_only_the_levels_are_checked():
    assert problems(skill=("linx=solid", "all=god"), known=None) == [
        "--skill: there is no level 'god'; use one of: new, some, solid, strong"
    ]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Asia/Kolkata", "America/Port-au-Prince"])
def test_a_zone_that_is_given_is_not_said_to_be_found(zone):
    reading = read(tz=zone)
    assert (reading.profile.timezone, reading.zone_found) == (zone, False)
    assert reading.profile.zone.key == zone


@pytest.mark.parametrize("zone", ["europe/berlin", "EUROPE/BERLIN", "utc"])
def test_a_file_system_that_ignores_case_makes_no_zone_of_it(monkeypatch, zone):
    monkeypatch.setattr("pe_plan.inputs.values.ZoneInfo", lambda _: True)
    assert len(problems(tz=zone)) == 1


def test_an_empty_zone_is_refused():
    assert problems(tz=" ") == ["--tz: expected a time zone like Europe/Berlin, got ' '"]


@pytest.mark.parametrize(("text", "minutes"), [("0", 0), ("10", 10), ("10080", 10080)])
def test_a_reminder_is_whole_minutes_up_to_a_week(text, minutes):
    assert profile(remind=text).remind == minutes


def test_a_switch_is_on_where_either_side_says_so():
    assert profile(toml="overrun = true").overrun
    assert profile(toml="finish-early = true").finish_early
    assert profile(finish_early=True, toml="finish-early = false").finish_early
    assert not profile().overrun


# ── Dates ─────────────────────────────────────────────────────────────────────────────────────
def test_the_first_and_the_last_date_in_reach_are_taken():
    assert profile(start="1970-01-01").start == date(1970, 1, 1)
    assert profile(start="2199-12-31").start == date(2199, 12, 31)


def test_an_interview_leaves_a_day_of_study_before_it_and_may_be_five_years_away():
    for day in ("2026-01-06", "2031-01-09"):
        assert profile(start="2026-01-05", interview=day).interview == date.fromisoformat(day)


def test_an_interview_before_next_monday_lets_the_plan_start_today():
    reading = read(interview="2026-01-08")
    assert reading.profile.start == WEDNESDAY
    assert reading.notes == (
        "the plan starts today, 2026-01-07, since the interview comes so soon",
    )
    assert profile(interview="2026-01-12").start == WEDNESDAY
    assert profile(interview="2026-01-13").start == date(2026, 1, 12)
    assert len(problems(interview="2026-01-07")) == 1


def test_days_off_are_single_days_and_stretches_in_order_of_time():
    days = profile(off=("2026-05-01", "2026-03-02..2026-03-08", "2026-05-01")).days_off
    assert days == (
        Days(first=date(2026, 3, 2), last=date(2026, 3, 8)),
        Days(first=date(2026, 5, 1), last=date(2026, 5, 1)),
    )


def test_days_off_of_flags_and_file_add_up():
    reading = read(off=("2026-05-01", "2026-03-03"), toml="off = [2026-03-02]")
    assert reading.profile.days_off == (
        Days(first=date(2026, 3, 2), last=date(2026, 3, 3)),
        Days(first=date(2026, 5, 1), last=date(2026, 5, 1)),
    )
    assert reading.notes == ()
