"""The plan folder: whole files or none, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pe_plan.errors import Exit, PePlanError
from pe_plan.store import encode, locked, read, write
from tests.support_child import in_child
from tests.support_cli import complaints
from tests.support_folder import (
    KEPT,
    NEW,
    NEW_FILES,
    OLD,
    OLD_FILES,
    content,
    forks,
    links,
    rewrite,
    under_lock,
)


def refusal(place: Path, files: dict[str, bytes] = NEW_FILES) -> str:
    return "\n".join(complaints(lambda: write(place, files), Exit.OUTPUT))


def test_what_is_written_is_read(tmp_path):
    place = tmp_path / "new" / "plan"
    assert read(place) is None
    write(place, NEW_FILES)
    assert read(place) == NEW
    assert {name: raw for name, (raw, _) in content(place).items()} == NEW_FILES


def test_what_is_kept_goes_into_the_history_which_comes_and_goes_with_it(place):
    rewrite(place)
    assert content(place)[".history/state-7.json"][0] == encode(OLD)
    (place / "plan.md").unlink()
    (place / "plan.md").mkdir()
    other = place.parent / "other"
    other.mkdir()
    (other / "plan.md").mkdir()
    refusal(other, NEW_FILES | KEPT)
    assert [path.name for path in other.iterdir()] == ["plan.md"]


def test_stale_files_go_and_others_stay(place):
    (place / "notes.md").write_bytes(b"mine")
    (place / "folder").mkdir()
    write(place, NEW_FILES, stale=["plan-2.ics", "plan-3.ics", "plan.md", "absent.ics", "folder"])
    assert {path.name for path in place.iterdir()} == {*NEW_FILES, "notes.md", "folder"}
    assert (place / "plan.md").read_bytes() == NEW_FILES["plan.md"]


def test_leftovers_go_but_not_those_of_another_folder(place):
    ours = f".pe-plan-{place.stat().st_ino:x}-7-new.tmp"
    names = (ours, f".pe-plan-{place.parent.stat().st_ino:x}-0-new.tmp", ".pe-plan-mine.md")
    for name in names:
        (place / name).write_bytes(b"")
    rewrite(place)
    assert [(place / name).exists() for name in names] == [False, True, True]


@links
def test_links_are_written_through_and_modes_kept(place, tmp_path):
    vault = tmp_path / "vault"
    vault.mkdir()
    for name in ("state.json", "plan.md"):
        (place / name).rename(vault / name)
        (place / name).symlink_to(Path("..") / "vault" / name)
    (vault / "plan.md").chmod(0o640)
    rewrite(place)
    assert (place / "plan.md").is_symlink()
    assert read(vault) == read(place) == NEW
    assert content(vault)["plan.md"] == (NEW_FILES["plan.md"], 0o640)


@links
def test_new_files_have_the_mode_that_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path, NEW_FILES)
    finally:
        os.umask(before)
    assert {mode for _, mode in content(tmp_path).values()} == {0o640}


def test_a_disk_without_hard_links(place, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    rewrite(place)
    assert set(content(place)) == {*NEW_FILES, *KEPT}


def test_everything_is_on_disk_before_anything_is_renamed_and_the_plan_goes_first(
    place, monkeypatch
):
    calls: list[str] = []
    fsync, replace = os.fsync, os.replace

    def replaced(source: Path, target: Path) -> None:
        calls.append(Path(target).name)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", lambda handle: (calls.append("sync"), fsync(handle)))
    monkeypatch.setattr(os, "replace", replaced)
    write(place, NEW_FILES)
    assert calls[:6] == ["sync"] * 3 + ["state.json", "plan.ics", "plan.md"]
    assert sys.platform == "win32" or calls[6:] == ["sync"]


def test_a_folder_where_a_file_should_be(place):
    (place / "plan.ics").mkdir()
    before = (place / "state.json").read_bytes()
    assert refusal(place) == (
        f"{place / 'plan.ics'}: a folder stands where the file should be; move it away"
    )
    assert (place / "state.json").read_bytes() == before
    assert not list(place.rglob(".pe-plan*"))


@forks
def test_a_pipe_where_a_file_should_be(place):
    os.mkfifo(place / "plan.ics")
    assert refusal(place) == f"{place / 'plan.ics'}: this is no ordinary file"


@links
def test_a_link_that_leads_in_a_circle(place):
    (place / "plan.ics").symlink_to("plan.ics")
    assert "the link leads round in a circle" in refusal(place)


def test_a_name_that_is_too_long(tmp_path):
    place = tmp_path / "new" / ("x" * 300)
    assert refusal(place) == f"{place}: the name is too long; choose a shorter one"
    assert not (tmp_path / "new").exists()


@forks
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_folder_of_another_user():
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        place = Path(above) / "plan"
        write(place, OLD_FILES)
        before = content(place)

        def as_nobody(action: Callable[[], object]) -> str:
            def dropped() -> object:
                os.setgid(65534)
                os.setuid(65534)
                return action()

            return in_child(dropped)[1]

        assert as_nobody(lambda: rewrite(place)) == (
            f"PePlanError <Exit.OUTPUT: 5> {place / '.history'}: you have no permission to write "
            "here; choose a folder in which you may write"
        )
        assert as_nobody(lambda: write(Path(above) / "mine", NEW_FILES)).startswith(
            f"PePlanError <Exit.OUTPUT: 5> {Path(above) / 'mine'}: you have no permission"
        )
        assert content(place) == before
        (place / "state.json").chmod(0o600)
        assert as_nobody(lambda: read(place)) == (
            f"PePlanError <Exit.STATE: 4> {place / 'state.json'}: "
            "cannot be read (permission denied)"
        )


SIZES = [len(NEW_FILES[name]) for name in ("state.json", "plan.ics", "plan.md")]


def refused(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def attempt(place: Path) -> str:
    """The name of what went wrong."""
    try:
        rewrite(place)
    except (PePlanError, KeyboardInterrupt) as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("stop", [refused, interrupted])
@pytest.mark.parametrize("name", ["fsync", "link", "replace", "chmod", "mkdir"])
def test_any_call_may_fail_and_nothing_is_half_done(place, monkeypatch, name, stop):
    real = getattr(os, name)
    before = content(place)
    for nth in range(1, 12):
        left = [nth]

        def sometimes(*given: Any, left: list[int] = left, **named: Any) -> Any:
            left[0] -= 1
            return stop() if left[0] == 0 else real(*given, **named)

        with monkeypatch.context() as patched:
            patched.setattr(os, name, sometimes)
            said = attempt(place)
        if said:
            assert said in {"KeyboardInterrupt", "PePlanError"}
            assert content(place) == before or (read(place) == NEW and stop is interrupted)
        assert not list(place.rglob(".pe-plan*"))
        if left[0] > 0:
            assert nth > 1
            break
        write(place, OLD_FILES, stale=["plan.ics", *KEPT])
        assert content(place) == before
    else:
        pytest.fail("there is no end of calls")


def check_after_kill(place: Path) -> None:
    """The old or the new plan is there, and the next write cleans up."""
    assert read(place) in (OLD, NEW)
    for kept in place.glob(".history/*.json"):
        assert kept.read_bytes() == encode(OLD)
    with locked(place, patience=0):
        write(place, OLD_FILES, stale=["plan.ics", *KEPT])
    assert {name: raw for name, (raw, _) in content(place).items()} == OLD_FILES


@forks
@pytest.mark.parametrize("limit", [0, 1, 4096, *(size - 1 for size in SIZES)])
def test_a_kill_in_the_middle_of_a_file(place, limit):
    resource = pytest.importorskip("resource")

    def starved() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        under_lock(place)

    assert in_child(starved)[0] == -signal.SIGXFSZ
    assert read(place) == OLD
    assert list(place.rglob(".pe-plan*"))
    check_after_kill(place)
