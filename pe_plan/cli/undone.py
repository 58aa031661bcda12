"""What `undo` says: what was taken back, what the calendar needs now, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pe_plan.app.undoing import Undone
from pe_plan.cli.parts import Facts, Part
from pe_plan.cli.recorded import day_of, marked, some, upcoming
from pe_plan.documents.words import listed, long_date, short_date
from pe_plan.model import Accepted


def lines(gone: Undone) -> list[str]:
    """What was taken back of the log."""
    if not gone.lines:
        return ["There is nothing to take back: nothing was recorded since the plan was made."]
    return [f"{_what(gone)}.", upcoming(gone.now)]


def parts(gone: Undone, plan: Accepted, folder: Path) -> tuple[Part, ...]:
    """What was taken back, where that is a plan."""
    return (Facts(rows=tuple(_facts(gone, plan, folder))),)


def _what(gone: Undone) -> str:
    line, titles = gone.lines[0], gone.now.titles
    day = day_of(gone.lines, gone.now)
    match line.kind:
        case "mastered":
            topics = [titles.topic(each.topic or "") for each in gone.lines]
            return f"No longer mastered: {some(topics)}"
        case "review":
            return f"Taken back: review of {titles.topic(line.topic or '')}{day}, {line.answer}"
        case "mock":
            name = titles.round(line.round or "")
            return f"Taken back: mock interview {name}{day}, {line.score} of 5"
        case _:
            return f"No longer done: {_sessions(gone)}"


def _sessions(gone: Undone) -> str:
    return marked(gone.lines, gone.now, minutes=False)


def _facts(gone: Undone, plan: Accepted, folder: Path) -> Iterator[tuple[str, str]]:
    now, written = gone.now, gone.written
    reason = f" ({plan.reason})" if plan.reason else ""
    yield "Taken back", f"the plan accepted on {short_date(plan.as_of)}{reason}"
    if gone.lines:
        yield "", f"and with it what was said to be done: {_sessions(gone)}"
    yield "Finish", long_date(now.state.plan.finish)
    if written:
        from pe_plan.cli.screens.generate import removals

        yield "Written", f"{listed(written.files)} in {folder}"
        for name in written.kept:
            yield "Kept", f"the plan.md that you edited, as {name}"
        if "plan-changes.ics" in written.files:
            file = folder / "plan-changes.ics"
            yield "Import", f"{file} into the same calendar as before: what is new or changed"
        if written.removed:
            yield "Delete", removals(written.removed, now.state.profile)
    yield "Next", upcoming(now).removeprefix("Next: ")
