"""What a command says, as plain text, with Rich, or as JSON; errors as one clear message."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from pe_plan.errors import Exit, PePlanError, Problem, refusal

if TYPE_CHECKING:
    from rich.console import RenderableType

_WIDTH = 80  # columns of plain text
_BAR = 20  # signs
_WIDE = 60  # columns; on a narrower terminal there are no bars


class Heading(Struct, frozen=True):
    """A line that says what follows."""

    text: str


class Table(Struct, frozen=True):
    """Rows under column titles; columns whose title starts with ">" are set right."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Facts(Struct, frozen=True):
    """Labels, each with a sentence or two."""

    rows: Sequence[tuple[str, str]]


class Bars(Struct, frozen=True):
    """Labels, each with a share from 0 to 1, drawn as a bar where that is possible and told in per
    cent everywhere, and a few words."""

    rows: Sequence[tuple[str, float, str]]


class Lines(Struct, frozen=True):
    """Lines that are never broken, such as addresses to click on."""

    rows: Sequence[str]


Part = Heading | Table | Facts | Bars | Lines


def show(json: Struct, parts: Iterable[Part], *, as_json: bool, plain: bool) -> None:
    """What a command found: its JSON, or that value in words."""
    if as_json:
        emit(json)
    else:
        display(parts, plain=plain)


def emit(value: Struct) -> None:
    """A value as JSON."""
    from pe_plan.documents.plan_json import encoded

    _print(f"{encoded(value)}\n".encode())


def display(parts: Iterable[Part], *, plain: bool = False) -> None:
    """The parts of a screen, but for those that have no rows: with Rich on a terminal that can show
    it, plainly anywhere else."""
    present = [part for part in parts if isinstance(part, Heading) or part.rows]
    knows_more = os.environ.get("TERM", "") not in ("", "dumb") and not os.environ.get("NO_COLOR")
    if not plain and knows_more and sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False)
        for n, part in enumerate(present):
            if n:
                console.print()
            console.print(_rich(part, console.width), soft_wrap=isinstance(part, Lines))
        return
    with _printing():
        for part in present:
            sys.stdout.writelines(f"{line.rstrip()}\n" for line in _plain(part))


def say(lines: Iterable[str]) -> None:
    """A few lines on stdout, the same on every terminal."""
    with _printing():
        sys.stdout.writelines(f"{line}\n" for line in lines)


def remark(lines: Iterable[str]) -> None:
    """Say something beside the result, on stderr."""
    sys.stderr.writelines(f"{line}\n" for line in lines)


def complain(error: PePlanError, *, as_json: bool) -> None:
    """All problems of a command on stderr, as lines or as one JSON object."""
    if not as_json:
        remark(map(str, error.problems))
        return
    from pe_plan.documents.plan_json import encoded

    found = {"schema": 1, "exit": int(error.code), "problems": error.problems}
    remark([encoded(found, None)])


def deliver(parts: tuple[bytes, ...], output: Path | None) -> None:
    """Print a document, or write its parts to new files: `output`, then name-2 and so on."""
    if output is None or str(output) == "-":
        if len(parts) > 1:
            what = f"the calendar is so large that it takes {len(parts)} files"
            hint = "name a file with -o, and the others get -2, -3 and so on"
            raise refusal("export ics", what, hint, Exit.OUTPUT)
        _print(parts[0])
        return
    from pe_plan import store
    from pe_plan.store.files import HOLDER, LOCK

    others = [f"{output.stem}-{n}{output.suffix}" for n in range(2, len(parts) + 1)]
    names = [output.name, *others]
    if ours := {LOCK, HOLDER} & {name.lower() for name in names}:
        taken, what = [output.with_name(ours.pop())], "is a name that pe-plan itself needs"
        hint = "choose another name"
    else:
        taken = [path for name in names if (path := output.parent / name).exists()]
        what, hint = "is there already", "choose another name, or move it away"
    if taken:
        problems = [Problem(where=str(path), what=what, hint=hint) for path in taken]
        raise PePlanError(Exit.OUTPUT, problems)
    with store.locked(output.parent):
        store.write(output.parent, dict(zip(names, parts, strict=True)))


def _print(document: bytes) -> None:
    with _printing():
        sys.stdout.flush()
        sys.stdout.buffer.write(document)


@contextmanager
def _printing() -> Iterator[None]:
    """Around what is written to stdout: a disk that is full, say, becomes a problem."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        raise
    except OSError as error:
        # What is left of the text would fail once more, and louder, when Python leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        what = f"cannot be written ({(error.strerror or str(error)).lower()})"
        raise refusal("the output", what, code=Exit.OUTPUT) from None


def percent(share: float) -> str:
    """A share as it is said: never all of it, nor none, where that is not quite so."""
    return f"{min(max(round(share * 100), int(share > 0)), 100 if share >= 1 else 99)} %"


def _plain(part: Part) -> Iterator[str]:
    match part:
        case Heading(text=text):
            yield text
        case Table(columns=columns, rows=rows):
            yield from _columns(columns, [tuple(title.lstrip(">") for title in columns), *rows])
        case Facts(rows=rows):
            indent = max(len(label) for label, _ in rows) + 2
            for label, text in rows:
                first, *more = _wrapped(text, _WIDTH - indent)
                yield label.ljust(indent) + first
                yield from (" " * indent + line for line in more)
        case Bars(rows=rows):
            told = [(label, percent(share), words) for label, share, words in rows]
            yield from _columns(("", ">", ""), told)
        case Lines(rows=lines):
            yield from lines
    yield ""


def _columns(columns: Sequence[str], grid: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(_width, texts)) for texts in zip(*grid, strict=True)]
    for row in grid:
        cells = []
        for column, text, width in zip(columns, row, widths, strict=True):
            gap = " " * (width - _width(text))
            cells.append(gap + text if column.startswith(">") else text + gap)
        yield "  ".join(cells)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; a longer word, an address say, stays whole."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and _width(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(text: str) -> int:
    """Columns that the text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


# ── With Rich, which is loaded on a terminal alone. Data is never read as markup ──────────────


def _rich(part: Part, width: int) -> RenderableType:
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid.grid(padding=(0, 2))
    match part:
        case Heading(text=text):
            return Text(text, style="bold")
        case Lines(rows=lines):
            return Text("\n".join(lines))
        case Table():
            return _rich_table(part)
        case Facts(rows=rows):
            for label, text in rows:
                grid.add_row(Text(label, style="bold cyan"), Text(text))
        case Bars(rows=bars):
            drawn = width >= _WIDE
            for _ in range(4 if drawn else 3):
                grid.add_column(no_wrap=drawn, overflow="fold")
            for label, share, words in bars:
                full = round(share * _BAR)
                bar = Text("#" * full, style="green") + Text("-" * (_BAR - full), style="dim")
                told = Text(percent(share), justify="right", no_wrap=True), Text(words)
                grid.add_row(Text(label), *([bar] if drawn else []), *told)
    return grid


def _rich_table(table: Table) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid
    from rich.text import Text

    # As wide as it is plainly, so that it fits where that does.
    drawn = Grid(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    drawn.header_style = "bold cyan"
    for column in table.columns:
        side: Literal["right", "left"] = "right" if column.startswith(">") else "left"
        title, whole = Text(column.lstrip(">")), column == "Time"
        drawn.add_column(title, justify=side, no_wrap=whole, overflow="fold")
    for row in table.rows:
        drawn.add_row(*map(Text, row))
    return drawn
