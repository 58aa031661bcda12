"""The plan's events read back from a calendar, where the learner moved, deleted or ticked them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pe_plan.app.calendar_files import calendar_texts
from pe_plan.app.context import Circumstances, Problems
from pe_plan.app.replan import Asking, Replanned, replan
from pe_plan.app.request import Heard, Ledger, Request
from pe_plan.calendars.seen import seen
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.inputs.values import RefusedError, read_path
from pe_plan.model import DoesNotFit, Roadmap
from pe_plan.tracking.placing import Situation
from pe_plan.tracking.readback import counted_on, noticed


def sync(
    paths: Sequence[str],
    request: Request,
    folder: Path,
    around: Circumstances,
    asking: Asking,
) -> Replanned | DoesNotFit:
    """Take up what the learner did with the plan's events in the calendars under these paths: a
    re-plan as any other, or where they only ticked something, lines of the log.

    Raises PePlanError for calendars that cannot be read, and where none of the events is there.
    """
    return replan(request, folder, around, asking, partial(_heard, paths))


def _heard(paths: Sequence[str], here: Situation, _: Roadmap, ledger: Ledger) -> Heard:
    problems, texts = Problems(), list[tuple[str, bytes]]()
    for path in paths:
        texts += problems.of(_under, path) or ()
    problems.stop()
    own = {block.uid for block in here.plan.blocks}
    events = seen(texts, own, here.profile.zone)
    if not events:
        what = "none of this plan's events is in it"
        hint = "name the calendar that you imported plan.ics into, or what you exported of it"
        where = ", ".join(map(str, paths))
        raise PePlanError(Exit.BAD_INPUT, [Problem(where=where, what=what, hint=hint)])
    return noticed(events, ledger, here), counted_on(ledger, events)


def _under(typed: str) -> tuple[tuple[str, bytes], ...]:
    """The calendars under a path."""
    try:
        return calendar_texts(Path(read_path(typed)))
    except RefusedError as error:
        raise PePlanError(Exit.BAD_INPUT, [error.at("sync")]) from None
