"""The words of a row: names, numbers, days and instants as text without a space, and back; and the
text at a row's end.

The readers raise ValueError with a sentence for people. They remember what they have read: most
words of a plan stand in it many times.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeVar

from pe_plan.errors import quoted
from pe_plan.model import clock

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@+-]*")
_MIDNIGHT = 24 * 60
_MINUTE = timedelta(minutes=1)
_FIRST, _LAST = "0002", "9999"  # the years, as words, in which every zone can tell the time
# What may not stand in a literal string of several lines, or would be taken for an escape. Both are
# compiled where they are needed, which is hardly ever.
_NOT_PLAIN = r"[\x00-\x08\x0a-\x1f\x7f\\]|'''"
_ESCAPED = r"\\x([0-7][0-9a-f])"


class Known(dict[str, T]):
    """The words that may stand in one place, with their values; any other is a ValueError."""

    def __missing__(self, word: str) -> T:
        raise ValueError(f"expected one of {', '.join(self)}, got {quoted(word)}")


@cache
def name(text: str) -> str:
    """A name, which is its own word: an id, a uid or a fingerprint."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"expected a name of letters, digits and .@+-, got {quoted(text)}")
    return text


@cache
def maybe(text: str | None) -> str:
    """A name as a word, None as "-"."""
    return "-" if text is None else name(text)


@cache
def read_maybe(word: str) -> str | None:
    """The name of a word, None for "-"."""
    return None if word == "-" else name(word)


def split(row: str, count: int) -> list[str]:
    """The words of a row, exactly `count` of them."""
    found = row.split(" ")
    if len(found) != count:
        raise ValueError(f"expected {count} words, got {len(found)} in {quoted(row)}")
    return found


def split_text(row: str, count: int) -> tuple[list[str], str]:
    """The `count` words of a row, and the text behind them."""
    head, bar, text = row.partition(" | ")
    if not bar:
        raise ValueError(f"expected ' | ' and a text in {quoted(row)}")
    return split(head, count), read_text(text)


def split_texts(row: str, count: int) -> tuple[list[str], str, str]:
    """The `count` words of a row, and the two texts behind them."""
    head, bar, rest = row.partition(" | ")
    first, second_bar, last = rest.partition(" | ")
    if not (bar and second_bar):
        raise ValueError(f"expected ' | ' and a text, twice, in {quoted(row)}")
    return split(head, count), read_text(first), read_text(last)


def text(free: str) -> str:
    """Any text as it may stand at the end of a row: on one line, with escapes where it must."""
    if free.isprintable() and "\\" not in free and "'''" not in free:
        return free
    return re.sub(_NOT_PLAIN, _escape, free)


def _escape(found: re.Match[str]) -> str:
    return "".join(f"\\x{ord(sign):02x}" for sign in found[0])


def read_text(plain: str) -> str:
    """The text at the end of a row."""
    if "\\" not in plain:
        return plain
    return re.sub(_ESCAPED, lambda found: chr(int(found[1], 16)), plain)


@cache
def read_whole(word: str) -> int:
    """A whole number, not negative."""
    if not (word.isascii() and word.isdigit()):
        raise ValueError(f"expected a whole number, got {quoted(word)}")
    return int(word)


@cache
def read_parts(word: str) -> tuple[int, int]:
    """Which of how many: `2/5`."""
    part, _, parts = word.partition("/")
    return read_whole(part), read_whole(parts)


@cache
def read_day(word: str) -> date:
    """A day, in the one spelling that `str` gives it."""
    try:
        day = date.fromisoformat(word)
    except ValueError:
        day = None
    if day is None or day.isoformat() != word:
        raise ValueError(f"expected a date like 2026-01-05, got {quoted(word)}")
    return day


@cache
def instant(moment: datetime) -> str:
    """An aware instant, in UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant without a zone: {moment!r}")
    return _spelled(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


def _spelled(moment: datetime) -> str:
    return moment.isoformat()[: -len("+00:00")] + "Z"


@cache
def read_instant(word: str) -> datetime:
    """An instant, in the one spelling that `instant` gives it."""
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        moment = None
    # The usual spelling is told by its signs, five times faster than by spelling it again.
    usual = word[4::3] == "--T::Z"
    if moment is None or moment.tzinfo is not UTC or not (usual or _spelled(moment) == word):
        raise ValueError(f"expected an instant like 2026-01-05T18:00:00Z, got {quoted(word)}")
    if not _FIRST <= word < _LAST:
        raise ValueError(f"{quoted(word)} lies beyond the calendar of some time zone")
    return moment


def read_zone(word: str) -> str:
    """The name of a time zone that there is."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(word)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone is called {quoted(word)}") from None
    return word


@cache
def lasting(minutes: int) -> timedelta:
    """So many minutes."""
    return minutes * _MINUTE


@cache
def read_clock(word: str) -> int:
    """Minutes after midnight, 24:00 included."""
    hours, colon, minutes = word.partition(":")
    of_day = read_whole(hours) * 60 + read_whole(minutes) if colon else _MIDNIGHT + 1
    if of_day > _MIDNIGHT or clock(of_day) != word:
        raise ValueError(f"expected a time from 00:00 to 24:00, got {quoted(word)}")
    return of_day
