"""Plan folders to write, to break and to look into."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from pe_plan.store import encode, locked, write
from tests.support_store import state

OLD, NEW = state(), state(blocks=3, revision=1)
OLD_FILES = {
    "plan.md": b"old words\n" * 300,
    "state.json": encode(OLD),
    "plan-2.ics": b"two",
    "plan-3.ics": b"three",
}
NEW_FILES = {"plan.ics": b"BEGIN" * 900, "plan.md": b"new words\n" * 500, "state.json": encode(NEW)}
KEPT = {".history/state-7.json": encode(OLD)}

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory it has")
links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


def content(place: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(place)): (path.read_bytes(), stat.S_IMODE(path.lstat().st_mode))
        for path in place.rglob("*")
        if not path.is_dir()
    }


def rewrite(place: Path) -> None:
    """Everything that one write may do: new files, changed ones, one kept and two taken away."""
    write(place, NEW_FILES | KEPT, stale=["plan-2.ics", "plan-3.ics"])


def under_lock(place: Path) -> None:
    """The same, as a command does it."""
    with locked(place, patience=0):
        rewrite(place)
