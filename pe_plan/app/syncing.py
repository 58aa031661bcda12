"""The plan's events read back from a calendar, where the learner moved, deleted or ticked them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pe_plan.app.problems import Problems
from pe_plan.app.replanning import Asking, Replanned, replan
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import DoesNotFit, State
from pe_plan.tracking.noticing import Noticed, noticed
from pe_plan.tracking.placing import Situation
from pe_plan.tracking.progress import progress

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances
    from pe_plan.app.wanted import Wanted


def sync(
    wanted: Wanted,
    paths: Sequence[str],
    folder: Path,
    around: Circumstances,
    asking: Asking,
) -> Replanned | DoesNotFit:
    """Take up what the learner did with the plan's events in the calendars under these paths: a
    re-plan as any other, or where they only ticked something, lines of the log.

    Raises PePlanError for calendars that cannot be read, and where none of the events is there.
    """
    return replan(wanted, folder, around, asking, lambda state, _, day: _noticed(state, day, paths))


def situation(state: State, as_of: date) -> Situation:
    """The accepted plan as it stands on that day."""
    return Situation(
        plan=state.plan,
        profile=state.profile,
        progress=progress(state.plan, state.log, state.accepted),
        as_of=as_of,
    )


def _noticed(state: State, as_of: date, paths: Sequence[str]) -> Noticed:
    from pe_plan.calendars.seen import seen

    own = {block.uid for block in state.plan.blocks}
    events = seen(_texts(paths), own, state.profile.zone)
    if not events:
        what = "none of this plan's events is in it"
        hint = "name the calendar that you imported plan.ics into, or what you exported of it"
        where = ", ".join(map(str, paths))
        raise PePlanError(Exit.BAD_INPUT, [Problem(where=where, what=what, hint=hint)])
    return noticed(events, state.ledger, situation(state, as_of))


def _texts(paths: Sequence[str]) -> list[tuple[str, bytes]]:
    """The calendars under the paths, or every problem in reading them."""
    problems, found = Problems(), list[tuple[str, bytes]]()
    for path in paths:
        found += problems.of(lambda path=path: _under(path)) or ()  # type: ignore[misc]
    problems.stop()
    return found


def _under(typed: str) -> tuple[tuple[str, bytes], ...]:
    from pe_plan.app.calendar_files import calendar_texts
    from pe_plan.inputs.values import RefusedError, read_path

    try:
        return calendar_texts(Path(read_path(typed)))
    except RefusedError as error:
        raise PePlanError(Exit.BAD_INPUT, [error.at("sync")]) from None
