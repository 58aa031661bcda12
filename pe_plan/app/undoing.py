"""Taking back the last change, a re-plan included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.around import Circumstances
from pe_plan.app.desk import Desk, Recorded
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import Accepted, Block, Entry, Plan, Record, State
from pe_plan.tracking.progress import last_change

if TYPE_CHECKING:
    from pe_plan.app.writing import Written


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
        desk = Desk(folder, as_of, around)
        desk.stop()
        state = desk.state
        change = last_change(state.log, state.accepted)
        if change is None:
            return Undone(now=desk.outcome(state))
        desk.add(replace(desk.line("undo", desk.day), undone=change))
        lines = tuple(line for line in state.log if line.change == change)
        plan = next((line for line in state.accepted if line.change == change), None)
        if plan is None or plan.kept is None:
            return Undone(now=desk.close(), lines=lines)
        before = store.read_kept(folder, plan.kept)
        if (before.plan.id, before.next_change) != (state.plan.id, plan.change):
            what = "this is not the state from before that plan"
            where = str(folder / plan.kept)
            raise PePlanError(Exit.STATE, [Problem(where=where, what=what)])
        back, written = _brought_back(desk, before, plan.kept, around)
        return Undone(now=desk.outcome(back), lines=lines, plan=plan, written=written)


def _brought_back(
    desk: Desk, before: State, kept: str, around: Circumstances
) -> tuple[State, Written]:
    """The learner and the plan of `before`, which was kept under that name, with the log and the
    calendar of now, written with all documents. What the calendar shows rises only where it
    changes."""
    from pe_plan.app.files import roadmap_of
    from pe_plan.app.writing import write
    from pe_plan.calendars.events import events
    from pe_plan.calendars.ledger import publish
    from pe_plan.tracking.readback import renamed

    roadmap = roadmap_of(before, desk.folder, kept)
    plan = _shown_again(before.plan, desk.state.ledger)
    names = zip(before.plan.blocks, plan.blocks, strict=True)
    profile = renamed(before.profile, {was.uid: now.uid for was, now in names})
    shown = events(plan, roadmap, profile)
    back = replace(
        before,
        profile=profile,
        plan=plan,
        ledger=publish(shown, desk.state.ledger, around.now),
        log=desk.log,
        accepted=desk.state.accepted,
    )
    written = write(
        desk.folder,
        back,
        roadmap,
        shown=shown,
        before=desk.state,
        wanted=("md", "ics"),
        keep_as=store.free_backup(desk.folder, desk.state.accepted),
        changes=True,
    )
    return back, written


def _shown_again(plan: Plan, ledger: tuple[Entry, ...]) -> Plan:
    """The plan with other uids for those of its blocks whose event was removed meanwhile: a
    calendar refuses an event that was deleted. What the calendar shows at just that time lends its
    uid; else there is a new one."""
    from pe_plan.calendars.ledger import block_uid

    removed = {entry.uid for entry in ledger if entry.removed}
    used = {block.uid for block in plan.blocks} | {entry.uid for entry in ledger}
    free = {
        entry.start: entry.uid
        for entry in ledger
        if not entry.removed and entry.uid not in {block.uid for block in plan.blocks}
    }

    def renamed(block: Block) -> Block:
        if block.uid not in removed:
            return block
        uid = free.pop(block.start, None) or block_uid(plan.id, block.start, used)
        used.add(uid)
        return replace(block, uid=uid)

    return replace(plan, blocks=tuple(map(renamed, plan.blocks)))
