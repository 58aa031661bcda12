"""The learner's week: windows as they are typed, and the default week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.errors import nearest, quoted
from pe_plan.inputs.values import RefusedError, read_toml
from pe_plan.model import SHORTEST, STEP, WEEKDAYS, Window, clock

HOUR = 60
DAY = 24 * HOUR
BY_DAY = 20 * HOUR  # minutes a week above which the working day is taken first
EXAMPLE = "write it like 'mon-thu 19:00-21:00'"

_SHORT = tuple(day[:3] for day in WEEKDAYS)
_DAY_NAMES = {
    **{name: (day,) for names in (_SHORT, WEEKDAYS) for day, name in enumerate(names)},
    "tues": (1,),
    "weds": (2,),
    "thur": (3,),
    "thurs": (3,),
    "daily": (0, 1, 2, 3, 4, 5, 6),
    "weekday": (0, 1, 2, 3, 4),
    "weekdays": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "weekends": (5, 6),
}
_WHEN = re.compile(r"(\S.*\S)\s+([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})")
_DASHES = str.maketrans("‐‑‒–—−", "------")
_LONGEST_TEXT = 200


class DefaultWeek(Struct, frozen=True, kw_only=True):
    """The windows taken when only hours are given, in order of rank: evenings and weekend first
    up to 20 hours a week, the working day first above.
    """

    up_to_20_hours: tuple[Window, ...]
    above_20_hours: tuple[Window, ...]

    def order(self, minutes: int) -> tuple[Window, ...]:
        """All candidate windows for so many minutes a week."""
        return self.up_to_20_hours if minutes <= BY_DAY else self.above_20_hours


# ── What is typed ─────────────────────────────────────────────────────────────────────────────


def parse_when(text: object) -> tuple[Window, ...]:
    """The windows of "mon-thu 19:00-21:00", one for each weekday, in minutes after midnight.

    Raises RefusedError (a ValueError) for what cannot be read, is not on a multiple of five
    minutes, runs past midnight or backwards, or is shorter than 25 minutes.
    """
    match = None
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT:
        match = _WHEN.fullmatch(text.translate(_DASHES).strip().casefold())
    if match is None:
        raise RefusedError(f"expected days and times, got {quoted(text)}", EXAMPLE)
    days = _days(match[1])
    start, end = _minute(match[2]), _minute(match[3])
    if end <= start:
        raise _turned(days, start, end)
    if end - start < SHORTEST:
        what = f"'{_written(days, start, end)}' is shorter than {SHORTEST} minutes"
        raise RefusedError(what, "give it at least that")
    return tuple(Window(weekday=day, start=start, end=end) for day in days)


def _days(text: str) -> tuple[int, ...]:
    """The weekdays of "mon-thu", "sat,sun" or "daily", each once, in the order written."""
    days: list[int] = []
    for stretch in text.split(","):
        first, dash, last = (part.strip() for part in stretch.partition("-"))
        if not dash:
            days += _named(first)
            continue
        (start, *_), (*_, end) = _named(first), _named(last)
        days += [(start + n) % 7 for n in range((end - start) % 7 + 1)]
    return tuple(dict.fromkeys(days))


def _named(name: str) -> tuple[int, ...]:
    if name in _DAY_NAMES:
        return _DAY_NAMES[name]
    hint = nearest(name, _DAY_NAMES, f"use {', '.join(_SHORT)}, weekdays, weekends or daily")
    raise RefusedError(f"there is no day {quoted(name)}", hint)


def _minute(text: str) -> int:
    """Minutes after midnight of "19:00"; 24:00 is the day's end."""
    hour, minute = (int(part) for part in text.split(":"))
    total = hour * HOUR + minute
    if minute >= HOUR or total > DAY:
        raise RefusedError(f"there is no time {text}", "times go from 00:00 to 24:00")
    if total % STEP:
        below = total - total % STEP
        hint = f"use {clock(below)} or {clock(below + STEP)}"
        raise RefusedError(f"{text} is not on a multiple of {STEP} minutes", hint)
    return total


def _turned(days: Sequence[int], start: int, end: int) -> RefusedError:
    """What to say of a window that does not end after it starts."""
    shown = _written(days, start, end)
    if start == end:
        return RefusedError(f"'{shown}' is empty", "let it end later than it starts")
    if start - end < DAY // 2:
        turned = f"turn it round: '{_written(days, end, start)}'"
        hint = turned if start - end >= SHORTEST else f"a window lasts {SHORTEST} minutes or more"
        return RefusedError(f"'{shown}' ends before it starts", hint)
    before = (days, start, DAY)
    after = ([(day + 1) % 7 for day in days], 0, end)
    pieces = [f"'{_written(*side)}'" for side in (before, after) if side[2] - side[1] >= SHORTEST]
    hint = {
        0: "let it end at 24:00",
        1: f"keep to one side of it: {''.join(pieces)}",
        2: f"write two windows: {' and '.join(pieces)}",
    }[len(pieces)]
    return RefusedError(f"'{shown}' runs past midnight", hint)


def _written(days: Iterable[int], start: int, end: int) -> str:
    """The windows as they can be typed: "mon-thu 19:00-21:00"."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == (runs[-1][-1] + 1) % 7:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = ("-".join(_SHORT[day] for day in dict.fromkeys((run[0], run[-1]))) for run in runs)
    return f"{','.join(names)} {clock(start)}-{clock(end)}"


def overlaps(stretches: Sequence[tuple[Window, ...]]) -> tuple[tuple[int, RefusedError], ...]:
    """What overlaps among windows given in several stretches: the later stretch's position and
    the refusal, once for each two stretches. Windows that touch are fine.
    """
    placed = sorted(
        ((window, at) for at, stretch in enumerate(stretches) for window in stretch),
        key=lambda pair: (pair[0].weekday, pair[0].start, pair[0].end, pair[1]),
    )
    found: dict[tuple[int, int], list[tuple[Window, Window]]] = {}
    reach = placed[0] if placed else None  # of the windows so far, the one that ends last
    for pair in placed[1:]:
        (one, first), (two, second) = reach or pair, pair
        if one.weekday == two.weekday and two.start < one.end:
            found.setdefault((min(first, second), max(first, second)), []).append((one, two))
        if (two.weekday, two.end) > (one.weekday, one.end):
            reach = pair
    return tuple((later, _overlap(found[earlier, later])) for earlier, later in sorted(found))


def _overlap(pairs: list[tuple[Window, Window]]) -> RefusedError:
    """Two stretches' overlap on some weekdays; each has the same hours on all of them."""
    days = [one.weekday for one, _ in pairs]
    one, two = pairs[0]
    what = f"'{_written(days, one.start, one.end)}' and '{_written(days, two.start, two.end)}'"
    whole = _written(days, one.start, max(one.end, two.end))
    return RefusedError(f"{what} overlap", f"make them one window: '{whole}'")


# ── The default week ──────────────────────────────────────────────────────────────────────────


def read_default_week(raw: bytes, source: str) -> DefaultWeek:
    """The default week from its TOML; `source` names the file in messages.

    The file is our own: what is no TOML is a PePlanError, anything else a KeyError or ValueError.
    """
    table = read_toml(raw, source)
    return DefaultWeek(**{name: _order(table[name]) for name in DefaultWeek.__struct_fields__})


def _order(entries: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    """One order of windows, ranked as they stand."""
    windows = (
        replace(window, shortest=entry.get("shortest", SHORTEST))
        for entry in entries
        for window in parse_when(entry["when"])
    )
    return tuple(replace(window, rank=rank) for rank, window in enumerate(windows))
