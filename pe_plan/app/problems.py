"""Every problem of a command before it gives up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from pe_plan.errors import Exit, PePlanError, Problem

P = ParamSpec("P")
T = TypeVar("T")


class Problems:
    """Collects the problems of steps that do not depend on each other."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self.found = list(found)

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
