"""Child processes of a test: what they said, and how they are killed on the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

DONE, KILLED = 0, 9

# What Python itself defines for the operating system and for files, without what only looks.
_SYSTEM = {"posix", "nt", "io", "_io"}
_LOOKS = {
    *("access", "fileno", "fspath", "getcwd", "getpid", "isatty", "lstat", "read", "scandir"),
    *("stat", "urandom", "putenv", "unsetenv", "_path_normpath"),
}


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
