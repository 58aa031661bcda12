"""What a person sees of the commands: files, screens and what the shell offers."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from pe_plan.app.context import Circumstances
from tests.support_cli import Ran, contents, on_a_terminal, ran, typed
from tests.support_replan import GENERATE as FIRST
from tests.support_replan import state
from tests.support_roadmap import SMALL

ESCAPE = "\x1b"
WEDNESDAY = Circumstances(
    now=datetime(2026, 3, 4, 12, tzinfo=UTC),
    zone="UTC",
    fresh_id="6f3c1f1e-98a7-4a65-9c58-2d3c4b5a6978",
)
BEFORE = replace(WEDNESDAY, now=datetime(2026, 1, 1, 12, tzinfo=UTC))
BEHIND = re.compile(
    r"(\d+) of \d+ sessions lie before today; to begin on the next Monday: pe-plan (.+)\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, Ran]:
    """A folder with the default plan in all formats, and what was said; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    return folder, ran(*FIRST, "--format", "md,ics,json", folder=folder)


# ── Files ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("flags", "files"),
    [
        ((), ["plan.ics", "plan.md", "state.json"]),
        (("--format", "md"), ["plan.md", "state.json"]),
        (("--format", "ics"), ["plan.ics", "state.json"]),
        (("--format", "json"), ["plan.json", "state.json"]),
        (("--format", "JSON, md,json"), ["plan.json", "plan.md", "state.json"]),
    ],
)
def test_the_wanted_formats_are_written_beside_the_state(flags, files, tmp_path):
    done = ran(*FIRST, *flags, folder=tmp_path)
    assert done.code == 0
    assert sorted(contents(tmp_path / "study-plan")) == sorted([*files, "roadmap.json"])
    (written,) = re.findall(r"Written +(.+) in study-plan\n", done.out)
    assert sorted(re.split(", | and ", written)) == files


def test_a_dry_run_says_the_same_and_writes_nothing(made, tmp_path):
    done = ran(*FIRST, "--dry-run", folder=tmp_path)
    assert contents(tmp_path) == {}
    plan, _, written = done.out.partition("Written")
    assert plan == made[1].out.partition("Written")[0]
    assert written == "  nothing, this was a dry run\n\n"


def test_a_dry_run_over_a_plan_that_is_there_leaves_it(made):
    before = contents(made[0])
    assert ran(*FIRST, "--dry-run", "--force", folder=made[0]).code == 0
    assert ran(*FIRST, "--dry-run", folder=made[0]).code == 0
    assert contents(made[0]) == before


def test_the_plan_lives_where_plan_or_else_the_environment_says(tmp_path):
    assert ran(*FIRST, "--format", "md", folder=tmp_path, PE_PLAN_DIR="a/b").code == 0
    assert (tmp_path / "a/b/plan.md").exists()
    assert ran("export", "json", folder=tmp_path, PE_PLAN_DIR="a/b").code == 0

    assert ran(*FIRST, "--plan", "c", "--format", "md", folder=tmp_path, PE_PLAN_DIR="a").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c"]


@pytest.mark.parametrize("kind", ["md", "ics", "json"])
def test_an_export_is_the_file(kind, made, tmp_path):
    file = (made[0] / f"study-plan/plan.{kind}").read_bytes()
    plan = str(made[0] / "study-plan")

    printed = ran("export", kind, "--plan", plan, folder=tmp_path)
    assert (printed.code, printed.out.encode(), printed.err) == (0, file, "")
    assert ran("export", kind, "--plan", plan, "-o", f"new/p.{kind}", folder=tmp_path).code == 0
    assert (tmp_path / f"new/p.{kind}").read_bytes() == file


def test_an_export_that_cannot_be_written_says_so(made, tmp_path):
    (tmp_path / "file").write_text("mine")
    plan = str(made[0] / "study-plan")
    done = ran("export", "md", "--plan", plan, "-o", "file/p.md", folder=tmp_path)
    assert (done.code, done.out) == (5, "")
    assert done.err.startswith("file: a file stands where the folder should be")
    assert (tmp_path / "file").read_text() == "mine"


# ── Screens ───────────────────────────────────────────────────────────────────────────────────
def test_piped_output_is_plain_and_80_columns_wide(made):
    assert made[1].code == 0
    assert ESCAPE not in made[1].out
    assert max(map(len, made[1].out.splitlines())) <= 80


def test_the_summary_fits_one_screen_of_a_terminal(tmp_path):
    shown = on_a_terminal(*FIRST, folder=tmp_path)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.out).splitlines()
    assert shown.code == 0
    assert ESCAPE in shown.out, "in colour"
    assert sum(max(1, -(-len(line.rstrip()) // 80)) for line in lines) < 24, "one is the prompt's"
    assert "Troubleshooting & Debugging  29 Jun – 26 Jul" in "\n".join(lines), "no row is broken"


@pytest.mark.parametrize(
    "flags",
    [
        "--hours 12",
        "--hours 15 --skill all=new",
        "--when 'mon,wed 20:30-21:30' --when 'sat 14:00-17:00' --off 2026-12-24",
        "--hours 8 --skill linux=solid --skill networking=solid --skill troubleshooting=strong",
        "--hours 35 --skill design=new --skill culture=new",
        "--hours 5 --interview 2026-01-06",
        "--hours 1 --overrun",
    ],
)
def test_the_summary_of_any_learner_fits_one_screen(flags, tmp_path):
    words = ("generate", "--start", "2026-01-05", "--tz", "Europe/Berlin", *shlex.split(flags))
    done = ran(*words, folder=tmp_path, around=BEFORE)
    assert (done.code, done.err) == (0, "")
    lines = done.out.rstrip().splitlines()
    assert len(lines) < 24, "one is the prompt's"


@pytest.mark.parametrize(
    ("flags", "changed"),
    [(["--plain"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), ([], {"TERM": ""})],
)
def test_a_terminal_that_wants_it_plain_gets_it_plain(flags, changed, made, tmp_path):
    words = (*FIRST, "--format", "md,ics,json", "--plan", "study-plan", *flags)
    shown = on_a_terminal(*words, folder=tmp_path, **changed)
    assert shown.code == 0
    assert shown.out.startswith(made[1].out)
    assert BEHIND.fullmatch(shown.out.removeprefix(made[1].out)) or shown.out == made[1].out


def test_a_terminal_without_the_characters_gets_others(made, tmp_path):
    done = typed(*FIRST, "--format", "md", folder=tmp_path, PYTHONIOENCODING="ascii")
    assert done.code == 0
    assert "5 Jan ? 22 Feb" in done.out
    page = (tmp_path / "study-plan/plan.md").read_bytes()
    assert page == (made[0] / "study-plan/plan.md").read_bytes()
    assert typed("roadmap", "show", folder=tmp_path, PYTHONIOENCODING="ascii").code == 0


def test_a_machine_without_a_language_writes_the_same_bytes(made, tmp_path):
    done = typed(*FIRST, "--format", "md", folder=tmp_path, PYTHONUTF8="0", LC_ALL="C")
    assert done.code == 0
    page = (tmp_path / "study-plan/plan.md").read_bytes()
    assert page == (made[0] / "study-plan/plan.md").read_bytes()


# ── Dates and zones ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("now", "zone", "start"),
    [
        ("2026-01-05T12:00+00:00", "UTC", date(2026, 1, 5)),
        ("2026-01-06T00:00+00:00", "UTC", date(2026, 1, 12)),
        ("2026-01-11T12:00+00:00", "UTC", date(2026, 1, 12)),
        # Monday there, Sunday in UTC; and the other way round.
        ("2026-01-11T12:00+00:00", "Pacific/Auckland", date(2026, 1, 12)),
        ("2026-01-12T05:00+00:00", "America/New_York", date(2026, 1, 12)),
        ("2026-01-13T04:59+00:00", "America/New_York", date(2026, 1, 12)),
        ("2028-02-29T12:00+00:00", "UTC", date(2028, 3, 6)),
        ("2026-12-29T12:00+00:00", "UTC", date(2027, 1, 4)),
    ],
)
def test_a_plan_starts_today_if_it_is_a_monday_else_on_the_next(now, zone, start, tmp_path):
    around = replace(WEDNESDAY, now=datetime.fromisoformat(now), zone=zone)
    assert ran("generate", "--format", "md", folder=tmp_path, around=around).code == 0
    assert state(tmp_path).profile.start == start


def test_a_start_in_the_past_is_told_with_a_command_that_works(tmp_path):
    windows = ("--when", "mon-fri 18:00-21:00")
    first = ran(*FIRST, *windows, folder=tmp_path, around=WEDNESDAY)
    said = BEHIND.fullmatch(first.err)
    assert said
    plan = json.loads(ran("export", "json", folder=tmp_path).out)
    past = [each for each in plan["sessions"] if each["start"] < "2026-03-04"]
    assert int(said[1]) == len(past) > 20
    assert shlex.split(said[2]) == [
        *("generate", "--start", "2026-03-09", *FIRST[3:], *windows, "--force")
    ]
    again = ran(*shlex.split(said[2]), folder=tmp_path, around=WEDNESDAY)
    assert (again.code, again.err) == (0, "")


@pytest.mark.parametrize("start", [["--start=2026-01-05"], ["--profile", "me.toml"]])
def test_the_told_command_keeps_a_dry_run_dry_and_how_the_start_was_given(start, tmp_path):
    (tmp_path / "me.toml").write_text("start = 2026-01-05\n")
    first = ran("generate", *start, "--dry-run", folder=tmp_path, around=WEDNESDAY)
    said = BEHIND.fullmatch(first.err)
    assert said
    assert "--force" not in said[2]
    again = ran(*shlex.split(said[2]), folder=tmp_path, around=WEDNESDAY)
    assert (again.code, again.err) == (0, "")
    assert sorted(contents(tmp_path)) == ["me.toml"]


@pytest.mark.parametrize(
    ("interview", "told"),
    [("2026-02-05", False), ("2026-03-09", False), ("2026-03-10", True), ("2026-06-05", True)],
)
def test_a_start_on_monday_is_told_only_where_the_interview_is_later(interview, told, tmp_path):
    words = (*FIRST, "--interview", interview, "--dry-run")
    done = ran(*words, folder=tmp_path, around=WEDNESDAY)
    said = BEHIND.fullmatch(done.err)
    assert bool(said) == told
    if said:
        again = ran(*shlex.split(said[2]), folder=tmp_path, around=WEDNESDAY)
        assert (again.code, again.err) == (0, "")
    else:
        assert re.fullmatch(r"\d+ of \d+ sessions lie before today\n", done.err)


@pytest.mark.parametrize("start", ["2026-03-04", "2026-03-09", "2199-01-01"])
def test_a_start_today_or_later_is_passed_over_in_silence(start, tmp_path):
    words = ("generate", "--start", start, "--dry-run")
    assert ran(*words, folder=tmp_path, around=WEDNESDAY).err == ""


def test_a_zone_that_was_found_is_said_and_utc_pointed_out(tmp_path):
    plain = (*FIRST[:5], "--dry-run")
    found = typed(*plain, folder=tmp_path, TZ="Asia/Kolkata").out
    assert "Zone     Asia/Kolkata (this machine's; say another with --tz)\n" in found
    for name in ("UTC", "Etc/UTC"):
        found = " ".join(typed(*plain, folder=tmp_path, TZ=name).out.split())
        assert f"Zone {name}, as this machine names no other; elsewhere, say --tz" in found
    assert "Zone     UTC\n" in ran(*plain, "--tz", "UTC", folder=tmp_path).out


# ── The other commands ────────────────────────────────────────────────────────────────────────
def test_the_roadmap_is_shown_with_the_names_that_commands_take(tmp_path):
    shown = ran("roadmap", "show", folder=tmp_path)
    assert shown.code == 0
    assert shown.out.startswith("Meta Production Engineer Roadmap: 6 phases, 38 topics, ")
    names = [line.split()[0] for line in shown.out.splitlines()[3:] if line]
    assert len(names) == 44
    skills = [word for name in names for word in ("--skill", f"{name}=solid")]
    assert ran("generate", *skills, "--dry-run", folder=tmp_path).code == 0


def test_a_good_roadmap_is_checked_in_one_line(tmp_path):
    checked = ran("roadmap", "check", folder=tmp_path)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.strip() == (
        "Meta Production Engineer Roadmap: 6 phases, 38 topics, 6–10 months at 12 h/week. "
        "No mistakes found."
    )
    as_json = ran("roadmap", "check", "--json", folder=tmp_path)
    assert json.loads(as_json.out) == {
        "schema": 1,
        "roadmap": "meta-production-engineer",
        "problems": [],
    }


def test_the_version_is_the_packages(tmp_path):
    from importlib.metadata import version

    assert ran("--version", folder=tmp_path).out == f"pe-plan {version('pe-plan')}\n"


def test_a_calendar_asks_to_be_reminded_when_told_to(tmp_path):
    assert ran(*FIRST, "--remind", "10", "--format", "ics", folder=tmp_path).code == 0
    raw = (tmp_path / "study-plan/plan.ics").read_bytes()
    events = icalendar.Calendar.from_ical(raw).events
    assert {alarm["TRIGGER"].dt for event in events for alarm in event.walk("VALARM")} == {
        timedelta(minutes=-10)
    }


# Latin; wide; wide kana, a narrow one; with a combining accent; an emoji; both directions.
TITLES = ("First", "系统设计", "ｶﾅとかな", "Cafe\u0301", "🐧 Linux", "שלום")


def column_of_dates(table: str, title: str) -> int:
    """The columns of a terminal that a row takes before its first digit."""
    (row,) = (line for line in table.splitlines() if line.startswith(f"{title}  "))
    return int(cell_len(re.split(r"\d", row)[0]))


@pytest.mark.parametrize("title", TITLES)
def test_the_columns_of_a_table_line_up_in_any_script(title, tmp_path):
    roadmap = SMALL.replace('title = "First"', f'title = "{title}"')
    (tmp_path / "r.toml").write_bytes(roadmap.encode())
    words = ("--roadmap", "r.toml", "--hours", "6", "--dry-run", "--plain")
    said = ran(*FIRST, *words, folder=tmp_path)
    assert said.code == 0
    assert column_of_dates(said.out, title) == column_of_dates(said.out, "Second")
