"""What commands write: the state, its documents, and what must not be lost under them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pe_plan import store
from pe_plan.app.files import agree
from pe_plan.app.files import shown as as_logged
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Entry, Roadmap, State

if TYPE_CHECKING:
    from pe_plan.calendars.ledger import Event

FORMATS = ("md", "ics", "json")
_TICKED = b"  - [x] "  # a session in plan.md that is done


class Written(Struct, frozen=True, kw_only=True):
    """The files written, the names under which others were kept, and the events that left."""

    files: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[Entry, ...] = ()


def write(
    folder: Path,
    state: State,
    roadmap: Roadmap,
    *,
    shown: Sequence[Event],
    before: State | None,
    wanted: Sequence[str],
    changes: bool = False,
) -> Written:
    """Put the state, its roadmap and its documents into the folder, over the state `before` if
    there is one, which is kept. With `changes`, what is new or changed in the calendar since then
    gets a file of its own."""
    from pe_plan.calendars.ledger import vanished

    # What is there already is brought up to date, too: no document may tell of an earlier plan.
    there = [kind for kind in FORMATS if before and (folder / f"plan.{kind}").exists()]
    files = {store.STATE: store.encode(state)}
    files |= documents(state, roadmap, shown, dict.fromkeys((*wanted, *there)))
    if changes and before:
        files |= _changed(before, state, roadmap, shown)
    files |= _removed(state, roadmap)
    kept = _kept(folder, before, files)
    store.write(
        folder,
        kept | _behind(folder, before, roadmap) | files,
        stale={*_stale(folder, before, files), *store.outdated(folder)},
    )
    removed = vanished(before.ledger if before else (), state.ledger)
    return Written(files=tuple(files), kept=tuple(kept), removed=removed)


def _behind(folder: Path, before: State | None, roadmap: Roadmap) -> dict[str, bytes]:
    """What no screen tells of: the roadmap, if it is another, and what is kept of before."""
    now = store.kept_roadmap(roadmap)
    files = store.replaced(folder, before, now) if before else {}
    raw, there = store.encode(now), folder / store.ROADMAP
    if not (there.is_file() and _bytes(there) == raw):
        files[store.ROADMAP] = raw
    return files


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


def _changed(
    before: State, state: State, roadmap: Roadmap, shown: Sequence[Event]
) -> dict[str, bytes]:
    """plan-changes.ics: the events that a calendar of before lacks or has otherwise, if any."""
    known = set(before.ledger)
    fresh = {entry.uid for entry in state.ledger if entry not in known}
    if not (events := [event for event in shown if event.uid in fresh]):
        return {}  # an empty calendar is invalid
    from pe_plan.calendars.ics import to_ics

    return _parts("plan-changes", to_ics(events, state.ledger, name=roadmap.title))


def _removed(state: State, roadmap: Roadmap) -> dict[str, bytes]:
    """plan-removed.ics. All that ever left stays in it: who skipped an import still has the older
    events."""
    if not (gone := [entry for entry in state.ledger if entry.removed]):
        return {}
    from pe_plan.calendars.ics import removed_ics

    return _parts("plan-removed", removed_ics(gone, name=roadmap.title))


def _stale(folder: Path, before: State | None, files: Collection[str]) -> set[str]:
    """Calendars of the plan before that this one has not: further parts, and its changes."""
    ours = re.compile(r"plan(-removed)?-\d+\.ics|plan-changes(-\d+)?\.ics")
    there = (path.name for path in folder.glob("plan-*.ics")) if before else ()
    return {name for name in there if ours.fullmatch(name)} - set(files)


def documents(
    state: State, roadmap: Roadmap, shown: Sequence[Event], wanted: Collection[str]
) -> dict[str, bytes]:
    """File name -> content of each format; a calendar too large comes in complete parts."""
    from pe_plan.documents.formats import TEXTS

    texts = [kind for kind in wanted if kind in TEXTS]
    current = as_logged(state) if texts else state
    files = {f"plan.{kind}": TEXTS[kind](current, roadmap).encode() for kind in texts}
    if "ics" in wanted:
        from pe_plan.calendars.ics import to_ics

        files |= _parts("plan", to_ics(shown, state.ledger, name=roadmap.title))
    return files


def _parts(name: str, parts: Sequence[bytes]) -> dict[str, bytes]:
    """name.ics, name-2.ics and so on."""
    return {f"{name}.ics" if n == 1 else f"{name}-{n}.ics": p for n, p in enumerate(parts, 1)}


def _kept(folder: Path, before: State | None, files: Collection[str]) -> dict[str, bytes]:
    """The documents that are about to be replaced but are not ours alone, under free names: a
    plan.md that is not as it was written (ticks and notes are records, too), and in a folder
    without a plan whatever is in the way."""
    names = {"plan.md"} & set(files) if before else set(files)
    found = {name: _bytes(folder / name) for name in sorted(names) if (folder / name).is_file()}
    return {
        _free(folder, name): old
        for name, old in found.items()
        if before is None or not _is_ours(old, folder, before)
    }


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise PePlanError(Exit.OUTPUT, [Problem(where=str(path), what=what)]) from None


def _free(folder: Path, name: str) -> str:
    """The first of name.1, name.2 and so on in the history that nothing has."""
    names = (f"{store.HISTORY}/{name}.{n}" for n in count(1))
    return next(free for free in names if not (folder / free).exists())


def _is_ours(old: bytes, folder: Path, state: State) -> bool:
    """Whether a plan.md is as this pe-plan writes it for the state, at any length of its log: it
    may lack ticks, but has none that the log does not hold. No, if the roadmap cannot be read."""
    from pe_plan.documents.formats import TEXTS

    try:
        roadmap = store.read_roadmap(folder, state.roadmap)
        agree(state, roadmap, folder)
        page = TEXTS["md"](as_logged(state), roadmap).encode()
    except PePlanError:
        return False
    there, now = old.split(b"\n"), page.split(b"\n")
    return len(there) == len(now) and all(
        was == line or (line.startswith(_TICKED) and was == line.replace(b"x", b" ", 1))
        for was, line in zip(there, now, strict=True)
    )


def occupied(folder: Path, before: State | None, wanted: Sequence[str]) -> Problem | None:
    """What stands in the way of a first plan in the folder."""
    names = [name for kind in wanted if (folder / (name := f"plan.{kind}")).exists()]
    if before is None and not names:
        return None
    return Problem(
        where=str(folder),
        what="a plan is here already" if before else f"there is a {names[0]} here already",
        hint="plan it anew in place with --force, or start another with --plan FOLDER"
        if before
        else "start elsewhere with --plan FOLDER, or keep it as another name with --force",
    )
