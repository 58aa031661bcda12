"""The re-plan: what happened, what changed, the plan from now on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import nullcontext
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal, Protocol

from msgspec import UNSET, Struct, field
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances, Outcome
from pe_plan.app.folder import Written, note, write
from pe_plan.app.generate import reason
from pe_plan.app.request import Case, Listen, Request, taken_up
from pe_plan.calendars.ledger import block_uid
from pe_plan.documents.words import counted
from pe_plan.inputs.answers import Answers
from pe_plan.model import DoesNotFit, Plan, Profile, Record, Roadmap, Session, State
from pe_plan.tracking.changes import Change, accepted, alike, changes
from pe_plan.tracking.placing import Row
from pe_plan.tracking.progress import progress, up_to
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
        if not only_told:
            return _accepted(case, made)
        store.save(made.folder, made.state)
        return _written(made, Written(files=(store.STATE,)))


# ── What happened ─────────────────────────────────────────────────────────────────────────────


def _word(case: Case, asking: Asking) -> Word:
    """The learner's word on past sessions that nobody marked, and on missing blocks."""
    state, noticed = case.before, case.noticed or Noticed()
    plan, day_of = state.plan, state.profile.day_of
    answered = {row.uid for row in (*noticed.done, *noticed.moved, *noticed.missed)}
    known = {s.id for block in plan.blocks if block.uid in answered for s in block.sessions}
    told = progress(plan, state.log, state.accepted)
    waiting = up_to(case.as_of - timedelta(days=1), plan, told, day_of)
    unsure = Unsure(
        sessions=tuple(session for session in waiting if session.id not in known),
        missing=noticed.put_back,
        profile=state.profile,
        roadmap=case.roadmap,
    )
    return asking.knows(unsure) if unsure.sessions or unsure.missing else Word()


def _told(case: Case, word: Word) -> State:
    """The state with what the learner said as lines of the log, and with the calendar's ledger."""
    before, now = case.before, case.now.replace(microsecond=0)
    said = [session for session in before.plan.sessions if session.id in word.done]
    done = [(before.profile.day_of(session.start), session.id) for session in said]
    if case.noticed:
        done += [(row.on, id) for row in case.noticed.done for id in row.sessions]
    lines = (
        Record(change=before.next_change, entered=now, on=on, kind="done", session=id)
        for on, id in done
    )
    return replace(before, log=(*before.log, *lines), ledger=case.ledger)


# ── The plan from now on ──────────────────────────────────────────────────────────────────────


def _planned_anew(case: Case, asking: Asking) -> Replanned | DoesNotFit:
    """The change, not yet written."""
    before, restart = case.before, case.request.restart
    word = Word() if restart else _word(case, asking)
    told, profile = _told(case, word), case.reading.profile
    old, noticed = told, case.noticed and case.noticed.knowing(word.deleted)
    if noticed:
        names = _fresh_names(told, {row.uid for row in noticed.put_back})
        blocks = tuple(replace(b, uid=names.get(b.uid, b.uid)) for b in told.plan.blocks)
        plan_before, pins_before = replace(told.plan, blocks=blocks), renamed(told.profile, names)
        old = replace(told, plan=plan_before, profile=pins_before)
        profile = renamed(learner(profile, noticed), names)
    plan = _plan(case, old, profile)
    if isinstance(plan, DoesNotFit):
        return plan
    if profile.pins:
        from pe_plan.planning.settling import holding

        profile = replace(profile, pins=holding(profile, plan))
    if profile == before.profile and alike(before.plan, plan) and not restart:
        return _shown(case, old, told, noticed, outcome="unchanged")
    now = replace(told, profile=profile, plan=plan)
    return _shown(case, old, now, noticed, why=_reason(case, now, noticed))


def _told_alone(case: Case) -> Replanned:
    """Nothing to plan: what was ticked, if anything, is only written down."""
    if case.noticed and case.noticed.done:
        return _shown(case, case.before, _told(case, Word()), case.noticed)
    return _shown(case, case.before, case.before, case.noticed, outcome="unchanged")


def _plan(case: Case, state: State, profile: Profile) -> Plan | DoesNotFit:
    """What the plan of the state becomes for the learner as they are now."""
    old, revision = state.plan, state.plan.revision + 1
    # A block that moved away keeps its uid, so that its old start has to find another.
    removed = {entry.uid for entry in state.ledger if entry.removed}
    retired = removed if case.request.restart else _used(state)
    if case.request.restart:
        from pe_plan.planning.pipeline import generate

        return generate(
            case.roadmap,
            profile,
            plan_id=old.id,
            as_of=case.as_of,
            revision=revision,
            uid=lambda start: block_uid(old.id, start, retired),
        )
    from pe_plan.planning.replan import replan as planned

    return planned(
        case.roadmap,
        profile,
        state.profile,
        old,
        progress(old, state.log, state.accepted),
        as_of=case.as_of,
        revision=revision,
        uid=lambda start: block_uid(old.id, start, retired),
    )


def _used(state: State) -> set[str]:
    """The uids that events have or had."""
    return {entry.uid for entry in state.ledger} | {block.uid for block in state.plan.blocks}


def _fresh_names(state: State, uids: Collection[str]) -> dict[str, str]:
    """Other uids for those blocks: a calendar refuses an event that was deleted."""
    used, names = _used(state), dict[str, str]()
    for block in state.plan.blocks:
        if block.uid in uids:
            names[block.uid] = block_uid(state.plan.id, block.start, used)
            used.add(names[block.uid])
    return names


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
    found = changes(old, now, datetime.combine(case.as_of, time(), now.profile.zone))
    change = replace(
        found,
        outcome=outcome,
        plan=replace(found.plan, as_of=case.as_of),
        reason=why,
        done=tuple(line.session or "" for line in now.log[len(case.before.log) :]),
        notes=case.reading.notes,
        noticed=noticed or UNSET,
    )
    return Replanned(
        json=change, state=now, roadmap=case.roadmap, before=case.before, folder=case.folder
    )


def _reason(case: Case, now: State, noticed: Noticed | None) -> str:
    answers, before = case.request.answers, case.before
    said = counted(noticed.numbers, "block") if noticed else []
    if now.profile.busy != before.profile.busy and answers == Answers():
        said.append("your other calendars changed")
    return reason(answers, before.plan, now.plan, begins=case.request.restart, said=said)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def _accepted(case: Case, made: Replanned) -> Replanned:
    """The change, published and written."""
    told, number = made.state, made.before.next_change
    line = accepted(told.plan, made.json, number=number, now=case.now, begins=case.request.restart)
    state, written = write(
        made.folder,
        replace(told, accepted=(*told.accepted, line)),
        made.roadmap,
        now=case.now,
        # What the calendar has counted further, and nothing else, is no change to import.
        before=replace(made.before, ledger=told.ledger),
    )
    return _written(replace(made, state=state), written)


def _written(made: Replanned, written: Written) -> Replanned:
    change = replace(made.json, outcome="written", files=written.files)
    return replace(made, json=change, written=written)
