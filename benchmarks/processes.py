"""Whole processes in a clean environment: where they run, how long, with how much memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

# The peak of a child that this small process alone has started, so that nothing larger counts.
_PEAK = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where commands run: with bytecode of their own in `bytecode`, and nothing else of Python's
    configuration but the `variables`, each in an empty folder."""

    bytecode: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command: equal runs execute equal instructions."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        return inherited | {
            "PYTHONHASHSEED": "0",
            "PYTHONPYCACHEPREFIX": str(self.bytecode),
            "TERM": "dumb",
            **self.variables,
        }

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """What the command said. Raises CalledProcessError when it failed."""
        with TemporaryDirectory() as folder:
            return subprocess.run(
                command,
                cwd=folder,
                env=self.environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=True,
            )

    def seconds(self, command: Sequence[str]) -> float:
        """How long the command takes from start to end."""
        with TemporaryDirectory() as folder:
            began = time.perf_counter()
            subprocess.run(
                command,
                cwd=folder,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return time.perf_counter() - began

    def peak(self, command: Sequence[str]) -> int:
        """The most memory that the command holds at once, in bytes."""
        return int(self.run([sys.executable, "-c", _PEAK, *command]).stdout) * _MAXRSS_UNIT


def bare() -> list[str]:
    """The interpreter that starts and does nothing: what every ratio is to."""
    return [sys.executable, "-c", "pass"]


def pe_plan(*arguments: str) -> list[str]:
    """The command as it is installed beside this interpreter."""
    script = shutil.which("pe-plan", path=str(Path(sys.executable).parent))
    if script is None:
        raise FileNotFoundError(f"pe-plan is not installed for {sys.executable}")
    return [sys.executable, script, *arguments]


def interleaved(
    place: Place, commands: Mapping[str, Sequence[str]], rounds: int
) -> dict[str, tuple[float, ...]]:
    """The seconds of each command in each round; a first round warms up and does not count."""
    measured: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            measured[name].append(place.seconds(command))
    return {name: tuple(seconds[1:]) for name, seconds in measured.items()}
