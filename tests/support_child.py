"""Child processes of a test: what they said, and how they are killed on the way."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pe_plan.errors import PePlanError

DONE, KILLED = 0, 9

# What Python itself defines for the operating system and for files, without what only looks.
_SYSTEM = {"posix", "nt", "io", "_io"}
_LOOKS = {
    *("access", "fileno", "fspath", "getcwd", "getpid", "isatty", "lstat", "read", "scandir"),
    *("stat", "urandom", "putenv", "unsetenv", "_path_normpath"),
}
_FILLS = {"open", "write", "flush", "fsync", "link", "mkdir", "rename", "replace"}


def in_child(action: Callable[[], object]) -> tuple[int, str]:
    """What a child process did: its exit code (or signal) and what it said."""
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        os.close(reader)
        try:
            said = str(action() or "")
        except BaseException as error:  # noqa: BLE001
            said = f"{type(error).__name__} {getattr(error, 'code', '')!r} {error}"
        os.write(writer, said.encode())
        os._exit(DONE)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), said


def kills(action: Callable[[], object]) -> Iterator[int]:
    """Run the action in children, killed before the first call that may change something on disk,
    before the second and so on; yields the number after each kill, and once the action has run
    to its end."""
    for at in count(1):
        code, said = in_child(lambda at=at: _killed(at, action))
        assert (code, said) in ((KILLED, ""), (DONE, "done"))
        yield at
        if code == DONE:
            return


def _killed(at: int, action: Callable[[], object]) -> str:
    calls = iter(range(1, at))

    def watch(_: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and _changes_something(called) and next(calls, None) is None:
            os._exit(KILLED)

    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(None)
    return "done"


def failures(action: Callable[[], object]) -> Iterator[PePlanError | None]:
    """Run the action with the disk full at the first call that may need room on it, then at the
    second and so on; yields after each run what was said, if anything. Ends with the run in which
    there was no such call any more."""
    for at in count(1):
        left = [at]

        def watch(frame: FrameType, event: str, called: Any, left: list[int] = left) -> None:
            if event == "c_call" and _needs_room(called, frame):
                left[0] -= 1
                if left[0] == 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        said = None
        sys.setprofile(watch)
        try:
            action()
        except PePlanError as error:
            said = error
        finally:
            sys.setprofile(None)
        yield said
        if left[0] > 0:
            return


def _needs_room(called: Any, frame: FrameType) -> bool:
    if isinstance(called.__self__, io.TextIOWrapper):  # what is printed
        return False
    if called.__name__ == "open" and str(frame.f_locals.get("mode", "w")).startswith("r"):
        return False
    return called.__name__ in _FILLS and _changes_something(called)


def _changes_something(called: Any) -> bool:
    module = called.__module__ or type(called.__self__).__module__
    return module in _SYSTEM and called.__name__ not in _LOOKS


def with_memory(more: int, action: Callable[[], object]) -> str:
    """What a child says that may take so many bytes more than it has (on Linux)."""
    resource = pytest.importorskip("resource")

    def limited() -> object:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
        has = int(pages) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (has + more, has + more))
        return action()

    return in_child(limited)[1]
