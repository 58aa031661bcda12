"""What a command may load, execute and hold. Seconds are measured in benchmarks/, never here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import instructions, scaled
from benchmarks.processes import Place, pe_plan
from pe_plan.app import folder as app
from pe_plan.errors import PePlanError
from tests.support_calendars import calendar, timed
from tests.support_child import with_memory
from tests.support_cli import LOADED
from tests.support_folder import linux
from tests.support_programs import need
from tests.support_roadmap import SMALL

STARTS = (("--version",), ("--help",), ("generate", "--help"))
GENERATE = ("generate", "--start", "2026-01-05", "--hours", "12")

# Whoever only asks for the version or for help waits for none of these.
NOT_AT_START = {
    *("icalendar", "recurring_ical_events", "dateutil", "fsrs", "pydantic", "rich"),
    *("tomli", "tomllib", "tomli_w", "zoneinfo", "tzdata", "tzlocal"),
    *("pe_plan.app", "pe_plan.model", "pe_plan.planning", "pe_plan.calendars"),
    *("asyncio", "logging", "hashlib", "unittest"),
}
NOT_TO_GENERATE = {
    *("pydantic", "recurring_ical_events", "rich", "asyncio", "unittest", "zipfile"),
    *("pe_plan.calendars.busy", "pe_plan.calendars.reading"),
}


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(bytecode=tmp_path_factory.mktemp("bytecode"))


def loaded(place: Place, *arguments: str) -> set[str]:
    said = place.run([sys.executable, "-c", LOADED, *arguments]).stderr
    return set(json.loads(said.splitlines()[-1]))


@pytest.mark.parametrize("arguments", STARTS, ids=" ".join)
def test_a_start_loads_nothing_that_only_planning_needs(place, arguments):
    modules = loaded(place, *arguments)

    assert "pe_plan.cli" in modules
    assert modules & NOT_AT_START == set()


def test_generate_off_a_terminal_loads_neither_rich_nor_what_only_busy_calendars_need(place):
    modules = loaded(place, *GENERATE)

    assert "pe_plan.calendars.ics" in modules
    assert modules & NOT_TO_GENERATE == set()


def test_generate_loads_for_a_calendar_what_it_needs_to_read_that(place, tmp_path):
    (tmp_path / "life.ics").write_bytes(calendar(timed("20260106T190000", "20260106T210000")))
    modules = loaded(place, *GENERATE, "--busy", str(tmp_path / "life.ics"))

    needed = {name for name in NOT_TO_GENERATE if name.startswith("pe_plan.")}
    assert modules & NOT_TO_GENERATE == needed


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)], ids=" ".join)
def test_a_start_executes_at_most_ten_times_what_the_bare_interpreter_does(place, arguments):
    valgrind = need("valgrind", "sudo apt-get install valgrind")

    assert instructions.ratio(place, pe_plan(*arguments), valgrind) <= 10


_ON_A_DAY = """\
from datetime import UTC, datetime
from pe_plan.app.context import Circumstances
from pe_plan.cli import clock, main
clock.circumstances = lambda **_: Circumstances(now=datetime(2026, 2, 3, 12, tzinfo=UTC))
main()
"""
EVERYDAY = {"today": 10, "done": 10, "status": 11, "topic dns": 11}  # the table is in DESIGN.md


@pytest.mark.parametrize("words", EVERYDAY)
def test_the_commands_of_every_day_keep_to_their_instructions(place, words, tmp_path, monkeypatch):
    valgrind = need("valgrind", "sudo apt-get install valgrind")
    monkeypatch.setenv("PE_PLAN_DIR", str(tmp_path / "plan"))
    place.run(pe_plan(*GENERATE, "--tz", "Europe/Berlin"))
    command = [sys.executable, "-c", _ON_A_DAY, *words.split()]
    place.run(command)  # compiles

    assert instructions.ratio(place, command, valgrind) <= EVERYDAY[words]


def test_a_plan_keeps_to_its_instructions_and_so_does_a_replan(place, tmp_path, monkeypatch):
    valgrind = need("valgrind", "sudo apt-get install valgrind")
    monkeypatch.setenv("PE_PLAN_DIR", str(tmp_path / "plan"))
    first = pe_plan(*GENERATE, "--tz", "Europe/Berlin", "--force")
    again = pe_plan("replan", "--as-of", "2026-01-20", "--assume", "missed", "--yes")
    place.run(first)
    nothing = pe_plan("replan", "--as-of", "2026-01-05", "--assume", "missed", "--yes")

    idle = instructions.ratio(place, nothing, valgrind)
    assert idle <= 20
    replanned = instructions.ratio(place, again, valgrind, before=first)
    generated = instructions.ratio(place, first, valgrind)
    assert generated <= 36
    assert idle < replanned <= 1.2 * generated


def test_a_plan_of_a_thousand_topics_holds_at_most_200_mb(place, tmp_path):
    pytest.importorskip("resource")
    roadmap = scaled.write(tmp_path, 1_000)

    assert place.peak(pe_plan(*GENERATE, "--roadmap", str(roadmap))) <= 200_000_000


def complaint(path: Path) -> str:
    with pytest.raises(PePlanError) as raised:
        app.roadmap(path)
    return str(raised.value)


def test_a_roadmap_has_at_most_2_mb(tmp_path):
    path = tmp_path / "roadmap.toml"
    path.write_bytes(SMALL.encode().ljust(2_000_000, b"\n"))
    assert app.roadmap(path).title == "A small roadmap"
    path.write_bytes(SMALL.encode().ljust(2_000_001, b"\n"))
    assert complaint(path) == f"{path}: is larger than 2 MB; shorten it"


@linux
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_of_a_huge_roadmap_no_more_is_read_than_it_may_have(tmp_path):
    path = tmp_path / "roadmap.toml"
    with path.open("wb") as file:
        file.truncate(4_000_000_000)
    assert (
        with_memory(100_000_000, lambda: complaint(path))
        == f"{path}: is larger than 2 MB; shorten it"
    )
