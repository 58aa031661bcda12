"""How much free time there is, before anything is planned. Nothing is written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

from pe_plan import store
from pe_plan.app.context import Circumstances, retyped
from pe_plan.app.generate import Places, read
from pe_plan.documents.plan_json import Document, Row, WindowRow, row, window_rows
from pe_plan.documents.words import hours
from pe_plan.inputs.answers import Answers, Reading
from pe_plan.model import DoesNotFit, Plan, Roadmap, Verdict, Window
from pe_plan.planning import capacity as planning
from pe_plan.planning.availability import fitted

P = TypeVar("P")


class Fits(Row, frozen=True, kw_only=True):
    """The plan that would come of it, and the minutes a week that it uses."""

    fits: bool = True
    finish: date
    verdict: Verdict
    uses: int
    trimmed: tuple[str, ...]
    left_out: tuple[str, ...]


class Lacks(Row, frozen=True, kw_only=True):
    """The minutes a week that a plan would need, if any would do; with those that there are it
    would end on the day `finish`."""

    fits: bool = False
    finish: date | None
    needs_core: int | None
    needs_full: int | None


class Capacity(Document, Generic[P], frozen=True, kw_only=True):
    """The minutes `offered` a week and those that are free; `next` is what to type, None where more
    time has to be named."""

    starts: date
    ends: date
    offered: int
    timezone: str
    windows: tuple[WindowRow, ...]
    weeks: tuple[planning.FreeWeek, ...]
    total: int
    average: int
    realistic: int
    weeks_counted: int
    weeks_held: int
    plan: P
    notes: tuple[str, ...]
    next: str | None


class Foreseen(Struct, frozen=True, kw_only=True):
    """What the learner's weeks hold, how the profile came about, and the `windows` looked at."""

    json: Capacity[Fits | Lacks]
    roadmap: Roadmap
    reading: Reading
    windows: tuple[Window, ...]


def capacity(
    answers: Answers, places: Places, around: Circumstances, typed: Sequence[str]
) -> Foreseen:
    """The free time of every week up to the last on which a plan may end, busy calendars and days
    off taken into account. `typed` is the command line."""
    roadmap, reading, _ = read(answers, places, "md", around)
    profile = reading.profile
    if profile.calendars:
        store.read(places.folder)  # which is not to stand in its own way, and so has to be sound
    windows = fitted(profile.windows, profile.minutes_per_week)
    held = planning.capacity(roadmap, profile)
    found = row(
        Capacity,
        held,
        profile,
        reading,
        starts=held.weeks[0].starts,
        ends=held.weeks[-1].ends,
        windows=window_rows(windows),
        weeks_counted=len(held.counted),
        weeks_held=held.held,
        plan=_outlook(held.plan),
        next=_next(held.plan, typed),
    )
    return Foreseen(json=found, roadmap=roadmap, reading=reading, windows=windows)


def _outlook(made: Plan | DoesNotFit) -> Fits | Lacks:
    if isinstance(made, DoesNotFit):
        return row(Lacks, made, needs_core=made.core_minutes, needs_full=made.full_minutes)
    trimmed = tuple(topic.id for topic in made.trimmed)
    return row(Fits, made, uses=made.minutes_per_week, trimmed=trimmed)


def _next(made: Plan | DoesNotFit, typed: Sequence[str]) -> str | None:
    """The command line as typed, for `generate` or for a look at hours that hold the core."""
    words = [word for word in typed if word not in ("--json", "--plain")]
    if not isinstance(made, DoesNotFit):
        words[words.index("capacity", 1)] = "generate"
        return shlex.join(words)
    if (core := made.core_minutes) is None or core > made.held:
        return None
    return shlex.join(retyped(words, "--hours", hours(core)))
