"""What a re-plan was asked for: the day to stand on, and the learner from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.app.around import Circumstances, standing
from pe_plan.app.files import DEFAULT_WEEK, bundled
from pe_plan.app.problems import Problems
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.answers import Answers, Occasion, Reading, calendars_alone, remembered
from pe_plan.inputs.week import read_default_week
from pe_plan.model import Profile, Roadmap, State

if TYPE_CHECKING:
    from pe_plan.tracking.noticing import Noticed

    Listen = Callable[[State, Roadmap, date], Noticed]


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
    week = read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)
    occasion = Occasion(as_of=as_of, begins=wanted.restart)
    reading = with_calendars(
        problems.of(
            lambda: remembered(
                wanted.answers, state.profile, occasion, roadmap=roadmap, default_week=week
            )
        ),
        calendars_alone(wanted.answers, None, as_of),
        problems,
        own=lambda: (entry.uid for entry in state.ledger),
        before=state.profile,
        from_day=None if wanted.restart else as_of,
    )
    noticed = problems.of(lambda: listen(state, roadmap, as_of)) if listen else None
    if reading is None or problems.found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    return (reading.profile.start if wanted.restart else as_of), reading, noticed


def with_calendars(
    reading: Reading | None,
    alone: Profile,
    problems: Problems,
    *,
    own: Callable[[], Iterable[str]],
    before: Profile | None = None,
    from_day: date | None = None,
) -> Reading | None:
    """The reading with what takes time in the learner's other calendars from that day on, else from
    their start. Without a reading, what is wrong with the calendars of `alone` is found all the
    same. `own` tells the uids of the plan's own events, `before` is the learner of before."""
    learner = reading.profile if reading else alone
    if not learner.calendars:
        return reading
    from pe_plan.app.busy import busy_now

    busy = problems.of(lambda: busy_now(learner, before, own(), from_day or learner.start))
    if not (reading and busy):
        return None
    profile, notes = busy
    return replace(reading, profile=profile, notes=reading.notes + notes)


def _misfits(wanted: Wanted) -> list[Problem]:
    past = "it says what past sessions were that nobody marked"
    gone = "it says what becomes of blocks that are not in that calendar"
    said = (("assume", wanted.assume, "done", past), ("deleted", wanted.deleted, "keep", gone))
    problems = [
        Problem(
            where=f"--{flag}", what=f"expected missed or {other}, got {quoted(word)}", hint=hint
        )
        for flag, word, other, hint in said
        if word not in (None, "missed", other)
    ]
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
