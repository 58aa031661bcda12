"""A plan folder that cannot be read says why, and what was kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pe_plan.errors import Exit, PePlanError
from pe_plan.store import encode, read, read_kept, write
from tests.support_child import with_memory
from tests.support_folder import NEW, OLD, OLD_FILES, forks, linux, rewrite


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the old plan in it."""
    write(tmp_path / "plan", OLD_FILES)
    return tmp_path / "plan"


def unreadable(place: Path) -> str:
    with pytest.raises(PePlanError) as raised:
        read(place)
    assert raised.value.code is Exit.STATE
    return str(raised.value)


def test_a_folder_called_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").mkdir()
    assert unreadable(tmp_path) == f"{tmp_path / 'plan.toml'}: is not a file; move it away"


@forks
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.toml")
    assert unreadable(tmp_path) == f"{tmp_path / 'plan.toml'}: is not a file; move it away"


def sized(place: Path, size: int) -> Path:
    """The folder with a plan.toml of that size, which takes no room on the disk."""
    with (place / "plan.toml").open("wb") as file:
        file.truncate(size)
    return place


def test_a_file_far_too_large(tmp_path: Path) -> None:
    too_large = f"{tmp_path / 'plan.toml'}: is larger than 50 MB"
    assert unreadable(sized(tmp_path, 50_000_001)) == too_large
    assert "larger" not in unreadable(sized(tmp_path, 50_000_000))


@linux
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_of_a_huge_file_no_more_is_read_than_a_plan_may_have(tmp_path: Path) -> None:
    sized(tmp_path, 4_000_000_000)
    said = with_memory(200_000_000, lambda: unreadable(tmp_path))
    assert said == f"{tmp_path / 'plan.toml'}: is larger than 50 MB"


@pytest.fixture
def damaged(place: Path) -> Path:
    rewrite(place)
    (place / "plan.toml").write_bytes(encode(NEW)[:400])
    return place


def test_the_newest_backup_is_pointed_out(damaged: Path) -> None:
    for name, seconds in (("plan.toml.2", 30), ("plan.toml.1", 20), ("plan.toml.old", 40)):
        (damaged / name).touch()
        os.utime(damaged / name, (seconds, seconds))
    assert unreadable(damaged).endswith(
        "; plan.toml.2 is an earlier state: copy it over plan.toml to go back to it"
    )


def test_without_a_backup_none_is_promised(damaged: Path) -> None:
    (damaged / "plan.toml.1").unlink()
    assert "earlier state" not in unreadable(damaged)


# ── What was kept ─────────────────────────────────────────────────────────────────────────────


def test_what_was_kept_is_read(place: Path) -> None:
    rewrite(place)
    assert read(place) == NEW
    assert read_kept(place, "plan.toml.1") == OLD


@pytest.mark.parametrize("name", ["plan.toml.2", "plan.toml", "../plan/plan.toml.1", "plan.md", ""])
def test_what_was_not_kept_is_not_there(place: Path, name: str) -> None:
    rewrite(place)
    with pytest.raises(PePlanError, match="this earlier state is no longer there") as raised:
        read_kept(place, name)
    assert raised.value.code is Exit.STATE


def test_a_kept_state_may_be_damaged_too(place: Path) -> None:
    (place / "plan.toml.1").write_bytes(encode(OLD)[:400])
    with pytest.raises(PePlanError) as raised:
        read_kept(place, "plan.toml.1")
    (problem,) = raised.value.problems
    assert (raised.value.code, problem.hint) == (Exit.STATE, "")
    assert problem.where == str(place / "plan.toml.1")


def test_damage_to_the_log_points_to_the_backup_as_well(place: Path) -> None:
    rewrite(place)
    raw = (place / "plan.toml").read_bytes()
    (place / "plan.toml").write_bytes(raw.replace(b"done boot.review.0", b"dome boot.review.0"))
    assert unreadable(place) == (
        f"{place / 'plan.toml'}: log.records[0]: expected one of done, mastered, review, mock, "
        "undo, got 'dome'; plan.toml.1 is an earlier state: copy it over plan.toml to go back to it"
    )
