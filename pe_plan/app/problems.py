"""Every problem of a command before it gives up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pe_plan.errors import Exit, PePlanError, Problem

T = TypeVar("T")


class Problems:
    """Collects the problems of steps that do not depend on each other."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self.found = list(found)

    def of(self, step: Callable[[], T]) -> T | None:
        """The step's value, or None and its problems noted."""
        try:
            return step()
        except PePlanError as error:
            self.found += error.problems
            return None

    def refuse(self, problem: Problem) -> None:
        """Note a problem."""
        self.found.append(problem)

    def stop(self) -> None:
        """Raise PePlanError with all that were noted, if any were."""
        if self.found:
            raise PePlanError(Exit.BAD_INPUT, self.found)
