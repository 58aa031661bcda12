"""The bytes of a TOML file that someone else wrote as its values."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.inputs.values import DATE, RefusedError, read_date

LARGEST = 2_000_000  # bytes of a file
_WHERE = re.compile(r"(?s)(.*) \(at (line \d+, column \d+|end of document)\)")
_LONGEST = 120  # characters of what tomllib says


def read_toml(raw: bytes, source: str) -> dict[str, Any]:
    """The file's values; `source` names it in messages.

    Raises PePlanError (BAD_INPUT) where it is too large, not UTF-8 or not TOML.
    """
    if len(raw) > LARGEST:
        raise _broken(source, "", f"is larger than {LARGEST // 10**6} MB", "shorten it")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        raise _broken(source, f"line {line}", what, "save the file as UTF-8") from None
    except RecursionError:
        raise _broken(source, "", "brackets stand too deep in each other", "flatten them") from None
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.fullmatch(str(error))
        what, place = found.groups() if found else (str(error), "")
        hint = _impossible_date(raw.decode()) if what.startswith("Invalid date") else ""
        hint = hint or "texts stand in quotes, lists in [ ], and each key once"
        raise _broken(source, place, f"not TOML: {printable(what, _LONGEST)}", hint) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise _broken(source, "", "a number in it is far too long", "shorten it") from None


def _broken(source: str, place: str, what: str, hint: str) -> PePlanError:
    where = f"{source}: {place}" if place else source
    return PePlanError(Exit.BAD_INPUT, [Problem(where=where, what=what, hint=hint)])


def _impossible_date(text: str) -> str:
    """Which date TOML stumbled over, as it does not say."""
    for match in DATE.finditer(text):
        try:
            read_date(match[0])
        except RefusedError as error:
            return error.what
    return ""
