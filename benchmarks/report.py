"""Rows of figures with their budgets, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing: its figures as text, and the one that has a budget beside it."""

    what: str
    figures: tuple[str, ...]
    measured: float | None = None
    budget: float | None = None

    @property
    def verdict(self) -> str:
        """The budget and whether it is kept; nothing where there is none."""
        if self.budget is None or self.measured is None:
            return ""
        return f"<= {self.budget:g} {'ok' if self.measured <= self.budget else 'OVER'}"


def table(title: str, columns: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """The rows under their column titles; the first column is set left, figures right."""
    grid = [(title, *columns, "budget"), *((row.what, *row.figures, row.verdict) for row in rows)]
    widths = [max(len(cells[k]) for cells in grid) for k in range(len(grid[0]))]
    for n, (what, *figures, verdict) in enumerate(grid):
        right = [text.rjust(width) for text, width in zip(figures, widths[1:-1], strict=True)]
        yield "  ".join([what.ljust(widths[0]), *right, verdict]).rstrip()
        if n == 0:
            yield "-" * (sum(widths) + 2 * len(widths) - 2)
    yield ""
