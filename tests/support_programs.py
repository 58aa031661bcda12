"""Programs of the outside that some tests need."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest


def need(program: str, install: str) -> str:
    """The path of `program`, looked for beside this Python first, then on PATH.

    Without it the test is skipped with `install`, the line that installs it, as the reason;
    where CI=true it fails, so that nothing goes unchecked unseen.
    """
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(program, path=places)
    if found is None:
        give_up(f"{program} is missing; install it with: {install}")
    return found


def give_up(reason: str) -> NoReturn:
    """Skip the test for want of something outside; fail it where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
