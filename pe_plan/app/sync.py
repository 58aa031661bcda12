"""The plan's events read back from a calendar, where the learner moved, deleted or ticked them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pe_plan.app.calendar_files import calendar_texts
from pe_plan.app.context import Circumstances, Problems, refusal, typed
from pe_plan.app.replan import Asking, Replanned, replan
from pe_plan.app.request import Request
from pe_plan.calendars.seen import seen
from pe_plan.inputs.values import read_path
from pe_plan.model import DoesNotFit, Entry
from pe_plan.tracking.placing import Situation
from pe_plan.tracking.readback import Noticed, counted_on, noticed


def sync(
    paths: Sequence[str], request: Request, folder: Path, around: Circumstances, asking: Asking
) -> Replanned | DoesNotFit:
    """Take up what the learner did with the plan's events in the calendars under these paths: a
    re-plan as any other, or where they only ticked something, lines of the log.

    Raises PePlanError for calendars that cannot be read, and where none of the events is there.
    """

    def listen(here: Situation) -> tuple[Noticed, tuple[Entry, ...]]:
        problems, texts, ledger = Problems(), list[tuple[str, bytes]](), here.state.ledger
        for path in paths:
            place = problems.of(typed, read_path, path, "sync")
            texts += (place and problems.of(calendar_texts, Path(place))) or ()
        problems.stop()
        events = seen(texts, {block.uid for block in here.plan.blocks}, here.profile.zone)
        if not events:
            what = "none of this plan's events is in it"
            hint = "name the calendar that you imported plan.ics into, or what you exported of it"
            raise refusal(", ".join(map(str, paths)), what, hint)
        return noticed(events, ledger, here), counted_on(ledger, events)

    return replan(request, folder, around, asking, listen)
