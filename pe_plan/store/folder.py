"""The plan folder on disk: the state read, and several files written as one.

After a kill at any instant plan.toml is whole, and the old or the new one.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import State
from pe_plan.store.decoding import decode

PLAN = "plan.toml"

_LARGEST = 50_000_000  # bytes; a plan of a thousand topics takes about a hundredth
_LEFTOVERS = ".pe-plan-*.tmp"
_FREE = "free some space, then try again"
_ELSEWHERE = "choose a folder in which you may write"
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
}


# ── Reading ───────────────────────────────────────────────────────────────────────────────────


def read(folder: Path) -> State | None:
    """The state in the folder, None where there is no plan.

    Raises PePlanError (Exit.STATE) for a plan.toml that cannot be read or is damaged.
    """
    path = folder / PLAN
    try:
        raw = _content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise _unreadable(path, f"cannot be read ({what})") from None
    return decode(raw, str(path), _backup_hint(folder))


def _content(path: Path) -> bytes:
    # Asked before opening: to open a pipe would wait for ever.
    if not stat.S_ISREG(path.stat().st_mode):
        raise _unreadable(path, "is not a file", "move it away")
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        what = f"is larger than {_LARGEST // 1_000_000} MB"
        raise _unreadable(path, what, _backup_hint(path.parent))
    return raw


def _unreadable(path: Path, what: str, hint: str = "") -> PePlanError:
    return PePlanError(Exit.STATE, [Problem(where=str(path), what=what, hint=hint)])


def _backup_hint(folder: Path) -> str:
    with suppress(OSError):
        kept = [path for path in folder.glob(f"{PLAN}.*") if path.suffix[1:].isdecimal()]
        if kept:
            newest = max(kept, key=lambda path: path.stat().st_mtime_ns)
            return f"{newest.name} is an earlier state: copy it over {PLAN} to go back to it"
    return ""


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def write(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    keep_old: bool = False,
    stale: Collection[str] = (),
) -> None:
    """Put all the files (name -> content) into the folder, which is made if need be, or none.

    A link is written through and an existing file keeps its mode. `keep_old` keeps the plan.toml
    of before as plan.toml.1, .2 and so on; `stale` names files to delete. Raises PePlanError
    (Exit.OUTPUT) with everything as it was.
    """
    # A lock on the folder belongs here, around all that follows.
    folder = Path(os.path.normpath(folder))  # mkdir cannot walk over a `..` behind nothing
    with ExitStack() as undo:
        _make(folder, undo)
        changes = _changes(folder, files, stale)
        folders = {folder} | {change.target.parent for change in changes}
        for parent in folders:
            _sweep(parent)
        for change in changes:
            _stage(change, undo)
        if keep_old and PLAN in files:
            _keep(changes[0], undo)
        for change in changes:
            _swap(change, undo)
        undo.pop_all()
    for change in changes:
        _remove(change.old)
    for parent in folders:
        _sync(parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A file to write (or to delete, where `content` is None): `path` as the learner knows it,
    `target` behind any link, `mode` of what stands there (None: nothing does). `new` and `old`
    are temporaries beside it, for what will stand there and what did.
    """

    path: Path
    target: Path
    content: bytes | None
    mode: int | None
    new: Path
    old: Path


def _changes(
    folder: Path, files: Mapping[str, bytes], stale: Collection[str]
) -> tuple[_Change, ...]:
    # plan.toml comes first: the documents can be made again from it, and a calendar that is ahead
    # of its ledger would later hand out the same sequence numbers for other content.
    written = sorted(files, key=lambda name: name != PLAN)
    gone = sorted(name for name in set(stale) - set(files) if _is_file(folder / name))
    return tuple(
        _change(n, folder / name, files.get(name)) for n, name in enumerate([*written, *gone])
    )


def _change(n: int, path: Path, content: bytes | None) -> _Change:
    with _explained(path):
        target = path if content is None else Path(os.path.realpath(path))
        return _Change(
            path=path,
            target=target,
            content=content,
            mode=None if content is None else _mode(target),
            new=target.with_name(f".pe-plan-{os.getpid()}-{n}-new.tmp"),
            old=target.with_name(f".pe-plan-{os.getpid()}-{n}-old.tmp"),
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


def _make(folder: Path, undo: ExitStack) -> None:
    missing = []
    with _explained(folder):
        above = folder
        while not above.exists() and above != above.parent:
            missing.append(above)
            above = above.parent
        for path in reversed(missing):
            path.mkdir()
            undo.callback(_remove_empty, path)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")


def _sweep(folder: Path) -> None:
    """Remove what a killed command left behind, but nothing of one that is at work."""
    for leftover in folder.glob(_LEFTOVERS):
        pid = leftover.name.split("-")[2]
        if pid.isdecimal() and not _at_work(int(pid)):
            _remove(leftover)


def _at_work(pid: int) -> bool:
    """Whether another process has that number; where asking would end it, it is taken to be."""
    if pid == os.getpid():
        return False
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _stage(change: _Change, undo: ExitStack) -> None:
    """Write the new content beside its place, and give what stands there a second name."""
    if change.content is None:
        return
    with _explained(change.path):
        undo.callback(_remove, change.new)
        _create(change.new, change.content, change.mode)
        if change.mode is not None:
            undo.callback(_remove, change.old)
            _duplicate(change.target, change.old, change.mode)


def _create(path: Path, content: bytes, mode: int | None) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        path.chmod(mode)


def _duplicate(source: Path, copy: Path, mode: int) -> None:
    try:
        os.link(source, copy)
    except OSError:  # a disk without hard links, or another disk
        _create(copy, source.read_bytes(), mode)


def _keep(plan: _Change, undo: ExitStack) -> None:
    """Keep the plan.toml of before under the first free number."""
    if plan.mode is None:
        return
    with _explained(plan.path):
        whole = plan.path.with_name(f".pe-plan-{os.getpid()}-kept.tmp")
        undo.callback(_remove, whole)
        _duplicate(plan.target, whole, plan.mode)
        numbered = (plan.path.with_name(f"{PLAN}.{n}") for n in count(1))
        kept = next(path for path in numbered if not os.path.lexists(path))
        whole.rename(kept)
        undo.callback(_remove, kept)


def _swap(change: _Change, undo: ExitStack) -> None:
    """Put the new content in its place, or take away what is stale; this can be undone."""
    with _explained(change.path):
        if change.content is None:
            undo.callback(_put_back, change)
            change.target.replace(change.old)
            return
        if change.mode is None:
            undo.callback(_remove, change.target)
        else:
            undo.callback(_put_back, change)
        change.new.replace(change.target)


def _put_back(change: _Change) -> None:
    with suppress(OSError):
        change.old.replace(change.target)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _sync(folder: Path) -> None:
    # Windows cannot open a folder, and some disks cannot sync one.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a problem with `path`."""
    try:
        yield
    except OSError as error:
        what, hint = _REASONS.get(error.errno or 0, ((error.strerror or str(error)).lower(), ""))
        problem = Problem(where=str(path), what=what, hint=hint)
        raise PePlanError(Exit.OUTPUT, [problem]) from error
