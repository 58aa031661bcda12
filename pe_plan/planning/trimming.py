"""The dial, turned on what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Roadmap, Session, TopicPlan
from pe_plan.planning.effort import DIAL_END, depth
from pe_plan.planning.sheets import Sheet

FARTHEST = DIAL_END + 1000  # beyond the dial's end all topics shrink alike, down to one session


def depths(roadmap: Roadmap, topics: Iterable[TopicPlan], turn: int) -> dict[str, Fraction]:
    """How deep each topic goes at a turn from 0 to FARTHEST; never deeper than it goes now."""
    priority = {topic.id: topic.priority for topic in roadmap.topics}
    shrunk = 1 - Fraction(max(turn - DIAL_END, 0), FARTHEST - DIAL_END)
    return {
        topic.id: min(depth(priority[topic.id], turn) * shrunk, topic.depth) for topic in topics
    }


def trim(
    sheets: Sequence[Sheet], owed: Sequence[Session], shares: Mapping[str, Fraction]
) -> tuple[list[Session], dict[str, tuple[int, int]]]:
    """Shorten the open study of each topic to its share, in whole steps and to one session at the
    least; what it leaves is free time. Returns what is still owed of `owed`, and of each
    topic that was shortened the minutes taken and those that were open."""
    study = [s for s in owed if s.kind == "study"]
    study += [s for sheet in sheets for s in sheet.work if s.kind == "study"]
    open_ = Counter[str]()
    for session in study:
        open_[session.topic or ""] += session.minutes
    cut = _Cut(open_, shares)
    left = [short for session in owed if (short := cut.shortened(session))]
    for sheet in sheets:
        shorter = [short for piece in sheet.work if (short := cut.shortened(piece))]
        if shorter != list(sheet.work):
            sheet.fill(shorter)
    return left, cut.taken()


class _Cut:
    """Shortens session after session so that each topic gets its share of the time gone by."""

    def __init__(self, open_: Mapping[str, int], shares: Mapping[str, Fraction]) -> None:
        self._open = dict(open_)
        self._shares = shares
        self._wanted = {topic: _wanted(open_[topic], shares.get(topic)) for topic in open_}
        self._passed: Counter[str] = Counter()
        self._given: Counter[str] = Counter()

    def taken(self) -> dict[str, tuple[int, int]]:
        """Of each topic that was shortened, the minutes taken and those that were open."""
        return {
            topic: (self._open[topic] - given, self._open[topic])
            for topic, given in self._given.items()
        }

    def shortened(self, session: Session) -> Session | None:
        """The session at its new length; None where nothing of it is left."""
        topic = session.topic or ""
        if session.kind != "study" or self._wanted[topic] == self._open[topic]:
            return session
        self._passed[topic] += session.minutes
        wanted = self._wanted[topic]
        due = Fraction(wanted * self._passed[topic], self._open[topic]) - self._given[topic]
        minutes = int(due) // STEP * STEP
        rest = wanted - self._given[topic] - minutes
        if 0 < rest < SHORTEST or self._passed[topic] == self._open[topic]:
            minutes += rest
        elif minutes < SHORTEST:
            minutes = 0
        minutes = min(minutes, session.minutes)
        if minutes < SHORTEST and self._given[topic]:
            minutes = 0  # a crumb is cut, too
        self._given[topic] += minutes
        return replace(session, minutes=minutes) if minutes else None


def _wanted(open_: int, share: Fraction | None) -> int:
    if share is None or share >= 1:
        return open_
    return max(int(open_ * share) // STEP * STEP, min(open_, SHORTEST))
