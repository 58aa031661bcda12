"""What one side, the flags or the profile file, says: a flag and the file's key of the same name
are read alike.

Reading goes on after a problem, so that one pass finds them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from msgspec import Struct, field

from pe_plan.errors import Problems, nearest, printable, quoted
from pe_plan.inputs import values
from pe_plan.inputs.values import RefusedError, read_date, read_switch
from pe_plan.inputs.week import DAY, HOUR, overlaps, parse_when
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
    problems: Problems
    roadmap: Roadmap | None = None
    folder: PurePath = field(default_factory=PurePath)
    said: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def place(self, key: str) -> str:
        """How a message names the key."""
        return f"{self.name}: {key}" if self.name else f"--{key}"

    def written(self, key: str) -> str:
        """The raw answer as a message repeats it."""
        return printable(str(self.raw.get(key)).strip())

    def refuse(self, key: str, where: str, error: RefusedError) -> None:
        """Notes a problem."""
        self.broken.add(key)
        self.problems.refuse(where, error.what, error.hint)

    def read(self) -> Side:
        """Itself, with every answer that could be read; the others become problems."""
        for key in (key for key in KEYS if key in self.raw):
            if key in _SEVERAL:
                self.said[key] = _SEVERAL[key](self)
            else:
                for _, made in self._tried(key, _ONE[key], (self.place(key), self.raw[key])):
                    self.said[key] = made
        return self

    def _tried(
        self, key: str, read: Callable[[Any], Any], *values: tuple[str, object]
    ) -> list[tuple[str, Any]]:
        """What could be read of the values, each with its place."""
        made = []
        for where, value in values:
            try:
                made.append((where, read(value)))
            except RefusedError as error:
                self.refuse(key, where, error)
        return made

    def _many(self, key: str, read: Callable[[object], Any]) -> list[tuple[str, Any]]:
        """What could be read of a key that may have several values, each with its place."""
        value, place = self.raw[key], self.place(key)
        entries = [(place, value)]
        if isinstance(value, list | tuple):
            entries = [(f"{place}[{n}]" * bool(self.name) or place, v) for n, v in enumerate(value)]
        return self._tried(key, read, *entries)

    def skills(self) -> dict[str, Level]:
        """Who -> level, from "who=level" or, in a file, also from a table."""
        table, place = self.raw["skill"], self.place("skill")
        if isinstance(table, dict):
            said = [(f"{place}.{printable(who)}", (who, level)) for who, level in table.items()]
        else:
            said = self._many("skill", values.split_skill)
        skills: dict[str, Level] = {}

        def read(pair: tuple[str, object]) -> None:
            who, level = values.read_skill(*pair, self.roadmap)
            if skills.setdefault(who, level) != level:
                what = f"{quoted(who)} is said to be both {skills[who]} and {level}"
                raise RefusedError(what, "keep one of the two")

        self._tried("skill", read, *said)
        return skills

    def windows(self) -> tuple[Window, ...]:
        """The windows in the order of the week."""
        stretches = self._many("when", parse_when)
        for at, refusal in overlaps([windows for _, windows in stretches]):
            self.refuse("when", stretches[at][0], refusal)
        windows = [window for _, stretch in stretches for window in stretch]
        return tuple(sorted(windows, key=lambda window: (window.weekday, window.start)))

    def days_off(self) -> tuple[Days, ...]:
        """Stretches of days in order, each once."""
        days = {stretch for _, stretch in self._many("off", values.read_days)}
        return tuple(sorted(days, key=lambda stretch: (stretch.first, stretch.last)))

    def calendars(self) -> tuple[str, ...]:
        """Paths of calendars; those of a file begin in its folder, or in a home folder."""
        home = "~" if self.folder.parts else ""  # else a ./~x would come to begin in a home folder
        paths = [path for _, path in self._many("busy", values.read_path)]
        return tuple(path if path.startswith(home) else str(self.folder / path) for path in paths)


def typed_side(answers: Answers, roadmap: Roadmap | None, problems: Problems) -> Side:
    """The flags."""
    raw = {key: getattr(answers, key.replace("-", "_")) for key in KEYS}
    given = {key: value for key, value in raw.items() if value not in (None, ())}
    side = Side(name="", raw=given, problems=problems, roadmap=roadmap).read()
    for key in ("interview", "remind"):
        if getattr(answers, _NO + key):
            if key in given:
                both = RefusedError(f"contradicts --{key}", "say one of the two")
                side.refuse(key, f"--no-{key}", both)
            side.said[key] = None
    if answers.no_busy:
        side.said["no-busy"] = True
    return side


def file_side(file: tuple[str, bytes] | None, roadmap: Roadmap | None, problems: Problems) -> Side:
    """The profile file, empty where there is none; unknown keys are problems."""
    path, raw = file or ("", b"")
    name = printable(path, 200) or "profile"
    table, folder = problems.of(values.read_toml, raw, name), PurePath(path).parent
    side = Side(name=name, raw=table or {}, problems=problems, roadmap=roadmap, folder=folder)
    if table is None:
        side.broken.update(KEYS)
    for key in (key for key in side.raw if key not in KEYS):
        what = f"unknown key {quoted(key)}"
        problems.refuse(name, what, nearest(key, KEYS))
    return side.read()


_REMIND = "10 reminds you ten minutes before you start"
_MARGIN = "15 keeps a quarter of an hour free on both sides"
_ONE: Mapping[str, Callable[[Any], object]] = {
    "start": read_date,
    "hours": values.read_hours,
    "tz": values.read_zone,
    "interview": read_date,
    "finish-early": read_switch,
    "overrun": read_switch,
    "remind": partial(values.read_minutes, most=7 * DAY, hint=_REMIND),
    "free": read_switch,
    "busy-margin": partial(values.read_minutes, most=4 * HOUR, hint=_MARGIN),
    "ignore-all-day": read_switch,
    "lenient": read_switch,
}
_SEVERAL: Mapping[str, Callable[[Side], object]] = {
    "skill": Side.skills,
    "when": Side.windows,
    "off": Side.days_off,
    "busy": Side.calendars,
}
OF_BUSY = ("ignore-all-day", "lenient")  # what is forgotten with the busy calendars
# What a profile takes as it is said.
PLAIN = {key: name for key in _ONE if (name := key.replace("-", "_")) in Profile.__struct_fields__}
