"""The re-plan: what happened, what changed, the plan from now on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal, Protocol

from msgspec import UNSET, Struct, field
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances, Outcome
from pe_plan.app.folder import Written, fresh_uids, note, write
from pe_plan.app.generate import reason
from pe_plan.app.request import Case, Listen, Request, taken_up
from pe_plan.calendars.ledger import block_uid
from pe_plan.documents.words import counted
from pe_plan.inputs.answers import Answers
from pe_plan.model import DoesNotFit, Plan, Profile, Record, Roadmap, Session, State
from pe_plan.tracking.changes import Change, accepted, alike, changes
from pe_plan.tracking.placing import Row
from pe_plan.tracking.progress import progress
from pe_plan.tracking.readback import Noticed, learner, renamed


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


Command = Callable[[Request, Path, Circumstances, Asking], Replanned | DoesNotFit]


def replan(
    request: Request,
    folder: Path,
    around: Circumstances,
    asking: Asking,
    listen: Listen | None = None,
) -> Replanned | DoesNotFit:
    """Plan again from what happened and what has changed, and write it if that is agreed.

    `listen` finds out what the learner said otherwise than by flags; where that is nothing, or
    ticks alone, nothing is planned. The folder is locked meanwhile, questions included, so that
    what was shown is what is written. Raises PePlanError with every problem of what was typed.
    """
    with nullcontext() if request.dry_run else store.locked(folder):
        case = taken_up(request, folder, around, listen)
        only_told = case.noticed is not None and not case.noticed.replans
        made = _told_alone(case) if only_told else _planned_anew(case, asking)
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
            state, written = _accepted(case, made)
        change = replace(made.json, outcome="written", files=written.files)
        return replace(made, json=change, state=state, written=written)


# ── What happened ─────────────────────────────────────────────────────────────────────────────


def _word(case: Case, asking: Asking) -> Word:
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


def _told(case: Case, word: Word) -> State:
    """The state with what the learner said as lines of the log, and with the calendar's ledger."""
    before, now = case.here.state, case.now.replace(microsecond=0)
    said = [session for session in before.plan.sessions if session.id in word.done]
    done = [(before.profile.day_of(session.start), session.id) for session in said]
    if case.noticed:
        done += [(row.on, id) for row in case.noticed.done for id in row.sessions]
    change = before.next_change
    lines = (Record(change=change, entered=now, on=on, kind="done", session=id) for on, id in done)
    return replace(before, log=(*before.log, *lines), ledger=case.ledger)


def _told_alone(case: Case) -> Replanned:
    """Nothing to plan: what was ticked, if anything, is only written down."""
    before = case.here.state
    if case.noticed and case.noticed.done:
        return _shown(case, before, _told(case, Word()), case.noticed)
    return _shown(case, before, before, case.noticed, outcome="unchanged")


# ── The plan from now on ──────────────────────────────────────────────────────────────────────


def _planned_anew(case: Case, asking: Asking) -> Replanned | DoesNotFit:
    """The change, not yet written."""
    before, restart, answers = case.here.state, case.request.restart, case.request.answers
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
        return _shown(case, old, told, noticed, outcome="unchanged")
    said = counted(noticed.numbers, "block") if noticed else []
    if profile.busy != before.profile.busy and answers == Answers():
        said.append("your other calendars changed")
    why = reason(answers, before.plan, plan, begins=restart, said=said)
    return _shown(case, old, replace(told, profile=profile, plan=plan), noticed, why=why)


def _plan(case: Case, state: State, profile: Profile) -> Plan | DoesNotFit:
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
    case: Case,
    old: State,
    now: State,
    noticed: Noticed | None,
    *,
    outcome: Literal["unchanged", "shown"] = "shown",
    why: str = "",
) -> Replanned:
    """What changes from the `old` plan to the one of `now`."""
    here, folder = case.here, case.folder
    found = changes(old, now, datetime.combine(here.day, time(), now.profile.zone))
    change = replace(
        found,
        outcome=outcome,
        plan=replace(found.plan, as_of=here.day),
        reason=why,
        done=tuple(line.session or "" for line in now.log[len(here.state.log) :]),
        notes=case.reading.notes,
        noticed=noticed or UNSET,
    )
    return Replanned(json=change, state=now, roadmap=here.roadmap, before=here.state, folder=folder)


def _accepted(case: Case, made: Replanned) -> tuple[State, Written]:
    """The change, published and written."""
    told, number, begins = made.state, made.before.next_change, case.request.restart
    line = accepted(told.plan, made.json, number=number, now=case.now, begins=begins)
    # What the calendar has counted further, and nothing else, is no change to import.
    before = replace(made.before, ledger=told.ledger)
    state = replace(told, accepted=(*told.accepted, line))
    return write(case.folder, state, made.roadmap, case.now, before)
