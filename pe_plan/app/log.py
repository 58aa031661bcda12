"""The log of a plan: shown whole, opened for a command to write into it, or its last change taken
back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pe_plan import store
from pe_plan.app.context import Circumstances, Outcome, standing
from pe_plan.app.context import day as day_typed
from pe_plan.app.folder import Written, agree, fresh_uids, opened, rules, write
from pe_plan.documents.words import Titles
from pe_plan.errors import Exit, Problems, refusal
from pe_plan.model import Accepted, Block, Kind, Record, RecordKind, Session, State
from pe_plan.tracking.naming import topic_or_session
from pe_plan.tracking.progress import Situation, is_open, is_unmarked, last_change, live

Nothing = Literal["marked", "missed", "none"]

_BEFORE = timedelta(days=31)  # what was done so long before a plan still counts


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
    counts = live(state.log, state.accepted)
    counts |= {line.change for line in state.log if line.kind == "undo"}  # nothing undoes an undo
    records = tuple(RecordLine(**asdict(r), taken_back=r.change not in counts) for r in state.log)
    plans: list[PlanLine] = []
    for plan in state.accepted:
        kept = store.before(plan.change) if plans else None
        plans.append(PlanLine(**asdict(plan), kept=kept, taken_back=plan.change not in counts))
    found = Log(records=records, accepted=tuple(plans))
    return Outcome(json=found, state=state, roadmap=roadmap)


class Recorded(Situation, frozen=True, kw_only=True):
    """What was written to the log, and how things stand after it. `already` are the sessions and
    topics that were marked before; `due` is the day on which memory wants a reviewed topic next;
    `freed` are the minutes of study that mastered topics need no more; `nothing` says why nothing
    was left to mark, if so: all was marked, or missed and planned again, or the days asked for have
    no sessions."""

    records: tuple[Record, ...]
    already: tuple[str, ...] = ()
    due: date | None = None
    freed: int = 0
    nothing: Nothing = "marked"

    @property
    def titles(self) -> Titles:
        """What the roadmap calls topics and rounds."""
        return Titles(self.roadmap)

    @property
    def upcoming(self) -> tuple[Block, Session] | None:
        """The first block of today or later with work of which nothing was said, and the first such
        session in it."""
        ahead = ((b, s) for b in self.plan.blocks if not self.is_past(b) for s in b.sessions)
        return next((each for each in ahead if is_unmarked(each[1], self.progress)), None)


class Logbook(Problems):
    """The plan in a folder while a command writes into its log: what was typed as it reads against
    the plan, and the lines to add."""

    def __init__(self, folder: Path, as_of: str | None, around: Circumstances) -> None:
        super().__init__()
        self.folder, self.now = folder, around.now.replace(microsecond=0)
        state, roadmap = opened(folder, checked=False)
        day = self.of(standing, as_of, state, around) or state.profile.day_of(around.now)
        self.here = Situation.of(state, roadmap, day)
        self.titles = Titles(roadmap)
        self.already: list[str] = []
        self.records: list[Record] = []

    def past_day(self, text: str | None, flag: str) -> date | None:
        """The day typed for a flag, which has to be here; None where none was."""
        today, state = self.here.day, self.here.state
        found = None if text is None else self.of(day_typed, text, flag)
        if found and found > today:
            hint = f"today is {today}; --as-of stands on another day"
            self.refuse(flag, f"{found} is still to come", hint)
        first = min(state.profile.start, *(line.as_of for line in state.accepted))
        if found and found < first - _BEFORE:
            what = f"{found} lies long before your plan, which begins on {first}"
            self.refuse(flag, what, "is the year right?")
        return found

    def topic_or_session(self, name: str) -> str | Session | None:
        """The topic's id or the session that was typed."""
        names, sessions = self.here.roadmap.topic_names, self.here.sessions
        return self.of(topic_or_session, name, names, sessions, "topic or session")

    def due(self, kind: Kind, about: str | None) -> str | None:
        """The id of the earliest unmarked review of a topic, or mock of a round, that was planned
        for today or before."""
        same = (s for s in self.here.unmarked(self.here.day) if s.kind == kind)
        return next((s.id for s in same if about in (s.topic, s.round)), None)

    def open_study(self, topic: str) -> list[Session] | None:
        """What of the topic is still to be studied; None where it is not in this plan."""
        study = [s for s in self.here.plan.sessions if s.topic == topic and s.kind == "study"]
        return [s for s in study if is_open(s, self.here.progress)] if study else None

    def is_finished(self, topic: str) -> bool:
        """Whether the topic was mastered, or studied to the end."""
        return topic in self.here.progress.mastered or self.open_study(topic) == []

    def add(self, kind: RecordKind, on: date, **about: object) -> None:
        """Put a line of this command on the log."""
        line = Record(change=self.here.state.next_change, entered=self.now, on=on, kind=kind)
        self.records.append(replace(line, **about))

    @property
    def log(self) -> tuple[Record, ...]:
        """The log with this command's lines."""
        return (*self.here.state.log, *self.records)

    def close(self) -> Recorded:
        """Write the state if there is anything new in it, and nothing else."""
        after = replace(self.here.state, log=self.log)
        if self.records:
            store.save(self.folder, after)
        return self.outcome(after)

    def outcome(self, state: State) -> Recorded:
        """How things stand with that state."""
        now = Situation.of(state, self.here.roadmap, self.here.day)
        records = state.log[len(self.here.state.log) :]
        return Recorded(**asdict(now), records=records, already=tuple(self.already))


class Undone(Struct, frozen=True, kw_only=True):
    """What was taken back: lines of the log, or a plan (or both); neither where only the beginning
    was left. `plan` is the accepted plan that went, `written` what was written for the one that
    came back."""

    now: Recorded
    lines: tuple[Record, ...] = ()
    plan: Accepted | None = None
    written: Written | None = None


def undo(folder: Path, *, as_of: str | None, around: Circumstances) -> Undone:
    """Take back the last change that counts. The log keeps it, with a line that says so. Raises
    PePlanError (Exit.STATE) where the state before a re-plan is gone."""
    from pe_plan.tracking.readback import renamed

    with store.locked(folder):
        book = Logbook(folder, as_of, around)
        book.stop()
        state = book.here.state
        change = last_change(state.log, state.accepted)
        if change is None:
            return Undone(now=book.outcome(state))
        book.add("undo", book.here.day, undone=change)
        lines = tuple(line for line in state.log if line.change == change)
        plan = next((line for line in state.accepted if line.change == change), None)
        if plan is None:
            return Undone(now=book.close(), lines=lines)
        before = store.read_before(folder, change)
        path = folder / store.before(change)
        if (before.plan.id, before.next_change) != (state.plan.id, change):
            what = "this is not the state from before that plan"
            raise refusal(str(path), what, code=Exit.STATE)
        roadmap = store.read_roadmap(folder, before.roadmap, rules)
        agree(before, roadmap, folder, store.before(change))
        own = {block.uid for block in before.plan.blocks}
        removed = {entry.uid for entry in state.ledger if entry.removed}
        # What the calendar shows at just that time lends its uid.
        free = {entry.start: entry.uid for entry in state.ledger if entry.uid not in own | removed}
        back = renamed(before, fresh_uids(before.plan, state.ledger, removed, free))
        # What the calendar shows rises only where it changes.
        back = replace(back, ledger=state.ledger, log=book.log, accepted=state.accepted)
        back, written = write(folder, back, roadmap, around.now, state)
        return Undone(now=book.outcome(back), lines=lines, plan=plan, written=written)
