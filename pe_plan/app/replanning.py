"""The re-plan: what happened, what changed, the plan from now on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from pe_plan import store
from pe_plan.app.asof import standing
from pe_plan.app.files import DEFAULT_WEEK, bundled, opened
from pe_plan.app.problems import Problems
from pe_plan.app.reasons import accepted_line, reason
from pe_plan.app.writing import Written, note, write
from pe_plan.calendars.ledger import block_uid, publish
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.profile import Answers, Reading
from pe_plan.inputs.remembered import Occasion, remembered
from pe_plan.inputs.week import read_default_week
from pe_plan.model import (
    Block,
    DoesNotFit,
    Plan,
    Profile,
    Progress,
    Record,
    Roadmap,
    Session,
    State,
)
from pe_plan.tracking.changes import Changes, changes
from pe_plan.tracking.choosing import up_to
from pe_plan.tracking.progress import progress

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances

Outcome = Literal["unchanged", "shown", "declined", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed: `answers` are what has changed for the learner, `as_of` the day to stand
    on, `assume` what unmarked sessions were ("missed" or "done")."""

    answers: Answers
    as_of: str | None = None
    assume: str | None = None
    restart: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmarked:
    """Past sessions of which nobody said what they were."""

    sessions: tuple[Session, ...]
    profile: Profile
    roadmap: Roadmap


class Asking(Protocol):
    """Who answers what only the learner knows."""

    def past(self, unmarked: Unmarked) -> frozenset[str]:
        """The ids of those sessions that were done; the others were missed."""

    def agrees(self, made: Replanned) -> bool:
        """Whether the change is to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A re-plan as of a day: the states before and after, how the profile came about, what
    changes and why, the sessions just said to be done, and what became of it all."""

    as_of: date
    before: State
    state: State
    roadmap: Roadmap
    reading: Reading
    changes: Changes
    reason: str
    done: tuple[str, ...]
    folder: Path
    outcome: Outcome
    written: Written = field(default_factory=Written)


def replan(
    wanted: Wanted, folder: Path, around: Circumstances, asking: Asking
) -> Replanned | DoesNotFit:
    """Plan again from what happened and what has changed, and write it if that is agreed.

    The folder is locked meanwhile, questions included, so that what was shown is what is written.
    Raises PePlanError with every problem of what was typed.
    """
    with nullcontext() if wanted.dry_run else store.locked(folder):
        before, roadmap = opened(folder)
        as_of, reading = _read(wanted, before, roadmap, around)
        records = () if wanted.restart else _recorded(before, roadmap, as_of, asking, around)
        told = replace(before, log=(*before.log, *records))
        plan = _planned(wanted, told, roadmap, reading.profile, as_of)
        if isinstance(plan, DoesNotFit):
            return plan
        made = _made(wanted, before, told, plan, (as_of, reading, roadmap, folder))
        if made.outcome == "unchanged":
            return _noted(made, told, wanted)
        if wanted.dry_run:
            return made
        if not asking.agrees(made):
            return replace(made, outcome="declined")
        return _accepted(made, told, around, begins=wanted.restart)


# ── What was typed ────────────────────────────────────────────────────────────────────────────


def _read(
    wanted: Wanted, state: State, roadmap: Roadmap, around: Circumstances
) -> tuple[date, Reading]:
    """The day to stand on and the learner from then on, or every problem of both."""
    problems = Problems(_misfits(wanted))
    as_of = problems.of(lambda: _stands(wanted, state, around)) or state.plan.as_of
    reading = problems.of(
        lambda: remembered(
            wanted.answers,
            state.profile,
            Occasion(as_of=as_of, begins=wanted.restart),
            roadmap=roadmap,
            default_week=read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK),
        )
    )
    if reading is None or problems.found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    return (reading.profile.start if wanted.restart else as_of), reading


def _misfits(wanted: Wanted) -> list[Problem]:
    problems = []
    if wanted.assume not in (None, "missed", "done"):
        what = f"expected missed or done, got {quoted(wanted.assume)}"
        hint = "it says what past sessions were that nobody marked"
        problems.append(Problem(where="--assume", what=what, hint=hint))
    if wanted.answers.start is not None and not wanted.restart:
        what, hint = "a plan keeps its start", "say --restart as well to begin again"
        problems.append(Problem(where="--start", what=what, hint=hint))
    return problems


def _stands(wanted: Wanted, state: State, around: Circumstances) -> date:
    """The day to stand on. Before the plan begins that is its first day, since nothing is past."""
    as_of = standing(wanted.as_of, state, around)
    start, last = state.profile.start, state.plan.as_of
    if wanted.restart or as_of >= last:
        return as_of
    if wanted.as_of is None and last == start:
        return start
    hint = f"stand on {last} or later"
    if last == start:
        what = f"the plan begins on {start}"
    else:
        what = f"the plan was last changed as of {last}"
        hint += " with --as-of, or take that back with `pe-plan undo`"
    raise PePlanError(Exit.BAD_INPUT, [Problem(where="--as-of", what=what, hint=hint)])


# ── What happened ─────────────────────────────────────────────────────────────────────────────


def _recorded(
    state: State, roadmap: Roadmap, as_of: date, asking: Asking, around: Circumstances
) -> tuple[Record, ...]:
    """The learner's word on past sessions that nobody marked, as lines of the log."""
    done, profile = _progress(state), state.profile
    sessions = tuple(up_to(as_of - timedelta(days=1), state.plan, done, profile.day_of))
    if not sessions:
        return ()
    said = asking.past(Unmarked(sessions=sessions, profile=profile, roadmap=roadmap))
    return tuple(
        Record(
            change=state.next_change,
            entered=around.now.replace(microsecond=0),
            on=profile.day_of(session.start),
            kind="done",
            session=session.id,
        )
        for session in sessions
        if session.id in said
    )


# ── The plan from now on ──────────────────────────────────────────────────────────────────────


def _planned(
    wanted: Wanted, state: State, roadmap: Roadmap, profile: Profile, as_of: date
) -> Plan | DoesNotFit:
    old, revision = state.plan, state.plan.revision + 1
    if wanted.restart:
        from pe_plan.planning.pipeline import generate

        naming = _naming(old.id, [entry.uid for entry in state.ledger if entry.removed])
        return generate(
            roadmap, profile, plan_id=old.id, as_of=as_of, revision=revision, uid=naming
        )
    from pe_plan.planning.replan import replan as planned

    # A block that moved away keeps its uid, so that its old start has to find another.
    used = [entry.uid for entry in state.ledger] + [block.uid for block in old.blocks]
    return planned(
        roadmap,
        profile,
        state.profile,
        old,
        _progress(state),
        as_of=as_of,
        revision=revision,
        uid=_naming(old.id, used),
    )


def _naming(plan_id: str, used: Sequence[str]) -> Callable[[datetime], str]:
    retired = frozenset(used)
    return lambda start: block_uid(plan_id, start, retired)


def _progress(state: State) -> Progress:
    return progress(state.plan, state.log, state.accepted)


def _made(
    wanted: Wanted,
    before: State,
    told: State,
    plan: Plan,
    given: tuple[date, Reading, Roadmap, Path],
) -> Replanned:
    """The change, not yet written."""
    as_of, reading, roadmap, folder = given
    profile = reading.profile
    since = datetime.combine(as_of, time(), profile.zone).astimezone(UTC)
    same = profile == before.profile and _alike(before.plan, plan) and not wanted.restart
    return Replanned(
        as_of=as_of,
        before=before,
        state=told if same else replace(told, profile=profile, plan=plan),
        roadmap=roadmap,
        reading=reading,
        changes=changes(before.plan, plan, since),
        reason="" if same else _reason(wanted, before.plan, plan),
        done=tuple(line.session or "" for line in told.log[len(before.log) :]),
        folder=folder,
        outcome="unchanged" if same else "shown",
    )


def _reason(wanted: Wanted, before: Plan, after: Plan) -> str:
    return reason(wanted.answers, before, after, begins=wanted.restart)


def _alike(old: Plan, new: Plan) -> bool:
    """Whether the plans differ in nothing but what the log says of the old one anyway."""
    same = replace(new, as_of=old.as_of, revision=old.revision, blocks=old.blocks)
    return same == old and _open(old.blocks) == _open(new.blocks)


def _open(blocks: Sequence[Block]) -> list[Block]:
    return [
        replace(
            block,
            sessions=tuple(
                replace(session, status="planned") if session.status == "done" else session
                for session in block.sessions
            ),
        )
        for block in blocks
    ]


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def _noted(made: Replanned, told: State, wanted: Wanted) -> Replanned:
    """Nothing to plan anew; what the learner said is kept and ticked all the same."""
    if not wanted.dry_run:
        note(made.folder, told, made.roadmap, before=made.before)
    return made


def _accepted(made: Replanned, told: State, around: Circumstances, *, begins: bool) -> Replanned:
    """The change, published and written."""
    from pe_plan.calendars.events import events

    plan = made.state.plan
    shown = events(plan, made.roadmap, made.state.profile)
    kept = store.free_backup(made.folder, told.accepted)
    line = accepted_line(
        plan,
        change=made.before.next_change,
        now=around.now,
        begins=begins,
        kept=kept,
        changed=made.changes,
        reason=made.reason,
    )
    state = replace(
        made.state,
        ledger=publish(shown, told.ledger, around.now),
        accepted=(*told.accepted, line),
    )
    written = write(
        made.folder,
        state,
        made.roadmap,
        shown=shown,
        before=made.before,
        wanted=("md", "ics"),
        keep_as=kept,
        changes=True,
    )
    return replace(made, state=state, outcome="written", written=written)
