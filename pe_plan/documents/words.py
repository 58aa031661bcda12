"""Dates, times, lengths and sessions in plain English; `strftime` would depend on the locale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pe_plan.model import MONTHS, WEEKDAYS, Roadmap, Session, Unplaced, few

if TYPE_CHECKING:
    from pe_plan.documents.plan_json import SessionRow

PRIORITIES = {1: "must", 2: "should", 3: "could"}


def long_date(day: date) -> str:
    """Monday 5 January 2026."""
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """5 Jan 2026."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def span(first: date, last: date) -> str:
    """19–25 January 2026, saying month and year twice only where they differ."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year} – {end}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {end}"
    return f"{first.day}–{end}"


def weekday(day: date) -> str:
    """Mon 5 Jan."""
    return f"{WEEKDAYS[day.weekday()][:3].capitalize()} {day.day} {MONTHS[day.month - 1][:3]}"


def clock(start: datetime, minutes: int) -> str:
    """19:00–21:00 on the wall clock of the start; a day ends at 24:00."""
    ends = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    until = "24:00" if (ends.hour, ends.minute) == (0, 0) else f"{ends:%H:%M}"
    return f"{start:%H:%M}–{until}"


def hours(minutes: int) -> str:
    """Minutes as hours to a quarter: 12, 16.5, 4.25."""
    return f"{round(minutes / 15) / 4:g}"


def count(number: int, noun: str) -> str:
    """1 week, 2 weeks."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(numbers: Mapping[str, int], noun: str) -> list[str]:
    """3 blocks moved, 1 deleted: what there is none of is not named."""
    said = [(number, word) for word, number in numbers.items() if number]
    first = [f"{count(number, noun)} {word}" for number, word in said[:1]]
    return first + [f"{number} {word}" for number, word in said[1:]]


class Titles:
    """What topics (in short), phases and rounds are called: each kind by its own ids, since a
    round may share its id with a phase. Of an id that the roadmap does not have, itself."""

    def __init__(self, roadmap: Roadmap) -> None:
        self._topics = {topic.id: topic.short for topic in roadmap.topics}
        self._phases = {phase.id: phase.title for phase in roadmap.phases}
        self._rounds = {round.id: round.title for round in roadmap.rounds}

    def topic(self, id: str | None) -> str:
        """The topic's short title; nothing for none."""
        return self._topics.get(id or "", id or "")

    def phase(self, id: str | None) -> str:
        """The phase's title; nothing for none."""
        return self._phases.get(id or "", id or "")

    def round(self, id: str | None) -> str:
        """The round's title; nothing for none."""
        return self._rounds.get(id or "", id or "")

    def topics(self, ids: Sequence[str], most: int) -> str:
        """The first few of these topics, and how many more there are."""
        return few([self.topic(id) for id in ids], most)


def subject(work: Session | SessionRow | Unplaced, titles: Titles, *, named: bool = True) -> str:
    """What the work is about: "learn DNS", "recall Networking", "mock interview: Coding"; unless
    the topic is to be `named`, without it."""
    id = getattr(work, "topic", None)  # what found no place has none
    topic = titles.topic(id) if named else ""
    match work.kind:
        case "study":
            return f"{getattr(work, 'activity', None) or 'study'} {topic}".rstrip()
        case "review":
            return f"review {topic}".rstrip() if id else f"recall {titles.phase(work.phase)}"
        case "mock":
            return f"mock interview: {titles.round(work.round)}"
        case kind:
            return f"{kind}: {topic}" if topic else kind


def sentence(session: Session | SessionRow, titles: Titles, *, named: bool = True) -> str:
    """The same as a line begins: "Learn DNS (2 of 4)"."""
    text = subject(session, titles, named=named)
    more = ""
    if session.kind == "study" and session.parts > 1:
        more = f" ({session.part} of {session.parts})"
    elif session.kind == "mock" and session.phase:
        more = f" (checkpoint of {titles.phase(session.phase)})"
    return text[:1].upper() + text[1:] + more
