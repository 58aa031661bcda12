"""What the learner says in flags becomes a profile, or every problem."""

from __future__ import annotations

from datetime import date

import pytest

from pe_plan.inputs.answers import Reading
from pe_plan.model import Profile
from tests.support_profile import DEFAULT_WEEK, problems, profile, read, roadmap

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


@pytest.mark.parametrize(
    ("today", "start"),
    [
        ("2026-01-05", "2026-01-05"),
        ("2026-01-06", "2026-01-12"),
        ("2026-01-11", "2026-01-12"),
        ("2024-02-28", "2024-03-04"),
        ("2026-12-29", "2027-01-04"),
    ],
)
def test_a_plan_starts_today_if_it_is_monday_else_on_the_next(today, start):
    assert profile(today=date.fromisoformat(today)).start == date.fromisoformat(start)


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


# ── Hours ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("0", "'0' leaves no time to study; offer at least 0.5"),
        ("-3", "'-3' leaves no time to study; offer at least 0.5"),
        ("0.3", "'0.3' is less than one session of 25 minutes; offer at least 0.5"),
        ("200", "'200' is more than a week holds beside sleep; offer at most 112"),
        ("112.001", "'112.001' is more than a week holds beside sleep; offer at most 112"),
        ("7,5", "expected a number of hours like 12 or 7.5, got '7,5'; write it with a point"),
        *(
            (text, f"expected a number of hours like 12 or 7.5, got '{text}'")
            for text in ("ten", "nan", "inf", "1e3", "12h", "", ".", "٣", "1_0", "1/2")
        ),
    ],
)
def test_hours_that_no_week_has_are_refused(hours, message):
    assert problems(hours=hours) == [f"--hours: {message}"]


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
    ("said", "message"),
    [
        ("linx=solid", "there is no phase or topic 'linx'; did you mean 'linux'?"),
        ("memry=solid", "there is no phase or topic 'memry'; did you mean 'memory'?"),
        (
            "cooking=solid",
            (
                "there is no phase or topic 'cooking'; "
                "use all, or a phase or topic that 'pe-plan roadmap show' lists"
            ),
        ),
        ("linux=stong", "there is no level 'stong'; did you mean 'strong'?"),
        ("linux=expert", "there is no level 'expert'; use one of: new, some, solid, strong"),
        ("linux=", "there is no level ''; use one of: new, some, solid, strong"),
        (
            "linux",
            (
                "expected WHO=LEVEL, got 'linux'; "
                "WHO is all, a phase or a topic, LEVEL new some solid strong"
            ),
        ),
    ],
)
def test_an_unknown_skill_gets_the_near_name(said, message):
    assert problems(skill=(said,)) == [f"--skill: {message}"]


def test_one_skill_has_one_level():
    assert problems(skill=("linux=new", "LINUX=solid")) == [
        "--skill: 'linux' is said to be both new and solid; keep one of the two"
    ]


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


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("europe/berlin", "did you mean 'Europe/Berlin'?"),
        ("EUROPE/BERLIN", "did you mean 'Europe/Berlin'?"),
        ("Europe/Berlim", "did you mean 'Europe/Berlin'?"),
        ("berlin", "did you mean 'Europe/Berlin'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("utc", "did you mean 'UTC'?"),
        ("UTC+2", "an offset knows no summer time, so name a place, like Europe/Berlin"),
        ("+01:00", "an offset knows no summer time, so name a place, like Europe/Berlin"),
        *(
            (name, "use a name like Europe/Berlin")
            for name in ("localtime", "Factory", "/etc/localtime", "../UTC", "Europe", "Mars/Base")
        ),
    ],
)
def test_a_zone_that_is_no_iana_name_is_refused(zone, hint):
    assert problems(tz=zone) == [f"--tz: there is no time zone '{zone}'; {hint}"]


@pytest.mark.parametrize("zone", ["europe/berlin", "EUROPE/BERLIN", "utc"])
def test_a_file_system_that_ignores_case_makes_no_zone_of_it(monkeypatch, zone):
    monkeypatch.setattr("pe_plan.inputs.values.ZoneInfo", lambda _: True)
    assert len(problems(tz=zone)) == 1


def test_an_empty_zone_is_refused():
    assert problems(tz=" ") == ["--tz: expected a time zone like Europe/Berlin, got ' '"]


@pytest.mark.parametrize(("text", "minutes"), [("0", 0), ("10", 10), ("10080", 10080)])
def test_a_reminder_is_whole_minutes_up_to_a_week(text, minutes):
    assert profile(remind=text).remind == minutes


@pytest.mark.parametrize("text", ["-1", "10081", "2.5", "soon", ""])
def test_another_reminder_is_refused(text):
    assert problems(remind=text) == [
        (
            f"--remind: expected whole minutes from 0 to 10080, got '{text}'; "
            "10 reminds you ten minutes before you start"
        )
    ]


def test_a_switch_is_on_where_either_side_says_so():
    assert profile(toml="overrun = true").overrun
    assert profile(toml="finish-early = true").finish_early
    assert profile(finish_early=True, toml="finish-early = false").finish_early
    assert not profile().overrun
