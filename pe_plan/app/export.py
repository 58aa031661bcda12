"""The plan's documents on their own, and its events as files that a calendar syncs with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.app.folder import FORMATS, documents, opened, published
from pe_plan.errors import Exit, nearest, quoted, refusal
from pe_plan.model import Entry, State

if TYPE_CHECKING:
    from pe_plan.calendars.seen import Found

VDIR = "vdir"  # a folder with one file for each event
KINDS = (*FORMATS, VDIR)

_LARGEST = 1_000_000  # bytes of a file with one event; those of a plan take thousands


class Synced(Struct, frozen=True, kw_only=True):
    """How many files of events were written, deleted, and as they should be already."""

    folder: Path
    written: int
    deleted: int
    same: int


def export(folder: Path, kind: str, around: Circumstances) -> tuple[bytes, ...]:
    """The plan in the folder as one document, or the complete parts of one too large. Where pe-plan
    itself now words events differently, the ledger in the folder follows."""
    if kind not in FORMATS:
        raise refusal("export", f"no format {quoted(kind)}", nearest(kind, KINDS))
    state, roadmap = opened(folder)
    if kind != "ics":
        return tuple(documents(state, roadmap, (), [kind]).values())
    shown, ledger = published(state, roadmap, around.now)
    if ledger != state.ledger:
        with store.locked(folder):  # and read again: somebody may have been at work
            state, roadmap = opened(folder)
            shown, ledger = published(state, roadmap, around.now)
            _remember(folder, state, ledger)
    return tuple(documents(replace(state, ledger=ledger), roadmap, shown, [kind]).values())


def export_vdir(folder: Path, target: Path, around: Circumstances) -> Synced:
    """Make the folder `target` hold one file for each event of the plan, and none of an event that
    left it. Files that are right already, or none of the plan's, are not touched; where an event
    was moved or renamed, that is taken back. The ledger in the plan's folder follows."""
    from pe_plan.calendars.ics import event_files
    from pe_plan.calendars.seen import difference, outrun

    if os.path.lexists(target / store.STATE):  # whatever syncs it would take plan.ics for an event
        hint = f"name one inside it, like {folder / 'events'}"
        raise refusal(str(target), "is a plan's own folder", hint, Exit.OUTPUT)
    with store.locked(folder):
        state, roadmap = opened(folder)
        shown, ledger = published(state, roadmap, around.now)
        with store.locked(target):
            there = dict(_there(target, ledger))
            ledger = outrun(ledger, event_files(shown, ledger), there, around.now)
            files = event_files(shown, ledger)
            written, stale = difference(files, there)
            # First the ledger: a file ahead of it would later give the same sequence to another
            # content.
            _remember(folder, state, ledger)
            store.write(target, written, stale=stale)
    same = len(files) - len(written)
    return Synced(folder=target, written=len(written), deleted=len(stale), same=same)


def _remember(folder: Path, state: State, ledger: tuple[Entry, ...]) -> None:
    if ledger != state.ledger:
        store.save(folder, replace(state, ledger=ledger))


def _there(target: Path, ledger: Sequence[Entry]) -> Iterator[tuple[str, Found]]:
    """The files of the folder that hold an event of the plan, or have the name of one."""
    from pe_plan.calendars.ics import file_name
    from pe_plan.calendars.seen import found

    own = {entry.uid for entry in ledger}
    with store.explained(target), os.scandir(target) as entries:
        names = [entry.name for entry in entries if entry.name.endswith(file_name(""))]
    for file in (target / name for name in sorted(names)):
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                continue  # to open a pipe would be to wait
            content = file.read_bytes() if status.st_size <= _LARGEST else b""
        except OSError:
            content = b""
        if event := found(file.name, content, own):
            yield file.name, event
