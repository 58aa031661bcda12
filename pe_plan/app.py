"""One short function per command: read, compute, write.

The clock, the zone of the machine and fresh ids come in as `Circumstances`; nothing below reads
them. Libraries that cost time are imported where they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pe_plan import store
from pe_plan.errors import Exit, PePlanError, Problem, nearest
from pe_plan.inputs.profile import Answers, Reading, read_profile
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.inputs.week import read_default_week
from pe_plan.model import DoesNotFit, Entry, Profile, Roadmap, State

if TYPE_CHECKING:
    from pe_plan.calendars.ledger import Event

FORMATS = ("md", "ics", "json")
ROADMAP = "meta-production-engineer.toml"
DEFAULT_WEEK = "default-week.toml"
_REMOVED = "plan-removed.ics"
_LARGEST = 2_000_000  # bytes of a roadmap or profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the outside world says: the instant (UTC), the machine's zone if known, a fresh id for
    a plan that needs one."""

    now: datetime
    zone: str | None
    fresh_id: str

    def today(self) -> date:
        """The date on the machine's wall clock."""
        from zoneinfo import ZoneInfo

        return self.now.astimezone(ZoneInfo(self.zone) if self.zone else None).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What `generate` made: the state, how its profile came about, the folder and the files
    written to it (none on a dry run), the profile of the plan before, the name under which an
    edited plan.md was kept, and the events that left the calendar."""

    state: State
    roadmap: Roadmap
    reading: Reading
    folder: Path
    files: tuple[str, ...]
    before: Profile | None = None
    kept: tuple[str, ...] = ()
    removed: tuple[Entry, ...] = ()


def generate(
    answers: Answers,
    *,
    folder: Path,
    roadmap_file: Path | None,
    profile_file: Path | None,
    formats: str,
    force: bool,
    dry_run: bool,
    around: Circumstances,
) -> Generated | DoesNotFit:
    """Make the plan and write it to `folder`; over a plan that is there only with `force`.

    Raises PePlanError with every problem of the flags, the profile file and the roadmap.
    """
    finder = _Problems()
    wanted = finder.of(lambda: _formats(formats))
    text = finder.of(lambda: _content(roadmap_file) if roadmap_file else bundled(ROADMAP))
    name = str(roadmap_file or ROADMAP)
    roadmap = None if text is None else finder.of(lambda: read_roadmap(text, name))
    week = read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)
    file = finder.of(lambda: _named(profile_file))
    reading = finder.of(
        lambda: read_profile(
            answers,
            file=file,
            roadmap=roadmap,
            default_week=week,
            today=around.today(),
            found_zone=around.zone,
        )
    )
    if finder.found or not (wanted and text and roadmap and reading):
        raise PePlanError(Exit.BAD_INPUT, finder.found)
    before = store.read(folder)
    if before and not (force or dry_run):
        raise PePlanError(Exit.OUTPUT, [_occupied(folder)])
    planned = _planned(text, roadmap, reading, before, around)
    if isinstance(planned, DoesNotFit):
        return planned
    state, shown = planned
    made = Generated(
        state=state,
        roadmap=roadmap,
        reading=reading,
        folder=folder,
        files=(),
        before=before.profile if before else None,
    )
    return made if dry_run else _written(made, shown, before, wanted)


def export(folder: Path, kind: str, around: Circumstances) -> tuple[bytes, ...]:
    """The plan in the folder as one document, or the complete parts of one too large.

    Where pe-plan itself now words events differently, the ledger in the folder follows.
    """
    from pe_plan.calendars.events import events
    from pe_plan.calendars.ledger import publish

    (wanted,) = _formats(kind)
    state, roadmap = opened(folder)
    shown = events(state.plan, roadmap, state.profile)
    current = replace(state, ledger=publish(shown, state.ledger, around.now))
    if wanted == "ics" and current != state:
        store.write(folder, {store.PLAN: store.encode(current)})
    return tuple(_documents(current, roadmap, shown, [wanted]).values())


def opened(folder: Path) -> tuple[State, Roadmap]:
    """The state in the folder and its roadmap. Raises PePlanError where there is none."""
    state = store.read(folder)
    if state is None:
        hint = "make one with `pe-plan generate`, or name its folder with --plan"
        raise PePlanError(
            Exit.STATE, [Problem(where=str(folder), what="there is no plan here", hint=hint)]
        )
    return state, read_roadmap(state.roadmap.encode(), f"{folder / store.PLAN}: roadmap")


def roadmap(file: Path | None) -> Roadmap:
    """The roadmap in the file, or the one that comes with pe-plan, checked."""
    return read_roadmap(_content(file) if file else bundled(ROADMAP), str(file or ROADMAP))


def bundled(name: str) -> bytes:
    """A data file: beside the code in an installed package, beside the package in a checkout."""
    package = Path(__file__).parent
    beside = package / "data" / name
    return (beside if beside.exists() else package.parent / "data" / name).read_bytes()


# ── Reading ───────────────────────────────────────────────────────────────────────────────────


class _Problems:
    """Collects the problems of steps that do not depend on each other."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def of(self, step: Callable[[], T]) -> T | None:
        """The step's value, or None and its problems noted."""
        try:
            return step()
        except PePlanError as error:
            self.found += error.problems
            return None


def _formats(text: str) -> tuple[str, ...]:
    """The names in a list such as "md, ics", each once."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    problems = [
        Problem(where="--format", what=f"unknown format {name!r:.40}", hint=nearest(name, FORMATS))
        for name in names
        if name not in FORMATS
    ]
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    return names


def _named(path: Path | None) -> tuple[str, bytes] | None:
    return (str(path), _content(path)) if path else None


def _content(path: Path) -> bytes:
    """The bytes of a roadmap or a profile; never more than a few, never a wait on a pipe."""
    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise PePlanError(Exit.BAD_INPUT, [Problem(where=str(path), what=what)])
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        what = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where=repr(str(path)), what=what)]) from None
    if len(raw) > _LARGEST:
        problem = Problem(where=str(path), what=f"is larger than {_LARGEST // 1_000_000} MB")
        raise PePlanError(Exit.BAD_INPUT, [problem])
    return raw


# ── Computing ─────────────────────────────────────────────────────────────────────────────────


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


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def _written(
    made: Generated, shown: Sequence[Event], before: State | None, wanted: Sequence[str]
) -> Generated:
    from pe_plan.calendars.ledger import vanished

    # What is there already is brought up to date, too: no document may tell of an earlier plan.
    there = [kind for kind in FORMATS if (made.folder / f"plan.{kind}").exists()]
    files = {store.PLAN: store.encode(made.state)}
    files |= _documents(made.state, made.roadmap, shown, dict.fromkeys((*wanted, *there)))
    # All that ever left stays in this file: who skipped an import still has the older events.
    if gone := [entry for entry in made.state.ledger if entry.removed]:
        from pe_plan.calendars.ics import removed_ics

        files[_REMOVED] = removed_ics(gone, name=made.roadmap.title)
    kept = _edited(made.folder, before, files)
    stale = {path.name for path in made.folder.glob("plan-[0-9]*.ics")} - set(files)
    store.write(made.folder, files | kept, keep_old=before is not None, stale=stale)
    removed = vanished(before.ledger if before else (), made.state.ledger)
    return replace(made, files=tuple(files), kept=tuple(kept), removed=removed)


def _documents(
    state: State, roadmap: Roadmap, shown: Sequence[Event], wanted: Collection[str]
) -> dict[str, bytes]:
    """File name -> content of each format; a calendar too large comes in complete parts."""
    from pe_plan.documents import FORMATS as TEXTS

    files = {
        f"plan.{kind}": TEXTS[kind](state, roadmap).encode() for kind in wanted if kind in TEXTS
    }
    if "ics" in wanted:
        from pe_plan.calendars.ics import to_ics

        for n, part in enumerate(to_ics(shown, state.ledger, name=roadmap.title), 1):
            files["plan.ics" if n == 1 else f"plan-{n}.ics"] = part
    return files


def _edited(folder: Path, before: State | None, files: Collection[str]) -> dict[str, bytes]:
    """The plan.md that is about to be replaced, under a free name, unless it is as it was written:
    ticks and notes are records, too."""
    from pe_plan.documents import FORMATS as TEXTS

    page = folder / "plan.md"
    if page.name not in files or not page.is_file():
        return {}
    old = page.read_bytes()
    if before:
        known = read_roadmap(before.roadmap.encode(), str(folder / store.PLAN))
        if old == TEXTS["md"](before, known).encode():
            return {}
    free = next(name for n in count(1) if not (folder / (name := f"plan.md.{n}")).exists())
    return {free: old}


def _occupied(folder: Path) -> Problem:
    return Problem(
        where=str(folder),
        what="a plan is here already",
        hint="plan it anew in place with --force, or start another with --plan FOLDER",
    )
