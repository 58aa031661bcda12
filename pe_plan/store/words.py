"""The words of a row: names, numbers, days and instants as text without a space, and back.

The readers raise ValueError with a sentence for people.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TypeVar

from pe_plan.errors import quoted
from pe_plan.model import clock

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@-]*")
_MIDNIGHT = 24 * 60


class Known(dict[str, T]):
    """The words that may stand in one place, with their values; any other is a ValueError."""

    def __missing__(self, word: str) -> T:
        raise ValueError(f"expected one of {', '.join(self)}, got {quoted(word)}")


def name(text: str) -> str:
    """A name, which is its own word: an id, a uid or a fingerprint."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"expected a name of letters, digits and .@-, got {quoted(text)}")
    return text


def maybe(text: str | None) -> str:
    """A name as a word, None as "-"."""
    return "-" if text is None else name(text)


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
    return split(head, count), text


def read_whole(word: str) -> int:
    """A whole number, not negative."""
    if not (word.isascii() and word.isdigit()):
        raise ValueError(f"expected a whole number, got {quoted(word)}")
    return int(word)


def read_day(word: str) -> date:
    """A day, in the one spelling that `str` gives it."""
    day: date | None = None
    with suppress(ValueError):
        day = date.fromisoformat(word)
    if day is None or day.isoformat() != word:
        raise ValueError(f"expected a date like 2026-01-05, got {quoted(word)}")
    return day


def instant(moment: datetime) -> str:
    """An aware instant, in UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant without a zone: {moment!r}")
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def read_instant(word: str) -> datetime:
    """An instant, in the one spelling that `instant` gives it."""
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(word)
    if moment is None or moment.tzinfo is not UTC or instant(moment) != word:
        raise ValueError(f"expected an instant like 2026-01-05T18:00:00Z, got {quoted(word)}")
    return moment


def read_clock(word: str) -> int:
    """Minutes after midnight, 24:00 included."""
    hours, colon, minutes = word.partition(":")
    of_day = read_whole(hours) * 60 + read_whole(minutes) if colon else _MIDNIGHT + 1
    if of_day > _MIDNIGHT or clock(of_day) != word:
        raise ValueError(f"expected a time from 00:00 to 24:00, got {quoted(word)}")
    return of_day
