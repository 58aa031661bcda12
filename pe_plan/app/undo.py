"""Taking back the last change, a re-plan included."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances, refusal
from pe_plan.app.folder import Written, agree, fresh_uids, write
from pe_plan.app.log import Logbook, Recorded
from pe_plan.errors import Exit
from pe_plan.model import Accepted, Record, State
from pe_plan.tracking.progress import last_change
from pe_plan.tracking.readback import renamed


class Undone(Struct, frozen=True, kw_only=True):
    """What was taken back: lines of the log, or a plan (or both); neither where only the beginning
    was left. `plan` is the accepted plan that went, `written` what was written for the one that
    came back."""

    now: Recorded
    lines: tuple[Record, ...] = ()
    plan: Accepted | None = None
    written: Written | None = None


def undo(folder: Path, *, as_of: str | None = None, around: Circumstances) -> Undone:
    """Take back the last change that counts. The log keeps it, with a line that says so.

    Raises PePlanError (Exit.STATE) where the state before a re-plan is gone.
    """
    with store.locked(folder):
        book = Logbook(folder, as_of, around)
        book.stop()
        state = book.here.state
        change = last_change(state.log, state.accepted)
        if change is None:
            return Undone(now=book.outcome(state))
        book.add("undo", book.here.day, undone=change)
        lines = tuple(line for line in state.log if line.change == change)
        plan = next((line for line in state.accepted if line.change == change), None)
        if plan is None:
            return Undone(now=book.close(), lines=lines)
        before = store.read_before(folder, change)
        path = folder / store.before(change)
        if (before.plan.id, before.next_change) != (state.plan.id, change):
            what = "this is not the state from before that plan"
            raise refusal(str(path), what, code=Exit.STATE)
        roadmap = store.read_roadmap(folder, before.roadmap)
        agree(before, roadmap, path)
        back = _brought_back(book, before)
        back, written = write(folder, back, roadmap, around.now, state)
        return Undone(now=book.outcome(back), lines=lines, plan=plan, written=written)


def _brought_back(book: Logbook, before: State) -> State:
    """The learner and the plan of `before` with the log and the calendar of now. What the calendar
    shows rises only where it changes."""
    ledger = book.here.state.ledger
    own = {block.uid for block in before.plan.blocks}
    removed = {entry.uid for entry in ledger if entry.removed}
    # What the calendar shows at just that time lends its uid.
    free = {entry.start: entry.uid for entry in ledger if entry.uid not in own | removed}
    back = renamed(before, fresh_uids(before.plan, ledger, removed, free))
    return replace(back, ledger=ledger, log=book.log, accepted=book.here.state.accepted)
