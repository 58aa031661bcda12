"""The re-plan: what happened, what changed, the plan from now on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app import heard
from pe_plan.app.files import opened
from pe_plan.app.reasons import accepted_line, reason
from pe_plan.app.wanted import Wanted, taken_up
from pe_plan.app.writing import Written, note, write
from pe_plan.calendars.ledger import block_uid, publish
from pe_plan.inputs.answers import Answers, Reading
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
from pe_plan.tracking.changes import Changes, alike, changes
from pe_plan.tracking.progress import progress, up_to

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances
    from pe_plan.app.wanted import Listen
    from pe_plan.tracking.noticing import Noticed

Outcome = Literal["unchanged", "shown", "declined", "written"]


class Unsure(Struct, frozen=True, kw_only=True):
    """What only the learner knows: what past `sessions` were of which nobody said it, and what
    became of the blocks that are `missing` in their calendar."""

    sessions: tuple[Session, ...]
    missing: tuple[Block, ...]
    profile: Profile
    roadmap: Roadmap


class Word(Struct, frozen=True, kw_only=True):
    """The answer: the sessions that were done (the others were missed), and the blocks that were
    `deleted` (the others are put back)."""

    done: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()


class Asking(Protocol):
    """Who answers what only the learner knows."""

    def knows(self, unsure: Unsure) -> Word:
        """What they say of it, by ids of sessions and uids of blocks."""

    def agrees(self, made: Replanned) -> bool:
        """Whether the change is to be written."""


class Replanned(Struct, frozen=True, kw_only=True):
    """A re-plan as of a day: the states before and after, how the profile came about, what
    changes and why, the sessions just said to be done, and what became of it all. `noticed` is
    what the learner said otherwise than by flags, if they did, and `deleted` the missing blocks
    that they deleted."""

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
    noticed: Noticed | None = None
    deleted: frozenset[str] = frozenset()

    def is_ahead(self, block: Block) -> bool:
        """Whether the block is of that day or later."""
        return self.state.profile.day_of(block.start) >= self.as_of


def replan(
    wanted: Wanted,
    folder: Path,
    around: Circumstances,
    asking: Asking,
    listen: Listen | None = None,
) -> Replanned | DoesNotFit:
    """Plan again from what happened and what has changed, and write it if that is agreed.

    `listen` finds out, for a state and a day, what the learner said otherwise than by flags; where
    that is nothing, or ticks alone, nothing is planned. The folder is locked meanwhile, questions
    included, so that what was shown is what is written. Raises PePlanError with every problem of
    what was typed.
    """
    with nullcontext() if wanted.dry_run else store.locked(folder):
        before, roadmap = opened(folder)
        as_of, reading, noticed = taken_up(wanted, before, roadmap, around, listen)
        case = _Case(
            wanted=wanted,
            folder=folder,
            around=around,
            before=before,
            roadmap=roadmap,
            as_of=as_of,
            reading=reading,
            noticed=noticed,
        )
        if noticed is not None and not noticed.replans:
            return _ticked(case, noticed, asking)
        word = Word() if wanted.restart else _word(case, asking)
        made = _made(case, word)
        if isinstance(made, DoesNotFit):
            return made
        if made.outcome == "unchanged":
            return _noted(case, made)
        if wanted.dry_run:
            return made
        if not asking.agrees(made):
            return replace(made, outcome="declined")
        return _accepted(case, made)


class _Case(Struct, frozen=True, kw_only=True):
    """What a re-plan starts from."""

    wanted: Wanted
    folder: Path
    around: Circumstances
    before: State
    roadmap: Roadmap
    as_of: date
    reading: Reading
    noticed: Noticed | None


# ── What happened ─────────────────────────────────────────────────────────────────────────────


def _word(case: _Case, asking: Asking) -> Word:
    """The learner's word on past sessions that nobody marked, and on missing blocks."""
    state, noticed = case.before, case.noticed
    profile, eve = state.profile, case.as_of - timedelta(days=1)
    known = heard.answered(noticed) if noticed else ()
    waiting = up_to(eve, state.plan, _progress(state), profile.day_of)
    unsure = Unsure(
        sessions=tuple(session for session in waiting if session.id not in known),
        missing=noticed.missing if noticed else (),
        profile=profile,
        roadmap=case.roadmap,
    )
    return asking.knows(unsure) if unsure.sessions or unsure.missing else Word()


def _told(case: _Case, word: Word) -> State:
    """The state with what the learner said as lines of the log, and with a ledger that knows how
    far their calendar has counted."""
    before, noticed, now = case.before, case.noticed, case.around.now.replace(microsecond=0)
    said = [session for session in before.plan.sessions if session.id in word.done]
    done = [(before.profile.day_of(session.start), session) for session in said]
    if noticed:
        done += heard.ticked(noticed)
        before = heard.raised(before, noticed)
    change = before.next_change
    lines = (
        Record(change=change, entered=now, on=on, kind="done", session=session.id)
        for on, session in done
    )
    return replace(before, log=(*before.log, *lines))


# ── The plan from now on ──────────────────────────────────────────────────────────────────────


def _made(case: _Case, word: Word) -> Replanned | DoesNotFit:
    """The change, not yet written."""
    told, profile, noticed = _told(case, word), case.reading.profile, case.noticed
    base = told
    if noticed:
        put_back = {block.uid for block in noticed.missing} - word.deleted
        names = heard.fresh_names(told, put_back)
        base = heard.under(names, told)
        profile = heard.renamed(heard.learner(profile, noticed, word.deleted), names)
    plan = _planned(case, base, profile)
    if isinstance(plan, DoesNotFit):
        return plan
    if profile.pins:
        from pe_plan.planning.settling import holding

        profile = replace(profile, pins=holding(profile, plan))
    before = case.before
    same = profile == before.profile and alike(before.plan, plan) and not case.wanted.restart
    made = _shown(case, told if same else replace(told, profile=profile, plan=plan), base.plan)
    return replace(
        made,
        reason="" if same else _reason(case, made, word),
        outcome="unchanged" if same else "shown",
        deleted=word.deleted,
    )


def _planned(case: _Case, state: State, profile: Profile) -> Plan | DoesNotFit:
    """What the plan of the state becomes for the learner as they are now."""
    old, revision = state.plan, state.plan.revision + 1
    if case.wanted.restart:
        from pe_plan.planning.pipeline import generate

        return generate(
            case.roadmap,
            profile,
            plan_id=old.id,
            as_of=case.as_of,
            revision=revision,
            uid=_naming(old.id, [entry.uid for entry in state.ledger if entry.removed]),
        )
    from pe_plan.planning.replan import replan as planned

    # A block that moved away keeps its uid, so that its old start has to find another.
    used = [entry.uid for entry in state.ledger] + [block.uid for block in old.blocks]
    return planned(
        case.roadmap,
        profile,
        state.profile,
        old,
        _progress(state),
        as_of=case.as_of,
        revision=revision,
        uid=_naming(old.id, used),
    )


def _naming(plan_id: str, used: Sequence[str]) -> Callable[[datetime], str]:
    retired = frozenset(used)
    return lambda start: block_uid(plan_id, start, retired)


def _progress(state: State) -> Progress:
    return progress(state.plan, state.log, state.accepted)


def _shown(case: _Case, state: State, old: Plan) -> Replanned:
    """The change from the `old` plan to the one of the state, to look at."""
    before = case.before
    since = datetime.combine(case.as_of, time(), state.profile.zone).astimezone(UTC)
    return Replanned(
        as_of=case.as_of,
        before=before,
        state=state,
        roadmap=case.roadmap,
        reading=case.reading,
        changes=changes(old, state.plan, since),
        reason="",
        done=tuple(line.session or "" for line in state.log[len(before.log) :]),
        folder=case.folder,
        outcome="shown",
        noticed=case.noticed,
    )


def _reason(case: _Case, made: Replanned, word: Word) -> str:
    answers, before, now = case.wanted.answers, case.before, made.state
    said = [heard.why(case.noticed, word.deleted)] if case.noticed else []
    if now.profile.busy != before.profile.busy and answers == Answers():
        said.append("your other calendars changed")
    begins = case.wanted.restart
    return reason(answers, before.plan, now.plan, begins=begins, said=", ".join(filter(None, said)))


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def _ticked(case: _Case, noticed: Noticed, asking: Asking) -> Replanned:
    """Nothing to plan: what was ticked, if anything, is written down as `done` does it."""
    if noticed.says_nothing:
        return replace(_shown(case, case.before, case.before.plan), outcome="unchanged")
    made = _shown(case, _told(case, Word()), case.before.plan)
    if case.wanted.dry_run:
        return made
    if not asking.agrees(made):
        return replace(made, outcome="declined")
    store.save(case.folder, made.state)
    return replace(made, outcome="written", written=Written(files=(store.STATE,)))


def _noted(case: _Case, made: Replanned) -> Replanned:
    """Nothing to plan anew; what the learner said is kept and ticked all the same."""
    if not case.wanted.dry_run:
        note(made.folder, made.state, made.roadmap, before=made.before)
    return made


def _accepted(case: _Case, made: Replanned) -> Replanned:
    """The change, published and written."""
    from pe_plan.calendars.events import events

    plan, told, now = made.state.plan, made.state, case.around.now
    shown = events(plan, made.roadmap, made.state.profile)
    line = accepted_line(
        plan,
        change=made.before.next_change,
        now=now,
        begins=case.wanted.restart,
        changed=made.changes,
        reason=made.reason,
    )
    ledger = publish(shown, told.ledger, now)
    state = replace(told, ledger=ledger, accepted=(*told.accepted, line))
    written = write(
        made.folder,
        state,
        made.roadmap,
        shown=shown,
        # What the calendar has counted further, and nothing else, is no change to import.
        before=replace(made.before, ledger=told.ledger),
        wanted=("md", "ics"),
        changes=True,
    )
    return replace(made, state=state, outcome="written", written=written)
