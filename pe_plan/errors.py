"""What can go wrong on the way in or out, as values that one place turns into messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import IntEnum
from typing import ParamSpec, TypeVar

from msgspec import Struct

P = ParamSpec("P")
T = TypeVar("T")

Fault = tuple[str, str]  # key path, what is wrong there

QUOTED = 40  # the most characters of a message that repeat what was given
_KINDS = {dict: "a table", list: "a list", datetime: "a date with a time", type(None): "null"}


class Exit(IntEnum):
    """The exit codes, one meaning each."""

    DONE = 0
    USAGE = 2
    BAD_INPUT = 3
    STATE = 4
    OUTPUT = 5
    DOES_NOT_FIT = 6


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: `where` (file with key path, or flag), `what`, and what to do."""

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{printable(self.where, 1000)}: {self.what}{hint}"


class PePlanError(Exception):
    """The command cannot go on. Carries every problem found and the exit code."""

    def __init__(self, code: Exit, problems: Iterable[Problem]) -> None:
        self.code = code
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refusal(where: str, what: str, hint: str = "", code: Exit = Exit.BAD_INPUT) -> PePlanError:
    """One problem, to be raised."""
    return PePlanError(code, [Problem(where=where, what=what, hint=hint)])


class Problems:
    """Collects the problems of steps that do not depend on each other."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def of(self, step: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | None:
        """The value of the step with what is given to it, or None and its problems noted."""
        try:
            return step(*given, **named)
        except PePlanError as error:
            self.found += error.problems
            return None

    def refuse(self, where: str, what: str, hint: str = "") -> None:
        """Note a problem."""
        self.found.append(Problem(where=where, what=what, hint=hint))

    def stop(self) -> None:
        """Raise PePlanError with all that were noted, if any were."""
        if self.found:
            raise PePlanError(Exit.BAD_INPUT, self.found)


def printable(text: str, most: int = QUOTED) -> str:
    """At most `most` characters of `text`, on one line and fit for any terminal."""
    signs = (sign if sign.isprintable() else repr(sign)[1:-1] for sign in text[: most + 1])
    shown = "".join(signs)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def quoted(value: object) -> str:
    """A value as a message repeats it, as short and safe as `printable`."""
    match value:
        case str():
            return f"'{printable(value)}'"
        case bool():
            return str(value).lower()
        case int() if abs(value) >= 10**15:
            return "a huge number"  # Python refuses to print the largest
        case _:
            return _KINDS.get(type(value)) or str(value)


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint naming the known name most like `name`, else `otherwise`, else all of them."""
    from difflib import get_close_matches

    names = sorted(filter(None, known))
    if close := get_close_matches(name[:QUOTED].casefold(), names, n=1):
        return f"did you mean {quoted(close[0])}?"
    return otherwise or (f"use one of: {', '.join(names)}" if names else "")
