"""The plan folder read: the state that it holds, and those that were kept."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Accepted, State
from pe_plan.store.decoding import decode

PLAN = "plan.toml"

_KEPT = re.compile(r"plan\.toml\.([0-9]{1,9})")
_LARGEST = 50_000_000  # bytes; a plan of a thousand topics takes about a hundredth


def read(folder: Path) -> State | None:
    """The state in the folder, None where there is no plan.

    Raises PePlanError (Exit.STATE) for a plan.toml that cannot be read or is damaged.
    """
    path = folder / PLAN
    try:
        raw = _content(path, lambda: backup_hint(folder))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return decode(raw, str(path), lambda: backup_hint(folder))


def read_kept(folder: Path, name: str) -> State:
    """The earlier state that was kept under the name.

    Raises PePlanError (Exit.STATE) where it is gone, cannot be read or is damaged.
    """
    path = folder / name
    try:
        raw = _content(path) if _KEPT.fullmatch(name) else None
    except (FileNotFoundError, NotADirectoryError):
        raw = None
    if raw is None:
        raise _unreadable(path, "this earlier state is no longer there")
    return decode(raw, str(path))


def free_backup(folder: Path, accepted: Iterable[Accepted] = ()) -> str:
    """The name under which the next state is kept: a number above all that are there, and above
    those that `accepted` plans name, so that no name in the log comes to mean another state."""
    names = [path.name for path in folder.glob(f"{PLAN}.*")]
    names += [line.kept for line in accepted if line.kept]
    numbers = [int(kept[1]) for name in names if (kept := _KEPT.fullmatch(name))]
    return f"{PLAN}.{max(numbers, default=0) + 1}"


def _numbered(path: Path) -> re.Match[str] | None:
    return _KEPT.fullmatch(path.name)


def _content(path: Path, hint: Callable[[], str] = str) -> bytes:
    try:
        # Asked before opening: to open a pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise _unreadable(path, "is not a file", "move it away")
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise _unreadable(path, f"cannot be read ({what})") from None
    if len(raw) > _LARGEST:
        raise _unreadable(path, f"is larger than {_LARGEST // 1_000_000} MB", hint())
    return raw


def _unreadable(path: Path, what: str, hint: str = "") -> PePlanError:
    return PePlanError(Exit.STATE, [Problem(where=str(path), what=what, hint=hint)])


def backup_hint(folder: Path) -> str:
    """What to do where plan.toml is damaged; nothing where no earlier state was kept."""
    with suppress(OSError):
        kept = [path for path in folder.glob(f"{PLAN}.*") if _numbered(path)]
        if kept:
            newest = max(kept, key=lambda path: path.stat().st_mtime_ns)
            return f"{newest.name} is an earlier state: copy it over {PLAN} to go back to it"
    return ""
