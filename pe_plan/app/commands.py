"""One short function per command: read, compute, write.

The clock, the zone of the machine and fresh ids come in as `Circumstances`; nothing below reads
them. Libraries that cost time are imported where they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.around import Circumstances
from pe_plan.app.files import DEFAULT_WEEK, ROADMAP, bundled, content
from pe_plan.app.problems import Problems
from pe_plan.app.writing import FORMATS, Written, occupied, write
from pe_plan.errors import Exit, PePlanError, Problem, nearest, quoted
from pe_plan.inputs.profile import Answers, Reading, calendars_alone, read_profile
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.inputs.week import read_default_week
from pe_plan.model import DoesNotFit, Profile, Roadmap, State

if TYPE_CHECKING:
    from pe_plan.calendars.ledger import Event


class Places(Struct, frozen=True, kw_only=True):
    """The plan's folder, and the files to read if they are not the bundled ones."""

    folder: Path
    roadmap: Path | None = None
    profile: Path | None = None


class Generated(Struct, frozen=True, kw_only=True):
    """What `generate` made: the state, how its profile came about, the profile of the plan
    before, the folder and what was written to it (nothing on a dry run)."""

    state: State
    roadmap: Roadmap
    reading: Reading
    folder: Path
    before: Profile | None
    written: Written


def generate(
    answers: Answers,
    places: Places,
    *,
    formats: str,
    force: bool,
    dry_run: bool,
    around: Circumstances,
) -> Generated | DoesNotFit:
    """Make the plan and write it to its folder; over what is there only with `force`.

    Raises PePlanError with every problem of the flags, the profile file and the roadmap.
    """
    text, roadmap, reading, wanted = read(answers, places, formats, around)
    with nullcontext() if dry_run else store.locked(places.folder):
        before = store.read(places.folder)
        if not (force or dry_run) and (in_the_way := occupied(places.folder, before, wanted)):
            raise PePlanError(Exit.OUTPUT, [in_the_way])
        planned = _planned(text, roadmap, reading, before, around)
        if isinstance(planned, DoesNotFit):
            return planned
        state, shown = planned
        kept = store.free_backup(places.folder, before.accepted) if before else None
        state = _accepted(state, before, answers, around.now, kept)
        written = Written()
        if not dry_run:
            written = write(
                places.folder,
                state,
                roadmap,
                shown=shown,
                before=before,
                wanted=wanted,
                keep_as=kept,
            )
    return Generated(
        state=state,
        roadmap=roadmap,
        reading=reading,
        before=before.profile if before else None,
        folder=places.folder,
        written=written,
    )


def read(
    answers: Answers, places: Places, formats: str, around: Circumstances
) -> tuple[bytes, Roadmap, Reading, tuple[str, ...]]:
    """The roadmap as text and as values, the learner, and the formats to write. Raises PePlanError
    with every problem of them."""
    from pe_plan.app.busy import busy_now

    finder = Problems()
    wanted = finder.of(lambda: _formats(formats))
    text = finder.of(lambda: content(places.roadmap) if places.roadmap else bundled(ROADMAP))
    name = str(places.roadmap or ROADMAP)
    roadmap = None if text is None else finder.of(lambda: read_roadmap(text, name))
    week = read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)
    file = finder.of(lambda: _named(places.profile))
    reading = finder.of(
        lambda: read_profile(
            answers,
            file=file,
            roadmap=roadmap,
            default_week=week,
            now=around.now,
            found_zone=around.zone,
        )
    )
    known = reading.profile if reading else calendars_alone(answers, file, around.now.date())
    busy = finder.of(lambda: busy_now(known, None, _own_uids(places.folder), known.start))
    if finder.found or not (wanted and text and roadmap and reading and busy):
        raise PePlanError(Exit.BAD_INPUT, finder.found)
    profile, notes = busy
    return text, roadmap, replace(reading, profile=profile, notes=reading.notes + notes), wanted


def _own_uids(folder: Path) -> Iterator[str]:
    """The uids of the events of a plan that is in the folder; one that is damaged is told of
    later."""
    with suppress(PePlanError):
        before = store.read(folder)
        yield from (entry.uid for entry in before.ledger) if before else ()


def _planned(
    text: bytes, roadmap: Roadmap, reading: Reading, before: State | None, around: Circumstances
) -> tuple[State, tuple[Event, ...]] | DoesNotFit:
    """The new state and its calendar's events; an earlier plan in the folder lends its id and its
    calendar ledger."""
    from pe_plan.calendars.events import events
    from pe_plan.calendars.ledger import block_uid, publish
    from pe_plan.planning.pipeline import generate as planned

    ledger = before.ledger if before else ()
    plan_id = before.plan.id if before else around.fresh_id
    retired = frozenset(entry.uid for entry in ledger if entry.removed)
    plan = planned(
        roadmap,
        reading.profile,
        plan_id=plan_id,
        as_of=reading.profile.start,
        revision=before.plan.revision + 1 if before else 0,
        uid=lambda start: block_uid(plan_id, start, retired),
    )
    if isinstance(plan, DoesNotFit):
        return plan
    shown = events(plan, roadmap, reading.profile)
    state = State(
        profile=reading.profile,
        plan=plan,
        ledger=publish(shown, ledger, around.now),
        roadmap=text.decode(),
    )
    return state, shown


def _accepted(
    state: State, before: State | None, answers: Answers, now: datetime, kept: str | None
) -> State:
    """The state with its plan accepted: it begins anew, so that nothing logged for the plan before
    counts for it, but all of that is carried on. `kept` names the file of the state before."""
    from pe_plan.app.reasons import accepted_line, reason
    from pe_plan.tracking.changes import changes

    line = accepted_line(
        state.plan,
        change=before.next_change if before else 1,
        now=now,
        begins=True,
        kept=kept,
        changed=changes(before.plan, state.plan) if before else None,
        reason=reason(answers, before.plan, state.plan, begins=True) if before else "",
    )
    if before is None:
        return replace(state, accepted=(line,))
    return replace(state, log=before.log, accepted=(*before.accepted, line))


def _formats(text: str) -> tuple[str, ...]:
    """The names in a list such as "md, ics", each once."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    problems = [
        Problem(
            where="--format", what=f"unknown format {quoted(name)}", hint=nearest(name, FORMATS)
        )
        for name in names
        if name not in FORMATS
    ]
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    return names


def _named(path: Path | None) -> tuple[str, bytes] | None:
    return (str(path), content(path)) if path else None
