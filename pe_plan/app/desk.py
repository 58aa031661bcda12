"""A plan while a command writes into its log: what was typed is read against it, and every problem
of that is found before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.around import Circumstances, day, standing
from pe_plan.app.files import state_in
from pe_plan.app.problems import Problems
from pe_plan.app.titles import Titles
from pe_plan.errors import Problem
from pe_plan.model import Block, Kind, Progress, Record, RecordKind, Session, State
from pe_plan.tracking.choosing import up_to, upcoming
from pe_plan.tracking.naming import ambiguous, matches, only
from pe_plan.tracking.progress import progress

Nothing = Literal["marked", "missed", "none"]

_BEFORE = timedelta(days=31)  # what was done so long before a plan still counts

_NAMES = "`pe-plan roadmap show` lists the names"


class Recorded(Struct, frozen=True, kw_only=True):
    """What was written to the log, and how things stand after it. `day` is the day stood on;
    `already` are the sessions and topics that were marked before; `upcoming` is the block that
    comes next, with its first session of which nothing was said; `due` is the day on which memory
    wants a reviewed topic next; `nothing` says why nothing was left to mark, if so: all was marked,
    or missed and planned again, or the days asked for have no sessions."""

    state: State
    progress: Progress
    day: date
    titles: Titles
    records: tuple[Record, ...]
    already: tuple[str, ...] = ()
    upcoming: tuple[Block, Session] | None = None
    due: date | None = None
    nothing: Nothing = "marked"


class Desk(Problems):
    """The state in a folder, the day stood on, and the lines to add to the log."""

    def __init__(self, folder: Path, as_of: str | None, around: Circumstances) -> None:
        super().__init__()
        self.state = state_in(folder)
        self.profile = self.state.profile
        self.plan = self.state.plan
        self.titles = Titles(self.state.roadmap)
        self.progress = progress(self.plan, self.state.log, self.state.accepted)
        self.already: list[str] = []
        self.folder = folder
        self._now = around.now.replace(microsecond=0)
        self._records: list[Record] = []
        typed = self.of(lambda: standing(as_of, self.state, around))
        self.day = typed or standing(None, self.state, around)

    # ── What was typed ────────────────────────────────────────────────────────────────────────

    def past_day(self, text: str | None, flag: str) -> date | None:
        """The day typed for a flag, which has to be here; None where none was."""
        found = self.of(lambda: day(text, flag)) if text is not None else None
        if found and found > self.day:
            hint = f"today is {self.day}; --as-of stands on another day"
            self.refuse(Problem(where=flag, what=f"{found} is still to come", hint=hint))
        first = min(self.state.profile.start, *(line.as_of for line in self.state.accepted))
        if found and found < first - _BEFORE:
            hint = "is the year right?"
            what = f"{found} lies long before your plan, which begins on {first}"
            self.refuse(Problem(where=flag, what=what, hint=hint))
        return found

    def topic(self, typed: str) -> str | None:
        """The id of the topic that was typed."""
        if any(topic.id == typed for topic in self.plan.topics):
            return typed
        return self._only(typed, self.titles.topics, "topic", _NAMES)

    def round(self, typed: str) -> str | None:
        """The id of the round that was typed."""
        return self._only(typed, self.titles.rounds, "round")

    def topic_or_session(self, typed: str) -> str | Session | None:
        """The topic's id or the session that was typed; a topic wins over a session's beginning."""
        sessions = {session.id: session for session in (*self.plan.sessions, *self.plan.early)}
        if typed in sessions:
            return sessions[typed]
        if any(topic.id == typed for topic in self.plan.topics):
            return typed
        topics = matches(typed, self.titles.topics)
        begun = () if topics else matches(typed, dict.fromkeys(sessions, ()))
        if len(begun) == 1:
            return sessions[begun[0]]
        if begun:
            self.refuse(ambiguous(typed, begun))
            return None
        return self._only(typed, self.titles.topics, "topic or session", _NAMES)

    def _only(
        self, typed: str, known: Mapping[str, Iterable[str]], what: str, otherwise: str = ""
    ) -> str | None:
        return self.of(lambda: only(typed, known, what, otherwise))

    def due(self, kind: Kind, about: str | None) -> str | None:
        """The id of the earliest unmarked review of a topic, or mock of a round, that was planned
        for today or before."""
        for session in up_to(self.day, self.plan, self.progress, self.profile.day_of):
            if session.kind == kind and about in (session.topic, session.round):
                return session.id
        return None

    # ── What is recorded ──────────────────────────────────────────────────────────────────────

    def line(self, kind: RecordKind, on: date) -> Record:
        """A line of this command."""
        return Record(change=self.state.next_change, entered=self._now, on=on, kind=kind)

    def add(self, record: Record) -> None:
        """Put the line on the log."""
        self._records.append(record)

    @property
    def log(self) -> tuple[Record, ...]:
        """The log with this command's lines."""
        return (*self.state.log, *self._records)

    def close(self) -> Recorded:
        """Write the state if there is anything new in it, and nothing else."""
        if not self._records:
            return self.outcome(self.state)
        after = replace(self.state, log=self.log)
        store.write(self.folder, {store.PLAN: store.encode(after)})
        return self.outcome(after)

    def outcome(self, state: State) -> Recorded:
        """How things stand with that state."""
        after = progress(state.plan, state.log, state.accepted)
        return Recorded(
            state=state,
            progress=after,
            day=self.day,
            titles=self.titles,
            records=state.log[len(self.state.log) :],
            already=tuple(self.already),
            upcoming=upcoming(self.day, state.plan, after, state.profile.day_of),
        )
