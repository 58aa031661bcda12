"""The re-plan: what was typed and heard, what happened, the plan from now on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import UNSET, Struct, field
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances, Outcome, standing
from pe_plan.app.folder import Written, default_week, fresh_uids, note, opened, write
from pe_plan.app.generate import reason, with_calendars
from pe_plan.calendars.ledger import block_uid
from pe_plan.documents.words import counted
from pe_plan.errors import Exit, PePlanError, Problems, quoted, refusal
from pe_plan.inputs.answers import Answers, Occasion, Reading, calendars_alone, remembered
from pe_plan.model import DoesNotFit, Entry, Plan, Profile, Record, Roadmap, Session, State
from pe_plan.tracking.changes import Change, accepted, alike, changes
from pe_plan.tracking.placing import Row
from pe_plan.tracking.progress import Situation, progress
from pe_plan.tracking.readback import Noticed, learner, renamed

Heard = tuple[Noticed, tuple[Entry, ...]]  # what was noticed, how far the calendar has counted
Listen = Callable[[Situation], Heard]


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


class Unsure(Struct, frozen=True, kw_only=True):
    """What only the learner knows: what past `sessions` were of which nobody said it, and what
    became of the blocks that are `missing` in their calendar."""

    sessions: tuple[Session, ...]
    missing: tuple[Row, ...]
    profile: Profile
    roadmap: Roadmap


class Word(Struct, frozen=True, kw_only=True):
    """The answer: the sessions that were done (the others were missed), and the blocks that were
    `deleted` (the others are put back)."""

    done: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()


class Replanned(Outcome[Change], frozen=True, kw_only=True):
    """A re-plan: what changes, the states before and after, and what was written where."""

    before: State
    folder: Path
    written: Written = field(default_factory=Written)


class Asking(Protocol):
    """Who answers what only the learner knows."""

    def knows(self, unsure: Unsure) -> Word:
        """What they say of it, by ids of sessions and uids of blocks."""

    def agrees(self, made: Replanned) -> bool:
        """Whether the change is to be written."""


class _Case(Struct, frozen=True):
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


def replan(
    request: Request, folder: Path, around: Circumstances, asking: Asking, listen: Listen | None
) -> Replanned | DoesNotFit:
    """Plan again from what happened and what has changed, and write it if that is agreed.

    `listen` finds out what the learner said otherwise than by flags; where that is nothing, or
    ticks alone, nothing is planned. The folder is locked meanwhile, questions included, so that
    what was shown is what is written. Raises PePlanError with every problem of what was typed.
    """
    with nullcontext() if request.dry_run else store.locked(folder):
        case = _taken_up(request, folder, around, listen)
        only_told = case.noticed is not None and not case.noticed.replans
        made = _made(case, asking)
        if isinstance(made, DoesNotFit) or request.dry_run:
            return made
        if made.json.outcome == "unchanged":
            if not only_told:  # what the learner said is kept and ticked all the same
                note(folder, made.state, made.roadmap, before=made.before)
            return made
        if not asking.agrees(made):
            return replace(made, json=replace(made.json, outcome="declined"))
        if only_told:
            state, written = made.state, Written(files=(store.STATE,))
            store.save(folder, state)
        else:
            number, begins = made.before.next_change, request.restart
            state = accepted(made.state, made.json, number=number, now=around.now, begins=begins)
            # What the calendar has counted further, and nothing else, is no change to import.
            before = replace(made.before, ledger=state.ledger)
            state, written = write(folder, state, made.roadmap, around.now, before)
        change = replace(made.json, outcome="written", files=written.files)
        return replace(made, json=change, state=state, written=written)


def _taken_up(
    request: Request, folder: Path, around: Circumstances, listen: Listen | None
) -> _Case:
    """What was typed, beside the plan in the folder; or every problem of it."""
    before, roadmap = opened(folder)
    problems, answers, learner = Problems(), request.answers, before.profile
    past = "it says what past sessions were that nobody marked"
    gone = "it says what becomes of blocks that are not in that calendar"
    for flag, word, other, hint in (
        ("--assume", request.assume, "done", past),
        ("--deleted", request.deleted, "keep", gone),
    ):
        if word not in (None, "missed", other):
            problems.refuse(flag, f"expected missed or {other}, got {quoted(word)}", hint)
    if answers.start is not None and not request.restart:
        problems.refuse("--start", "a plan keeps its start", "say --restart as well to begin again")
    day = problems.of(_stands, request, before, around) or before.plan.as_of
    occasion, week = Occasion(as_of=day, begins=request.restart), default_week()
    reading = with_calendars(
        problems.of(remembered, answers, learner, occasion, roadmap=roadmap, default_week=week),
        partial(calendars_alone, answers, None, day),
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
    if request.restart:
        here = replace(here, day=reading.profile.start)
    return _Case(request, folder, around.now, here, reading, noticed, ledger)


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


def _word(case: _Case, asking: Asking) -> Word:
    """The learner's word on past sessions that nobody marked, and on missing blocks."""
    here, noticed = case.here, case.noticed or Noticed()
    answered = {row.uid for row in (*noticed.done, *noticed.moved, *noticed.missed)}
    known = {s.id for block in here.plan.blocks if block.uid in answered for s in block.sessions}
    waiting = here.unmarked(here.day - timedelta(days=1))
    unsure = Unsure(
        sessions=tuple(session for session in waiting if session.id not in known),
        missing=noticed.put_back,
        profile=here.profile,
        roadmap=here.roadmap,
    )
    return asking.knows(unsure) if unsure.sessions or unsure.missing else Word()


def _told(case: _Case, word: Word) -> State:
    """The state with what the learner said as lines of the log, and with the calendar's ledger."""
    before, now = case.here.state, case.now.replace(microsecond=0)
    said = [session for session in before.plan.sessions if session.id in word.done]
    done = [(before.profile.day_of(session.start), session.id) for session in said]
    if case.noticed:
        done += [(row.on, id) for row in case.noticed.done for id in row.sessions]
    change = before.next_change
    lines = (Record(change=change, entered=now, on=on, kind="done", session=id) for on, id in done)
    return replace(before, log=(*before.log, *lines), ledger=case.ledger)


def _made(case: _Case, asking: Asking) -> Replanned | DoesNotFit:
    before, restart, answers = case.here.state, case.request.restart, case.request.answers
    if case.noticed and not case.noticed.replans:  # what was ticked is only written down
        if case.noticed.done:
            return _shown(case, before, _told(case, Word()), case.noticed, "")
        return _shown(case, before, before, case.noticed, None)
    word = Word() if restart else _word(case, asking)
    told, profile = _told(case, word), case.reading.profile
    old, noticed = told, case.noticed and case.noticed.knowing(word.deleted)
    if noticed:
        names = fresh_uids(told.plan, told.ledger, {row.uid for row in noticed.put_back}, {})
        old = renamed(told, names)
        profile = renamed(replace(told, profile=learner(profile, noticed)), names).profile
    plan = _plan(case, old, profile)
    if isinstance(plan, DoesNotFit):
        return plan
    if profile.pins:
        from pe_plan.planning.settling import holding

        profile = replace(profile, pins=holding(profile, plan))
    if profile == before.profile and alike(before.plan, plan) and not restart:
        return _shown(case, old, told, noticed, None)
    said = counted(noticed.numbers, "block") if noticed else []
    if profile.busy != before.profile.busy and answers == Answers():
        said.append("your other calendars changed")
    why = reason(answers, before.plan, plan, begins=restart, said=said)
    return _shown(case, old, replace(told, profile=profile, plan=plan), noticed, why)


def _plan(case: _Case, state: State, profile: Profile) -> Plan | DoesNotFit:
    """What the plan of the state becomes for the learner as they are now."""
    old, revision = state.plan, state.plan.revision + 1
    roadmap, as_of = case.here.roadmap, case.here.day
    retired = {entry.uid for entry in state.ledger if entry.removed or not case.request.restart}

    def uid(start: datetime) -> str:
        return block_uid(old.id, start, retired)

    if case.request.restart:
        from pe_plan.planning.pipeline import generate

        return generate(roadmap, profile, plan_id=old.id, as_of=as_of, revision=revision, uid=uid)
    from pe_plan.planning.replan import replan as planned

    # A block that moved away keeps its uid, so that its old start has to find another.
    retired |= {block.uid for block in old.blocks}
    told = progress(old, state.log, state.accepted)
    return planned(
        roadmap, profile, state.profile, old, told, as_of=as_of, revision=revision, uid=uid
    )


def _shown(
    case: _Case, old: State, now: State, noticed: Noticed | None, why: str | None
) -> Replanned:
    """What changes from the `old` plan to the one of `now`, and why; None where nothing does."""
    here, folder = case.here, case.folder
    found = changes(old, now, datetime.combine(here.day, time(), now.profile.zone))
    change = replace(
        found,
        outcome="unchanged" if why is None else "shown",
        plan=replace(found.plan, as_of=here.day),
        reason=why or "",
        done=tuple(line.session or "" for line in now.log[len(here.state.log) :]),
        notes=case.reading.notes,
        noticed=noticed or UNSET,
    )
    return Replanned(json=change, state=now, roadmap=here.roadmap, before=here.state, folder=folder)
