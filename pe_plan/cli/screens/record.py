"""What was recorded or taken back: one or two lines each, with what comes next; and the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from pe_plan.app.context import Outcome
from pe_plan.app.log import Log, PlanLine, Recorded, RecordLine, Undone
from pe_plan.cli.output import Part, Table
from pe_plan.documents.words import listed, long_date, sentence, short_date, weekday
from pe_plan.errors import printable
from pe_plan.model import Accepted, Record, Session, few, spoken
from pe_plan.tracking.progress import is_unmarked

_SHOWN = 3  # names that a line has room for
_NOTHING = {
    "marked": "Nothing is left to mark there: all of it is marked.",
    "missed": (
        "Nothing is left to mark there: what was not done was counted as missed and planned again. "
        "Name its topic to mark the next session of it."
    ),
    "none": "Nothing to mark there: it has no sessions.",
}


def done(made: Recorded) -> list[str]:
    """What was marked, what had been before, and what comes next."""
    said = []
    if topics := [made.titles.topic(line.topic) for line in made.records if line.topic]:
        free = f"; {spoken(made.freed)} of study become free at the next re-plan" * bool(made.freed)
        said.append(f"Mastered{_on(made.records, made)}: {listed(topics)}{free}.")
    elif made.records:
        said.append(f"Done{_on(made.records, made)}: {_marked(made.records, made)}.")
    if made.already:
        said.append(f"Marked before: {_some(made.already)}.")
    return [" ".join(said) or _NOTHING[made.nothing], _upcoming(made)]


def review(made: Recorded) -> list[str]:
    """The answer, when memory wants the topic again, and what comes next."""
    (line,) = made.records
    said = f"Review of {made.titles.topic(line.topic)}{_on([line], made)}: {line.answer}."
    if made.due:
        said += f" Recall it again on {_day(made.due, made)}{_planned(line.topic, made)}."
    return [said, _upcoming(made)]


def mock(made: Recorded) -> list[str]:
    """The score, and what comes next."""
    (line,) = made.records
    name = made.titles.round(line.round)
    return [f"Mock interview {name}{_on([line], made)}: {line.score} of 5.", _upcoming(made)]


def _planned(topic: str | None, made: Recorded) -> str:
    """How the plan's next review of the topic fits the day on which memory wants it."""
    profile = made.state.profile
    for session in made.state.plan.sessions:
        day = profile.day_of(session.start)
        its = session.reviews_topic and session.topic == topic and day >= made.day
        if its and is_unmarked(session, made.progress):
            planned = f"; the plan has it on {_moment(session.start, made)}"
            return ", as planned" if day == made.due else planned
    return ""


def _upcoming(made: Recorded) -> str:
    """The next block by its title, or what is left of one by its next session."""
    if made.upcoming is None:
        return f"Nothing more is planned; your plan ends on {long_date(made.state.plan.finish)}."
    block, session = made.upcoming
    whole = all(s.id not in made.progress.days for s in block.sessions)
    title = block.title if whole else sentence(session, made.titles)
    return f"Next: {_moment(block.start if whole else session.start, made)}, {title}."


def undone(gone: Undone) -> list[str]:
    """What was taken back of the log, and what comes next."""
    if not gone.lines:
        return ["There is nothing to take back: nothing was recorded since the plan was made."]
    line, titles, on = gone.lines[0], gone.now.titles, _on(gone.lines, gone.now)
    match line.kind:
        case "mastered":
            said = f"No longer mastered: {_some([titles.topic(each.topic) for each in gone.lines])}"
        case "review":
            said = f"Taken back: review of {titles.topic(line.topic)}{on}, {line.answer}"
        case "mock":
            name = titles.round(line.round)
            said = f"Taken back: mock interview {name}{on}, {line.score} of 5"
        case _:
            said = f"No longer done: {_marked(gone.lines, gone.now, minutes=False)}"
    return [f"{said}.", _upcoming(gone.now)]


def undone_plan(gone: Undone, plan: Accepted, folder: Path) -> Iterator[tuple[str, str]]:
    """Which plan was taken back, and what the calendar needs now."""
    now, written = gone.now, gone.written
    reason = f" ({plan.reason})" if plan.reason else ""
    yield "Taken back", f"the plan accepted on {short_date(plan.as_of)}{reason}"
    if gone.lines:
        sessions = _marked(gone.lines, now, minutes=False)
        yield "", f"and with it what was said to be done: {sessions}"
    yield "Finish", long_date(now.state.plan.finish)
    if written:
        from pe_plan.cli.screens.generate import delivered

        yield from delivered(written, folder, now.state.profile)
    yield "Next", _upcoming(now).removeprefix("Next: ")


def _marked(lines: Sequence[Record], made: Recorded, *, minutes: bool = True) -> str:
    """The sessions of these lines, with the minutes that are done: the first few of many."""
    plan = made.state.plan
    sessions = {session.id: session for session in (*plan.sessions, *plan.early)}
    known = [(sessions[line.session], line) for line in lines if line.session in sessions]
    shown = [
        sentence(session, made.titles) + (f", {_minutes(session, line, made)}" if minutes else "")
        for session, line in known[:_SHOWN]
    ]
    more = len(lines) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _minutes(session: Session, line: Record, made: Recorded) -> str:
    """What of the session is done, and how long it took if that was told."""
    credited = made.progress.done.get(session.id, 0)
    if credited < session.minutes:
        return f"{credited} of {session.minutes} min; the rest stays open"
    took = f", in {line.minutes}" if line.minutes not in (None, session.minutes) else ""
    return f"{session.minutes} min{took}"


def _some(names: Sequence[str]) -> str:
    """The first few of many names."""
    return few(names, _SHOWN) if len(names) > _SHOWN else listed(names)


def _on(lines: Sequence[Record], made: Recorded) -> str:
    """On which day it happened, where that was not today."""
    first, last = min(line.on for line in lines), max(line.on for line in lines)
    if first == last:
        return "" if last == made.day else f" on {_day(last, made)}"
    return f" up to {_day(last, made)}"


def _moment(start: datetime, made: Recorded) -> str:
    local = made.state.profile.local(start)
    day = "today" if local.date() == made.day else _day(local.date(), made)
    return f"{day} {local:%H:%M}"


def _day(day: date, made: Recorded) -> str:
    return weekday(day) if day.year == made.day.year else f"{weekday(day)} {day.year}"


def log(found: Outcome[Log]) -> Iterator[Part]:
    """Everything in the order in which it was entered; what was taken back is marked."""
    lines: list[RecordLine | PlanLine] = [*found.json.records, *found.json.accepted]
    lines.sort(key=lambda line: line.change)
    rows = []
    for line in lines:
        day = line.on if isinstance(line, RecordLine) else line.as_of
        entered = found.state.profile.day_of(line.entered)
        other = "" if entered == day else short_date(entered)
        what = _what(line, found.json) + " (taken back)" * line.taken_back
        rows.append((short_date(day), other, what))
    yield Table(("Day", "Entered", "What"), rows)


def _what(line: RecordLine | PlanLine, log: Log) -> str:
    if isinstance(line, PlanLine):
        return _plan(line)
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
            plans = [_plan(each) for each in log.accepted if each.change == line.undone]
            lines = [_what(each, log) for each in log.records if each.change == line.undone]
            first, *more = plans or lines
            return f"taken back: {first}" + (f" and {len(more)} more" if more else "")


def _plan(line: PlanLine) -> str:
    """The plan with its reason, the blocks that it changed, and its finish."""
    names = ("retitled", "moved", "added", "removed")
    counts = ", ".join(f"{number} {name}" for name in names if (number := getattr(line, name)))
    made = f"plan: {line.reason}" if line.reason else "plan made"
    blocks = f"; blocks: {counts}" if counts else ""
    return f"{made}{blocks}; finish {short_date(line.finish)}"
