"""plan.toml as TOML: which keys it has, of which type, in this schema and in older ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from pe_plan.errors import Problem, nearest, printable, quoted

SCHEMA = 3
_MOST_SHOWN = 10

Fault = tuple[str, str]  # key path, what is wrong
Document = dict[str, dict[str, Any]]


class Rows:
    """The type of a text whose lines are rows; in schema 1 it was a list of them."""


class Lines(Rows):
    """The same, of so many rows that they stay one text: they are read all at once."""


# Key -> type of its value. A key marked "?" may be absent.
_Shape = Mapping[str, type]
_TABLES: _Shape = {"profile": dict, "plan": dict, "calendar": dict, "log": dict, "roadmap": dict}
_PROFILE: _Shape = {
    "start": date,
    "minutes_per_week": int,
    "timezone": str,
    "interview?": date,
    "finish_early": bool,
    "overrun": bool,
    "remind?": int,
    "windows": Rows,
    "days_off": Rows,
    "skills": Rows,
    "abroad": Rows,
    "margin?": int,
    "ignore_all_day?": bool,
    "lenient?": bool,
    "free?": bool,
    "calendars?": Rows,
    "busy?": Lines,
    "dropped?": Lines,
    "pins?": Rows,
}
_PLAN: _Shape = {
    "id": str,
    "roadmap": str,
    "as_of": date,
    "revision": int,
    "minutes_per_week": int,
    "earliest": date,
    "latest": date,
    "finish": date,
    "verdict": str,
    "left_out": list,
    "windows": Rows,
    "weeks": Rows,
    "phases": Rows,
    "topics": Rows,
    "unplaced": Rows,
    "blocks": Rows,
    "early": Rows,
}
_SHAPES: Mapping[str, _Shape] = {
    "profile": _PROFILE,
    "plan": _PLAN,
    "calendar": {"ledger": Rows},
    "log": {"records": Rows, "accepted": Rows},
    "roadmap": {"text": str},
}
# What a profile may say of other events and of single blocks; all of it came with schema 3.
BESIDE = ("margin", "ignore_all_day", "lenient", "free")
ROWS_BESIDE = ("calendars", "busy", "dropped", "pins")
_CAME_WITH_3 = {f"profile.{key}" for key in (*BESIDE, *ROWS_BESIDE)}
# Schema -> what it did not have yet.
_LACKED = {1: {"log", "profile.abroad", "plan.early"} | _CAME_WITH_3, 2: _CAME_WITH_3}
_TYPE_NAMES = {
    bool: "true or false",
    date: "a date like 2026-01-05",
    dict: "a table",
    int: "a whole number",
    list: "a list of texts",
    str: "a text",
    Rows: "a text of rows",
    Lines: "a text of rows",
}


class DamagedError(Exception):
    """The file is no state; carries every fault found."""

    def __init__(self, faults: Iterable[Fault], hint: str = "") -> None:
        self.faults = tuple(faults)
        self.hint = hint

    def problems(self, source: str, hint: str) -> Iterator[Problem]:
        """The faults as problems, the first few of them in full, the hint on the last."""
        found = list(self.faults[:_MOST_SHOWN])
        if more := len(self.faults) - len(found):
            found.append(("", f"and {more} more like these"))
        for n, (path, what) in enumerate(found, 1):
            where = f"{source}: {path}" if path else source
            last = n == len(found)
            yield Problem(where=where, what=what, hint=(self.hint or hint) if last else "")


def tables(raw: bytes) -> tuple[int, Document]:
    """The schema of the file and its tables, every key there and of its type; rows are lists of
    texts in every schema, but Lines one text. Raises DamagedError."""
    document = _parsed(raw)
    schema = _schema(document.pop("schema", None))
    faults = list(_misshapen(document, _TABLES, "", schema))
    for name, shape in _SHAPES.items():
        if type(document.get(name)) is dict:
            faults += _misshapen(document[name], shape, f"{name}.", schema)
    if faults:
        raise DamagedError(faults)
    for name, table in document.items():
        shape = _SHAPES[name]
        given = [key for key in table if Rows in (shape.get(key), shape.get(f"{key}?"))]
        table.update({key: rows(table[key]) for key in given})
    return schema, document


def _parsed(raw: bytes) -> dict[str, Any]:
    if not raw.endswith(b"\n"):  # cut off in its last line, it may still be TOML
        raise DamagedError([("", "ends in the middle of a line; the rest is lost")])
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DamagedError([("", f"not UTF-8 (at line {line})")]) from None
    except (ValueError, RecursionError) as error:
        raise DamagedError([("", f"not TOML: {error}")]) from None


def _schema(number: object) -> int:
    if type(number) is not int:
        raise DamagedError([("schema", "expected a whole number; is this a pe-plan file?")])
    if number > SCHEMA:
        newer = f"written by a newer pe-plan (schema {number}); this one reads up to {SCHEMA}"
        raise DamagedError([("", newer)], "upgrade pe-plan")
    if number < 1:
        raise DamagedError([("schema", f"there never was a schema {number}")])
    return number


def _misshapen(table: Mapping[str, Any], shape: _Shape, path: str, schema: int) -> Iterator[Fault]:
    lacked = _LACKED.get(schema, ())
    expected = {
        name: kind
        for key, kind in shape.items()
        if path + (name := key.removesuffix("?")) not in lacked
    }
    for key in table.keys() - expected.keys():
        yield f"{path}{printable(key)}", f"unknown key; {nearest(key, expected)}"
    for key, kind in expected.items():
        if key not in table:
            if f"{key}?" not in shape:
                yield f"{path}{key}", "missing"
            continue
        value, wanted = table[key], list if kind is Rows and schema == 1 else kind
        if not _is(value, wanted):
            yield f"{path}{key}", f"expected {_TYPE_NAMES[wanted]}, got {quoted(value)}"
        elif wanted is list and (odd := [row for row in value if type(row) is not str]):
            yield f"{path}{key}", f"expected {_TYPE_NAMES[wanted]}, got {quoted(odd[0])} in it"


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and value >= 0
    return type(value) is (str if issubclass(kind, Rows) else kind)


def rows(value: str | list[str]) -> list[str]:
    """The rows of a text of them, or of a list as schema 1 has it."""
    if isinstance(value, list):
        return value
    return value.removesuffix("\n").split("\n") if value else []
