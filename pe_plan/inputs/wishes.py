"""What one side, the flags or the profile file, asks for: both are read by the same code.

Reading goes on after a problem, so that one pass finds them all.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from pe_plan.errors import PePlanError, Problem, nearest, printable, quoted
from pe_plan.inputs.tables import read_toml
from pe_plan.inputs.values import (
    RefusedError,
    read_date,
    read_days,
    read_hours,
    read_margin,
    read_path,
    read_remind,
    read_switch,
    read_zone,
)
from pe_plan.inputs.week import EXAMPLE, overlaps, parse_when
from pe_plan.model import LEVELS, Days, Level, Roadmap, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

T = TypeVar("T")

KEYS = (
    *("start", "hours", "skill", "when", "off", "tz", "interview"),
    *("finish-early", "overrun", "remind", "free"),
    *("busy", "busy-margin", "ignore-all-day", "lenient"),
)


class Answers(Struct, frozen=True, kw_only=True):
    """The flags as they were typed; None or empty where one was not."""

    start: str | None = None
    hours: str | None = None
    skill: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    tz: str | None = None
    interview: str | None = None
    remind: str | None = None
    finish_early: bool = False
    overrun: bool = False
    free: bool | None = None
    busy: tuple[str, ...] = ()
    busy_margin: str | None = None
    ignore_all_day: bool = False
    lenient: bool = False
    no_busy: bool = False


# ── One side: the flags, or the file ──────────────────────────────────────────────────────────


class Side(Struct, frozen=True, kw_only=True):
    """Raw answers by key. `name` is the file's, and empty for the flags; `problems` is added to,
    `broken` holds the keys that had one. Paths in `raw` begin in `folder`.
    """

    name: str
    raw: Mapping[str, object]
    problems: list[Problem]
    folder: PurePath = field(default_factory=PurePath)
    broken: set[str] = field(default_factory=set)

    def place(self, key: str) -> str:
        """How a message names the key."""
        return f"{self.name}: {key}" if self.name else f"--{key}"

    def refuse(self, key: str, where: str, error: RefusedError) -> None:
        """Notes a problem."""
        self.broken.add(key)
        self.problems.append(error.at(where))

    def one(self, key: str, read: Callable[[object], T]) -> T | None:
        """The key's value, or None where it is absent or refused."""
        if key not in self.raw:
            return None
        try:
            return read(self.raw[key])
        except RefusedError as error:
            self.refuse(key, self.place(key), error)
            return None

    def entries(self, key: str) -> list[tuple[str, object]]:
        """The values of a key that takes several, each with its place."""
        value, place = self.raw.get(key, []), self.place(key)
        if not isinstance(value, list | tuple):
            return [(place, value)]
        return [(f"{place}[{at}]" if self.name else place, each) for at, each in enumerate(value)]

    def many(self, key: str, read: Callable[[object], T]) -> list[tuple[str, T]]:
        """What could be read of a key that takes several values, each with its place."""
        values = []
        for where, value in self.entries(key):
            try:
                values.append((where, read(value)))
            except RefusedError as error:
                self.refuse(key, where, error)
        return values


def typed_side(answers: Answers, problems: list[Problem]) -> Side:
    """The flags."""
    raw = {key: getattr(answers, key.replace("-", "_")) for key in KEYS}
    given = {key: value for key, value in raw.items() if value is not None}
    return Side(name="", raw=given, problems=problems)


def file_side(file: tuple[str, bytes] | None, problems: list[Problem]) -> Side:
    """The profile file, empty where there is none; unknown keys are problems."""
    path, raw = file or ("", b"")
    name = printable(path, 200) or "profile"
    try:
        table = read_toml(raw, name)
    except PePlanError as error:
        problems += error.problems
        return Side(name=name, raw={}, problems=problems, broken=set(KEYS))
    problems += [
        Problem(where=name, what=f"unknown key {quoted(key)}", hint=nearest(key, KEYS))
        for key in table
        if key not in KEYS
    ]
    return Side(name=name, raw=table, problems=problems, folder=PurePath(path).parent)


class Wishes(Struct, frozen=True, kw_only=True):
    """What one side asks for; None or empty where it says nothing that could be read."""

    side: Side
    start: date | None
    hours: Fraction | None  # in exact minutes a week
    skill: Mapping[str, Level]
    when: tuple[Window, ...]
    off: tuple[Days, ...]
    tz: str | None
    interview: date | None
    finish_early: bool
    overrun: bool
    remind: int | None
    free: bool | None
    busy: tuple[str, ...]
    margin: int | None
    ignore_all_day: bool
    lenient: bool


def wishes(side: Side, roadmap: Roadmap | None) -> Wishes:
    """Every answer of the side that could be read; the others become its problems."""
    return Wishes(
        side=side,
        start=side.one("start", read_date),
        hours=side.one("hours", read_hours),
        skill=_skills(side, roadmap),
        when=_windows(side),
        off=_days_off(side),
        tz=side.one("tz", read_zone),
        interview=side.one("interview", read_date),
        finish_early=bool(side.one("finish-early", read_switch)),
        overrun=bool(side.one("overrun", read_switch)),
        remind=side.one("remind", read_remind),
        free=side.one("free", read_switch),
        busy=_calendars(side),
        margin=side.one("busy-margin", read_margin),
        ignore_all_day=bool(side.one("ignore-all-day", read_switch)),
        lenient=bool(side.one("lenient", read_switch)),
    )


def _calendars(side: Side) -> tuple[str, ...]:
    """Paths of calendars, each once; those of a file begin in its folder, or in a home folder."""
    as_it_is = "~" if side.folder.parts else ""  # else a ./~x would come to begin in a home folder
    return tuple(
        dict.fromkeys(
            path if path.startswith(as_it_is) else str(side.folder / path)
            for _, path in side.many("busy", read_path)
        )
    )


def _windows(side: Side) -> tuple[Window, ...]:
    """The windows in the order of the week."""
    stretches = side.many("when", _read_when)
    for at, refusal in overlaps([windows for _, windows in stretches]):
        side.refuse("when", stretches[at][0], refusal)
    windows = [window for _, stretch in stretches for window in stretch]
    return tuple(sorted(windows, key=lambda window: (window.weekday, window.start)))


def _read_when(value: object) -> tuple[Window, ...]:
    if not isinstance(value, str):
        raise RefusedError(f"expected days and times, got {quoted(value)}", EXAMPLE)
    return parse_when(value)


def _days_off(side: Side) -> tuple[Days, ...]:
    days = {stretch for _, stretch in side.many("off", read_days)}
    return tuple(sorted(days, key=lambda stretch: (stretch.first, stretch.last)))


# ── Skills ────────────────────────────────────────────────────────────────────────────────────


def _skills(side: Side, roadmap: Roadmap | None) -> dict[str, Level]:
    """Who -> level, from "who=level" or, in a file, also from a table."""
    table = side.raw.get("skill")
    if isinstance(table, dict):
        place = side.place("skill")
        said = [(f"{place}.{printable(who)}", (who, level)) for who, level in table.items()]
    else:
        said = side.many("skill", _split)
    skills: dict[str, Level] = {}
    for where, (who, level) in said:
        try:
            _agree(skills, _who(who, roadmap), _level(level))
        except RefusedError as error:
            side.refuse("skill", where, error)
    return skills


def _agree(skills: dict[str, Level], who: str, level: Level) -> None:
    """Adds a skill, unless another level was said before."""
    if skills.setdefault(who, level) != level:
        what = f"{quoted(who)} is said to be both {skills[who]} and {level}"
        raise RefusedError(what, "keep one of the two")


def _split(value: object) -> tuple[str, object]:
    who, equals, level = value.partition("=") if isinstance(value, str) else ("", "", "")
    if not equals:
        what = f"expected WHO=LEVEL, got {quoted(value)}"
        raise RefusedError(what, f"WHO is all, a phase or a topic, LEVEL {' '.join(LEVELS)}")
    return who, level


def _level(value: object) -> Level:
    name = value.strip().casefold() if isinstance(value, str) else ""
    for level in LEVELS:
        if name == level:
            return level
    hint = nearest(name, LEVELS, f"use one of: {', '.join(LEVELS)}")
    raise RefusedError(f"there is no level {quoted(value)}", hint)


def _who(value: str, roadmap: Roadmap | None) -> str:
    """The id that is meant, as the roadmap spells it."""
    name = value.strip()
    if roadmap is None:
        return name.casefold()
    ids = ["all", *(phase.id for phase in roadmap.phases), *(topic.id for topic in roadmap.topics)]
    spelled = {id.casefold(): id for id in ids}
    if name.casefold() in spelled:
        return spelled[name.casefold()]
    hint = nearest(name, spelled, "use all, or a phase or topic that 'pe-plan roadmap show' lists")
    raise RefusedError(f"there is no phase or topic {quoted(name)}", hint)
