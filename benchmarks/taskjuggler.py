"""The same job for TaskJuggler 3: topics with their efforts and requirements, the learner's
week, a leave, and an iCalendar report.

It lays no reviews, mocks or reserves and writes no Markdown, and unless told otherwise it plans on
a grid of an hour, where ours is of five minutes: where the two jobs differ, its is the smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_REPORT = "plan"


def project(plan: Mapping[str, Any], grid: int) -> str:
    """The plan (as `export json` has it) as a TaskJuggler project, on a grid of so many minutes;
    only the dates are left out."""
    return "\n".join([*_frame(plan, grid), *_tasks(plan), f'icalreport "{_REPORT}" {{', "}", ""])


def command(tj3: str, file: Path) -> list[str]:
    """Schedule the project and write its report into the working folder."""
    return [tj3, "--silent", "--output-dir", ".", str(file)]


def scheduled(folder: Path) -> int:
    """How many topics have a start and an end in the report."""
    todos = (folder / f"{_REPORT}.ics").read_text("utf-8").split("BEGIN:VTODO")[1:]
    needed = ("RELATED-TO:", "DTSTART:", "DUE:")  # a phase is related to nothing above it
    return sum(all(field in todo for field in needed) for todo in todos)


def _frame(plan: Mapping[str, Any], grid: int) -> Iterator[str]:
    profile = plan["profile"]
    yield f'project plan "Plan" {profile["start"]} +12m {{'
    yield f'  timezone "{profile["timezone"]}"'
    yield f"  now {profile['start']}"
    yield f"  timingresolution {grid}min"
    yield "}"
    yield from (f'leaves holiday "Leave" {day}' for day in profile["days_off"])
    yield 'resource learner "Learner" {'
    for weekday, day in enumerate(_DAYS):
        windows = [w for w in profile["windows"] if w["weekday"] == weekday]
        hours = ", ".join(f"{window['from']} - {window['to']}" for window in windows)
        yield f"  workinghours {day} {hours or 'off'}"
    yield "}"


def _tasks(plan: Mapping[str, Any]) -> Iterator[str]:
    paths = {topic["id"]: f"{_id(topic['phase'])}.{_id(topic['id'])}" for topic in plan["topics"]}
    before: Sequence[str] = ()
    for phase in plan["phases"]:
        yield f'task {_id(phase["id"])} "{phase["id"]}" {{'
        yield from _depends(before)
        for topic in plan["topics"]:
            if topic["phase"] == phase["id"]:
                yield f'  task {_id(topic["id"])} "{topic["id"]}" {{'
                yield f"    effort {topic['minutes']}min"
                yield "    allocate learner"
                yield from _depends([paths[id] for id in topic["requires"]])
                yield "  }"
        yield "}"
        before = [_id(phase["id"])]


def _depends(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        yield f"    depends {', '.join(paths)}"


def _id(id: str) -> str:
    return f"t_{id.replace('-', '_')}"
