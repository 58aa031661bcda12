"""Programs of the outside that some tests need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
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


@contextmanager
def memory(otherwise: Path) -> Iterator[Path]:
    """A folder that is not on a disk, where there is such a thing: some programs wait for the disk
    after every event."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield otherwise
        return
    with TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


class Khal:
    """khal with a calendar, a configuration and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = need("khal", "python -m pip install khal")
        (folder / "config").write_text(
            f"[calendars]\n[[plan]]\npath = {folder / 'plan'}\n"
            "[sqlite]\npath = :memory:\n"  # the calendar is read anew by every command
            "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        (folder / "plan").mkdir()

    def __call__(self, *words: str) -> str:
        line = [self.program, "-c", str(self.folder / "config"), *words]
        home = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(line, env=home, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def take(self, data: bytes) -> list[str]:
        """Import a file, then list what khal shows from March to April 2026."""
        (self.folder / "in.ics").write_bytes(data)
        self("import", "--batch", "-a", "plan", str(self.folder / "in.ics"))
        layout = "{start-date} {start-time}-{end-time} {title}"
        shown = self("list", "--day-format", "", "--format", layout, "2026-03-01", "60d")
        return [line for line in shown.splitlines() if line]
