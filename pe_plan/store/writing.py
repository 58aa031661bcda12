"""The plan folder written: several files as one.

After a kill at any instant plan.toml is whole, and the old or the new one.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from pe_plan.errors import PePlanError
from pe_plan.store.decoding import is_of_now
from pe_plan.store.disk import explained, make, remove, sync
from pe_plan.store.folder import PLAN, free_backup, read


def write(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    keep_as: str | None = None,
    stale: Collection[str] = (),
) -> None:
    """Put all the files (name -> content) into the folder, which is made if need be, or none.

    The caller holds the folder's lock. A link is written through and an existing file keeps its
    mode. `keep_as` keeps the plan.toml of before under that name, which must be free; one of an
    older schema is kept anyway. `stale` names files to delete. Raises PePlanError (Exit.OUTPUT)
    with everything as it was.
    """
    folder = Path(os.path.normpath(folder))  # mkdir cannot walk over a `..` behind nothing
    with ExitStack() as undo:
        make(folder, undo)
        mark = _mark(folder)
        changes = _changes(folder, files, stale, mark)
        folders = {folder} | {change.target.parent for change in changes}
        for parent in folders:
            _sweep(parent, mark)
        for change in changes:
            _stage(change, undo)
        if PLAN in files and changes[0].mode is not None:
            _keep(changes[0], keep_as, folder / f"{mark}-kept.tmp", undo)
        for change in changes:
            _swap(change, undo)
        undo.pop_all()
    for change in changes:
        remove(change.old)
    for parent in folders:
        sync(parent)


class _Change(NamedTuple):
    """A file to write (or to delete, where `content` is None): `path` as the learner knows it,
    `target` behind any link, `mode` of what stands there (None: nothing does). `new` and `old`
    are temporaries beside it, for what will stand there and what did. (A named tuple: to define a
    dataclass would cost `done` a tenth of a bare interpreter.)
    """

    path: Path
    target: Path
    content: bytes | None
    mode: int | None
    new: Path
    old: Path


def _changes(
    folder: Path, files: Mapping[str, bytes], stale: Collection[str], mark: str
) -> tuple[_Change, ...]:
    # plan.toml comes first: the documents can be made again from it, and a calendar that is ahead
    # of its ledger would later hand out the same sequence numbers for other content.
    written = sorted(files, key=lambda name: name != PLAN)
    gone = sorted(name for name in set(stale) - set(files) if _is_file(folder / name))
    return tuple(
        _change(f"{mark}-{n}", folder / name, files.get(name))
        for n, name in enumerate([*written, *gone])
    )


def _change(mark: str, path: Path, content: bytes | None) -> _Change:
    with explained(path):
        target = path if content is None else Path(os.path.realpath(path))
        return _Change(
            path=path,
            target=target,
            content=content,
            mode=None if content is None else _mode(target),
            new=target.with_name(f"{mark}-new.tmp"),
            old=target.with_name(f"{mark}-old.tmp"),
        )


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


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


def _mark(folder: Path) -> str:
    """How the names of this folder's temporaries begin. Whoever writes them holds the folder's
    lock, so those that are found under it were left by a command that was killed."""
    with explained(folder):
        return f".pe-plan-{folder.stat().st_ino:x}"


def _sweep(folder: Path, mark: str) -> None:
    for leftover in folder.glob(f"{mark}-*.tmp"):
        remove(leftover)


def _stage(change: _Change, undo: ExitStack) -> None:
    """Write the new content beside its place, and give what stands there a second name."""
    if change.content is None:
        return
    with explained(change.path):
        undo.callback(remove, change.new)
        _create(change.new, change.content, change.mode)
        if change.mode is not None:
            undo.callback(remove, change.old)
            _duplicate(change.target, change.old, change.mode)


def _create(path: Path, content: bytes, mode: int | None) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        path.chmod(mode)


def _duplicate(source: Path, copy: Path, mode: int | None) -> None:
    try:
        os.link(source, copy)
    except OSError:  # a disk without hard links, or another disk
        _create(copy, source.read_bytes(), mode)


def _keep(plan: _Change, name: str | None, temporary: Path, undo: ExitStack) -> None:
    """Keep the plan.toml of before under the name, or under a free one if its schema is older."""
    with explained(plan.path):
        if name is None and (name := _name_if_older(plan)) is None:
            return
    with explained(kept := plan.path.with_name(name)):
        if os.path.lexists(kept):
            raise OSError(errno.EINVAL, "there is such a file already")
    with explained(plan.path):
        undo.callback(remove, temporary)
        _duplicate(plan.target, temporary, plan.mode)
        temporary.rename(kept)
        undo.callback(remove, kept)


def _name_if_older(plan: _Change) -> str | None:
    with plan.target.open("rb") as file:
        if is_of_now(file):
            return None
    folder = plan.path.parent
    before = None
    with suppress(PePlanError):  # one that is damaged is kept all the same
        before = read(folder)
    return free_backup(folder, before.accepted if before else ())


def _swap(change: _Change, undo: ExitStack) -> None:
    """Put the new content in its place, or take away what is stale; this can be undone."""
    with explained(change.path):
        if change.content is None:
            undo.callback(_put_back, change)
            change.target.replace(change.old)
            return
        if change.mode is None:
            undo.callback(remove, change.target)
        else:
            undo.callback(_put_back, change)
        change.new.replace(change.target)


def _put_back(change: _Change) -> None:
    with suppress(OSError):
        change.old.replace(change.target)
