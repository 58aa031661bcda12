"""The plan week by week with its checkboxes, and its mocks and final weeks."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pe_plan.documents.cards import Links
from pe_plan.documents.escape import escape
from pe_plan.documents.sessions import subject
from pe_plan.documents.words import clock, count, hours, span, weekday
from pe_plan.model import Block, Session, State, Unplaced, Week

_LEGEND = (
    "A *review* recalls a finished topic on a blank page, a *recall* a whole phase; a *warm-up* is "
    "one problem to stay fluent; *flex* is kept free for what took longer. Say what you did with "
    "`pe-plan done`; `pe-plan replan` then ticks it here. It writes this file anew, so keep your "
    "notes elsewhere."
)
_WEEKS = {"catch-up": "Catch-up", "final": "Final week", "off": "Off"}


class Diary:
    """The plan in a state, with the words for what it holds."""

    def __init__(self, state: State, links: Links) -> None:
        self._plan, self._profile, self._links = state.plan, state.profile, links

    def week_by_week(self) -> Iterator[str]:
        """A heading per week, a line per block, a checkbox per session."""
        yield from ("## Week by week", "", _LEGEND)
        for week, blocks, early in self._weeks():
            about = _WEEKS.get(week.kind) or self._links.phase(week.phase) or "Study"
            yield from ("", f"### Week {week.n} · {self._dates(week)} · {about}", "")
            if not (blocks or early):
                yield "No sessions this week."
            for block in blocks:
                yield f"- **{self._when(block)}** · {escape(block.title)}"
                yield from map(self._box, block.sessions)
            if early:
                yield "- **Done before its time**"
                yield from map(self._box, early)

    def mocks_and_final_weeks(self) -> Iterator[str]:
        """Every mock with its date, what each final week holds, and what found no place."""
        mocks = [session for session in self._plan.sessions if session.kind == "mock"]
        finals = [(week, blocks) for week, blocks, _ in self._weeks() if week.kind == "final"]
        if not (mocks or finals or self._plan.unplaced):
            return
        yield from ("", "## Mocks and final weeks", "")
        for mock in mocks:
            year = self._profile.day_of(mock.start).year
            yield f"- {self._when(mock, f' {year}')} · {self._mock(mock)}"
        for week, blocks in finals:
            held = self._held([session for block in blocks for session in block.sessions])
            yield f"- **Week {week.n} · {self._dates(week)}:** {'; '.join(held) or 'no sessions'}"
        if self._plan.unplaced:
            work = (f"{each.minutes} min {self._subject(each)}" for each in self._plan.unplaced)
            yield f"- **Did not fit:** {_counted(work, '; ')}"

    def _weeks(self) -> list[tuple[Week, list[Block], list[Session]]]:
        """Each week with its blocks, and with sessions that stood in it and were done early."""
        weeks = [(week, list[Block](), list[Session]()) for week in self._plan.weeks]
        starts = [week.starts for week in self._plan.weeks]

        def place(start: datetime) -> int:
            return max(bisect_right(starts, self._profile.day_of(start)) - 1, 0)

        for block in self._plan.blocks:
            weeks[place(block.start)][1].append(block)
        for session in sorted(self._plan.early, key=lambda session: session.start):
            weeks[place(session.start)][2].append(session)
        return weeks

    def _dates(self, week: Week) -> str:
        last = min(week.starts + timedelta(days=6), self._plan.finish)
        return span(week.starts, max(last, week.starts))

    def _when(self, what: Block | Session, year: str = "") -> str:
        start = what.start.astimezone(self._profile.zone_at(what.start))
        return f"{weekday(start.date())}{year}, {clock(start, what.minutes)}"

    def _box(self, session: Session) -> str:
        tick = "x" if session.status == "done" else " "
        part = f", {session.part} of {session.parts}" if session.parts > 1 else ""
        made_up = " (made up)" if session.made_up else ""
        missed = " (missed)" if session.status == "missed" else ""
        about = f"{self._subject(session)}{part}{made_up}{missed}"
        return f"  - [{tick}] {session.minutes} min · {about}"

    def _subject(self, work: Session | Unplaced) -> str:
        return (
            f"mock interview: {self._mock(work)}"
            if work.kind == "mock"
            else subject(work, self._links)
        )

    def _mock(self, work: Session | Unplaced) -> str:
        checkpoint = f", checkpoint of {self._links.phase(work.phase)}" if work.phase else ""
        return f"{self._links.round(work.round)}{checkpoint}"

    def _held(self, sessions: Sequence[Session]) -> Iterator[str]:
        """What a final week holds, in a few words."""
        if mocks := _counted(self._mock(s) for s in sessions if s.kind == "mock"):
            yield f"mocks {mocks}"
        # A recall that was split is still one.
        recalled = dict.fromkeys(self._links.phase(s.phase) for s in sessions if s.recalls_phase)
        if recall := ", ".join(recalled):
            yield f"recall {recall}"
        if warm_ups := sum(session.kind == "warm-up" for session in sessions):
            yield count(warm_ups, "warm-up")
        if free := sum(session.minutes for session in sessions if session.is_free):
            yield f"{hours(free)} h flex"


def _counted(words: Iterable[str], between: str = ", ") -> str:
    """A, B (2), in order of first appearance."""
    numbers = Counter(words).items()
    return between.join(f"{word} ({number})" if number > 1 else word for word, number in numbers)
