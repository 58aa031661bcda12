"""Parts of a screen, shown plainly or with Rich; errors as one clear message."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from msgspec import Struct, to_builtins

from pe_plan.cli.parts import Bars, Facts, Heading, Lines, Part, Table
from pe_plan.errors import Exit, PePlanError, Problem

WIDTH = 80


def show(parts: Iterable[Part], *, plain: bool = False) -> None:
    """Print the parts: with Rich on a terminal that can show it, plainly anywhere else."""
    if plain or not _is_rich():
        text = "\n".join(line.rstrip() for part in parts for line in _lines(part))
        with printing():
            sys.stdout.write(text + "\n")
        return
    from pe_plan.cli.terminal import show as show_rich

    show_rich(parts)


@contextmanager
def printing() -> Iterator[None]:
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
        raise PePlanError(Exit.OUTPUT, [Problem(where="the output", what=what)]) from None


def say(lines: Sequence[str]) -> None:
    """A few lines on stdout, the same on every terminal."""
    with printing():
        for line in lines:
            sys.stdout.write(f"{line}\n")


def remark(lines: Sequence[str]) -> None:
    """Say something beside the result, on stderr."""
    for line in lines:
        sys.stderr.write(f"{line}\n")


def encoded(value: Struct, indent: int | None = None) -> str:
    """A value as JSON; UTC is +00:00, as everywhere in what is printed."""
    import json

    plain = to_builtins(value, builtin_types=(date, datetime))
    return json.dumps(plain, ensure_ascii=False, indent=indent, default=lambda day: day.isoformat())


def complain(error: PePlanError, *, as_json: bool) -> None:
    """All problems of a command on stderr, as lines or as one JSON object."""
    if as_json:
        import json

        problems = [
            {"where": problem.where, "what": problem.what, "hint": problem.hint}
            for problem in error.problems
        ]
        found = {"schema": 1, "exit": int(error.code), "problems": problems}
        remark([json.dumps(found, ensure_ascii=False)])
    else:
        remark([str(problem) for problem in error.problems])


def _is_rich() -> bool:
    return (
        sys.stdout.isatty()
        and os.environ.get("TERM", "") not in ("", "dumb")
        and not os.environ.get("NO_COLOR")
    )


def _lines(part: Part) -> list[str]:
    match part:
        case Heading(text=text):
            return [text, ""]
        case Table():
            return _table_lines(part)
        case Facts(rows=rows):
            return _fact_lines(rows)
        case Bars(rows=rows):
            columns = (
                ("", ">", ""),
                *((label, percent(share), words) for label, share, words in rows),
            )
            return _table_lines(Table(columns=columns[0], rows=columns[1:]))[1:]
        case Lines(rows=rows):
            return [*rows, ""]


def percent(share: float) -> str:
    """A share as it is said: never all of it, nor none, where that is not quite so."""
    return f"{min(max(round(share * 100), int(share > 0)), 100 if share >= 1 else 99)} %"


def _table_lines(table: Table) -> list[str]:
    titles = tuple(column.lstrip(">") for column in table.columns)
    grid = (titles, *table.rows)
    widths = [max(_width(row[k]) for row in grid) for k in range(len(titles))]
    right = [column.startswith(">") for column in table.columns]
    lines = []
    for row in grid:
        gaps = [" " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        cells = zip(row, gaps, right, strict=True)
        lines.append("  ".join(gap + text if r else text + gap for text, gap, r in cells))
    return [*lines, ""]


def _fact_lines(rows: Sequence[tuple[str, str]]) -> list[str]:
    indent = max(len(label) for label, _ in rows) + 2
    lines: list[str] = []
    for label, text in rows:
        body = _wrapped(text, WIDTH - indent)
        lines.append(label.ljust(indent) + body[0])
        lines += [" " * indent + more for more in body[1:]]
    return [*lines, ""]


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
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
