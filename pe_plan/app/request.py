"""What was typed of a re-plan: the day to stand on, and the learner from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct, field

from pe_plan.app.busy import with_calendars
from pe_plan.app.context import Circumstances, Problems, standing
from pe_plan.app.folder import DEFAULT_WEEK, bundled, opened
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.answers import Answers, Occasion, Reading, calendars_alone, remembered
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
    occasion = Occasion(as_of=day, begins=request.restart)
    week = read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)
    reading = with_calendars(
        problems.of(
            remembered,
            request.answers,
            before.profile,
            occasion,
            roadmap=roadmap,
            default_week=week,
        ),
        calendars_alone(request.answers, None, day),
        problems,
        own=(entry.uid for entry in before.ledger),
        before=before.profile,
        from_day=None if request.restart else day,
    )
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


def _misfits(request: Request) -> Iterator[Problem]:
    past = "it says what past sessions were that nobody marked"
    gone = "it says what becomes of blocks that are not in that calendar"
    for flag, word, other, hint in (
        ("--assume", request.assume, "done", past),
        ("--deleted", request.deleted, "keep", gone),
    ):
        if word not in (None, "missed", other):
            what = f"expected missed or {other}, got {quoted(word)}"
            yield Problem(where=flag, what=what, hint=hint)
    if request.answers.start is not None and not request.restart:
        what, hint = "a plan keeps its start", "say --restart as well to begin again"
        yield Problem(where="--start", what=what, hint=hint)


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
