"""Reading ten years of busy calendars and planning around them, against icalendar parsing them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import icalendar
from msgspec.structs import replace

from benchmarks.report import Row, table
from pe_plan.app.busy import busy_now
from pe_plan.calendars.busy import taken
from tests.support_calendars import LEARNER, decade
from tests.support_planning import ROADMAP, learner, planned

THREE_YEARS = date(2029, 1, 7)  # as far as a first plan asks
BUDGET = 5


def tables(rounds: int) -> Iterator[str]:
    """Medians of interleaved rounds, and their ratio."""
    rows = []
    for what, data in {
        "10,000 events, 200 of them series": decade(),
        "10,000 events, all plain": decade(10_000, 0),
        "10,000 events, 200 of them daily": decade(rules=("FREQ=DAILY",)),
    }.items():
        parsed, read, planned = [], [], []
        for _ in range(rounds):
            parsed.append(_seconds(lambda data=data: icalendar.Calendar.from_ical(data)))
            read.append(_seconds(lambda data=data: _taken(data)))
            planned.append(_seconds(lambda data=data: _plan_around(data)))
        share = median(ours / theirs for ours, theirs in zip(planned, parsed, strict=True))
        figures = (*(f"{1000 * median(each):.0f}" for each in (parsed, read, planned)),)
        row = Row(what=what, figures=(*figures, f"{share:.2f}"), measured=share, budget=BUDGET)
        rows.append(row)
    columns = ("icalendar ms", "read ms", "and planned ms", "x icalendar")
    yield from table("Busy calendars", columns, rows)


def _taken(data: bytes) -> None:
    taken([("busy.ics", data)], LEARNER, (), THREE_YEARS)


def _plan_around(data: bytes) -> None:
    """Read the calendar and plan 12 hours a week around it, or find that it does not fit."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "busy.ics"
        path.write_bytes(data)
        profile = replace(learner("12"), calendars=(str(path),))
        planned(ROADMAP, busy_now(profile, None, frozenset(), profile.start)[0])


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
