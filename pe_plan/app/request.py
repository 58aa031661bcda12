"""What was typed of a re-plan: the day to stand on, and the learner from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.app.around import Circumstances
from pe_plan.app.asof import standing
from pe_plan.app.busy import busy_now
from pe_plan.app.files import DEFAULT_WEEK, bundled, opened
from pe_plan.app.problems import Problems
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.profile import Answers, Reading, calendars_alone
from pe_plan.inputs.remembered import Occasion, remembered
from pe_plan.inputs.week import read_default_week
from pe_plan.model import Entry, Roadmap, State
from pe_plan.tracking.placing import Situation
from pe_plan.tracking.readback import Noticed

Ledger = tuple[Entry, ...]
Heard = tuple[Noticed, Ledger]  # what was noticed, and how far the calendar has counted
Listen = Callable[[Situation, Roadmap, Ledger], Heard]


class Request(Struct, frozen=True, kw_only=True):
    """What was typed: `answers` are what has changed for the learner, `as_of` the day to stand
    on, `assume` what unmarked sessions were ("missed" or "done"), `deleted` what happened to blocks
    that are not in the calendar ("missed" or "keep")."""

    answers: Answers = field(default_factory=Answers)
    as_of: str | None = None
    assume: str | None = None
    deleted: str | None = None
    restart: bool = False
    dry_run: bool = False


class Case(Struct, frozen=True, kw_only=True):
    """What a re-plan starts from: the state, the day to stand on, the learner from then on with
    what their other calendars hold now, and what they said otherwise, if they did; the ledger is
    as far as their own calendar has counted."""

    request: Request
    folder: Path
    now: datetime
    before: State
    roadmap: Roadmap
    as_of: date
    reading: Reading
    noticed: Noticed | None
    ledger: Ledger


def taken_up(request: Request, folder: Path, around: Circumstances, listen: Listen | None) -> Case:
    """What was typed, beside the plan in the folder; or every problem of it."""
    before, roadmap = opened(folder)
    problems = Problems(_misfits(request))
    day = problems.of(lambda: _stands(request, before, around)) or before.plan.as_of
    reading = problems.of(lambda: _reading(request, before, roadmap, day))
    here = Situation.of(before, day)
    heard = problems.of(lambda: listen(here, roadmap, before.ledger)) if listen else None
    if reading is None or problems.found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    noticed, ledger = heard or (None, before.ledger)
    return Case(
        request=request,
        folder=folder,
        now=around.now,
        before=before,
        roadmap=roadmap,
        as_of=reading.profile.start if request.restart else day,
        reading=reading,
        noticed=noticed,
        ledger=ledger,
    )


def _reading(request: Request, state: State, roadmap: Roadmap, as_of: date) -> Reading:
    """The learner from now on, with what takes time in their other calendars."""
    problems = Problems()
    reading = problems.of(
        lambda: remembered(
            request.answers,
            state.profile,
            Occasion(as_of=as_of, begins=request.restart),
            roadmap=roadmap,
            default_week=read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK),
        )
    )
    known = reading.profile if reading else calendars_alone(request.answers, None, as_of)
    own = frozenset(entry.uid for entry in state.ledger)
    day = known.start if request.restart else as_of
    busy = problems.of(lambda: busy_now(known, state.profile, own, day))
    if not (reading and busy):
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    profile, notes = busy
    return replace(reading, profile=profile, notes=reading.notes + notes)


def _misfits(request: Request) -> list[Problem]:
    problems = []
    if request.assume not in (None, "missed", "done"):
        what = f"expected missed or done, got {quoted(request.assume)}"
        hint = "it says what past sessions were that nobody marked"
        problems.append(Problem(where="--assume", what=what, hint=hint))
    if request.deleted not in (None, "missed", "keep"):
        what = f"expected missed or keep, got {quoted(request.deleted)}"
        hint = "it says what becomes of blocks that are not in that calendar"
        problems.append(Problem(where="--deleted", what=what, hint=hint))
    if request.answers.start is not None and not request.restart:
        what, hint = "a plan keeps its start", "say --restart as well to begin again"
        problems.append(Problem(where="--start", what=what, hint=hint))
    return problems


def _stands(request: Request, state: State, around: Circumstances) -> date:
    """The day to stand on. Before the plan begins that is its first day, since nothing is past."""
    as_of = standing(request.as_of, state, around)
    start, last = state.profile.start, state.plan.as_of
    if request.restart or as_of >= last:
        return as_of
    if request.as_of is None and last == start:
        return start
    hint = f"stand on {last} or later"
    if last == start:
        what = f"the plan begins on {start}"
    else:
        what = f"the plan was last changed as of {last}"
        hint += " with --as-of, or take that back with `pe-plan undo`"
    raise PePlanError(Exit.BAD_INPUT, [Problem(where="--as-of", what=what, hint=hint)])
