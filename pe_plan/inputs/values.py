"""The values of a TOML file, and one value at a time: what was typed, or stands in TOML, becomes a
value or is refused.

A flag and a key of the profile file mean the same, so every reader takes either's raw value.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import tomli

from pe_plan.errors import QUOTED, nearest, printable, quoted, refusal
from pe_plan.model import LEVELS, MONTHS, SHORTEST, STEP, Days, Level, Roadmap

LARGEST = 2_000_000  # bytes of a file
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
MOST_HOURS = 112  # of the week's 168; sleep has the others
MOST_DAYS_OFF = 3660

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PLACE = re.compile(r"(?s)(.*) \(at (line \d+, column \d+|end of document)\)")
_LONGEST = 120  # characters of what the parser says
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Z][A-Za-z0-9_+-]*)*")
_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+://|\s*(?:webcal|mailto):", re.IGNORECASE)
_NO_PLACE = {"Factory", "localtime"}  # zoneinfo has them, they name no place


class RefusedError(ValueError):
    """A value that cannot be used: what is wrong and what to do."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint


def _unlike(expected: str, value: object, hint: str = "") -> RefusedError:
    return RefusedError(f"expected {expected}, got {quoted(value)}", hint)


def read_date(value: object, expected: str = "a date like 2026-01-05") -> date:
    """A day from 1970 to 2199, as YYYY-MM-DD or a TOML date."""
    text = value.isoformat() if type(value) is date else value
    match = DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise _unlike(expected, value)
    year, month, day = (int(part) for part in match.groups())
    if not EARLIEST.year <= year <= LATEST.year:
        hint = f"use a date from {EARLIEST} to {LATEST}"
        raise RefusedError(f"{match[0]} is out of reach", hint)
    if not 1 <= month <= len(MONTHS):
        raise RefusedError(f"there is no month {month}", "a date is written year-month-day")
    if not 1 <= day <= (last := monthrange(year, month)[1]):
        what = f"there is no {day} {MONTHS[month - 1]} {year}"
        raise RefusedError(what, f"its days are {match[0][:8]}01 to {match[0][:8]}{last}")
    return date(year, month, day)


def read_days(value: object) -> Days:
    """A day off or a stretch of them, "2026-03-02..2026-03-08", at most 3660 days long."""
    if isinstance(value, str) and ".." in value:
        first, last = (read_date(end) for end in value.split("..", 1))
    else:
        first = last = read_date(value, "a date or a stretch like 2026-03-02..2026-03-08")
    if last < first:
        raise RefusedError(f"{first} comes after {last}", f"turn them round: {last}..{first}")
    if (long := (last - first).days + 1) > MOST_DAYS_OFF:
        hint = f"at most {MOST_DAYS_OFF} at a time, please"
        raise RefusedError(f"{first}..{last} is {long} days", hint)
    return Days(first=first, last=last)


def read_hours(value: object) -> Fraction:
    """Hours a week, as exact minutes: at least 25 minutes when rounded, at most 112 hours."""
    hours = _number(value)
    if hours is None:
        hint = "write it with a point" if isinstance(value, str) and "," in value else ""
        raise _unlike("a number of hours like 12 or 7.5", value, hint)
    what, hint = "", "offer at least 0.5"
    if hours <= 0:
        what = "leaves no time to study"
    elif hours > MOST_HOURS:
        what, hint = "is more than a week holds beside sleep", f"offer at most {MOST_HOURS}"
    elif rounded(hours * 60) < SHORTEST:
        what = f"is less than one session of {SHORTEST} minutes"
    if what:
        raise RefusedError(f"{quoted(value)} {what}", hint)
    return hours * 60


def _number(value: object) -> Fraction | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Fraction(value.strip())
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(str(value))
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else None


def rounded(minutes: Fraction) -> int:
    """The nearest multiple of five minutes, the longer on a tie."""
    return math.floor(minutes / STEP + Fraction(1, 2)) * STEP


def read_minutes(value: object, most: int, hint: str) -> int:
    """Whole minutes, at most so many."""
    minutes = _number(value)
    if minutes is None or minutes.denominator != 1 or not 0 <= minutes <= most:
        raise _unlike(f"whole minutes from 0 to {most}", value, hint)
    return int(minutes)


def read_path(value: object) -> str:
    """The path of a calendar: a file or a folder, not an address."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _unlike("the path of a calendar", value)
    if _ADDRESS.match(value):
        what = f"{quoted(value)} is an address, and pe-plan never goes online"
        raise RefusedError(what, "download the calendar first, and name the file by its path")
    return value


def read_switch(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise _unlike("true or false", value)
    return value


def read_zone(value: object) -> str:
    """The IANA name of a time zone, spelled as there."""
    if not isinstance(value, str) or not value.strip():
        raise _unlike("a time zone like Europe/Berlin", value)
    name = value.strip()
    # A file system that ignores case would let 'EUROPE/BERLIN' pass, to be refused elsewhere.
    exact = _ZONE.fullmatch(name) and name not in _NO_PLACE and not ("/" in name and name.isupper())
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        if exact and ZoneInfo(name):
            return name
    raise RefusedError(f"there is no time zone {quoted(value)}", _zone_hint(name))


def _zone_hint(name: str) -> str:
    """The zone that was probably meant. An offset is never guessed: Etc/GMT+2 is behind UTC."""
    if re.search(r"[0-9]", name):
        return "an offset knows no summer time, so name a place, like Europe/Berlin"
    wanted = name[:QUOTED].strip("/").replace(" ", "_").casefold()
    zones = sorted(zone for zone in available_timezones() - _NO_PLACE if zone[:4] != "Etc/")
    known = {
        **{zone.rpartition("/")[2].casefold(): zone for zone in zones if "/" in zone},
        **{zone.casefold(): zone for zone in zones},
    }
    close = [wanted] if wanted in known else get_close_matches(wanted, known, n=1, cutoff=0.8)
    return f"did you mean '{known[close[0]]}'?" if close else "use a name like Europe/Berlin"


def split_skill(value: object) -> tuple[str, object]:
    """Who and level of "who=level"."""
    who, equals, level = value.partition("=") if isinstance(value, str) else ("", "", "")
    if not equals:
        hint = f"WHO is all, a phase or a topic, LEVEL {' '.join(LEVELS)}"
        raise _unlike("WHO=LEVEL", value, hint)
    return who, level


def read_skill(who: str, level: object, roadmap: Roadmap | None) -> tuple[str, Level]:
    """The id that is meant, as the roadmap spells it where it is known, and the level."""
    name = who.strip()
    if roadmap:
        ids = ("all", *(phase.id for phase in roadmap.phases), *roadmap.phase_of)
        spelled = {id.casefold(): id for id in ids}
        if name.casefold() not in spelled:
            otherwise = "use all, or a phase or topic that 'pe-plan roadmap show' lists"
            hint = nearest(name, spelled, otherwise)
            raise RefusedError(f"there is no phase or topic {quoted(name)}", hint)
    word = level.strip().casefold() if isinstance(level, str) else ""
    for known in LEVELS:
        if word == known:
            return spelled[name.casefold()] if roadmap else name.casefold(), known
    hint = nearest(word, LEVELS, f"use one of: {', '.join(LEVELS)}")
    raise RefusedError(f"there is no level {quoted(level)}", hint)


# ── The text of a file ────────────────────────────────────────────────────────────────────────


def read_toml(raw: bytes, source: str) -> dict[str, Any]:
    """The file's values; `source` names it in messages.

    Raises PePlanError (BAD_INPUT) where it is too large, not UTF-8 or not TOML.
    """
    place = ""
    try:
        if len(raw) <= LARGEST:
            return tomli.loads(raw.decode("utf-8-sig"))
        what, hint = f"is larger than {LARGEST // 10**6} MB", "shorten it"
    except UnicodeDecodeError as error:
        place = "line " + str(raw.count(b"\n", 0, error.start) + 1)
        what, hint = f"the byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8"
    except RecursionError:
        what, hint = "brackets stand too deep in each other", "flatten them"
    except tomli.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        said, place = found.groups() if found else (str(error), "")
        what = f"not TOML: {printable(said, _LONGEST)}"
        hint = _impossible_date(raw.decode()) if said.startswith("Invalid date") else ""
        hint = hint or "texts stand in quotes, lists in [ ], and each key once"
    except ValueError:  # Python reads no number of more than 4,300 digits
        what, hint = "a number in it is far too long", "shorten it"
    raise refusal(f"{source}: {place}" if place else source, what, hint)


def _impossible_date(text: str) -> str:
    """Which date TOML stumbled over, as it does not say."""
    try:
        for match in DATE.finditer(text):
            read_date(match[0])
    except RefusedError as error:
        return error.what
    return ""
