"""Instructions of a whole process, counted by valgrind: they repeat where seconds drift."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from benchmarks.processes import Place, bare

_COLLECTED = re.compile(r"Collected : (\d+)")


def counted(place: Place, command: Sequence[str], valgrind: str) -> int:
    """The instructions that the command executes, children not counted.

    Its bytecode must exist: run it once before.
    """
    callgrind = [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    said = place.run([*callgrind, *command]).stderr
    found = _COLLECTED.search(said)
    if found is None:
        raise ValueError(f"valgrind told no instructions: {said}")
    return int(found[1])


def ratio(place: Place, command: Sequence[str], valgrind: str) -> float:
    """The command's instructions, as a multiple of the bare interpreter's."""
    for warming in (bare(), command):
        place.run(warming)
    return counted(place, command, valgrind) / counted(place, bare(), valgrind)
