"""The command line as a person meets it: what is typed, and what comes back."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from pe_plan.app.context import Circumstances
from pe_plan.cli import main
from pe_plan.errors import Exit, PePlanError

CHECKOUT = Path(__file__).parents[1]
_OURS = ("PE_PLAN_DIR", "NO_COLOR", "TERM", "TZ", "PYTHONIOENCODING", "COLUMNS", "LINES")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed and left with."""

    code: int
    out: str
    err: str


def surroundings(**changed: str) -> dict[str, str]:
    """This process's environment without what pe-plan reads, in UTC, and with the changes."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {
        **kept,
        "TZ": "UTC",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **changed,
    }


def typed(
    *words: str | bytes, folder: Path, code: str = "", disk: int | None = None, **changed: str
) -> Ran:
    """`python -m pe_plan WORDS` in the folder, as a process of its own; or the Python `code`,
    which has the words as its arguments. Files end at `disk` bytes, as on one that is full."""
    program = ["-c", code] if code else ["-m", "pe_plan"]
    done = subprocess.run(
        [sys.executable, *program, *words],
        cwd=folder,
        env=surroundings(**changed),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=None if disk is None else partial(_limit, disk),
    )
    return Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def _limit(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def ran(*words: str, folder: Path, around: Circumstances | None = None, **changed: str) -> Ran:
    """The same in this process, which takes a tenth of the time; `around` stands for the clock,
    the machine's zone and the fresh id. An exception that is no exit comes through: it is what
    a person would see as a traceback."""
    streams = [
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)
    ]
    code = 0
    with (
        chdir(folder),
        patch.dict(os.environ, surroundings(**changed), clear=True),
        patch.object(sys, "argv", ["pe-plan", *words]),
        redirect_stdout(streams[0]),
        redirect_stderr(streams[1]),
        patch("pe_plan.cli.clock.circumstances", return_value=around) if around else nullcontext(),
    ):
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        finally:
            gc.enable()  # this process lives longer than a command
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return Ran(code=code, out=out, err=err)


# What a command has loaded when it is over, on the last line of stderr.
LOADED = """\
import sys
from pe_plan.cli import main
try:
    main()
finally:
    names = sorted(sys.modules)
    import json
    print(json.dumps(names), file=sys.stderr)
"""


posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


def loaded(*words: str, folder: Path) -> set[str]:
    """The modules that the command loads."""
    done = typed(*words, folder=folder, code=LOADED)
    assert done.code == 0
    return set(json.loads(done.err.splitlines()[-1]))


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every path below the folder with its bytes; None for what is no file."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def complaints(action: Callable[[], object], code: Exit = Exit.BAD_INPUT) -> list[str]:
    """What is said of something that has to be refused."""
    with pytest.raises(PePlanError) as caught:
        action()
    assert caught.value.code is code
    return [str(problem) for problem in caught.value.problems]


def refused(*words: str, folder: Path, code: int = 3) -> list[str]:
    """The lines of complaint about a command that leaves the folder as it was."""
    before = contents(folder)
    tried = ran(*words, folder=folder)
    assert (tried.code, tried.out) == (code, "")
    assert contents(folder) == before
    return tried.err.splitlines()


def on_a_terminal(
    *words: str, folder: Path, columns: int = 80, rows: int = 24, says: str = "", **changed: str
) -> Ran:
    """The command on a pseudo-terminal of that size, where stdout and stderr are one and somebody
    has typed what the person `says`."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "pe_plan", *words],
        cwd=folder,
        env=surroundings(**{"TERM": "xterm-256color", **changed}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, says.encode())
    shown = b""
    try:
        while piece := _read(ours):
            shown += piece
        code = process.wait(timeout=60)
    finally:
        process.kill()
        os.close(ours)
    return Ran(code=code, out=shown.decode().replace("\r\n", "\n"), err="")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
