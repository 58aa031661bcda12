"""The words of a row: names, numbers, days and instants as text without a space, and back.

The readers raise ValueError with a sentence for people.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TypeVar

T = TypeVar("T")

UNSAFE_BEFORE_TEXT = frozenset("|%")
_UNSAFE_IN_WORD = frozenset(" %|")
_LONGEST_SHOWN = 60
_MIDNIGHT = 24 * 60


class Known(dict[str, T]):
    """The words that may stand in one place, with their values; any other is a ValueError."""

    def __missing__(self, word: str) -> T:
        raise ValueError(f"expected one of {', '.join(self)}, got {shown(word)}")


def shown(text: object) -> str:
    """The value as a message may show it: quoted, without control characters, not too long."""
    quoted = repr(text)
    return quoted if len(quoted) <= _LONGEST_SHOWN else f"{quoted[:_LONGEST_SHOWN]}…"


def escaped(text: str, unsafe: Collection[str]) -> str:
    """The text with each unsafe character as %<hex>;."""
    return "".join(f"%{ord(char):x};" if char in unsafe else char for char in text)


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    first, *rest = text.split("%")
    for part in rest:
        code, semicolon, plain = part.partition(";")
        if not semicolon:
            raise ValueError(f"expected %<hex>; after each percent sign, got {shown(text)}")
        first += chr(int(code, 16)) + plain
    first.encode()  # a lone surrogate could never be written again
    return first


def name(text: str | None) -> str:
    """A name as a word, None as "-"."""
    if text is None:
        return "-"
    if text in {"", "-"}:
        return "%2d;" if text else "%"
    return text if _UNSAFE_IN_WORD.isdisjoint(text) else escaped(text, _UNSAFE_IN_WORD)


def read_name(word: str) -> str:
    """The name of a word; "-" is refused."""
    if "%" in word:
        return "" if word == "%" else unescaped(word)
    if word in {"", "-"}:
        raise ValueError("a name is missing")
    return word


def read_maybe(word: str) -> str | None:
    """The name of a word, None for "-"."""
    return None if word == "-" else read_name(word)


def split(row: str, count: int) -> list[str]:
    """The words of a row, exactly `count` of them."""
    found = row.split(" ")
    if len(found) != count:
        raise ValueError(f"expected {count} words, got {len(found)} in {shown(row)}")
    return found


def split_text(row: str, count: int) -> tuple[list[str], str]:
    """The `count` words of a row, and the text behind them."""
    head, bar, text = row.partition(" | ")
    if not bar:
        raise ValueError(f"expected ' | ' and a text in {shown(row)}")
    return split(head, count), text


def read_whole(word: str) -> int:
    """A whole number, not negative."""
    if not (word.isascii() and word.isdigit()):
        raise ValueError(f"expected a whole number, got {shown(word)}")
    return int(word)


def read_day(word: str) -> date:
    """A day, in the one spelling that `str` gives it."""
    day: date | None = None
    with suppress(ValueError):
        day = date.fromisoformat(word)
    if day is None or day.isoformat() != word:
        raise ValueError(f"expected a date like 2026-01-05, got {shown(word)}")
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
        raise ValueError(f"expected an instant like 2026-01-05T18:00:00Z, got {shown(word)}")
    return moment


def clock(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_clock(word: str) -> int:
    """Minutes after midnight, 24:00 included."""
    hours, colon, minutes = word.partition(":")
    of_day = read_whole(hours) * 60 + read_whole(minutes) if colon else _MIDNIGHT + 1
    if of_day > _MIDNIGHT or clock(of_day) != word:
        raise ValueError(f"expected a time from 00:00 to 24:00, got {shown(word)}")
    return of_day
