"""A plan folder that cannot be written, or holds a plan already, stays exactly as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.support_cli import contents, ran, refused, surroundings, typed

FIRST = ("generate", "--start", "2026-01-05", "--tz", "Europe/Berlin")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a plan in study-plan; to be copied."""
    folder = tmp_path_factory.mktemp("made")
    assert ran(*FIRST, "--hours", "12", folder=folder).code == 0
    return folder


def test_a_plan_that_is_there_is_left_alone(made):
    assert refused(*FIRST, "--hours", "15", folder=made, code=5) == [
        (
            "study-plan: a plan is here already; "
            "plan it anew in place with --force, or start another with --plan FOLDER"
        )
    ]


def test_too_few_hours_write_nothing_and_each_way_out_works(made, tmp_path):
    folder = tmp_path / "here"
    shutil.copytree(made, folder)
    few = (*FIRST, "--force", "--hours", "3")
    lines = refused(*few, folder=folder, code=6)
    assert lines[0].startswith("This does not fit into the roadmap's window. Nothing was written.")
    core, full, late = lines[1:]

    hours = re.match(r" +--hours ([\d.]+) +holds the core", core)
    assert hours
    assert ran(*FIRST, "--hours", hours[1], "--dry-run", folder=folder).code == 0

    hours = re.match(r" +--hours ([\d.]+) +holds everything at full depth", full)
    assert hours
    whole = ran(*FIRST, "--hours", hours[1], "--dry-run", folder=folder)
    assert whole.code == 0
    assert "Trimmed" not in whole.out
    assert "inside the roadmap's 6–10 months" in whole.out

    said = re.match(r" +--overrun +ends on (.+), about \d+ months past the window", late)
    assert said
    overrun = ran(*FIRST, "--hours", "3", "--overrun", "--dry-run", folder=folder)
    assert overrun.code == 0
    assert f"Finish   {said[1]}, past the roadmap's 6–10 months" in overrun.out


@pytest.mark.parametrize(
    "words",
    [
        *(("today",), ("week",), ("topic", "dns"), ("status",), ("log",), ("export", "md")),
        *(("done",), ("mock", "pe", "3"), ("undo",), ("replan",)),
    ],
    ids=" ".join,
)
def test_without_a_plan_there_is_nothing_to_see_and_nothing_to_tell(words, tmp_path):
    told = {
        "where": "study-plan",
        "what": "there is no plan here",
        "hint": "make one with `pe-plan generate`, or name its folder with --plan",
    }
    (line,) = refused(*words, folder=tmp_path, code=4)
    assert line == "{where}: {what}; {hint}".format_map(told)
    if words[0] in ("today", "week", "topic", "status", "log", "replan"):
        (line,) = refused(*words, "--json", folder=tmp_path, code=4)
        assert json.loads(line) == {"schema": 1, "exit": 4, "problems": [told]}


@pytest.mark.parametrize("place", ["plan", "plan/deeper"])
def test_a_file_where_the_folder_should_be_stays(place, tmp_path):
    (tmp_path / "plan").write_text("mine")
    said = refused(*FIRST, "--plan", place, folder=tmp_path, code=5)
    assert said == [f"{place}: a file stands where the folder should be; choose another folder"]


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"{", b'{"schema": 99}'])
def test_a_damaged_plan_is_never_written_over(damage, tmp_path):
    folder = tmp_path / "study-plan"
    folder.mkdir()
    (folder / "state.json").write_bytes(damage)
    for words in ((*FIRST, "--force"), ("export", "md"), ("done",), ("undo",), ("replan",)):
        (said,) = refused(*words, folder=tmp_path, code=4)
        assert said.startswith("study-plan/state.json: ")


# Everything is loaded and read first, by a plan made elsewhere, as another user may not reach
# this Python's own folders.
_AS_ANOTHER = """
import functools, os, sys
from pe_plan import cli
from pe_plan.app import folder
from pe_plan.cli.shell import command_line
folder.bundled = functools.cache(folder.bundled)
command_line()([*sys.argv[1:], "--plan", "../first"], standalone_mode=False)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print("---", flush=True)
cli.main()
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter; pytest's own can not be."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_of_another_user_stays_as_it_is(open_folder):
    theirs = open_folder / "theirs"
    theirs.mkdir(mode=0o755)
    words = (*FIRST, "--hours", "12")
    if os.geteuid() == 0:
        tried = typed(*words, "--plan", "study-plan", folder=theirs, code=_AS_ANOTHER)
        last = tried.out.rpartition("---\n")[2]
    else:
        theirs.chmod(0o555)
        tried = typed(*words, folder=theirs)
        last = tried.out
    assert (tried.code, last) == (5, "")
    assert tried.err.splitlines()[-1] == (
        "study-plan: you have no permission to write here; choose a folder in which you may write"
    )
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1_000, 50_000, 120_000, 180_000])
def test_a_full_disk_leaves_everything_as_it_was(size, made, tmp_path):
    folder = tmp_path / "here"
    shutil.copytree(made, folder)
    page = folder / "study-plan/plan.md"
    page.write_bytes(page.read_bytes().replace(b"- [ ]", b"- [x]", 1))
    before = contents(folder)

    done = typed(*FIRST, "--hours", "15", "--force", folder=folder, disk=size)

    assert (done.code, done.out) == (5, "")
    (line,) = done.err.splitlines()
    assert re.fullmatch(
        r"study-plan/(\.history/)?(state|plan)(-2)?\.(json|md|ics)(\.1)?: the file would be larger "
        r"than is allowed here; raise the limit \(ulimit -f\)",
        line,
    )
    assert contents(folder) == before


@pytest.mark.parametrize(
    "words", [("export", "md"), ("roadmap", "show"), (*FIRST, "--dry-run")], ids=" ".join
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_output_to_a_full_disk_is_a_problem_and_no_traceback(words, made):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pe_plan", *words],
            cwd=made,
            env=surroundings(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 5
    assert done.stderr == b"the output: cannot be written (no space left on device)\n"


def test_a_full_disk_leaves_no_new_folder_behind(tmp_path):
    words = ("--plan", "a/b", "--format", "md,ics,json")
    assert typed(*FIRST, *words, folder=tmp_path, disk=100_000).code == 5
    assert contents(tmp_path) == {}
