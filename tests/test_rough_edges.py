"""What a hostile reader of the commands found, so that it stays mended."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pe_plan.cli.output import percent
from tests.support_cli import surroundings, typed
from tests.support_replan import replanned, said


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1.0, "100 %")],
)
def test_a_share_is_never_said_to_be_none_or_all_where_it_is_not_quite_so(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize("words", [("today",), ("status",), ("export", "md")], ids=" ".join)
def test_a_reader_who_has_seen_enough_gets_no_traceback(words, folder):
    with subprocess.Popen(
        [sys.executable, "-m", "pe_plan", *words],
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_note_may_hold_any_byte_and_rings_no_bell(folder):
    note = b"a\nb\x1b[31mred\x07" + b"\xff"
    assert typed("mock", "coding", "3", "--note", note, folder=folder).code == 0
    shown = typed("log", folder=folder)
    assert shown.code == 0
    (line,) = (line for line in shown.out.splitlines() if "mock: coding" in line)
    assert line.endswith(r": a\nb\x1b[31mred\x07?")


def test_undo_brings_back_no_other_state_than_the_one_before(folder):
    replanned("2026-01-12", folder=folder)
    replanned("2026-01-19", "--hours", "10", folder=folder)
    for kept in (folder / "study-plan/.history").iterdir():
        kept.unlink()
    replanned("2026-01-26", "--hours", "8", folder=folder)
    said("2026-01-26", "undo", folder=folder)
    before = (folder / "study-plan/state.json").read_bytes()
    gone = typed("undo", folder=folder)
    assert gone.code == 4
    assert (folder / "study-plan/state.json").read_bytes() == before


@pytest.mark.parametrize("day", ["2026-01-08", "2026-01-12", "2026-02-01"])
def test_an_interview_within_days_may_be_moved_and_moved_back(day, tmp_path):
    words = ("--hours", "5", "--tz", "Europe/Berlin", "--interview", day)
    said("2026-01-05", "generate", "--start", "2026-01-05", *words, folder=tmp_path)
    for changed in ("2026-06-01", "2026-01-20"):
        replanned("2026-01-06", "--interview", changed, folder=tmp_path)
        said("2026-01-06", "export", "json", folder=tmp_path)
        said("2026-01-06", "status", folder=tmp_path)
