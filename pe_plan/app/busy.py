"""The learner's other calendars, as people keep them (an .ics file, a .zip as Google exports it, or
a folder), and what of them takes time; read anew each time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError, Problems, printable, refusal
from pe_plan.model import Plan, Profile, Stretch, merged
from pe_plan.planning.availability import days, instant, opened

_HORIZON = timedelta(days=3 * 366)  # from the start
_NAMED = 3  # broken events that a note names
_MOST = 200  # the most characters of a path or a broken event in a note
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


def busy_now(
    profile: Profile, before: Profile | None, own: Iterable[str], from_day: date
) -> tuple[Profile, tuple[str, ...]]:
    """The profile with the busy times of its calendars, and what to say of them.

    `before` is the remembered profile on a re-plan: what `profile` still knows of the days before
    `from_day` stays, and so does all that it knows where a calendar of before cannot be opened any
    more. `own` are the uids of the plan's own events, which never are busy."""
    from pe_plan.calendars.busy import taken

    problems = Problems()
    profile = replace(profile, calendars=_located(profile.calendars, problems))
    # Where the profile knows nothing any more of what was busy, that was to be forgotten.
    known = before.calendars if before and (profile.busy or not before.busy) else ()
    texts, gone = list[tuple[str, bytes]](), list[str]()
    for path in profile.calendars:
        try:
            texts += calendar_texts(Path(path))
        except PePlanError as error:
            if isinstance(error, GoneError) and path in known:
                gone.append(path)
            else:
                problems.found += error.problems
    found = problems.of(taken, texts, profile, frozenset(own), last_day(profile))
    if problems.found or not found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    busy = [stretch for stretch in found.stretches if _takes_time(stretch, profile)]
    if before:  # there is nothing to know of the days before the plan begins
        first, then = (instant(day, 0, profile.zone) for day in (profile.start, from_day))
        busy = [*_clipped(profile.busy, first, None if gone else then), *_clipped(busy, then)]
    still = "cannot be opened any more: the times taken before still count; --no-busy forgets them"
    notes = [f"{printable(path, _MOST)} {still}" for path in gone]
    if left_out := found.left_out:
        events = "1 event" if len(left_out) == 1 else f"{len(left_out):,} events"
        named = "; ".join(printable(each, _MOST) for each in left_out[:_NAMED])
        more = f"; and {len(left_out) - _NAMED:,} more" if len(left_out) > _NAMED else ""
        notes.append(f"{events} of your calendars left out, as broken: {named}{more}")
    return replace(profile, busy=merged(busy)), tuple(notes)


def last_day(profile: Profile) -> date:
    """The last day of which calendars are asked."""
    return max(profile.start + _HORIZON, profile.interview or profile.start)


def minutes_taken(plan: Plan, profile: Profile) -> int:
    """Minutes that are busy of the windows that the plan uses, from its start to its finish and
    days off aside."""
    total, past = timedelta(), plan.finish + timedelta(days=1)
    first, end = (instant(day, 0, profile.zone) for day in (profile.start, past))
    for stretch in _clipped(profile.busy, first, end):
        for day in _days(stretch, profile):
            if not any(day in off for off in profile.days_off):
                common = _clipped(opened(day, plan.windows, profile.zone), *stretch)
                total += sum((until - since for since, until in common), timedelta())
    return total // timedelta(minutes=1)


def _located(paths: Iterable[str], problems: Problems) -> tuple[str, ...]:
    """The paths from the root on, each place once."""
    places: dict[str, str] = {}
    for path in paths:
        try:
            begun = Path(path).expanduser() if path.startswith("~") else Path(path)
            written = str(begun.absolute())
            written.encode()
            places.setdefault(os.path.realpath(written), written)
        except (RuntimeError, OSError):
            lost = f"there is no such {'home' if path.startswith('~') else 'current'} folder"
            problems.refuse(path, lost, "write the path from the root on")
        except ValueError:
            what = "cannot be remembered, as this path is no UTF-8"
            problems.refuse(path, what, "rename what is not")
    return tuple(places.values())


def _takes_time(stretch: Stretch, profile: Profile) -> bool:
    """Whether it takes time of the learner's windows; else it is nobody's concern."""
    start, end = stretch
    for day in _days(stretch, profile):
        windows = opened(day, profile.windows, profile.zone)
        if any(since < end and start < until for since, until in windows):
            return True
    return False


def _days(stretch: Stretch, profile: Profile) -> Iterable[date]:
    """The days on which there is anything of a stretch."""
    return days(*(moment.astimezone(profile.zone).date() for moment in stretch))


def _clipped(
    stretches: Iterable[Stretch], since: datetime, until: datetime | None = None
) -> Iterator[Stretch]:
    for start, end in stretches:
        first, last = max(start, since), min(end, until or end)
        if first < last:
            yield first, last


class GoneError(PePlanError):
    """The path itself cannot be opened (any more); whatever is behind it was not looked at."""


def calendar_texts(path: Path) -> tuple[tuple[str, bytes], ...]:
    """The calendars under a path, each with a name for messages: a file, whatever it is called;
    every .ics file in a .zip; or every one in a folder and the folders in it, in order of their
    names, those passed over that begin with a dot. Raises PePlanError with all that cannot be
    read, and where there is more than may be; GoneError where the path cannot be opened."""
    under = _Found(path)
    with under.noting(path):
        if stat.S_ISDIR(path.stat().st_mode):
            for file in sorted(under.files()):
                with under.noting(file):
                    under.add(str(file), under.content(file))
        elif (data := under.content(path)).startswith(_ZIP):
            under.unpack(data)
        else:
            under.add(str(path), data)
    if not under.texts and not under.found:
        under.refuse(str(path), "has no .ics file in it")
    if more := len(under.found[SHOWN:]):
        under.found[SHOWN:] = []
        under.refuse(str(path), f"and {more:,} more that cannot be read")
    if under.gone:
        raise GoneError(Exit.BAD_INPUT, under.found)
    under.stop()
    return tuple(under.texts)


class _Found(Problems):
    """The calendars under `path` so far, and what could not be read."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.texts: list[tuple[str, bytes]] = []
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

    def _all_of(self, file: IO[bytes]) -> bytes:
        data = file.read(MOST_BYTES - self._size + 1)
        self._limit(self._size + len(data), MOST_BYTES, f"{MOST_BYTES // 1_000_000} MB")
        return data

    def _limit(self, count: int, most: int, of_these: str) -> None:
        if count > most:
            raise refusal(str(self._path), f"holds more than {of_these}", _SMALLER)

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
            self.refuse(str(path), what)
        except ValueError as error:
            self.refuse(str(path), str(error))
