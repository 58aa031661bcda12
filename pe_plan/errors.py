"""What can go wrong on the way in or out, as values that one place turns into messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, one meaning each."""

    DONE = 0
    USAGE = 2
    BAD_INPUT = 3
    STATE = 4
    OUTPUT = 5
    DOES_NOT_FIT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: `where` (file with key path, or flag), `what`, and what to do."""

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.hint}" if self.hint else "")


class PePlanError(Exception):
    """The command cannot go on. Carries every problem found and the exit code."""

    def __init__(self, code: Exit, problems: Iterable[Problem]) -> None:
        self.code = code
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the known name most like `name`, else all of them; "" if there is none."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"use one of: {', '.join(names)}" if names else ""
