"""What one side, the flags or the profile file, says: a flag and the file's key of the same name
are read alike.

Reading goes on after a problem, so that one pass finds them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from msgspec import Struct, field

from pe_plan.errors import PePlanError, Problem, nearest, printable, quoted
from pe_plan.inputs.values import (
    RefusedError,
    read_date,
    read_days,
    read_hours,
    read_margin,
    read_path,
    read_remind,
    read_skill,
    read_switch,
    read_toml,
    read_zone,
    split_skill,
)
from pe_plan.inputs.week import overlaps, parse_when
from pe_plan.model import Days, Level, Profile, Roadmap, Window


class Answers(Struct, frozen=True, kw_only=True):
    """The flags as they were typed; None or empty where one was not."""

    start: str | None = None
    hours: str | None = None
    skill: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    tz: str | None = None
    interview: str | None = None
    finish_early: bool | None = None
    overrun: bool | None = None
    remind: str | None = None
    free: bool | None = None
    busy: tuple[str, ...] = ()
    busy_margin: str | None = None
    ignore_all_day: bool | None = None
    lenient: bool | None = None
    no_interview: bool = False
    no_remind: bool = False
    no_busy: bool = False


_NO = "no_"  # begins what takes back
KEYS = tuple(
    name.replace("_", "-") for name in Answers.__struct_fields__ if not name.startswith(_NO)
)


class Side(Struct, kw_only=True):
    """Raw answers by key, and in `said` those that could be read; None there takes back. `name` is
    the file's, empty for the flags; `broken` are the keys that had a problem. Paths in `raw` begin
    in `folder`."""

    name: str
    raw: Mapping[str, object]
    problems: list[Problem]
    folder: PurePath = field(default_factory=PurePath)
    said: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def place(self, key: str) -> str:
        """How a message names the key."""
        return f"{self.name}: {key}" if self.name else f"--{key}"

    def refuse(self, key: str, where: str, error: RefusedError) -> None:
        """Notes a problem."""
        self.broken.add(key)
        self.problems.append(error.at(where))

    def many(self, key: str, read: Callable[[object], Any]) -> list[tuple[str, Any]]:
        """What could be read of a key that may have several values, each with its place."""
        value, place = self.raw[key], self.place(key)
        entries = [(place, value)]
        if isinstance(value, list | tuple):
            entries = [(f"{place}[{n}]" * bool(self.name) or place, v) for n, v in enumerate(value)]
        values = []
        for where, each in entries:
            try:
                values.append((where, read(each)))
            except RefusedError as error:
                self.refuse(key, where, error)
        return values

    def read(self, roadmap: Roadmap | None) -> Side:
        """Itself, with every answer that could be read; the others become problems."""
        for key in (key for key in KEYS if key in self.raw):
            if key in _SEVERAL:
                self.said[key] = _SEVERAL[key](self, roadmap)
                continue
            try:
                self.said[key] = _ONE[key](self.raw[key])
            except RefusedError as error:
                self.refuse(key, self.place(key), error)
        return self


def typed_side(answers: Answers, roadmap: Roadmap | None, problems: list[Problem]) -> Side:
    """The flags."""
    raw = {key: getattr(answers, key.replace("-", "_")) for key in KEYS}
    given = {key: value for key, value in raw.items() if value not in (None, ())}
    side = Side(name="", raw=given, problems=problems).read(roadmap)
    for key in ("interview", "remind"):
        if getattr(answers, _NO + key):
            if key in given:
                side.refuse(
                    key, f"--no-{key}", RefusedError(f"contradicts --{key}", "say one of the two")
                )
            side.said[key] = None
    if answers.no_busy:
        side.said["no-busy"] = True
    return side


def file_side(
    file: tuple[str, bytes] | None, roadmap: Roadmap | None, problems: list[Problem]
) -> Side:
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
    side = Side(name=name, raw=table, problems=problems, folder=PurePath(path).parent)
    return side.read(roadmap)


_ONE: Mapping[str, Callable[[object], object]] = {
    "start": read_date,
    "hours": read_hours,
    "tz": read_zone,
    "interview": read_date,
    "finish-early": read_switch,
    "overrun": read_switch,
    "remind": read_remind,
    "free": read_switch,
    "busy-margin": read_margin,
    "ignore-all-day": read_switch,
    "lenient": read_switch,
}


def _skills(side: Side, roadmap: Roadmap | None) -> dict[str, Level]:
    """Who -> level, from "who=level" or, in a file, also from a table."""
    table, place = side.raw["skill"], side.place("skill")
    said = (
        [(f"{place}.{printable(who)}", (who, level)) for who, level in table.items()]
        if isinstance(table, dict)
        else side.many("skill", split_skill)
    )
    skills: dict[str, Level] = {}
    for where, (name, word) in said:
        try:
            who, level = read_skill(name, word, roadmap)
            if skills.setdefault(who, level) != level:
                what = f"{quoted(who)} is said to be both {skills[who]} and {level}"
                raise RefusedError(what, "keep one of the two")  # noqa: TRY301
        except RefusedError as error:
            side.refuse("skill", where, error)
    return skills


def _windows(side: Side, _: Roadmap | None) -> tuple[Window, ...]:
    """The windows in the order of the week."""
    stretches = side.many("when", parse_when)
    for at, refusal in overlaps([windows for _, windows in stretches]):
        side.refuse("when", stretches[at][0], refusal)
    windows = [window for _, stretch in stretches for window in stretch]
    return tuple(sorted(windows, key=lambda window: (window.weekday, window.start)))


def _days_off(side: Side, _: Roadmap | None) -> tuple[Days, ...]:
    days = {stretch for _, stretch in side.many("off", read_days)}
    return tuple(sorted(days, key=lambda stretch: (stretch.first, stretch.last)))


def _calendars(side: Side, _: Roadmap | None) -> tuple[str, ...]:
    """Paths of calendars; those of a file begin in its folder, or in a home folder."""
    as_it_is = "~" if side.folder.parts else ""  # else a ./~x would come to begin in a home folder
    return tuple(
        path if path.startswith(as_it_is) else str(side.folder / path)
        for _, path in side.many("busy", read_path)
    )


_SEVERAL: Mapping[str, Callable[[Side, Roadmap | None], object]] = {
    "skill": _skills,
    "when": _windows,
    "off": _days_off,
    "busy": _calendars,
}
OF_BUSY = ("busy", "ignore-all-day", "lenient")  # what is forgotten with the busy calendars
# What a profile takes as it is said.
PLAIN = {key: name for key in _ONE if (name := key.replace("-", "_")) in Profile.__struct_fields__}
