"""What the plan folder asks of the disk, and what people are told when the disk refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pe_plan.errors import Exit, PePlanError, Problem

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
        problem = Problem(where=str(path), what=what, hint=hint)
        raise PePlanError(Exit.OUTPUT, [problem]) from error


def make(folder: Path, undo: ExitStack) -> None:
    """Make the folder and those above it; `undo` takes away again what is still empty."""
    missing = []
    with explained(folder):
        above = folder
        while not above.exists() and above != above.parent:
            missing.append(above)
            above = above.parent
        for path in reversed(missing):
            path.mkdir()
            undo.callback(remove_empty, path)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")


def remove(path: Path) -> None:
    """Take the file away if that can be done."""
    with suppress(OSError):
        path.unlink()


def remove_empty(folder: Path) -> None:
    """Take the folder away if nothing is in it."""
    with suppress(OSError):
        folder.rmdir()


def sync(folder: Path) -> None:
    """See to it that the names in the folder outlast a power cut, where that is possible."""
    # Windows cannot open a folder, and some disks cannot sync one.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
