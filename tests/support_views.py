"""A plan folder that others copy, and its learner's ninth week."""

from __future__ import annotations

import atexit
import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.support_cli import typed
from tests.support_replan import FIRST_DAY, GENERATE, said

NINTH = "2026-03-04"  # a Wednesday
_LOADED = """\
import sys
from pe_plan.cli import main
try:
    main()
finally:
    names = sorted(sys.modules)
    import json
    print(json.dumps(names), file=sys.stderr)
"""


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="pe-plan-views-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    said(FIRST_DAY, *GENERATE, folder=folder)
    return folder


def planned(folder: Path) -> Path:
    """A folder with the plan of 12 hours a week from Monday 2026-01-05."""
    shutil.copytree(_made() / "study-plan", folder / "study-plan")
    return folder


def lived(folder: Path) -> Path:
    """The same, all done until Saturday 28 February, nothing since; a review and a mock told."""
    planned(folder)
    said("2026-02-28", "done", "--all-until", "2026-02-28", folder=folder)
    said("2026-02-28", "mock", "coding", "4", folder=folder)
    said("2026-02-28", "review", "syscalls", "hard", folder=folder)
    return folder


def seen(day: str, *words: str, folder: Path) -> str:
    """What the command shows plainly on that day."""
    return said(day, *words, "--plain", folder=folder).out


def read(day: str, *words: str, folder: Path) -> dict[str, Any]:
    """The JSON that it prints."""
    found: dict[str, Any] = json.loads(said(day, *words, "--json", folder=folder).out)
    return found


def loaded(*words: str, folder: Path) -> set[str]:
    """The modules that the command loads."""
    done = typed(*words, folder=folder, code=_LOADED)
    assert done.code == 0
    return set(json.loads(done.err.splitlines()[-1]))
