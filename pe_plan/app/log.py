"""The log of a plan: shown whole, or opened for a command to write into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pe_plan import store
from pe_plan.app.context import Circumstances, Outcome, Problems, standing
from pe_plan.app.context import day as day_typed
from pe_plan.app.folder import opened
from pe_plan.documents.words import Titles
from pe_plan.model import (
    Accepted,
    Block,
    Kind,
    Progress,
    Record,
    RecordKind,
    Session,
    State,
)
from pe_plan.tracking import naming, progress

Nothing = Literal["marked", "missed", "none"]

_BEFORE = timedelta(days=31)  # what was done so long before a plan still counts


# ── Shown ─────────────────────────────────────────────────────────────────────────────────────


class RecordLine(Record, frozen=True, kw_only=True, omit_defaults=False):
    """A line of the log and whether it was taken back; an undo says which change it undoes."""

    undone: int | None = field(name="undoes")
    taken_back: bool = field(name="undone")


class PlanLine(Accepted, frozen=True, kw_only=True, omit_defaults=False):
    """A plan that was accepted, where the state before it is, and whether it was taken back."""

    kept: str | None
    taken_back: bool = field(name="undone")


class Log(Struct, frozen=True, kw_only=True):
    """All that was recorded, and the plans; the names for scripts, which only ever get more."""

    schema: int = 1
    records: tuple[RecordLine, ...]
    accepted: tuple[PlanLine, ...]


def log(folder: Path) -> Outcome[Log]:
    """What was recorded, and which plans were accepted, each in the order of its changes."""
    state, roadmap = opened(folder, checked=False)
    live = progress.live(state.log, state.accepted)
    live |= {line.change for line in state.log if line.kind == "undo"}  # nothing undoes an undo
    records = (RecordLine(**asdict(r), taken_back=r.change not in live) for r in state.log)
    first, *_ = (p.change for p in state.accepted)
    plans = (
        PlanLine(
            **asdict(plan),
            kept=None if plan.change == first else store.before(plan.change),
            taken_back=plan.change not in live,
        )
        for plan in state.accepted
    )
    found = Log(records=tuple(records), accepted=tuple(plans))
    return Outcome(json=found, state=state, roadmap=roadmap)


# ── Written into ──────────────────────────────────────────────────────────────────────────────


class Recorded(Struct, frozen=True, kw_only=True):
    """What was written to the log, and how things stand after it. `day` is the day stood on;
    `already` are the sessions and topics that were marked before; `upcoming` is the block that
    comes next, with its first session of which nothing was said; `due` is the day on which memory
    wants a reviewed topic next; `freed` are the minutes of study that mastered topics need no more;
    `nothing` says why nothing was left to mark, if so: all was marked, or missed and planned again,
    or the days asked for have no sessions."""

    state: State
    progress: Progress
    day: date
    titles: Titles
    records: tuple[Record, ...]
    already: tuple[str, ...] = ()
    upcoming: tuple[Block, Session] | None = None
    due: date | None = None
    freed: int = 0
    nothing: Nothing = "marked"


class Logbook(Problems):
    """The plan in a folder while a command writes into its log: the day stood on, what was typed
    as it reads against the plan, and the lines to add."""

    def __init__(self, folder: Path, as_of: str | None, around: Circumstances) -> None:
        super().__init__()
        self.folder = folder
        self.state, roadmap = opened(folder, checked=False)
        self.plan, self.profile = self.state.plan, self.state.profile
        self.progress = progress.progress(self.plan, self.state.log, self.state.accepted)
        self.sessions = (*self.plan.sessions, *self.plan.early)
        self.titles = Titles(roadmap)
        self.already: list[str] = []
        self.topics = naming.topics(roadmap)
        self.rounds = {round.id: (round.title,) for round in roadmap.rounds}
        self._records: list[Record] = []
        self._now = around.now.replace(microsecond=0)
        self.day = self.of(standing, as_of, self.state, around) or self.profile.day_of(around.now)

    # ── What was typed ────────────────────────────────────────────────────────────────────────

    def past_day(self, text: str | None, flag: str) -> date | None:
        """The day typed for a flag, which has to be here; None where none was."""
        found = None if text is None else self.of(day_typed, text, flag)
        if found and found > self.day:
            hint = f"today is {self.day}; --as-of stands on another day"
            self.refuse(flag, f"{found} is still to come", hint)
        first = min(self.profile.start, *(line.as_of for line in self.state.accepted))
        if found and found < first - _BEFORE:
            what = f"{found} lies long before your plan, which begins on {first}"
            self.refuse(flag, what, "is the year right?")
        return found

    def topic_or_session(self, typed: str) -> str | Session | None:
        """The topic's id or the session that was typed."""
        what = "topic or session"
        return self.of(naming.topic_or_session, typed, self.topics, self.sessions, what)

    # ── How it stands ─────────────────────────────────────────────────────────────────────────

    def unmarked(self, day: date) -> Iterator[Session]:
        """The sessions up to that day of which nothing was said."""
        return progress.up_to(day, self.plan, self.progress, self.profile.day_of)

    def due(self, kind: Kind, about: str | None) -> str | None:
        """The id of the earliest unmarked review of a topic, or mock of a round, that was planned
        for today or before."""
        same = (s for s in self.unmarked(self.day) if s.kind == kind)
        return next((s.id for s in same if about in (s.topic, s.round)), None)

    def open_study(self, topic: str) -> tuple[Session, ...]:
        """What of the topic is still to be studied."""
        return progress.open_study(topic, self.plan, self.progress)

    def is_finished(self, topic: str) -> bool:
        """Whether the topic was mastered, or studied to the end."""
        studied = any(progress.studies(session, topic) for session in self.plan.sessions)
        return topic in self.progress.mastered or (studied and not self.open_study(topic))

    # ── What is recorded ──────────────────────────────────────────────────────────────────────

    def add(self, kind: RecordKind, on: date, **about: object) -> None:
        """Put a line of this command on the log."""
        line = Record(change=self.state.next_change, entered=self._now, on=on, kind=kind)
        self._records.append(replace(line, **about))

    @property
    def log(self) -> tuple[Record, ...]:
        """The log with this command's lines."""
        return (*self.state.log, *self._records)

    def close(self) -> Recorded:
        """Write the state if there is anything new in it, and nothing else."""
        if not self._records:
            return self.outcome(self.state)
        after = replace(self.state, log=self.log)
        store.save(self.folder, after)
        return self.outcome(after)

    def outcome(self, state: State) -> Recorded:
        """How things stand with that state."""
        after = progress.progress(state.plan, state.log, state.accepted)
        return Recorded(
            state=state,
            progress=after,
            day=self.day,
            titles=self.titles,
            records=state.log[len(self.state.log) :],
            already=tuple(self.already),
            upcoming=progress.upcoming(self.day, state.plan, after, state.profile.day_of),
        )
