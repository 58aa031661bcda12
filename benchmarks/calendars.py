"""Reading ten years of busy calendars, against icalendar parsing the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from statistics import median

import icalendar

from benchmarks.report import Row, table
from pe_plan.calendars.busy import taken
from tests.support_calendars import ASKED, decade

THREE_YEARS = replace(ASKED, last=date(2029, 1, 7))  # as a first plan asks
BUDGET = 5  # for reading and planning; reading alone shall leave room


def tables(rounds: int) -> Iterator[str]:
    """Medians of interleaved rounds, and their ratio."""
    rows = []
    for what, data in {
        "10,000 events, 200 of them series": decade(),
        "10,000 events, all plain": decade(10_000, 0),
        "10,000 events, 200 of them daily": decade(rules=("FREQ=DAILY",)),
    }.items():
        parsed, read = [], []
        for _ in range(rounds):
            parsed.append(_seconds(lambda data=data: icalendar.Calendar.from_ical(data)))
            read.append(_seconds(lambda data=data: taken([("busy.ics", data)], THREE_YEARS)))
        share = median(ours / theirs for ours, theirs in zip(read, parsed, strict=True))
        figures = (f"{1000 * median(parsed):.0f}", f"{1000 * median(read):.0f}", f"{share:.2f}")
        rows.append(Row(what=what, figures=figures, measured=share, budget=BUDGET))
    yield from table("Busy calendars", ("icalendar ms", "ms", "x icalendar"), rows)


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
