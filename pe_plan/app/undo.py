"""Taking back the last change, a re-plan included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.app.folder import Written, agree, rules, write
from pe_plan.app.log import Logbook, Recorded
from pe_plan.calendars.ledger import block_uid
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Accepted, Entry, Plan, Record, State
from pe_plan.tracking.progress import last_change

if TYPE_CHECKING:
    from pe_plan.app.folder import Written


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
        state = book.state
        change = last_change(state.log, state.accepted)
        if change is None:
            return Undone(now=book.outcome(state))
        book.add("undo", book.day, undone=change)
        lines = tuple(line for line in state.log if line.change == change)
        plan = next((line for line in state.accepted if line.change == change), None)
        if plan is None:
            return Undone(now=book.close(), lines=lines)
        before = store.read_before(folder, change)
        if (before.plan.id, before.next_change) != (state.plan.id, change):
            what = "this is not the state from before that plan"
            where = str(folder / store.before(change))
            raise PePlanError(Exit.STATE, [Problem(where=where, what=what)])
        back, written = _brought_back(book, before, change, around)
        return Undone(now=book.outcome(back), lines=lines, plan=plan, written=written)


def _brought_back(
    book: Logbook, before: State, change: int, around: Circumstances
) -> tuple[State, Written]:
    """The learner and the plan of `before`, which that change replaced, with the log and the
    calendar of now, written with all documents. What the calendar shows rises only where it
    changes."""
    from pe_plan.tracking.readback import renamed

    now, roadmap = book.state, store.read_roadmap(book.folder, before.roadmap, rules)
    agree(before, roadmap, book.folder / store.before(change))
    names = _other_names(before.plan, now.ledger)
    blocks = [replace(block, uid=names.get(block.uid, block.uid)) for block in before.plan.blocks]
    back = replace(
        before,
        profile=renamed(before.profile, names),
        plan=replace(before.plan, blocks=tuple(blocks)),
        ledger=now.ledger,
        log=book.log,
        accepted=now.accepted,
    )
    return write(book.folder, back, roadmap, now=around.now, before=now)


def _other_names(plan: Plan, ledger: tuple[Entry, ...]) -> dict[str, str]:
    """Other uids for those of the plan's blocks whose event was removed meanwhile: a calendar
    refuses an event that was deleted. What the calendar shows at just that time lends its uid;
    else there is a new one."""
    own, removed = {b.uid for b in plan.blocks}, {entry.uid for entry in ledger if entry.removed}
    used = own | {entry.uid for entry in ledger}
    free = {entry.start: entry.uid for entry in ledger if entry.uid not in own | removed}
    names: dict[str, str] = {}
    for block in plan.blocks:
        if block.uid in removed:
            name = free.pop(block.start, None) or block_uid(plan.id, block.start, used)
            names[block.uid] = name
            used.add(name)
    return names
