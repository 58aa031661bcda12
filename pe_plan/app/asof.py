"""Which day a command stands on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pe_plan.errors import Exit, PePlanError
from pe_plan.model import State

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances


def standing(text: str | None, state: State, around: Circumstances) -> date:
    """The day that was typed, else today on the learner's own wall clock."""
    if text is None:
        return state.profile.day_of(around.now)
    return day(text, "--as-of")


def day(text: str, flag: str) -> date:
    """The date typed for a flag. Raises PePlanError for what is no date."""
    from pe_plan.inputs.values import RefusedError, read_date

    try:
        return read_date(text)
    except RefusedError as error:
        raise PePlanError(Exit.BAD_INPUT, [error.at(flag)]) from None
