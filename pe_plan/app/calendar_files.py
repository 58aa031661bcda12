"""Calendar files as people keep them: an .ics file, a .zip as Google exports it, or a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pe_plan.errors import Exit, PePlanError, Problem

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

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
    return found.all()


class _Found:
    """The calendars under `path` so far, and what could not be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._texts: list[tuple[str, bytes]] = []
        self._problems: list[Problem] = []
        self._size = 0
        self._names = 0
        self._gone = False

    def all(self) -> tuple[tuple[str, bytes], ...]:
        """Every calendar. Raises PePlanError where one could not be read, or none is there."""
        if not self._texts and not self._problems:
            self._refuse(self._path, "has no .ics file in it")
        if more := len(self._problems[SHOWN:]):
            self._problems[SHOWN:] = []
            self._refuse(self._path, f"and {more:,} more that cannot be read")
        if self._problems:
            kind = GoneError if self._gone else PePlanError
            raise kind(Exit.BAD_INPUT, self._problems)
        return tuple(self._texts)

    def add(self, name: str, data: bytes) -> None:
        """Keep one more."""
        self._size += len(data)
        self._texts.append((name, data))
        self._allow(len(self._texts))

    def content(self, file: Path) -> bytes:
        """What is in a file, without a wait on a pipe, and no more than there is room for."""
        if not stat.S_ISREG(file.stat().st_mode):
            raise ValueError("this is not a file")
        with file.open("rb") as opened:
            return self._limited(opened.read(self._room))

    def files(self) -> Iterator[Path]:
        """The .ics files in the folder, and in those in it, each folder once."""
        waiting, known, count = [self._path], set(), 0
        while waiting:
            folder = waiting.pop()
            with self.noting(folder):
                status = folder.stat()
                if (status.st_dev, status.st_ino) in known:
                    continue  # a link has led back
                known.add((status.st_dev, status.st_ino))
                for entry in self._entries(folder):
                    if Path(entry).is_dir():  # of a link that leads in a circle, no
                        waiting.append(Path(entry.path))
                    elif entry.name.lower().endswith(".ics"):
                        self._allow(count := count + 1)
                        yield Path(entry.path)

    def unpack(self, data: bytes) -> None:
        """Add what is in a .zip; nothing of it is written anywhere."""
        from io import BytesIO
        from struct import error as StructError  # noqa: N812
        from zipfile import BadZipFile, ZipFile
        from zlib import error as DeflateError  # noqa: N812

        if data.count(_NAME) > MOST_NAMES:  # before the library makes an object of each
            raise self._too_much(f"holds more than {MOST_NAMES:,} files")
        broken = (
            *(BadZipFile, DeflateError, EOFError, RuntimeError),
            *(ArithmeticError, LookupError, StructError, UnicodeError),
        )
        try:
            with ZipFile(BytesIO(data)) as archive:
                for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                    if _is_calendar(entry):
                        self.add(f"{self._path}/{entry.filename}", self._unpacked(archive, entry))
        except broken as error:
            raise ValueError(f"this .zip is broken: {error}") from None

    def _unpacked(self, archive: ZipFile, entry: ZipInfo) -> bytes:
        if entry.flag_bits & _LOCKED:
            raise ValueError(f"this .zip has a password; {_UNPACK}")
        if entry.compress_type not in _METHODS:
            raise ValueError(f"this .zip is packed in a rare way; {_UNPACK}")
        with archive.open(entry) as opened:
            return self._limited(opened.read(self._room))

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        with os.scandir(folder) as entries:
            for entry in entries:
                self._names += 1
                if self._names > MOST_NAMES:
                    raise self._too_much(f"holds more than {MOST_NAMES:,} files")
                if not entry.name.startswith("."):
                    yield entry

    @property
    def _room(self) -> int:
        return MOST_BYTES - self._size + 1

    def _limited(self, data: bytes) -> bytes:
        if len(data) >= self._room:
            raise self._too_much(f"holds more than {MOST_BYTES // 1_000_000} MB")
        return data

    def _allow(self, files: int) -> None:
        if files > MOST_FILES:
            raise self._too_much(f"holds more than {MOST_FILES:,} .ics files")

    def _too_much(self, what: str) -> PePlanError:
        problem = Problem(where=str(self._path), what=what, hint=_SMALLER)
        return PePlanError(Exit.BAD_INPUT, [problem])

    @contextmanager
    def noting(self, path: Path) -> Iterator[None]:
        """Note what keeps a path from being read, and go on after it."""
        try:
            yield
        except OSError as error:
            what = f"cannot be read ({error.strerror or error})"
            if isinstance(error, FileNotFoundError):
                what = "this link leads nowhere" if path.is_symlink() else "there is no such file"
            self._gone |= path == self._path
            self._refuse(path, what)
        except ValueError as error:
            self._refuse(path, str(error))

    def _refuse(self, path: Path, what: str) -> None:
        self._problems.append(Problem(where=str(path), what=what))


def _is_calendar(entry: ZipInfo) -> bool:
    """Macs add a shadow of each file, whose name begins with a dot."""
    name = entry.filename.rpartition("/")[2].lower()
    return name.endswith(".ics") and not name.startswith(".")
