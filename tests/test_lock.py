"""One writer at a time, and whoever has to wait is told for whom."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pe_plan.errors import Exit, PePlanError
from pe_plan.store import locked, write
from pe_plan.store.files import HOLDER, LOCK
from tests.support_cli import surroundings
from tests.support_folder import OLD_FILES, forks, links

HOLD = """\
import sys
from pathlib import Path
from pe_plan.store import locked
with locked(Path("plan"), patience=0):
    print("held", flush=True)
    sys.stdin.readline()
"""
COUNT = """\
from pathlib import Path
from pe_plan.store import locked
for _ in range(20):
    with locked(Path("plan"), patience=60):
        counter = Path("plan/counter")
        counter.write_text(str(int(counter.read_text()) + 1))
"""
AGAIN = "nothing was written; let it finish or end it, then try again"


def python(code: str, folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def held(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of folder/plan until it is told anything."""
    with python(HOLD, folder, *words) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            with suppress(BrokenPipeError):
                holder.communicate("")


def let_go(holder: subprocess.Popen[str]) -> None:
    assert holder.stdin
    holder.stdin.write("\n")
    holder.stdin.flush()


def refusal(place: Path) -> str:
    with pytest.raises(PePlanError) as raised, locked(place, patience=0):
        pytest.fail("the lock was given twice")
    assert raised.value.code is Exit.STATE
    return str(raised.value)


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_the_folder_holds_nothing_of_it_afterwards(place):
    with locked(place):
        assert names(place) == {*OLD_FILES, LOCK, HOLDER}
    assert names(place) == {*OLD_FILES}


def test_a_folder_into_which_nothing_was_put_is_taken_away_again(tmp_path):
    place = tmp_path / "a" / "b"
    with pytest.raises(KeyboardInterrupt), locked(place):
        raise KeyboardInterrupt
    assert not (tmp_path / "a").exists()
    with locked(place):
        write(place, OLD_FILES)
    assert names(place) == {*OLD_FILES}


def test_a_second_writer_is_told_who_is_at_work_and_since_when(place):
    with held(place.parent, "replan", "--as-of", "2026-01-05") as holder:
        said = refusal(place)
        since = re.escape(f"{place}: `pe-plan replan` (process {holder.pid}, since ")
        assert re.fullmatch(
            rf"{since}\d\d:\d\d on \d{{4}}-\d\d-\d\d\) is at work here; {AGAIN}", said
        )
        assert names(place) == {*OLD_FILES, LOCK, HOLDER}
    with locked(place, patience=0):
        pass


@pytest.mark.parametrize("words", [(), ("--note", "secret"), ("/home/me",), ("ä",)])
def test_nothing_private_of_the_command_line_is_told(place, words):
    with held(place.parent, *words):
        assert (place / HOLDER).read_text("utf-8").split(" ", 1)[1].strip() == "pe-plan"
        assert "`pe-plan` (process " in refusal(place)


@pytest.mark.parametrize("note", [None, b"", b"\xff", b"\x1b[2J x"])
def test_whatever_became_of_the_note_the_lock_holds(place, note):
    with held(place.parent):
        (place / HOLDER).unlink()
        if note is not None:
            (place / HOLDER).write_bytes(note)
        said = refusal(place)
    assert said.isprintable()
    assert said.endswith(f" is at work here; {AGAIN}")


def test_who_waits_gets_the_lock_as_soon_as_it_is_free(place):
    with held(place.parent) as holder:

        def watch(_: FrameType, event: str, called: Any) -> None:
            if event == "c_call" and called is time.sleep:  # now it is waiting
                sys.setprofile(None)
                let_go(holder)

        sys.setprofile(watch)
        try:
            with locked(place, patience=60):
                assert sys.getprofile() is None, "it did not wait"
                # The file for which it waited is gone: this is another, and it is locked, too.
                with python(HOLD, place.parent) as second:
                    said, _ = second.communicate()
                assert (second.returncode, said) == (1, "")
        finally:
            sys.setprofile(None)
    assert names(place) == {*OLD_FILES}


def test_a_lock_of_a_killed_process_holds_nobody_up(place):
    with held(place.parent) as holder:
        holder.kill()
        holder.wait()
        assert names(place) == {*OLD_FILES, LOCK, HOLDER}
        with locked(place, patience=0):
            pass
    assert names(place) == {*OLD_FILES}


@links
def test_two_folders_with_one_plan_have_one_lock(place, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "state.json").symlink_to(Path("..") / "plan" / "state.json")
    (tmp_path / "linked").symlink_to("plan")
    with held(place.parent):
        for folder in ("other", "linked"):
            assert "is at work here" in refusal(tmp_path / folder)
        with locked(tmp_path / "elsewhere", patience=0):
            pass


def test_no_two_writers_are_ever_at_work_at_once(place):
    (place / "counter").write_text("0")
    writers = [python(COUNT, place.parent) for _ in range(4)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * 4
    assert (place / "counter").read_text() == "80"


@forks
@pytest.mark.parametrize(
    ("code", "what"),
    [
        (errno.ENOLCK, "files on this disk cannot be locked; choose a folder on another disk"),
        (errno.EIO, "input/output error"),
    ],
)
def test_a_disk_that_knows_no_locks(place, code, what, monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.lockf", refused)
    with pytest.raises(PePlanError) as raised, locked(place):
        pass
    assert raised.value.code is Exit.OUTPUT
    assert str(raised.value) == f"{place}: {what}"
