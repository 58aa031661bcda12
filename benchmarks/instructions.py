"""Instructions of a whole process, counted by valgrind: they repeat where seconds drift."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from benchmarks.processes import Place, bare

_COLLECTED = re.compile(r"I +refs: +([\d,]+)")
_BARE: dict[str, int] = {}  # by valgrind: it is the same for every command


def counted(place: Place, command: Sequence[str], valgrind: str) -> int:
    """The instructions that the command executes, children not counted.

    Its bytecode must exist: run it once before.
    """
    # It counts as callgrind does, in half the time.
    counting = ["--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    said = place.run([valgrind, *counting, *command]).stderr
    found = _COLLECTED.search(said)
    if found is None:
        raise ValueError(f"valgrind told no instructions: {said}")
    return int(found[1].replace(",", ""))


def ratio(
    place: Place, command: Sequence[str], valgrind: str, *, before: Sequence[str] = ()
) -> float:
    """The command's instructions, as a multiple of the bare interpreter's. It has run before once;
    where that changes what there is to do, `before` puts things back."""
    if valgrind not in _BARE:
        place.run(bare())
        _BARE[valgrind] = counted(place, bare(), valgrind)
    place.run(command)
    if before:
        place.run(before)
    return counted(place, command, valgrind) / _BARE[valgrind]
