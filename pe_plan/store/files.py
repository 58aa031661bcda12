"""The plan folder written: one writer at a time, several files as one.

After a kill at any instant state.json is whole, and the old or the new one.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pe_plan.errors import Exit, printable, refusal
from pe_plan.model import State
from pe_plan.store.folder import HISTORY, ROADMAP, STATE, encode

if TYPE_CHECKING:
    from fasteners import InterProcessLock  # type: ignore[import-untyped]

# The lock is the operating system's, taken on the one file, so it ends with its holder, however
# that ends. Who holds it stands in the other: Windows lets nobody read a file that is locked, and
# the library locks the byte at which the file ends, so it has to stay empty.
LOCK, HOLDER = ".pe-plan.lock", ".pe-plan.holder"

_PATIENCE = 2.0  # seconds
_FREE = "free some space, then try again"
_ELSEWHERE = "choose a folder in which you may write"
_ON_ANOTHER = "choose a folder on another disk"
_REASONS = {
    errno.EACCES: ("you have no permission to write here", _ELSEWHERE),
    errno.EPERM: ("you have no permission to write here", _ELSEWHERE),
    errno.EROFS: ("the disk is read-only", _ELSEWHERE),
    errno.ENOSPC: ("no space is left on the disk", _FREE),
    errno.EDQUOT: ("your share of the disk is used up", _FREE),
    errno.EFBIG: ("the file would be larger than is allowed here", "raise the limit (ulimit -f)"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.ELOOP: ("the link leads round in a circle", "remove the link"),
    errno.EEXIST: ("a file stands where the folder should be", "choose another folder"),
    errno.ENOTDIR: ("a file stands where the folder should be", "choose another folder"),
    errno.EISDIR: ("a folder stands where the file should be", "move it away"),
    errno.ENOLCK: ("files on this disk cannot be locked", _ON_ANOTHER),
    errno.ENOSYS: ("files on this disk cannot be locked", _ON_ANOTHER),
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a problem with `path` (Exit.OUTPUT)."""
    try:
        yield
    except OSError as error:
        what, hint = _REASONS.get(error.errno or 0, ((error.strerror or str(error)).lower(), ""))
        raise refusal(str(path), what, hint, Exit.OUTPUT) from error


# ── One writer ────────────────────────────────────────────────────────────────────────────────


@contextmanager
def locked(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Keep every other writer out of the folder, which is made if need be, and taken away again
    if nothing was put into it.

    Waits `patience` seconds for another writer. Raises PePlanError: Exit.STATE where another one
    is still at work, Exit.OUTPUT where one may not write.
    """
    with ExitStack() as undo:
        _make(Path(os.path.normpath(folder)), undo)
        # Two folders may link to the same state.
        place = Path(os.path.realpath(folder / STATE)).parent
        with explained(folder):
            lock = _acquired(place / LOCK, patience)
        if lock is None:
            hint = "nothing was written; let it finish or end it, then try again"
            what = f"{_holder(place)} is at work here"
            raise refusal(str(folder), what, hint, Exit.STATE)
        undo.callback(_release, lock, place)
        with suppress(OSError):  # a courtesy: a full disk is told when it matters
            # Not all of the command line: a note in it is nobody's business.
            verb = next((word for word in sys.argv[1:2] if word.isascii() and word.isalpha()), "")
            (place / HOLDER).write_text(f"{os.getpid()} pe-plan {verb}", encoding="utf-8")
        yield


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
        with suppress(OSError):
            if os.path.samestat(os.fstat(lock.lockfile.fileno()), path.stat()):
                return lock
        lock.release()  # its holder before took the file away: lock the one that is there now


def _release(lock: InterProcessLock, place: Path) -> None:
    _remove(place / HOLDER)
    _remove(place / LOCK)  # while it is locked: afterwards it may be somebody else's
    lock.release()
    if os.name == "nt":  # which removes no open file, so this cannot take it from anybody
        _remove(place / LOCK)


def _holder(place: Path) -> str:
    with suppress(OSError, ValueError):
        path = place / HOLDER
        pid, _, command = path.read_text("utf-8").partition(" ")
        since = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
        if pid:
            who = f"`{printable(command.strip())}` (process {printable(pid)}, "
            return f"{who}since {since:%H:%M on %Y-%m-%d})"
    return "another pe-plan"


# ── Files as one ──────────────────────────────────────────────────────────────────────────────


def write(folder: Path, files: Mapping[str, bytes], *, stale: Collection[str] = ()) -> None:
    """Put all the files (name -> content) into the folder, which is made if need be, or none.

    The caller holds the folder's lock. A link is written through and an existing file keeps its
    mode. `stale` names files to delete. Raises PePlanError (Exit.OUTPUT) with everything as it was.
    """
    folder = Path(os.path.normpath(folder))  # mkdir cannot walk over a `..` behind nothing
    with ExitStack() as undo:
        _make(folder, undo)
        if any(name.startswith(HISTORY) for name in files):
            _make(folder / HISTORY, undo)
        # Whoever writes temporaries of this name holds the folder's lock, so those that are found
        # were left by a command that was killed.
        with explained(folder):
            mark = f".pe-plan-{folder.stat().st_ino:x}"
        gone = [folder / name for name in sorted({*stale} - {*files})]
        paths = [folder / name for name in sorted(files, key=_turn)]
        paths += [path for path in gone if path.is_symlink() or path.is_file()]
        contents = {folder / name: content for name, content in files.items()}
        changes = [_Change(p, contents.get(p), f"{mark}-{n}") for n, p in enumerate(paths)]
        folders = {folder, folder / HISTORY} | {change.target.parent for change in changes}
        for leftover in (each for parent in folders for each in parent.glob(f"{mark}-*.tmp")):
            _remove(leftover)
        for change in changes:
            change.stage(undo)
        for change in changes:
            change.swap(undo)
        undo.pop_all()
    for change in changes:
        _remove(change.old)
    for parent in folders:
        # The names outlast a power cut, too; Windows cannot open a folder, some disks sync none.
        with suppress(OSError):
            handle = os.open(parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def save(folder: Path, state: State) -> None:
    """Put the state into the folder, and nothing else."""
    write(folder, {STATE: encode(state)})


def _turn(name: str) -> int:
    """When a file comes true: first what is kept, that nothing is lost; the roadmap, that the state
    may name it; the state, as documents can be made again from it, and a calendar ahead of its
    ledger would later hand out the same sequence numbers for other content; then the others."""
    return 0 if name.startswith(HISTORY) else {ROADMAP: 1, STATE: 2}.get(name, 3)


class _Change:
    """A file to write (or to delete, where `content` is None): `path` as the learner knows it,
    `target` behind any link, `mode` of what stands there (None: nothing does). `new` and `old`
    are temporaries beside it, for what will stand there and what did."""

    def __init__(self, path: Path, content: bytes | None, mark: str) -> None:
        self.path, self.content = path, content
        with explained(path):
            self.target = path if content is None else Path(os.path.realpath(path))
            self.mode = None if content is None else _mode(self.target)
        self.new = self.target.with_name(f"{mark}-new.tmp")
        self.old = self.target.with_name(f"{mark}-old.tmp")

    def stage(self, undo: ExitStack) -> None:
        """Write the new content beside its place, and give what stands there a second name."""
        if self.content is None:
            return
        with explained(self.path):
            undo.callback(_remove, self.new)
            _create(self.new, self.content, self.mode)
            if self.mode is not None:
                undo.callback(_remove, self.old)
                try:
                    os.link(self.target, self.old)
                except OSError:  # a disk without hard links
                    _create(self.old, self.target.read_bytes(), self.mode)

    def swap(self, undo: ExitStack) -> None:
        """Put the new content in its place, or take away what is stale; this can be undone."""
        with explained(self.path):
            if self.content is None or self.mode is not None:
                undo.callback(self._put_back)
            else:
                undo.callback(_remove, self.target)
            if self.content is None:
                self.target.replace(self.old)
            else:
                self.new.replace(self.target)

    def _put_back(self) -> None:
        with suppress(OSError):
            self.old.replace(self.target)


def _mode(target: Path) -> int | None:
    """The permission bits of the file, None where there is none."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "this is no ordinary file")
    return stat.S_IMODE(mode)


def _create(path: Path, content: bytes, mode: int | None) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        path.chmod(mode)


def _make(folder: Path, undo: ExitStack) -> None:
    """Make the folder and those above it; `undo` takes away again what is still empty."""
    with explained(folder):
        for path in (path for path in (*reversed(folder.parents), folder) if not path.exists()):
            path.mkdir()
            undo.callback(_remove, path)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")


def _remove(path: Path) -> None:
    """Take away a file, or a folder that is empty, if that can be done."""
    with suppress(OSError):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
