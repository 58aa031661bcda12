"""What a flag sets, another takes back: on a re-plan and over a profile file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support_calendars import calendar, timed
from tests.support_cli import refused
from tests.support_replan import FIRST_DAY, GENERATE, replanned, said, state

EVERYTHING = """\
interview = 2026-06-01
finish-early = true
overrun = true
remind = 10
free = true
busy = "life.ics"
busy-margin = 15
ignore-all-day = true
lenient = true
"""
# What takes back, and what of the profile it changes.
WAYS = {
    "--no-interview": {"interview": None},
    "--no-finish-early": {"finish_early": False},
    "--no-overrun": {"overrun": False},
    "--no-remind": {"remind": None},
    "--no-free": {"free": False},
    "--no-ignore-all-day": {"ignore_all_day": False},
    "--no-lenient": {"lenient": False},
    "--no-busy": {"calendars": (), "busy": (), "ignore_all_day": False, "lenient": False},
}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "life.ics").write_bytes(calendar(timed("20260106T193000", "20260106T210000")))
    (tmp_path / "me.toml").write_text(EVERYTHING)
    return tmp_path


def kept(folder: Path) -> dict[str, object]:
    profile = state(folder).profile
    names = {name for changes in WAYS.values() for name in changes}
    return {name: getattr(profile, name) for name in names}


@pytest.mark.parametrize("way", WAYS)
def test_each_is_taken_back_on_a_replan_and_over_a_file(way, folder):
    said(FIRST_DAY, *GENERATE, "--profile", "me.toml", folder=folder)
    everything = kept(folder)
    assert all(everything.values())
    replanned(FIRST_DAY, way, folder=folder)
    assert kept(folder) == everything | WAYS[way]
    assert way in said(FIRST_DAY, "log", folder=folder).out

    said(FIRST_DAY, *GENERATE, "--profile", "me.toml", way, "--force", folder=folder)
    assert kept(folder) == everything | WAYS[way]


def test_without_its_interview_a_plan_returns_to_the_window(folder):
    said(FIRST_DAY, *GENERATE, folder=folder)
    whole = state(folder).plan
    replanned(FIRST_DAY, "--interview", "2026-05-01", folder=folder)
    assert state(folder).plan.finish < whole.earliest
    replanned(FIRST_DAY, "--no-interview", folder=folder)
    plan = state(folder).plan
    assert (plan.earliest, plan.latest, plan.verdict) == (whole.earliest, whole.latest, "inside")
    assert plan.earliest <= plan.finish <= plan.latest


def test_what_was_never_set_is_taken_back_without_a_change(folder):
    said(FIRST_DAY, *GENERATE, folder=folder)
    before = state(folder)
    replanned(FIRST_DAY, *WAYS, folder=folder)
    assert state(folder) == before


@pytest.mark.parametrize("command", ["generate", "replan", "capacity"])
def test_nobody_sets_and_takes_back_at_once(command, folder):
    if command == "replan":
        said(FIRST_DAY, *GENERATE, folder=folder)
    flags = ("--interview", "2026-06-01", "--no-interview")
    assert refused(command, *flags, folder=folder) == [
        "--no-interview: contradicts --interview; say one of the two"
    ]
    if command != "capacity":
        assert refused(command, "--remind", "5", "--no-remind", folder=folder) == [
            "--no-remind: contradicts --remind; say one of the two"
        ]
