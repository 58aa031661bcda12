"""`capacity` as a person meets it, and what scripts read of it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.support_calendars import calendar, timed
from tests.support_cli import contents, loaded, on_a_terminal, ran, refused
from tests.support_replan import GENERATE, on, said
from tests.support_shapes import faults, kept

FIRST = ("capacity", "--start", "2026-01-05", "--tz", "Europe/Berlin")
CHOIR = timed("20260106T190000", "20260106T203000", "RRULE:FREQ=WEEKLY;INTERVAL=2", uid="choir")
TOUR = timed("20260316T180000", "20260321T140000")
FAMILY = timed("20260323T180000", "20260326T203000")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a calendar: choir every other Tuesday, a week on tour, one with family."""
    (tmp_path / "work.ics").write_bytes(calendar(CHOIR, TOUR, FAMILY))
    return tmp_path


def shown(*words: str, folder: Path) -> str:
    done = ran(*FIRST, *words, folder=folder)
    assert (done.code, done.err) == (0, "")
    return done.out


def fact(text: str, label: str) -> str:
    """What stands beside a label, on one line."""
    found = re.search(rf"^{re.escape(label)} +(.+(?:\n +\S.*)*)", text, re.MULTILINE)
    assert found, (label, text)
    return " ".join(found[1].split())


def read(*words: str, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown(*words, "--json", folder=folder))
    return found


# ── In a terminal and piped ───────────────────────────────────────────────────────────────────
def test_every_week_has_its_line_and_weeks_alike_share_one(folder):
    lines = shown("--busy", "work.ics", folder=folder).splitlines()
    assert lines[0] == "Free to study, 5 January – 1 November 2026: 465 h in 43 weeks"
    assert lines[2:4] == [
        " 1   5 Jan – 11 Jan   88 %  10.5 of 12 h",
        " 2  12 Jan – 18 Jan  100 %    12 of 12 h",
    ]
    assert "11  16 Mar – 22 Mar    0 %     0 of 12 h, none" in lines
    assert "12  23 Mar – 29 Mar   38 %   4.5 of 12 h, tight" in lines
    whole = shown("--off", "2026-07-06..2026-07-19", folder=folder).splitlines()
    assert whole[2:5] == [
        " 1–26   5 Jan – 5 Jul   100 %  12 of 12 h each",
        "27–28   6 Jul – 19 Jul    0 %   0 of 12 h each, off",
        "29–43  20 Jul – 1 Nov   100 %  12 of 12 h each",
    ]


def test_the_sums_and_what_follows_from_them(folder):
    text = shown("--busy", "work.ics", folder=folder)
    assert fact(text, "Average") == "10.75 h a week"
    assert fact(text, "Tight") == "week 12"
    assert fact(text, "None") == "week 11"
    told = "10.5 h a week: nine weeks in ten have that much free (41 of 43)"
    assert fact(text, "Realistic") == told
    assert fact(text, "Enough?").startswith("yes: with 12 h a week the plan ends on Sunday ")
    assert fact(text, "Enough?").endswith(" 2026, inside the roadmap's 6–10 months")
    assert fact(text, "Week").startswith("mon–thu 19:00–21:00, sat 09:00–13:00 (assumed;")
    assert fact(text, "Next").startswith("keep the 12 h: ")
    assert "Secret" not in text


def test_what_it_says_of_the_plan_is_what_generate_then_says(folder):
    for words in ((), ("--busy", "work.ics"), ("--hours", "20"), ("--skill", "all=solid")):
        text = shown(*words, folder=folder)
        made = ran("generate", *FIRST[1:], *words, "--dry-run", folder=folder)
        (day,) = re.findall(r"ends on (\w+ \d+ \w+ \d+)", fact(text, "Enough?"))
        assert fact(made.out, "Finish").startswith(day)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--hours", "20"), "and needs 16.5 of your 20 h a week"),
        (("--hours", "8"), "only in part: 15 of 38 topics are shortened; the plan ends on"),
        (("--interview", "2026-02-11"), "topics are left out; the plan ends on Tuesday 10 Feb"),
        (("--hours", "3"), "no: the core needs 5 h and all 10 h a week; with 3 h it would end on"),
        (("--interview", "2026-01-07", "--when", "sat 09:00-12:00"), "no: there is no time to"),
    ],
)
def test_whether_it_is_enough_is_said_on_one_line(words, told, folder):
    assert told in fact(shown(*words, folder=folder), "Enough?")


def command(text: str) -> list[str]:
    """The command that it ends with."""
    return shlex.split(text.splitlines()[-2].strip())


def test_the_next_step_is_the_same_flags_for_generate(folder):
    words = ("--hours=9.5", "--busy", "work.ics", "--off", "2026-07-06..2026-07-19", "--plain")
    assert command(shown(*words, folder=folder)) == [
        *("pe-plan", "generate", "--start", "2026-01-05", "--tz", "Europe/Berlin"),
        *("--hours=9.5", "--busy", "work.ics", "--off", "2026-07-06..2026-07-19"),
    ]
    assert ran(*command(shown(*words, folder=folder))[1:], folder=folder).code == 0


def test_where_nothing_is_taken_there_is_nothing_to_keep(folder):
    assert fact(shown(folder=folder), "Next") == "make the plan:"


def test_offering_only_what_is_realistic_would_hold_less(folder):
    words = ("--busy", "work.ics", "--off", "2026-07-06..2026-07-19")
    before = read(*words, folder=folder)["realistic"]
    after = read(*words, "--hours", f"{before / 60:g}", folder=folder)["realistic"]
    assert after < before


@pytest.mark.parametrize("typed_hours", [("--hours", "3"), ("--hours=3",), ()])
def test_the_next_step_where_it_does_not_fit_are_hours_that_do(typed_hours, folder):
    windows = () if typed_hours else ("--when", "sat,sun 09:00-11:00")
    text = shown(*typed_hours, *windows, folder=folder)
    if not typed_hours:
        assert fact(text, "Next").startswith("name more time, for example --when ")
        return
    following = command(text)
    assert following[1] == "capacity"
    assert ran(*following[1:], folder=folder).out.count("only in part: ") == 1


def test_eighty_columns_are_enough_and_nothing_is_said_by_a_bar_alone(folder):
    done = on_a_terminal(*FIRST, "--busy", "work.ics", folder=folder, rows=70)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.out)
    assert done.code == 0
    assert "12  23 Mar – 29 Mar  ########------------   38 %   4.5 of 12 h, tight" in plain
    lines = plain.splitlines()
    assert all(len(line) <= 80 for line in lines)
    piped = shown("--busy", "work.ics", folder=folder)
    bars = re.compile(r"  [#-]{20}")
    assert [bars.sub("", line).rstrip() for line in lines[:45]] == piped.splitlines()[:45]
    assert "\x1b" not in piped


# ── Nothing is written, nothing is passed over ────────────────────────────────────────────────
def test_nothing_is_written_and_no_plan_is_needed(folder):
    before = contents(folder)
    shown("--busy", "work.ics", folder=folder)
    assert contents(folder) == before


def test_the_plan_in_the_folder_is_not_in_its_own_way_but_another_is(tmp_path):
    said("2025-12-29", *GENERATE, folder=tmp_path)
    (tmp_path / "study-plan" / "plan.ics").rename(tmp_path / "mine.ics")
    words = ("--busy", "mine.ics")
    assert "43 weeks" in shown(*words, folder=tmp_path).splitlines()[0]
    assert fact(shown(*words, folder=tmp_path), "Realistic").startswith("12 h a week: every")
    other = shown(*words, "--plan", "another", folder=tmp_path)
    assert fact(other, "None").startswith("weeks 1–")


def test_a_plan_that_is_damaged_is_told_where_its_events_could_stand_in_the_way(folder):
    (folder / "study-plan").mkdir()
    (folder / "study-plan" / "state.json").write_bytes(b"broken")
    (line, *_) = refused(*FIRST, "--busy", "work.ics", folder=folder, code=4)
    assert "state.json" in line
    assert "43 weeks" in shown(folder=folder)


def test_all_that_is_wrong_is_said_at_once(folder):
    lines = refused(
        *("capacity", "--start", "2026-02-30", "--hours", "many", "--roadmap", "none.toml"),
        *("--busy-margin", "900", "--when", "noon", "--profile", "none.toml"),
        folder=folder,
    )
    flags = ("--start", "--hours", "none.toml", "--busy-margin", "--when", "none.toml")
    assert sorted(line.split(":")[0] for line in lines) == sorted(flags)


def test_a_calendar_that_is_not_there_or_broken_is_refused(folder):
    (line,) = refused(*FIRST, "--busy", "gone.ics", folder=folder)
    assert "gone.ics" in line
    (folder / "bad.ics").write_bytes(b"not a calendar")
    assert any("bad.ics" in line for line in refused(*FIRST, "--busy", "bad.ics", folder=folder))


def test_under_json_errors_are_json(folder):
    done = ran("capacity", "--hours", "many", "--json", folder=folder)
    assert (done.code, done.out) == (3, "")
    assert [row["where"] for row in json.loads(done.err)["problems"]] == ["--hours"]


# ── For scripts ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--busy", "work.ics"),
        ("--hours", "3"),
        ("--hours", "8", "--off", "2026-01-01..2026-12-31"),
        ("--interview", "2026-02-11"),
    ],
    ids=" ".join,
)
def test_the_shape_is_the_one_that_was_kept(words, folder):
    assert faults(read(*words, folder=folder), kept("capacity")) == []


def test_json_has_the_same_figures(folder):
    found = read("--busy", "work.ics", folder=folder)
    weeks = found["weeks"]
    assert (found["starts"], found["ends"], len(weeks)) == ("2026-01-05", "2026-11-01", 43)
    days = {"n": 12, "starts": "2026-03-23", "ends": "2026-03-29"}
    assert weeks[11] == days | {"offered": 720, "free": 270, "verdict": "tight"}
    assert found["total"] == sum(week["free"] for week in weeks) == 465 * 60
    assert (found["average"], found["realistic"]) == (found["total"] // 43, 630)
    assert (found["weeks_held"], found["weeks_counted"]) == (41, 43)
    assert found["plan"]["fits"] is True
    assert found["next"].startswith("pe-plan generate --start 2026-01-05")
    assert "--json" not in found["next"]


# ── Start-up ──────────────────────────────────────────────────────────────────────────────────
def test_without_a_calendar_no_calendar_library_is_loaded(folder):
    modules = loaded(*FIRST, folder=folder)
    assert "pe_plan.planning.capacity" in modules
    assert (
        modules & {"icalendar", "recurring_ical_events", "rich", "pe_plan.calendars.busy"} == set()
    )


def test_today_is_the_learners_and_the_zone_is_said(folder):
    done = ran("capacity", folder=folder, around=on("2026-03-04"))
    assert done.out.startswith("Free to study, 9 March 2026 – ")
    assert fact(done.out, "Zone").startswith("UTC (this machine's")
