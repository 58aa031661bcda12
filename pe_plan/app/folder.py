"""The plan folder as commands see it: what they read, what they write, and what must not be lost
under it; and the files that come with pe-plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances, standing
from pe_plan.errors import Exit, Fault, PePlanError, refusal
from pe_plan.tracking.naming import strangers
from pe_plan.tracking.progress import Situation, marked, progress

if TYPE_CHECKING:
    from pe_plan.calendars.ledger import Event
    from pe_plan.inputs.week import DefaultWeek
    from pe_plan.model import Entry, Plan, Roadmap, State

ROADMAP = "meta-production-engineer.toml"
DEFAULT_WEEK = "default-week.toml"
FORMATS = ("md", "ics", "json")

_TICKED = b"  - [x] "  # a session in plan.md that is done
_OURS = re.compile(r"plan(-removed)?-\d+\.ics|plan-changes(-\d+)?\.ics")


def bundled(name: str) -> bytes:
    """A data file: beside the code in an installed package, beside the package in a checkout."""
    package = Path(__file__).parents[1]
    beside = package / "data" / name
    return (beside if beside.exists() else package.parent / "data" / name).read_bytes()


def content(path: Path) -> bytes:
    """The bytes of a roadmap or a profile; never more than a few, never a wait on a pipe."""
    from pe_plan.inputs.values import LARGEST

    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(LARGEST + 1)  # the reader refuses more
        where, what = str(path), "this is not a file" if path.exists() else "there is no such file"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        where, what = repr(str(path)), f"cannot be read ({why})"
    raise refusal(where, what)


def roadmap(file: Path | None) -> Roadmap:
    """The roadmap in the file, or the one that comes with pe-plan, checked."""
    from pe_plan.inputs.roadmap import read_roadmap

    return read_roadmap(content(file) if file else bundled(ROADMAP), str(file or ROADMAP))


def default_week() -> DefaultWeek:
    """The week of whoever does not say when they study."""
    from pe_plan.inputs.week import read_default_week

    return read_default_week(bundled(DEFAULT_WEEK), DEFAULT_WEEK)


def opened(folder: Path, *, checked: bool = True) -> tuple[State, Roadmap]:
    """The state in the folder and its roadmap. Raises PePlanError (Exit.STATE) where there is none,
    and, where it is `checked`, with all by which the plan is strange to its roadmap: who only looks
    or writes down what was done can go on without that."""
    state = store.read(folder)
    if state is None:
        hint = "make one with `pe-plan generate`, or name its folder with --plan"
        raise refusal(str(folder), "there is no plan here", hint, Exit.STATE)
    roadmap = store.read_roadmap(folder, state.roadmap, rules if checked else None)
    if checked:
        agree(state, roadmap, folder)
    return state, roadmap


def on_day(folder: Path, as_of: str | None, around: Circumstances) -> Situation:
    """The plan in the folder on the day that was typed, else today, to look at it."""
    state, roadmap = opened(folder, checked=False)
    return Situation.of(state, roadmap, standing(as_of, state, around))


def rules(roadmap: Roadmap) -> tuple[Fault, ...]:
    """Where the parts of a roadmap do not go together; no plan can be made with such a one."""
    from pe_plan.inputs.roadmap import contradictions

    return contradictions(roadmap)


def agree(state: State, roadmap: Roadmap, folder: Path, earlier: str = "") -> None:
    """Raise PePlanError (Exit.STATE) where the state in the folder, or the `earlier` one of that
    name, does not go with the roadmap."""

    def hint() -> str:
        backup = "" if earlier else store.backup_hint(folder)
        return backup or "put that right, or plan anew with `pe-plan generate --force`"

    if faults := list(strangers(state, roadmap)):
        raise store.damaged(str(folder / (earlier or store.STATE)), faults, hint)


def documents(
    state: State, roadmap: Roadmap, shown: Sequence[Event], wanted: Collection[str]
) -> dict[str, bytes]:
    """File name -> content of each format; a calendar too large comes in complete parts."""
    from pe_plan.documents.markdown import to_markdown
    from pe_plan.documents.plan_json import to_json

    texts = {"md": to_markdown, "json": to_json}
    done = progress(state.plan, state.log, state.accepted)
    now = replace(state, plan=marked(state.plan, done))  # texts show as done what the log says is
    kinds = [kind for kind in wanted if kind in texts]
    files = {f"plan.{kind}": texts[kind](now, roadmap).encode() for kind in kinds}
    if "ics" in wanted:
        from pe_plan.calendars.ics import to_ics

        files |= _parts("plan", to_ics(shown, state.ledger, name=roadmap.title))
    return files


def _parts(name: str, parts: Sequence[bytes]) -> dict[str, bytes]:
    """name.ics, name-2.ics and so on."""
    return {f"{name}.ics" if n == 1 else f"{name}-{n}.ics": p for n, p in enumerate(parts, 1)}


def published(
    state: State, roadmap: Roadmap, now: datetime
) -> tuple[Sequence[Event], tuple[Entry, ...]]:
    """The plan's events, and the ledger as it is after publishing them."""
    from pe_plan.calendars.events import events
    from pe_plan.calendars.ledger import publish

    shown = events(state.plan, roadmap, state.profile)
    return shown, publish(shown, state.ledger, now)


class Written(Struct, frozen=True, kw_only=True):
    """The files written, the names under which others were kept, and the events that left."""

    files: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[Entry, ...] = ()


def write(
    folder: Path,
    state: State,
    roadmap: Roadmap,
    now: datetime,
    before: State | None,
    *,
    wanted: Sequence[str] = ("md", "ics"),
    changes: bool = True,
) -> tuple[State, Written]:
    """Publish the state's plan and put all of it into the folder, over the state `before` if there
    is one, which is kept. With `changes`, what is new or changed in the calendar since then gets a
    file of its own."""
    from pe_plan.calendars.ledger import vanished

    shown, ledger = published(state, roadmap, now)
    state = replace(state, ledger=ledger)
    # What is there already is brought up to date, too: no document may tell of an earlier plan.
    there = [kind for kind in FORMATS if before and (folder / f"plan.{kind}").exists()]
    files = {store.STATE: store.encode(state)}
    files |= documents(state, roadmap, shown, dict.fromkeys((*wanted, *there)))
    files |= _for_calendars(before if changes else None, state, roadmap, shown)
    kept = _kept(folder, before, files)
    # What no screen tells of: what is kept of before, and the roadmap, if it is another.
    now_used = store.KeptRoadmap(hash=state.roadmap, roadmap=roadmap)
    behind = store.replaced(folder, before, now_used) if before else {}
    raw, place = store.encode(now_used), folder / store.ROADMAP
    if not (place.is_file() and _bytes(place) == raw):
        behind[store.ROADMAP] = raw
    stale = {path.name for path in folder.glob("plan-*.ics") if before} - files.keys()
    stale = {*filter(_OURS.fullmatch, stale), *store.outdated(folder)}
    store.write(folder, kept | behind | files, stale=stale)
    removed = vanished(before.ledger if before else (), state.ledger)
    return state, Written(files=tuple(files), kept=tuple(kept), removed=removed)


def note(folder: Path, state: State, roadmap: Roadmap, *, before: State) -> None:
    """Put a state whose plan is still that of `before` into the folder, and tick in plan.md what
    its log says; calendars stay as they are."""
    files = {store.STATE: store.encode(state)} if state != before else {}
    page = folder / "plan.md"
    if page.is_file():
        ticked = documents(state, roadmap, (), ["md"])
        if ticked["plan.md"] != _bytes(page):
            files |= _kept(folder, before, ticked) | ticked
    if files:
        store.write(folder, files)


def _for_calendars(
    before: State | None, state: State, roadmap: Roadmap, shown: Sequence[Event]
) -> dict[str, bytes]:
    """plan-changes.ics: the events that a calendar of before lacks or has otherwise; and
    plan-removed.ics. All that ever left stays in that: who skipped an import still has the older
    events. Neither where there is none, as an empty calendar is invalid."""
    from pe_plan.calendars.ics import removed_ics, to_ics

    files: dict[str, bytes] = {}
    known = set(before.ledger) if before else set(state.ledger)
    fresh = {entry.uid for entry in state.ledger if entry not in known}
    if changed := [event for event in shown if event.uid in fresh]:
        files |= _parts("plan-changes", to_ics(changed, state.ledger, name=roadmap.title))
    if gone := [entry for entry in state.ledger if entry.removed]:
        files |= _parts("plan-removed", removed_ics(gone, name=roadmap.title))
    return files


def _kept(folder: Path, before: State | None, files: Collection[str]) -> dict[str, bytes]:
    """The documents that are about to be replaced but are not ours alone, under free names in the
    history: a plan.md that is not as it was written (ticks and notes are records, too), and in a
    folder without a plan whatever is in the way."""
    kept: dict[str, bytes] = {}
    for name in sorted({"plan.md"} & set(files) if before else files):
        if not (folder / name).is_file():
            continue
        old = _bytes(folder / name)
        if before is None or not _is_ours(old, folder, before):
            names = (f"{store.HISTORY}/{name}.{n}" for n in count(1))
            kept[next(free for free in names if not (folder / free).exists())] = old
    return kept


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise refusal(str(path), what, code=Exit.OUTPUT) from None


def _is_ours(old: bytes, folder: Path, state: State) -> bool:
    """Whether a plan.md is as this pe-plan writes it for the state, at any length of its log: it
    may lack ticks, but has none that the log does not hold. No, if the roadmap cannot be read."""
    try:
        roadmap = store.read_roadmap(folder, state.roadmap, rules)
        agree(state, roadmap, folder)
    except PePlanError:
        return False
    there, now = old.split(b"\n"), documents(state, roadmap, (), ["md"])["plan.md"].split(b"\n")
    return len(there) == len(now) and all(
        was == line or (line.startswith(_TICKED) and was == line.replace(b"x", b" ", 1))
        for was, line in zip(there, now, strict=True)
    )


def keep_clear(folder: Path, before: State | None, wanted: Sequence[str]) -> None:
    """Raise PePlanError (Exit.OUTPUT) where something stands in the way of a first plan."""
    if before:
        hint = "plan it anew in place with --force, or start another with --plan FOLDER"
        raise refusal(str(folder), "a plan is here already", hint, Exit.OUTPUT)
    for name in (f"plan.{kind}" for kind in wanted):
        if (folder / name).exists():
            hint = "start elsewhere with --plan FOLDER, or keep it as another name with --force"
            raise refusal(str(folder), f"there is a {name} here already", hint, Exit.OUTPUT)


def fresh_uids(
    plan: Plan, ledger: Sequence[Entry], uids: Collection[str], free: dict[datetime, str]
) -> dict[str, str]:
    """Other uids for those blocks, since a calendar refuses an event that was deleted: one that is
    `free` at just that time, else a new one."""
    from pe_plan.calendars.ledger import block_uid

    used = {entry.uid for entry in ledger} | {block.uid for block in plan.blocks}
    names: dict[str, str] = {}
    for block in plan.blocks:
        if block.uid in uids:
            name = free.pop(block.start, None) or block_uid(plan.id, block.start, used)
            names[block.uid] = name
            used.add(name)
    return names
