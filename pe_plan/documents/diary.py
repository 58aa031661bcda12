"""The plan week by week with its checkboxes, and its mocks and final weeks."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pe_plan.documents.escape import escape
from pe_plan.documents.words import clock, count, hours, span, weekday
from pe_plan.model import Block, Plan, Profile, Roadmap, Session, State, Unplaced, Week

_LEGEND = (
    "A *review* recalls a finished topic on a blank page, a *recall* a whole phase; a *warm-up* is "
    "one problem to stay fluent; *flex* is kept free for what took longer. Say what you did with "
    "`pe-plan done`; `pe-plan replan` then ticks it here. It writes this file anew, so keep your "
    "notes elsewhere."
)


class Diary(Struct, frozen=True, kw_only=True):
    """A plan with the words for what it holds: Markdown by id of phase, round and topic."""

    plan: Plan
    profile: Profile
    phases: Mapping[str, str]
    rounds: Mapping[str, str]
    links: Mapping[str, str]

    @classmethod
    def of(cls, state: State, roadmap: Roadmap, links: Mapping[str, str]) -> Diary:
        """The diary of the plan in `state`."""
        return cls(
            plan=state.plan,
            profile=state.profile,
            phases={phase.id: escape(phase.title) for phase in roadmap.phases},
            rounds={round.id: escape(round.title) for round in roadmap.rounds},
            links=links,
        )

    def week_by_week(self) -> Iterator[str]:
        """A heading per week, a line per block, a checkbox per session."""
        yield from ("## Week by week", "", _LEGEND)
        early = self._early_by_week()
        for week, blocks in self._by_week():
            yield from ("", f"### {self._title(week)}", "")
            if not (blocks or early[week.n]):
                yield "No sessions this week."
            for block in blocks:
                yield f"- **{self._when(block)}** · {escape(block.title)}"
                yield from (self._box(session) for session in block.sessions)
            if early[week.n]:
                yield "- **Done before its time**"
                yield from (self._box(session) for session in early[week.n])

    def mocks_and_final_weeks(self) -> Iterator[str]:
        """Every mock with its date, what each final week holds, and what found no place."""
        mocks = [session for session in self.plan.sessions if session.kind == "mock"]
        finals = [pair for pair in self._by_week() if pair[0].kind == "final"]
        if not (mocks or finals or self.plan.unplaced):
            return
        yield from ("", "## Mocks and final weeks", "")
        for mock in mocks:
            year = self.profile.day_of(mock.start).year
            yield f"- {self._when(mock, f' {year}')} · {self._mock(mock)}"
        for week, blocks in finals:
            held = self._held([session for block in blocks for session in block.sessions])
            yield f"- **Week {week.n} · {self._dates(week)}:** {'; '.join(held) or 'no sessions'}"
        if self.plan.unplaced:
            work = (f"{u.minutes} min {self._subject(u)}" for u in self.plan.unplaced)
            yield f"- **Did not fit:** {_counted(work, '; ')}"

    def _by_week(self) -> tuple[tuple[Week, list[Block]], ...]:
        pairs = tuple((week, list[Block]()) for week in self.plan.weeks)
        for block in self.plan.blocks:
            pairs[self._place(self.profile.day_of(block.start))][1].append(block)
        return pairs

    def _early_by_week(self) -> Mapping[int, list[Session]]:
        """Week number -> sessions that stood in it and were done early."""
        found: dict[int, list[Session]] = {week.n: [] for week in self.plan.weeks}
        for session in sorted(self.plan.early, key=lambda session: session.start):
            place = self._place(self.profile.day_of(session.start))
            found[self.plan.weeks[place].n].append(session)
        return found

    def _place(self, day: date) -> int:
        """Where among the weeks the day lies, from 0."""
        return max(bisect_right([week.starts for week in self.plan.weeks], day) - 1, 0)

    def _title(self, week: Week) -> str:
        words = {"catch-up": "Catch-up", "final": "Final week", "off": "Off"}
        about = words.get(week.kind) or self.phases.get(week.phase or "", "Study")
        return f"Week {week.n} · {self._dates(week)} · {about}"

    def _dates(self, week: Week) -> str:
        last = min(week.starts + timedelta(days=6), self.plan.finish)
        return span(week.starts, max(last, week.starts))

    def _when(self, what: Block | Session, year: str = "") -> str:
        zone = self.profile.zone_at(what.start)
        day = what.start.astimezone(zone).date()
        return f"{weekday(day)}{year}, {clock(what.start, what.minutes, zone)}"

    def _box(self, session: Session) -> str:
        return f"  - [{'x' if session.status == 'done' else ' '}] {self._line(session)}"

    def _line(self, session: Session) -> str:
        part = f", {session.part} of {session.parts}" if session.parts > 1 else ""
        made_up = " (made up)" if session.made_up else ""
        missed = " (missed)" if session.status == "missed" else ""
        return f"{session.minutes} min · {self._subject(session)}{part}{made_up}{missed}"

    def _subject(self, what: Session | Unplaced) -> str:
        """What the work is about, in words, with a link to its topic."""
        topic = self.links.get(what.topic or "", "") if isinstance(what, Session) else ""
        about = topic or self.phases.get(what.phase or "", "")
        if what.kind == "study":
            activity = what.activity if isinstance(what, Session) else None
            return f"{activity or 'study'} {about}".rstrip()
        if what.kind == "review":
            return f"{'review' if topic else 'recall'} {about}"
        if what.kind == "mock":
            return f"mock interview: {self._mock(what)}"
        return f"{what.kind}: {topic}" if topic else what.kind

    def _mock(self, what: Session | Unplaced) -> str:
        checkpoint = f"checkpoint of {self.phases[what.phase]}" if what.phase else ""
        return ", ".join(filter(None, (self.rounds.get(what.round or "", ""), checkpoint)))

    def _held(self, sessions: Sequence[Session]) -> Iterator[str]:
        mocks = _counted(self._mock(s) for s in sessions if s.kind == "mock")
        recalled = [self.phases[s.phase] for s in sessions if s.recalls_phase and s.phase]
        recall = ", ".join(dict.fromkeys(recalled))  # one that was split is still one
        yield from (
            f"{name} {what}" for name, what in (("mocks", mocks), ("recall", recall)) if what
        )
        warm_ups = sum(session.kind == "warm-up" for session in sessions)
        if warm_ups:
            yield count(warm_ups, "warm-up")
        free = sum(s.minutes for s in sessions if s.is_free)
        if free:
            yield f"{hours(free)} h flex"


def _counted(words: Iterable[str], between: str = ", ") -> str:
    """A, B (2), in order of first appearance."""
    numbers = Counter(words).items()
    return between.join(f"{word} ({number})" if number > 1 else word for word, number in numbers)
