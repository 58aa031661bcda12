"""A first plan, or one anew in its place."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.busy import with_calendars
from pe_plan.app.context import Circumstances, Problems
from pe_plan.app.folder import (
    DEFAULT_WEEK,
    FORMATS,
    ROADMAP,
    Written,
    bundled,
    content,
    occupied,
    state_or_none,
    write,
)
from pe_plan.documents.words import count
from pe_plan.errors import Exit, PePlanError, Problem, nearest, printable, quoted
from pe_plan.inputs.answers import Answers, Reading, calendars_alone, read_profile
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.inputs.week import read_default_week
from pe_plan.model import DoesNotFit, Plan, Profile, Roadmap, State
from pe_plan.tracking.changes import accepted, changes

_LONGEST = 200  # characters of a reason


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
    roadmap, reading, wanted = read(answers, places, formats, around)
    with nullcontext() if dry_run else store.locked(places.folder):
        before = state_or_none(places.folder)
        if not (force or dry_run) and (in_the_way := occupied(places.folder, before, wanted)):
            raise PePlanError(Exit.OUTPUT, [in_the_way])
        planned = _planned(roadmap, reading, before, around)
        if isinstance(planned, DoesNotFit):
            return planned
        state, written = _accepted(planned, before, answers, around.now), Written()
        if not dry_run:
            state, written = write(
                places.folder,
                state,
                roadmap,
                now=around.now,
                before=before,
                wanted=wanted,
                changes=False,
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
) -> tuple[Roadmap, Reading, tuple[str, ...]]:
    """The roadmap, the learner, and the formats to write. Raises PePlanError
    with every problem of them."""
    finder = Problems()
    wanted = finder.of(lambda: _formats(formats))
    text = finder.of(lambda: content(places.roadmap) if places.roadmap else bundled(ROADMAP))
    name = str(places.roadmap or ROADMAP)
    roadmap = None if text is None else finder.of(lambda: read_roadmap(text, name))
    week = read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)
    file = finder.of(lambda: (str(mine), content(mine))) if (mine := places.profile) else None
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
    alone = calendars_alone(answers, file, around.now.date())
    reading = with_calendars(reading, alone, finder, own=_own_uids(places.folder))
    if finder.found or not (wanted and roadmap and reading):
        raise PePlanError(Exit.BAD_INPUT, finder.found)
    return roadmap, reading, wanted


def _own_uids(folder: Path) -> Iterator[str]:
    """The uids of the events of a plan that is in the folder, found out when they are asked for; a
    plan that is damaged is told of later."""
    with suppress(PePlanError):
        before = state_or_none(folder)
        yield from (entry.uid for entry in before.ledger) if before else ()


def _planned(
    roadmap: Roadmap, reading: Reading, before: State | None, around: Circumstances
) -> State | DoesNotFit:
    """The new state, not yet published; an earlier plan in the folder lends its id, its calendar
    ledger and its log, of which nothing counts for the new one."""
    from pe_plan.calendars.ledger import block_uid
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
    return State(
        profile=reading.profile,
        plan=plan,
        ledger=ledger,
        roadmap=store.kept_roadmap(roadmap).hash,
        log=before.log if before else (),
        accepted=before.accepted if before else (),
    )


def _accepted(state: State, before: State | None, answers: Answers, now: datetime) -> State:
    """The state with its plan as the last that was accepted."""
    change, number = None, 1
    if before:
        why = reason(answers, before.plan, state.plan, begins=True)
        change, number = replace(changes(before, state), reason=why), before.next_change
    line = accepted(state.plan, change, number=number, now=now, begins=True)
    return replace(state, accepted=(*state.accepted, line))


def reason(
    answers: Answers, before: Plan, after: Plan, *, begins: bool, said: Sequence[str] = ()
) -> str:
    """What was `said` otherwise than by flags, what was missed or done ahead, then what was typed:
    "1 block moved, missed 3 sessions, --hours 10"."""
    missed, missed_before = (
        sum(session.status == "missed" for session in plan.sessions) for plan in (after, before)
    )
    ahead = len(after.early) - len(before.early)
    words = ["begun again", *said] if begins else [*said]
    if missed > missed_before and not begins:
        words.append(f"missed {count(missed - missed_before, 'session')}")
    if ahead > 0 and not begins:
        words.append(f"{count(ahead, 'session')} ahead")
    return printable(", ".join([*words, *_typed(answers)]) or "what was done", _LONGEST)


def _typed(answers: Answers) -> Iterator[str]:
    """The flags as they can be typed again."""
    for name in Answers.__struct_fields__:
        value, flag = getattr(answers, name), name.replace("_", "-")
        if value is False and not name.startswith("no_"):
            flag, value = f"no-{flag}", True
        if value is True:
            yield f"--{flag}"
        elif value:
            for each in (value,) if isinstance(value, str) else value:
                yield f"--{flag} {shlex.quote(each)}"


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
