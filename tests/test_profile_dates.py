"""The dates of a profile: start, interview and days off."""

from __future__ import annotations

from datetime import date

import pytest

from pe_plan.model import Days
from tests.support_profile import WEDNESDAY, problems, profile, read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-02-30", "there is no 30 February 2026; its days are 2026-02-01 to 2026-02-28"),
        ("2024-02-30", "there is no 30 February 2024; its days are 2024-02-01 to 2024-02-29"),
        ("2026-12-32", "there is no 32 December 2026; its days are 2026-12-01 to 2026-12-31"),
        ("2026-13-01", "there is no month 13; a date is written year-month-day"),
        ("1969-12-31", "1969-12-31 is out of reach; use a date from 1970-01-01 to 2199-12-31"),
        ("2200-01-01", "2200-01-01 is out of reach; use a date from 1970-01-01 to 2199-12-31"),
        ("0000-00-00", "0000-00-00 is out of reach; use a date from 1970-01-01 to 2199-12-31"),
        *(
            (text, f"expected a date like 2026-01-05, got '{text}'")
            for text in ("tomorrow", "2026-1-5", "20260105", "05.01.2026", "2026-W02-1", "")
        ),
    ],
)
@pytest.mark.parametrize("flag", ["start", "interview"])
def test_a_date_that_is_not_in_the_calendar_is_refused(flag, text, message):
    assert problems(**{flag: text}) == [f"--{flag}: {message}"]


def test_the_first_and_the_last_date_in_reach_are_taken():
    assert profile(start="1970-01-01").start == date(1970, 1, 1)
    assert profile(start="2199-12-31").start == date(2199, 12, 31)


@pytest.mark.parametrize("interview", ["2026-01-05", "2026-01-04"])
def test_an_interview_leaves_a_day_of_study_before_it(interview):
    assert problems(start="2026-01-05", interview=interview) == [
        (
            f"--interview: {interview} is not after the start, 2026-01-05; "
            "study ends the day before the interview; give a later date or an earlier --start"
        )
    ]
    assert profile(start="2026-01-05", interview="2026-01-06").interview == date(2026, 1, 6)


def test_an_interview_years_away_is_refused():
    assert profile(start="2026-01-05", interview="2031-01-09").interview == date(2031, 1, 9)
    assert problems(start="2026-01-05", interview="2031-01-10") == [
        (
            "--interview: 2031-01-10 is more than five years after the start, 2026-01-05; "
            "plan without it until it comes nearer"
        )
    ]


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "2026-03-08..2026-03-02",
            "2026-03-08 comes after 2026-03-02; turn them round: 2026-03-02..2026-03-08",
        ),
        (
            "2026-01-01..2036-01-09",
            "2026-01-01..2036-01-09 is 3661 days; at most 3660 at a time, please",
        ),
        (
            "2026-02-01..2026-02-29",
            "there is no 29 February 2026; its days are 2026-02-01 to 2026-02-28",
        ),
        ("2026-03-02..", "expected a date like 2026-01-05, got ''"),
        ("easter", "expected a date or a stretch like 2026-03-02..2026-03-08, got 'easter'"),
    ],
)
def test_days_off_that_cannot_be_are_refused(text, message):
    assert problems(off=(text,)) == [f"--off: {message}"]
    assert problems(toml=f"off = [2026-01-01, '{text}']") == [f"me.toml: off[1]: {message}"]


def test_days_off_of_flags_and_file_add_up():
    reading = read(off=("2026-05-01", "2026-03-03"), toml="off = [2026-03-02]")
    assert reading.profile.days_off == (
        Days(first=date(2026, 3, 2), last=date(2026, 3, 3)),
        Days(first=date(2026, 5, 1), last=date(2026, 5, 1)),
    )
    assert reading.notes == ()
