"""The rows of what else is in the learner's calendar: busy times and where they come from, and
blocks that were dropped or pinned. Imported only where there are such rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import add
from typing import TYPE_CHECKING

from pe_plan.errors import quoted
from pe_plan.store import words

if TYPE_CHECKING:
    from pe_plan.model import Pin, Stretch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_DIGITS = str.maketrans("", "", "0123456789")


def stretch_rows(stretches: Iterable[Stretch]) -> Iterator[str]:
    """`2026-01-05T18:00:00Z 90` for each: start, minutes. Spelled from parts that most rows share,
    in a fifth of the time."""
    for start, end in stretches:
        since = start - _EPOCH
        clock = _clock(since.seconds, since.microseconds)
        yield f"{_day(since.days)}T{clock}Z {_minutes(end - start)}"


@cache
def _day(days: int) -> str:
    return date.fromordinal(_EPOCH.toordinal() + days).isoformat()


@cache
def _clock(seconds: int, microseconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds, microseconds=microseconds)).time().isoformat()


@cache
def _minutes(length: timedelta) -> int:
    minutes, rest = divmod(length, timedelta(minutes=1))
    if rest:
        raise ValueError(f"expected whole minutes, got {length}")
    return minutes


def read_stretch(row: str) -> Stretch:
    """The stretch of a row."""
    start, minutes = words.split(row, 2)
    begins = words.read_instant(start)
    return begins, begins + words.lasting(words.read_whole(minutes))


def read_stretches(text: str) -> tuple[Stretch, ...]:
    """The stretches of all the rows, read at once: nobody shall wait for years of other events.

    Raises ValueError or OverflowError, without a place, where a row is not spelled as usual.
    """
    if text.translate(_NO_DIGITS) != "--T::Z \n" * text.count("\n"):
        raise ValueError("expected an instant and minutes in each row")
    found = text.split()
    starts, minutes = list(map(datetime.fromisoformat, found[::2])), found[1::2]
    lengths = {word: words.lasting(words.read_whole(word)) for word in set(minutes)}
    return tuple(zip(starts, map(add, starts, map(lengths.__getitem__, minutes)), strict=True))


def calendar_row(path: str) -> str:
    """`/home/eva/calendars/work.ics`: the path, as any text at a row's end is written."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise ValueError(f"expected a path that is a text, got {quoted(path)}") from None
    return words.text(path)


def read_calendar(row: str) -> str:
    """The path of a row."""
    return words.read_text(row)


def pin_row(pin: Pin) -> str:
    """`<uid> 2026-01-05T18:00:00Z 120 2026-01-06T18:00:00Z 90`: start, minutes, and the same of its
    home."""
    home = f"{words.instant(pin.home)} {pin.home_minutes}"
    return f"{words.name(pin.uid)} {words.instant(pin.start)} {pin.minutes} {home}"


def read_pin(row: str) -> Pin:
    """The pin of a row."""
    from pe_plan.model import Pin

    uid, start, minutes, home, home_minutes = words.split(row, 5)
    return Pin(
        uid=words.name(uid),
        start=words.read_instant(start),
        minutes=words.read_whole(minutes),
        home=words.read_instant(home),
        home_minutes=words.read_whole(home_minutes),
    )
