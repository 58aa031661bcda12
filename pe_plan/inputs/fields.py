"""Typed getters for TOML that someone else wrote: each notes what is wrong and reading goes on.

A getter whose value is wrong or missing returns an empty one of the right type (or the wrong
text itself), so that one pass finds every problem; the caller raises when there are any.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeGuard

from msgspec import Struct

from pe_plan.errors import Problem, nearest, printable, quoted

_KNOWN = 1000  # among more names than these the nearest is not looked for,
_ENOUGH = 100  # nor after as many problems: each search takes milliseconds

# C0, DEL and C1 controls (terminal escapes among them), the Unicode line breaks, and the overrides
# that make a line read in another order than it is written.
_CONTROLS = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(rf"[{_CONTROLS}]")
_CONTROL_OR_BREAK = re.compile(rf"[\n{_CONTROLS}]")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_INDEX = re.compile(r"\[\d+\]")
_HOST = r"(?:\[[0-9a-f:.]+\]|[^\s/?#@:\\<>\"`\[\]]+)"
_URL = re.compile(rf"https?://{_HOST}(?::\d{{1,5}})?(?:[/?#][^\s\\<>\"`]*)?", re.IGNORECASE)


class _Limit(NamedTuple):
    """The most characters of a text, and which it may not hold."""

    most: int
    refused: re.Pattern[str]


TITLE = _Limit(200, _CONTROL_OR_BREAK)
SENTENCE = _Limit(4000, _CONTROL_OR_BREAK)
PROSE = _Limit(4000, _CONTROL)


def _is_whole(value: object, least: int, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


class Table(Struct, frozen=True):
    """A TOML table at the key path `path` of the file `source`; `problems` is shared by all
    tables of a file and grows as they are read."""

    values: Mapping[str, object]
    source: str
    problems: list[Problem]
    path: str = ""

    def note(self, key: str, what: str, hint: str = "") -> None:
        """Keep a problem with `key`, or with the table itself where that is empty."""
        path = self._at(key)
        where = f"{self.source}: {path}" if path else self.source
        self.problems.append(Problem(where=where, what=what, hint=hint))

    def near(self, name: str, known: Collection[str], otherwise: str) -> str:
        """A hint naming the known name most like `name`, or `otherwise`."""
        few = len(known) <= _KNOWN and len(self.problems) < _ENOUGH
        return nearest(name, known, otherwise) if few else otherwise

    def wrong(self, key: str, wanted: str, hint: str) -> None:
        """Keep that `key` is missing or does not hold what is `wanted`."""
        if key in self.values:
            self.note(key, f"expected {wanted}, got {quoted(self.values[key])}", hint)
        else:
            self.note(key, f"missing, expected {wanted}", hint)

    def only(self, *known: str) -> None:
        """Keep every key that is not `known`."""
        for key in self.values:
            if key not in known:
                hint = self.near(key, known, "") or "take it out"
                self.note(printable(key), "no such key here", hint)

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`, else 0."""
        value = self.values.get(key)
        if _is_whole(value, least, most):
            return value
        wanted = f"a whole number from {least} to {most}" if least < most else str(least)
        outside = isinstance(value, int) and not isinstance(value, bool)
        self.wrong(key, wanted, "choose another" if outside else "write digits without quotes")
        return 0

    def span(self, key: str, most: int, *, rising: bool) -> tuple[int, int]:
        """Two whole numbers [least, most] from 1 to `most`, else (0, 0). They may be equal unless
        `rising`."""
        wanted = f"two whole numbers from 1 to {most}, the {'smaller' if rising else 'least'} first"
        hint = f"write {key} = [6, 8], say"
        match self.values.get(key):
            case [low, high]:
                if _is_whole(low, 1, most) and _is_whole(high, low + rising, most):
                    return low, high
                self.note(key, f"expected {wanted}, got [{quoted(low)}, {quoted(high)}]", hint)
            case _:
                self.wrong(key, wanted, hint)
        return 0, 0

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "true or false", "write it in small letters, without quotes")
        return value is True

    def name(self, key: str) -> str:
        """An id."""
        value = self.values.get(key)
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        self.wrong(key, "an id", "an id has 1 to 40 of a-z, 0-9 and -, and begins with no -")
        return value if isinstance(value, str) else ""

    def text(self, key: str, limit: _Limit = TITLE, *, optional: bool = False) -> str:
        """A text within the limit; "" where it is `optional` and absent or empty."""
        if optional and self.values.get(key, "") == "":
            return ""
        if key in self.values:
            return self._text(key, self.values[key], limit)
        self.wrong(key, "a text", f'write {key} = "…"')
        return ""

    def url(self, key: str) -> str:
        """A web address, http or https, with a host."""
        value = self.values.get(key)
        short = isinstance(value, str) and len(value) <= PROSE.most and not _CONTROL.search(value)
        if isinstance(value, str) and short and _URL.fullmatch(value):
            return value
        hint = "it begins with https:// or http:// and a host, and has no spaces"
        self.wrong(key, "a web address", hint)
        return ""

    def day(self, key: str) -> date | None:
        """A date without a time; None when absent."""
        value = self.values.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if key in self.values:
            self.wrong(key, "a date", f"write {key} = 2026-01-31, without quotes, or leave it out")
        return None

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of different one-line texts; empty when absent."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            self.wrong(key, "a list of texts", f'write {key} = ["…", "…"]')
            return ()
        texts: dict[str, None] = {}
        for n, value in enumerate(values):
            text = self._text(f"{key}[{n}]", value, TITLE)
            if text and text in texts:
                self.note(f"{key}[{n}]", f"{quoted(text)} is listed twice", "take one out")
            texts[text] = None
        return tuple(text for text in texts if text)

    def tables(self, key: str, least: int = 0, most: int = 100_000) -> tuple[Table, ...]:
        """A list of `least` to `most` tables. What is no table becomes an empty one that keeps
        its place and has nothing more to say."""
        values = self.values.get(key, [])
        if not isinstance(values, list) or (least and key not in self.values):
            path = _INDEX.sub("", self._at(key))
            self.wrong(key, "a list of tables", f"begin each with [[{path}]]")
            return ()
        if not least <= len(values) <= most:
            self.note(key, f"expected {least} to {most} of them, got {len(values)}")
        return tuple(self._table(key, n, value) for n, value in enumerate(values))

    def _at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def _table(self, key: str, n: int, value: object) -> Table:
        path = self._at(f"{key}[{n}]")
        if isinstance(value, dict):
            return Table(value, self.source, self.problems, path)
        self.note(f"{key}[{n}]", f"expected a table, got {quoted(value)}")
        return Table({}, self.source, [], path)

    def _text(self, key: str, value: object, limit: _Limit) -> str:
        """`value` as it is, when it is a text within the limit."""
        if not isinstance(value, str):
            self.note(key, f"expected a text, got {quoted(value)}", "write it in quotes")
            return ""
        if not value.strip():
            self.note(key, "expected a text, got an empty one", "write a few words")
        elif len(value) > limit.most:
            what = f"expected at most {limit.most} characters, got {len(value)}"
            self.note(key, what, "shorten it")
        if found := limit.refused.search(value):
            what = f"holds the control character U+{ord(found[0]):04X} at position {found.start()}"
            self.note(key, what, "write it on one line" if found[0] == "\n" else "take it out")
        return value
