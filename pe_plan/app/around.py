"""What the outside world says, and which day a command stands on."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from pe_plan.errors import Exit, PePlanError
from pe_plan.model import State


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
    from pe_plan.inputs.values import RefusedError, read_date

    try:
        return read_date(text)
    except RefusedError as error:
        raise PePlanError(Exit.BAD_INPUT, [error.at(flag)]) from None
