"""One writer at a time: the lock on a plan folder.

The lock is the operating system's, taken on `.pe-plan.lock`, so it ends with its holder, however
that ends. Who holds it stands beside it in `.pe-plan.holder`: Windows lets nobody read a file that
is locked, and the library locks the byte at which the file ends, so it has to stay empty.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.store.disk import explained, make, remove
from pe_plan.store.folder import PLAN

if TYPE_CHECKING:
    from fasteners import InterProcessLock  # type: ignore[import-untyped]

LOCK = ".pe-plan.lock"
HOLDER = ".pe-plan.holder"

_PATIENCE = 2.0  # seconds


@contextmanager
def locked(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Keep every other writer out of the folder, which is made if need be, and taken away again
    if nothing was put into it.

    Waits `patience` seconds for another writer. Raises PePlanError: Exit.STATE where another one
    is still at work, Exit.OUTPUT where one may not write.
    """
    with ExitStack() as undo:
        make(Path(os.path.normpath(folder)), undo)
        place = _place(folder)
        with explained(folder):
            lock = _acquired(place / LOCK, patience)
        if lock is None:
            raise _taken(folder, place)
        undo.callback(_release, lock, place)
        _sign(place / HOLDER)
        yield


def _place(folder: Path) -> Path:
    """Where plan.toml truly stands: two folders may link to the same one."""
    return Path(os.path.realpath(folder / PLAN)).parent


def _acquired(path: Path, patience: float) -> InterProcessLock | None:
    """The lock on the file, None if somebody else keeps it."""
    from fasteners import InterProcessLock

    while True:
        lock = InterProcessLock(path)
        try:
            if not lock.acquire(blocking=patience > 0, timeout=patience):
                lock.lockfile.close()
                return None
        except RuntimeError as error:  # how the library passes on what the system said
            lock.lockfile.close()
            raise (error.__context__ if isinstance(error.__context__, OSError) else error) from None
        if _stands(lock, path):
            return lock
        lock.release()  # its holder before took the file away: lock the one that is there now


def _stands(lock: InterProcessLock, path: Path) -> bool:
    """Whether the locked file is still the one that others find."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(lock.lockfile.fileno()), path.stat())
    return False


def _release(lock: InterProcessLock, place: Path) -> None:
    remove(place / HOLDER)
    remove(place / LOCK)  # while it is locked: afterwards it may be somebody else's
    lock.release()
    if os.name == "nt":  # which removes no open file, so this cannot take it from anybody
        remove(place / LOCK)


def _sign(path: Path) -> None:
    """Write down who holds the lock: the process and what it was asked to do. Not all of the
    command line: a note in it is nobody's business."""
    verb = next((word for word in sys.argv[1:2] if word.isascii() and word.isalpha()), "")
    with suppress(OSError):  # a courtesy: a full disk is told when it matters
        path.write_text(f"{os.getpid()} pe-plan {verb}", encoding="utf-8")


def _taken(folder: Path, place: Path) -> PePlanError:
    who = "another pe-plan"
    with suppress(OSError, ValueError):
        path = place / HOLDER
        pid, _, command = path.read_text("utf-8").partition(" ")
        since = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
        if pid:
            who = f"`{printable(command.strip())}` (process {printable(pid)}, "
            who += f"since {since:%H:%M on %Y-%m-%d})"
    what = f"{who} is at work here"
    hint = "nothing was written; let it finish or end it, then try again"
    return PePlanError(Exit.STATE, [Problem(where=str(folder), what=what, hint=hint)])
