"""What the log says: what was recorded and which plans were accepted, newest last."""

from __future__ import annotations

from typing import Any

from pe_plan.cli.output import Part, Table
from pe_plan.documents.words import short_date
from pe_plan.errors import printable
from pe_plan.model import Accepted, Record, State

Live = frozenset[int]


def log(state: State, live: Live) -> tuple[Part, ...]:
    """Everything in the order in which it was entered; what was taken back is marked."""
    lines: list[Record | Accepted] = [*state.log, *state.accepted]
    lines.sort(key=lambda line: line.change)
    rows = tuple(_row(line, state, live) for line in lines)
    return (Table(columns=("Day", "Entered", "What"), rows=rows),)


def log_json(state: State, live: Live) -> dict[str, Any]:
    """The same for scripts: these names only ever get more."""
    return {
        "schema": 1,
        "records": [_record(line, live) for line in state.log],
        "accepted": [_accepted(line, live) for line in state.accepted],
    }


def _row(line: Record | Accepted, state: State, live: Live) -> tuple[str, str, str]:
    day = line.on if isinstance(line, Record) else line.as_of
    entered = state.profile.day_of(line.entered)
    other = "" if entered == day else short_date(entered)
    if isinstance(line, Record) and line.kind == "undo":
        return short_date(day), other, f"taken back: {_gone(line, state)}"
    what = _what(line) if isinstance(line, Record) else _plan(line)
    return short_date(day), other, what + ("" if line.change in live else " (taken back)")


def _gone(line: Record, state: State) -> str:
    """What an undo took back."""
    plans = [_plan(each) for each in state.accepted if each.change == line.undone]
    lines = [_what(each) for each in state.log if each.change == line.undone]
    first, *more = plans or lines
    return f"{first} and {len(more)} more" if more else first


def _what(line: Record) -> str:
    planned = f" ({line.session})" if line.session else ""
    match line.kind:
        case "done":
            return f"done: {line.session}" + (f", {line.minutes} min" if line.minutes else "")
        case "mastered":
            return f"mastered: {line.topic}"
        case "review":
            return f"review: {line.topic}, {line.answer}{planned}"
        case "mock":
            note = f": {printable(line.note, 1000)}" if line.note else ""
            return f"mock: {line.round}, {line.score} of 5{planned}{note}"
        case "undo":
            return f"undo of change {line.undone}"


def _plan(line: Accepted) -> str:
    """The plan with its reason, the blocks that it changed, and its finish."""
    changed = {
        "retitled": line.retitled,
        "moved": line.moved,
        "added": line.added,
        "removed": line.removed,
    }
    counts = ", ".join(f"{number} {name}" for name, number in changed.items() if number)
    words = [
        f"plan: {line.reason}" if line.reason else "plan made",
        *([f"blocks: {counts}"] if counts else []),
        f"finish {short_date(line.finish)}",
    ]
    return "; ".join(words)


def _record(line: Record, live: Live) -> dict[str, Any]:
    return {
        "change": line.change,
        "entered": line.entered.isoformat(),
        "on": line.on.isoformat(),
        "kind": line.kind,
        "session": line.session,
        "topic": line.topic,
        "round": line.round,
        "minutes": line.minutes,
        "answer": line.answer,
        "score": line.score,
        "note": line.note,
        "undoes": line.undone,
        "undone": line.kind != "undo" and line.change not in live,
    }


def _accepted(line: Accepted, live: Live) -> dict[str, Any]:
    return {
        "change": line.change,
        "entered": line.entered.isoformat(),
        "as_of": line.as_of.isoformat(),
        "revision": line.revision,
        "begins": line.begins,
        "reason": line.reason,
        "retitled": line.retitled,
        "moved": line.moved,
        "added": line.added,
        "removed": line.removed,
        "finish": line.finish.isoformat(),
        "kept": line.kept,
        "undone": line.change not in live,
    }
