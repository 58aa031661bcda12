"""The parts of a screen with Rich. Text from data is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from pe_plan.cli.parts import Bars, Facts, Heading, Lines, Part, Table
from pe_plan.cli.screen import percent

_BAR = 20  # signs


def show(parts: Iterable[Part]) -> None:
    """Print the parts on the terminal."""
    console = Console(highlight=False)
    for n, part in enumerate(parts):
        if n:
            console.print()
        console.print(_rendered(part), soft_wrap=isinstance(part, Lines))


def _rendered(part: Part) -> RenderableType:
    match part:
        case Heading(text=text):
            return Text(text, style="bold")
        case Table():
            return _table(part)
        case Facts(rows=rows):
            grid = RichTable.grid(padding=(0, 2))
            for label, text in rows:
                grid.add_row(Text(label, style="bold cyan"), Text(text))
            return grid
        case Bars(rows=rows):
            return _bars(rows)
        case Lines(rows=rows):
            return Text("\n".join(rows))


def _bars(rows: Iterable[tuple[str, float, str]]) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2))
    for _ in range(4):
        grid.add_column(no_wrap=True)
    for label, share, words in rows:
        full = round(share * _BAR)
        bar = Text("#" * full, style="green") + Text("-" * (_BAR - full), style="dim")
        grid.add_row(Text(label), bar, Text(percent(share), justify="right"), Text(words))
    return grid


def _table(table: Table) -> RichTable:
    drawn = RichTable(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,  # as wide as it is plainly, so that it fits where that does
        header_style="bold cyan",
    )
    for column in table.columns:
        drawn.add_column(
            Text(column.lstrip(">")), justify="right" if column.startswith(">") else "left"
        )
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn
