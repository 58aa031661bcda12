"""The profile file: the same words as the flags, which win."""

from __future__ import annotations

from datetime import date

import pytest
import tomli_w

from pe_plan.inputs.answers import Answers, calendars_alone
from tests.support_profile import problems, profile

NO_PATHS = """\
--busy-margin: expected whole minutes from 0 to 240, got '241'; 15 keeps a quarter of an hour free on both sides
me.toml: unknown key 'no-busy'; did you mean 'busy'?
me.toml: free: expected true or false, got 0
me.toml: busy[1]: expected the path of a calendar, got 3
me.toml: busy[2]: expected the path of a calendar, got ''
me.toml: busy[3]: 'webcal://x.org/c.ics' is an address, and pe-plan never goes online; download the calendar first, and name the file by its path
me.toml: busy[4]: 'https://x.org/c.ics' is an address, and pe-plan never goes online; download the calendar first, and name the file by its path
me.toml: busy[5]: expected the path of a calendar, got 'a\\x00b'
me.toml: busy-margin: expected whole minutes from 0 to 240, got 7.5; 15 keeps a quarter of an hour free on both sides
"""  # noqa: E501

EVERYTHING_WRONG = """\
--start: expected a date like 2026-01-05, got 'soon'
--hours: expected a number of hours like 12 or 7.5, got 'ten'
--remind: expected whole minutes from 0 to 10080, got 'x'; 10 reminds you ten minutes before you start
me.toml: unknown key 'skills'; did you mean 'skill'?
me.toml: start: expected a date like 2026-01-05, got a date with a time
me.toml: hours: expected a number of hours like 12 or 7.5, got nan
me.toml: skill.linux: there is no level 'god'; use one of: new, some, solid, strong
me.toml: skill.boot: there is no level a table; use one of: new, some, solid, strong
me.toml: when[2]: expected days and times, got 7; write it like 'mon-thu 19:00-21:00'
me.toml: when[1]: 'mon 09:00-10:00' and 'mon 09:30-11:00' overlap; make them one window: 'mon 09:00-11:00'
me.toml: off[1]: 2026-03-01 comes after 2026-02-01; turn them round: 2026-02-01..2026-03-01
me.toml: off[2]: expected a date or a stretch like 2026-03-02..2026-03-08, got 3
me.toml: tz: expected a time zone like Europe/Berlin, got 3
me.toml: interview: expected a date like 2026-01-05, got a list
me.toml: finish-early: expected true or false, got 'yes'
me.toml: overrun: expected true or false, got 1
me.toml: remind: expected whole minutes from 0 to 10080, got true; 10 reminds you ten minutes before you start
"""  # noqa: E501


def test_a_flag_wins_over_the_file_key_by_key():
    toml = 'start = 2026-03-02\nhours = 8\ntz = "Asia/Kolkata"\ninterview = 2026-12-01\nremind = 5'
    remembered = profile(toml=toml)
    assert remembered.start == date(2026, 3, 2)
    assert remembered.minutes_per_week == 480
    assert (remembered.timezone, remembered.remind) == ("Asia/Kolkata", 5)
    assert remembered.interview == date(2026, 12, 1)

    typed = profile(toml=toml, start="2026-04-06", hours="9", tz="UTC", remind="0")
    assert (typed.start, typed.minutes_per_week) == (date(2026, 4, 6), 540)
    assert (typed.timezone, typed.remind) == ("UTC", 0)
    assert typed.interview == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("name", "path", "meant"),
    [
        ("me.toml", "work.ics", "work.ics"),
        ("a/b/me.toml", "work.ics", "a/b/work.ics"),
        ("a/me.toml", "../work.ics", "a/../work.ics"),
        ("a/me.toml", "/home/eva/work.ics", "/home/eva/work.ics"),
        ("a/me.toml", "~/work.ics", "~/work.ics"),
        ("me.toml", "./~work.ics", "./~work.ics"),
        ("a/me.toml", "./~work.ics", "a/~work.ics"),
        (f"{'long/' * 100}me.toml", "work.ics", f"{'long/' * 100}work.ics"),
        ("odd\x1b/me.toml", "work.ics", "odd\x1b/work.ics"),
    ],
)
def test_paths_of_calendars_begin_in_the_folder_of_their_file(name, path, meant):
    toml = tomli_w.dumps({"busy": path})
    assert profile(toml=toml, name=name).calendars == (meant,)
    assert profile(toml=toml, name=name, busy=("typed.ics",)).calendars == (meant, "typed.ics")


def test_calendars_of_flags_and_file_add_up_and_how_they_are_read_yields():
    toml = 'busy = ["a.ics", "b.zip", "a.ics"]\nbusy-margin = 30\nlenient = true\nfree = true'
    kept = profile(toml=toml)
    assert (kept.calendars, kept.busy_margin) == (("a.ics", "b.zip"), 30)
    assert (kept.lenient, kept.ignore_all_day, kept.free) == (True, False, True)

    both = profile(toml=toml, busy=("b.zip", "c"), busy_margin="0", ignore_all_day=True, free=False)
    assert (both.calendars, both.busy_margin) == (("a.ics", "b.zip", "c"), 0)
    assert (both.lenient, both.ignore_all_day, both.free) == (True, True, False)


def test_what_is_no_path_is_refused_with_its_place():
    toml = """
        busy = ["a.ics", 3, "", "webcal://x.org/c.ics", "https://x.org/c.ics", "a\\u0000b"]
        busy-margin = 7.5
        free = 0
        no-busy = true
    """
    assert problems(toml=toml, busy_margin="241") == NO_PATHS.splitlines()


@pytest.mark.parametrize(
    "address", ["HTTP://x", " webcal:x.org/c.ics", "file:///home/eva/c.ics", "ftp://x/y.zip"]
)
def test_an_address_is_no_path_however_it_is_written(address):
    (said,) = problems(busy=(address,))
    assert said.startswith("--busy: ")
    assert "pe-plan never goes online" in said


def test_calendars_can_be_made_out_where_nothing_else_can():
    file = ("a/me.toml", b'busy = ["work.ics", 3]\nhours = "many"\nlenient = true')
    answers = Answers(busy=("", "typed.ics"), hours="x", tz="Nowhere", when=("never",))
    found = calendars_alone(answers, file, date(2026, 1, 5))
    assert (found.calendars, found.lenient) == (("a/work.ics", "typed.ics"), True)
    assert calendars_alone(Answers(), ("me.toml", b"\xff"), date(2026, 1, 5)).calendars == ()


def test_everything_wrong_is_told_at_once():
    toml = """
        hours = nan
        skills = 1
        start = 2026-01-05T10:00:00
        when = ["mon 9:00-10:00", "mon 9:30-11:00", 7]
        off = [2026-02-02, "2026-03-01..2026-02-01", 3]
        tz = 3
        remind = true
        finish-early = "yes"
        skill.linux = "god"
        skill.boot = {}
        overrun = 1
        interview = []
    """
    assert (
        problems(start="soon", hours="ten", remind="x", toml=toml) == EVERYTHING_WRONG.splitlines()
    )


def test_conflicts_are_told_together_with_the_rest():
    said = problems(
        hours="8",
        when=("mon-wed 19:00-21:00",),
        tz="Nowhere",
        start="2026-02-02",
        interview="2026-01-01",
    )
    assert [line.split(":")[0] for line in said] == ["--tz", "--hours", "--interview"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"hours = \xff", "line 1: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (
            b"hours = ",
            (
                "end of document: not TOML: Invalid value; "
                "texts stand in quotes, lists in [ ], and each key once"
            ),
        ),
        (b"a = " + b"[" * 5000, "brackets stand too deep in each other; flatten them"),
        (b"a = " + b"9" * 5000, "a number in it is far too long; shorten it"),
        (
            b"start = 2026-01-05\noff = [2026-02-30]",
            "line 2, column 8: not TOML: Invalid date or datetime; there is no 30 February 2026",
        ),
        (b"start = 0x" + b"f" * 9000, "start: expected a date like 2026-01-05, got a huge number"),
        (
            b"hours = 0x" + b"f" * 9000,
            "hours: a huge number is more than a week holds beside sleep; offer at most 112",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_beside_those_of_the_flags(raw, message):
    assert problems(toml=raw, hours="ten") == [
        "--hours: expected a number of hours like 12 or 7.5, got 'ten'",
        f"me.toml: {message}",
    ]


def test_a_byte_order_mark_does_no_harm():
    assert profile(toml=b"\xef\xbb\xbfhours = 8").minutes_per_week == 480


def test_a_date_with_a_time_is_no_day_off():
    assert problems(toml="off = [2026-01-05T10:00:00]") == [
        (
            "me.toml: off[0]: expected a date or a stretch like 2026-03-02..2026-03-08, "
            "got a date with a time"
        )
    ]
