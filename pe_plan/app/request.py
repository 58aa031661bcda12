"""What was typed of a re-plan: the day to stand on, and the learner from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.app.context import Circumstances, Problems, refusal, standing
from pe_plan.app.folder import default_week, opened
from pe_plan.app.generate import with_calendars
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.answers import Answers, Occasion, Reading, calendars_alone, remembered
from pe_plan.model import Entry, State
from pe_plan.tracking.placing import Situation
from pe_plan.tracking.readback import Noticed

# What was noticed, and how far the calendar has counted.
Listen = Callable[[Situation], tuple[Noticed, tuple[Entry, ...]]]


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
    """What a re-plan starts from: the plan on the day to stand on, the learner from then on with
    what their other calendars hold now, and what they said otherwise, if they did; the ledger is
    as far as their own calendar has counted."""

    request: Request
    folder: Path
    now: datetime
    here: Situation
    reading: Reading
    noticed: Noticed | None
    ledger: tuple[Entry, ...]


def taken_up(request: Request, folder: Path, around: Circumstances, listen: Listen | None) -> Case:
    """What was typed, beside the plan in the folder; or every problem of it."""
    before, roadmap = opened(folder)
    problems, answers, learner = Problems(), request.answers, before.profile
    problems.found += _misfits(request)
    day = problems.of(_stands, request, before, around) or before.plan.as_of
    occasion, week = Occasion(as_of=day, begins=request.restart), default_week()
    reading = with_calendars(
        problems.of(remembered, answers, learner, occasion, roadmap=roadmap, default_week=week),
        calendars_alone(answers, None, day),
        problems,
        own=(entry.uid for entry in before.ledger),
        before=learner,
        from_day=None if request.restart else day,
    )
    here = Situation.of(before, roadmap, day)
    heard = problems.of(listen, here) if listen else None
    if reading is None or problems.found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    noticed, ledger = heard or (None, before.ledger)
    return Case(
        request=request,
        folder=folder,
        now=around.now,
        here=replace(here, day=reading.profile.start) if request.restart else here,
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
        raise refusal("--as-of", f"the plan begins on {start}", hint)
    hint += " with --as-of, or take that back with `pe-plan undo`"
    raise refusal("--as-of", f"the plan was last changed as of {last}", hint)
