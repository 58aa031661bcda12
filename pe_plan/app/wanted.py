"""What a re-plan was asked for: the day to stand on, and the learner from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.app.asof import standing
from pe_plan.app.files import DEFAULT_WEEK, bundled
from pe_plan.app.problems import Problems
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.profile import Answers, Reading, calendars_alone
from pe_plan.inputs.remembered import Occasion, remembered
from pe_plan.inputs.week import read_default_week
from pe_plan.model import Roadmap, State

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances
    from pe_plan.tracking.noticing import Noticed

    Listen = Callable[[State, date], Noticed]


class Wanted(Struct, frozen=True, kw_only=True):
    """What was typed: `answers` are what has changed for the learner, `as_of` the day to stand
    on, `assume` what unmarked sessions were ("missed" or "done"), `deleted` what happened to blocks
    that are not in the calendar ("missed" or "keep")."""

    answers: Answers = field(default_factory=Answers)
    as_of: str | None = None
    assume: str | None = None
    deleted: str | None = None
    restart: bool = False
    dry_run: bool = False


def taken_up(
    wanted: Wanted,
    state: State,
    roadmap: Roadmap,
    around: Circumstances,
    listen: Listen | None = None,
) -> tuple[date, Reading, Noticed | None]:
    """The day to stand on, the learner from then on with what their other calendars hold now, and
    what they said otherwise (`listen` finds that out); or every problem of all that."""
    problems = Problems(_misfits(wanted))
    as_of = problems.of(lambda: _stands(wanted, state, around)) or state.plan.as_of
    reading = problems.of(lambda: _reading(wanted, state, roadmap, as_of))
    noticed = problems.of(lambda: listen(state, as_of)) if listen else None
    if reading is None or problems.found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    return (reading.profile.start if wanted.restart else as_of), reading, noticed


def _reading(wanted: Wanted, state: State, roadmap: Roadmap, as_of: date) -> Reading:
    """The learner from now on, with what takes time in their other calendars."""
    from pe_plan.app.busy import busy_now

    problems = Problems()
    reading = problems.of(
        lambda: remembered(
            wanted.answers,
            state.profile,
            Occasion(as_of=as_of, begins=wanted.restart),
            roadmap=roadmap,
            default_week=read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK),
        )
    )
    learner = reading.profile if reading else calendars_alone(wanted.answers, None, as_of)
    own = (entry.uid for entry in state.ledger)
    day = learner.start if wanted.restart else as_of
    busy = problems.of(lambda: busy_now(learner, state.profile, own, day))
    if not (reading and busy):
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    profile, notes = busy
    return replace(reading, profile=profile, notes=reading.notes + notes)


def _misfits(wanted: Wanted) -> list[Problem]:
    problems = []
    if wanted.assume not in (None, "missed", "done"):
        what = f"expected missed or done, got {quoted(wanted.assume)}"
        hint = "it says what past sessions were that nobody marked"
        problems.append(Problem(where="--assume", what=what, hint=hint))
    if wanted.deleted not in (None, "missed", "keep"):
        what = f"expected missed or keep, got {quoted(wanted.deleted)}"
        hint = "it says what becomes of blocks that are not in that calendar"
        problems.append(Problem(where="--deleted", what=what, hint=hint))
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
