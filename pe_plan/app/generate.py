"""A first plan, or one anew in its place."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app import folder as files
from pe_plan.app.context import Circumstances
from pe_plan.documents.words import count
from pe_plan.errors import Exit, PePlanError, Problems, nearest, printable, quoted
from pe_plan.inputs.answers import Answers, Reading, calendars_alone, read_profile
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
    written: files.Written


def generate(
    answers: Answers,
    places: Places,
    *,
    formats: str,
    force: bool,
    dry_run: bool,
    around: Circumstances,
) -> Generated | DoesNotFit:
    """Make the plan and write it to its folder; over what is there only with `force`. Raises
    PePlanError with every problem of the flags, the profile file and the roadmap."""
    roadmap, reading, wanted = read(answers, places, formats, around)
    folder, now = places.folder, around.now
    with nullcontext() if dry_run else store.locked(folder):
        before = store.read(folder)
        if not (force or dry_run):
            files.keep_clear(folder, before, wanted)
        state = _planned(roadmap, reading, before, around)
        if isinstance(state, DoesNotFit):
            return state
        change, written = None, files.Written()
        if before:
            why = reason(answers, before.plan, state.plan, begins=True)
            change = replace(changes(before, state), reason=why)
        state = accepted(state, change, number=state.next_change, now=now, begins=True)
        if not dry_run:
            state, written = files.write(
                folder, state, roadmap, now, before, wanted=wanted, changes=False
            )
    past = before.profile if before else None
    return Generated(
        state=state, roadmap=roadmap, reading=reading, before=past, folder=folder, written=written
    )


def read(
    answers: Answers, places: Places, formats: str, around: Circumstances
) -> tuple[Roadmap, Reading, tuple[str, ...]]:
    """The roadmap, the learner, and the formats to write; or every problem of them."""
    problems = Problems()
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",")))
    for name in wanted:
        if name not in files.FORMATS:
            hint = nearest(name, files.FORMATS)
            problems.refuse("--format", f"unknown format {quoted(name)}", hint)
    roadmap = problems.of(files.roadmap, places.roadmap)
    raw = problems.of(files.content, places.profile) if places.profile else None
    file = None if raw is None else (str(places.profile), raw)
    reading = problems.of(
        read_profile,
        answers,
        file=file,
        roadmap=roadmap,
        default_week=files.default_week(),
        now=around.now,
        found_zone=around.zone,
    )
    alone = partial(calendars_alone, answers, file, around.now.date())
    reading = with_calendars(reading, alone, problems, own=_own(places.folder))
    if problems.found or not (roadmap and reading):
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    return roadmap, reading, wanted


def with_calendars(
    reading: Reading | None,
    alone: Callable[[], Profile],
    problems: Problems,
    *,
    own: Iterable[str],
    before: Profile | None = None,
    from_day: date | None = None,
) -> Reading | None:
    """The reading with what takes time in the learner's other calendars from that day on, else from
    their start. Without a reading, what is wrong with the calendars of `alone` is found all the
    same. `own` are the uids of the plan's own events, `before` is the learner of before."""
    learner = reading.profile if reading else alone()
    if not learner.calendars:
        return reading
    from pe_plan.app.busy import busy_now

    busy = problems.of(busy_now, learner, before, own, from_day or learner.start)
    if not (reading and busy):
        return None
    profile, notes = busy
    return replace(reading, profile=profile, notes=reading.notes + notes)


def _own(folder: Path) -> Iterator[str]:
    """The uids of the plan that is there, when they are asked for; damage is told of later."""
    if before := Problems().of(store.read, folder):
        yield from (entry.uid for entry in before.ledger)


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


def reason(
    answers: Answers, before: Plan, after: Plan, *, begins: bool, said: Sequence[str] = ()
) -> str:
    """What was `said` otherwise than by flags, what was missed or done ahead, then what was typed:
    "1 block moved, missed 3 sessions, --hours 10"."""
    words = ["begun again", *said] if begins else [*said]
    if not begins:
        was, now = (sum(s.status == "missed" for s in p.sessions) for p in (before, after))
        if now > was:
            words.append(f"missed {count(now - was, 'session')}")
        if (ahead := len(after.early) - len(before.early)) > 0:
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
