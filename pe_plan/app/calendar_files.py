"""Calendar files as people keep them: an .ics file, a .zip as Google exports it, or a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pe_plan.errors import Exit, PePlanError, Problem

MOST_BYTES = 50_000_000  # of all calendars under one path
MOST_FILES = 50_000  # calendars under one path
MOST_NAMES = 200_000  # of whatever is in a folder and its folders, or in a .zip
SHOWN = 10  # files that one message tells of

_ZIP = (b"PK\3\4", b"PK\5\6")  # how one begins, with something in it or empty
_NAME = b"PK\1\2"  # what each name in one begins with
_LOCKED = 1  # the bit that says that a password is needed
_METHODS = (0, 8)  # stored and deflated; others may ask for gigabytes of memory
_SMALLER = "export fewer years, or name the calendars that matter one by one"
_UNPACK = "unpack it, and name the folder"


class GoneError(PePlanError):
    """The path itself cannot be opened (any more); whatever is behind it was not looked at."""


def calendar_texts(path: Path) -> tuple[tuple[str, bytes], ...]:
    """The calendars under a path, each with a name for messages: a file, whatever it is called;
    every .ics file in a .zip; or every one in a folder and the folders in it, in order of their
    names, those passed over that begin with a dot.

    Raises PePlanError (Exit.BAD_INPUT) with all that cannot be read, and where there is more than
    `MOST_BYTES`, `MOST_FILES` or `MOST_NAMES`; GoneError where the path cannot be opened.
    """
    found = _Found(path)
    with found.noting(path):
        if stat.S_ISDIR(path.stat().st_mode):
            for file in sorted(found.files()):
                with found.noting(file):
                    found.add(str(file), found.content(file))
        elif (data := found.content(path)).startswith(_ZIP):
            found.unpack(data)
        else:
            found.add(str(path), data)
    problems = found.problems
    if not found.texts and not problems:
        found.refuse(path, "has no .ics file in it")
    if more := len(problems[SHOWN:]):
        problems[SHOWN:] = []
        found.refuse(path, f"and {more:,} more that cannot be read")
    if problems:
        raise (GoneError if found.gone else PePlanError)(Exit.BAD_INPUT, problems)
    return tuple(found.texts)


class _Found:
    """The calendars under `path` so far, and what could not be read."""

    def __init__(self, path: Path) -> None:
        self.texts: list[tuple[str, bytes]] = []
        self.problems: list[Problem] = []
        self.gone = False
        self._path = path
        self._size = 0

    def add(self, name: str, data: bytes) -> None:
        """Keep one more."""
        self._size += len(data)
        self.texts.append((name, data))
        self._limit(len(self.texts), MOST_FILES, f"{MOST_FILES:,} .ics files")

    def content(self, file: Path) -> bytes:
        """What is in a file, without a wait on a pipe, and no more than there is room for."""
        if not stat.S_ISREG(file.stat().st_mode):
            raise ValueError("this is not a file")
        with file.open("rb") as opened:
            return self._all_of(opened)

    def files(self) -> Iterator[Path]:
        """The .ics files in the folder, and in those in it, each folder once."""
        waiting, known, names, count = [self._path], set(), 0, 0
        while waiting:
            folder = waiting.pop()
            with self.noting(folder):
                status = folder.stat()
                if (status.st_dev, status.st_ino) in known:
                    continue  # a link has led back
                known.add((status.st_dev, status.st_ino))
                with os.scandir(folder) as entries:
                    for entry in entries:
                        self._limit(names := names + 1, MOST_NAMES, f"{MOST_NAMES:,} files")
                        if entry.name.startswith("."):
                            continue
                        if Path(entry).is_dir():  # of a link that leads in a circle, no
                            waiting.append(Path(entry))
                        elif entry.name.lower().endswith(".ics"):
                            count += 1
                            self._limit(count, MOST_FILES, f"{MOST_FILES:,} .ics files")
                            yield Path(entry)

    def unpack(self, data: bytes) -> None:
        """Add what is in a .zip; nothing of it is written anywhere."""
        from io import BytesIO
        from struct import error as StructError  # noqa: N812
        from zipfile import BadZipFile, ZipFile
        from zlib import error as DeflateError  # noqa: N812

        # Before the library makes an object of each.
        self._limit(data.count(_NAME), MOST_NAMES, f"{MOST_NAMES:,} files")
        broken = (
            *(BadZipFile, DeflateError, EOFError, RuntimeError),
            *(ArithmeticError, LookupError, StructError, UnicodeError),
        )
        try:
            with ZipFile(BytesIO(data)) as archive:
                for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                    name = entry.filename.rpartition("/")[2].lower()
                    # Macs add a shadow of each file, whose name begins with a dot.
                    if not name.endswith(".ics") or name.startswith("."):
                        continue
                    if entry.flag_bits & _LOCKED:
                        raise ValueError(f"this .zip has a password; {_UNPACK}")
                    if entry.compress_type not in _METHODS:
                        raise ValueError(f"this .zip is packed in a rare way; {_UNPACK}")
                    with archive.open(entry) as opened:
                        self.add(f"{self._path}/{entry.filename}", self._all_of(opened))
        except broken as error:
            raise ValueError(f"this .zip is broken: {error}") from None

    def _all_of(self, opened: IO[bytes]) -> bytes:
        data = opened.read(MOST_BYTES - self._size + 1)
        self._limit(self._size + len(data), MOST_BYTES, f"{MOST_BYTES // 1_000_000} MB")
        return data

    def _limit(self, count: int, most: int, of_these: str) -> None:
        if count > most:
            what = f"holds more than {of_these}"
            problem = Problem(where=str(self._path), what=what, hint=_SMALLER)
            raise PePlanError(Exit.BAD_INPUT, [problem])

    @contextmanager
    def noting(self, path: Path) -> Iterator[None]:
        """Note what keeps a path from being read, and go on after it."""
        try:
            yield
        except OSError as error:
            what = f"cannot be read ({error.strerror or error})"
            if isinstance(error, FileNotFoundError):
                what = "this link leads nowhere" if path.is_symlink() else "there is no such file"
            self.gone |= path == self._path
            self.refuse(path, what)
        except ValueError as error:
            self.refuse(path, str(error))

    def refuse(self, path: Path, what: str) -> None:
        """Note what is wrong with a path."""
        self.problems.append(Problem(where=str(path), what=what))
