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
_WIDE = 60  # columns; on a narrower terminal there are no bars


def show(parts: Iterable[Part]) -> None:
    """Print the parts on the terminal."""
    console = Console(highlight=False)
    for n, part in enumerate(parts):
        if n:
            console.print()
        console.print(_rendered(part, console.width), soft_wrap=isinstance(part, Lines))


def _rendered(part: Part, width: int) -> RenderableType:
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
            return _bars(rows, drawn=width >= _WIDE)
        case Lines(rows=rows):
            return Text("\n".join(rows))


def _bars(rows: Iterable[tuple[str, float, str]], *, drawn: bool) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2))
    for _ in range(4 if drawn else 3):
        grid.add_column(no_wrap=drawn, overflow="fold")
    for label, share, words in rows:
        full = round(share * _BAR)
        bar = Text("#" * full, style="green") + Text("-" * (_BAR - full), style="dim")
        told = Text(percent(share), justify="right", no_wrap=True), Text(words)
        grid.add_row(Text(label), *([bar] if drawn else []), *told)
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
            Text(column.lstrip(">")),
            justify="right" if column.startswith(">") else "left",
            no_wrap=column == "Time",
            overflow="fold",
        )
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn
