"""What every command is given and gives back: its circumstances, problems and outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from msgspec import Struct

from pe_plan.errors import quoted, refusal
from pe_plan.model import Roadmap, State

T = TypeVar("T")


class Circumstances(Struct, frozen=True, kw_only=True):
    """What the outside world says: the instant (UTC), the machine's zone if it is known and was
    asked for, a fresh id for a plan that needs one."""

    now: datetime
    zone: str | None = None
    fresh_id: str = ""


def standing(text: str | None, state: State, around: Circumstances) -> date:
    """The day that was typed, else today on the learner's own wall clock."""
    return state.profile.day_of(around.now) if text is None else day(text, "--as-of")


def day(text: str, flag: str) -> date:
    """The date typed for a flag. Raises PePlanError for what is no date."""
    from pe_plan.inputs.values import read_date

    return typed(read_date, text, flag)


def typed(read: Callable[[object], T], text: str, where: str) -> T:
    """What was typed as a value. Raises PePlanError where it is none."""
    from pe_plan.inputs.values import RefusedError

    try:
        return read(text)
    except RefusedError as error:
        raise refusal(where, error.what, error.hint) from None


def retyped(words: Sequence[str], flag: str, value: str) -> list[str]:
    """The command line with another value of that flag, at its end where it had none."""
    found = list(words)
    for at, word in enumerate(words):
        if word == flag:
            found[at + 1] = value
        elif word.startswith(f"{flag}="):
            found[at] = f"{flag}={value}"
    return found if any(word.startswith(flag) for word in words) else [*found, flag, value]


def minutes(text: str | None, allowed: range, expected: str, hint: str = "") -> int | None:
    """The minutes that were typed, if any were. Raises PePlanError for others than are allowed."""
    if text is None:
        return None
    short = len(text) <= len(str(allowed[-1]))  # a huge number would take its time
    if short and re.fullmatch("[0-9]+", text) and int(text) in allowed:
        return int(text)
    raise refusal("--minutes", f"expected {expected}, got {quoted(text)}", hint)


class Outcome(Struct, Generic[T], frozen=True, kw_only=True):
    """What a command found. `json` is the very value that `--json` prints and the screen puts
    into words; `state` and `roadmap` are what it speaks of, for titles that only people need."""

    json: T
    state: State
    roadmap: Roadmap
