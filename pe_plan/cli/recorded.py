"""What the commands that write into the log say: one or two lines each, with what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from pe_plan.app.desk import Recorded
from pe_plan.cli.wording import Wording
from pe_plan.documents.words import listed, long_date, weekday
from pe_plan.model import Record, Session
from pe_plan.tracking.choosing import is_unmarked, open_study
from pe_plan.tracking.progress import progress

_SHOWN = 3  # sessions that a line has room for
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
    lines = [line for line in made.records if line.kind == "done"]
    said = []
    if lines:
        said.append(f"Done{day_of(lines, made)}: {marked(lines, made)}.")
    if topics := [line.topic or "" for line in made.records if line.kind == "mastered"]:
        said.append(_mastered(topics, made))
    if made.already:
        said.append(f"Marked before: {some(made.already)}.")
    if not said:
        said.append(_NOTHING[made.nothing])
    return [" ".join(said), upcoming(made)]


def review(made: Recorded) -> list[str]:
    """The answer, when memory wants the topic again, and what comes next."""
    (line,) = made.records
    said = f"Review of {_topic(line, made)}{day_of([line], made)}: {line.answer}."
    if made.due:
        said += f" Recall it again on {_weekday(made.due, made)}{_planned(made, line)}."
    return [said, upcoming(made)]


def mock(made: Recorded) -> list[str]:
    """The score, and what comes next."""
    (line,) = made.records
    name = made.titles.round(line.round or "")
    return [f"Mock interview {name}{day_of([line], made)}: {line.score} of 5.", upcoming(made)]


def upcoming(made: Recorded) -> str:
    """The next block by its title, or what is left of one by its next session."""
    if made.upcoming is None:
        return f"Nothing more is planned; your plan ends on {long_date(made.state.plan.finish)}."
    block, session = made.upcoming
    whole = all(s.id not in made.progress.days for s in block.sessions)
    title = block.title if whole else wording(made, [session]).subject(session)
    return f"Next: {_moment(block.start if whole else session.start, made)}, {title}."


def marked(lines: Sequence[Record], made: Recorded, *, minutes: bool = True) -> str:
    """The sessions of these lines, with the minutes that are done: the first few of many."""
    plan = made.state.plan
    sessions = {session.id: session for session in (*plan.sessions, *plan.early)}
    known = [(sessions[id], line) for line in lines if (id := line.session or "") in sessions]
    words = wording(made, [session for session, _ in known[:_SHOWN]])
    shown = [
        words.subject(session) + (f", {_minutes(session, line, made)}" if minutes else "")
        for session, line in known[:_SHOWN]
    ]
    more = len(lines) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def wording(made: Recorded, sessions: Iterable[Session]) -> Wording:
    """The words for these sessions."""
    wanted = list(sessions)
    return Wording(
        plan=made.state.plan,
        profile=made.state.profile,
        progress=made.progress,
        as_of=made.day,
        topics={s.topic: made.titles.topic(s.topic) for s in wanted if s.topic},
        rounds={s.round: made.titles.round(s.round) for s in wanted if s.round},
    )


def some(names: Sequence[str]) -> str:
    """The first few of many names."""
    more = len(names) - _SHOWN
    return listed([*names[:_SHOWN], *([f"{more} more"] if more > 0 else [])])


def day_of(lines: Sequence[Record], made: Recorded) -> str:
    """On which day it happened, where that was not today."""
    first, last = min(line.on for line in lines), max(line.on for line in lines)
    if first == last:
        return "" if last == made.day else f" on {_weekday(last, made)}"
    return f" up to {_weekday(last, made)}"


def spoken(minutes: int) -> str:
    """25 min, 6 h, 6 h 30 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def _minutes(session: Session, line: Record, made: Recorded) -> str:
    """What of the session is done, and how long it took if that was told."""
    credited = made.progress.done.get(session.id, 0)
    if credited < session.minutes:
        return f"{credited} of {session.minutes} min; the rest stays open"
    took = f", in {line.minutes}" if line.minutes not in (None, session.minutes) else ""
    return f"{session.minutes} min{took}"


def _mastered(topics: Sequence[str], made: Recorded) -> str:
    """What needs no more study, and how much time that leaves."""
    names = listed([made.titles.topic(topic) for topic in topics])
    state = made.state
    before = progress(state.plan, state.log[: -len(made.records)], state.accepted)
    left = sum(
        session.minutes - before.done.get(session.id, 0)
        for topic in topics
        for session in open_study(topic, state.plan, before)
    )
    freed = f"; {spoken(left)} of study become free at the next re-plan" if left else ""
    return f"Mastered{day_of(made.records, made)}: {names}{freed}."


def _planned(made: Recorded, line: Record) -> str:
    """How the plan's next review of the topic fits that."""
    profile = made.state.profile
    for session in made.state.plan.sessions:
        its = session.kind == "review" and session.topic == line.topic
        later = its and profile.day_of(session.start) >= made.day
        if later and is_unmarked(session, made.progress):
            if profile.day_of(session.start) == made.due:
                return ", as planned"
            return f"; the plan has it on {_moment(session.start, made)}"
    return ""


def _topic(line: Record, made: Recorded) -> str:
    return made.titles.topic(line.topic or "")


def _moment(start: datetime, made: Recorded) -> str:
    local = start.astimezone(made.state.profile.zone_at(start))
    day = "today" if local.date() == made.day else _weekday(local.date(), made)
    return f"{day} {local:%H:%M}"


def _weekday(day: date, made: Recorded) -> str:
    return weekday(day) if day.year == made.day.year else f"{weekday(day)} {day.year}"
