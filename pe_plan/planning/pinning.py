"""Blocks that the learner pinned elsewhere, or let go: they move, and their agenda with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pe_plan.model import Block, Plan, Profile, Progress
from pe_plan.planning.availability import offered
from pe_plan.planning.grid import week_of
from pe_plan.planning.settling import free_id

if TYPE_CHECKING:
    from pe_plan.model import Pin

_WEEK = timedelta(weeks=1)


def live_pins(profile: Profile, plan: Plan, progress: Progress, as_of: date) -> tuple[Pin, ...]:
    """The pins that can be followed: their blocks stand there already, or may move there, to a day
    from `as_of` on in the plan's weeks."""
    standing = set(holding(profile, plan))
    able = {block.uid for block in plan.blocks if not _worked_on(block, progress)}
    last = plan.weeks[-1].starts + _WEEK
    return tuple(
        pin
        for pin in profile.pins
        if pin in standing or (pin.uid in able and as_of <= profile.day_of(pin.start) < last)
    )


def holding(profile: Profile, plan: Plan) -> tuple[Pin, ...]:
    """The pins whose blocks stand there."""
    at = {(block.uid, block.start, block.minutes) for block in plan.blocks if block.pinned}
    return tuple(pin for pin in profile.pins if (pin.uid, pin.start, pin.minutes) in at)


def moved(plan: Plan, progress: Progress, before: Profile, profile: Profile, as_of: date) -> Plan:
    """The plan with each block where it is pinned now (all pins live), and those that no longer are
    at home.

    What is over, or was worked on, stays where it is. A block's length may then differ from its
    agenda's: it is what the block has time for, and none where its home is over or in no window any
    more. Study that changed its place in the order of study counts as made up.
    """
    if before.pins == profile.pins:
        return plan
    at = {pin.uid: (pin.start, pin.minutes) for pin in profile.pins}
    homes = {pin.uid: (pin.home, pin.home_minutes) for pin in before.pins if pin.uid not in at}
    shifted: dict[str, Block] = {}
    for block in plan.blocks:
        if pinned := at.get(block.uid):
            if (*pinned, True) != (block.start, block.minutes, block.pinned):
                shifted[block.uid] = _put(block, *pinned, pinned=True)
        elif home := homes.get(block.uid):
            if profile.day_of(block.start) < as_of or _worked_on(block, progress):
                shifted[block.uid] = replace(block, pinned=False)
            elif profile.day_of(home[0]) >= as_of and offered(profile, *home):
                shifted[block.uid] = _put(block, *home, pinned=False)
            else:
                shifted[block.uid] = replace(block, minutes=0, pinned=False)
    blocks = [shifted.get(block.uid, block) for block in plan.blocks]
    found = (_marked(b, plan, blocks, profile) if b.uid in shifted else b for b in blocks)
    return replace(plan, blocks=tuple(sorted(found, key=lambda block: block.start)))


def _worked_on(block: Block, progress: Progress) -> bool:
    return any(s.status != "planned" or progress.done.get(s.id) for s in block.sessions)


def _put(block: Block, start: datetime, minutes: int, *, pinned: bool) -> Block:
    """The block at its new time, its agenda with it; free time is named by its start."""
    by = start - block.start
    sessions = (replace(session, start=session.start + by) for session in block.sessions)
    named = [replace(s, id=free_id(s.kind, s.start)) if s.is_free else s for s in sessions]
    return replace(block, start=start, minutes=minutes, pinned=pinned, sessions=tuple(named))


def _marked(block: Block, plan: Plan, blocks: Sequence[Block], profile: Profile) -> Block:
    """Its study as made up, where it passed other study or left its phase's weeks."""
    passed = _passes(block, plan, blocks)
    week = plan.weeks[week_of(plan, profile.day_of(block.start))]
    sessions = (
        replace(session, made_up=True)
        if session.kind == "study" and (passed or session.phase != week.phase)
        else session
        for session in block.sessions
    )
    return replace(block, sessions=tuple(sessions))


def _passes(block: Block, plan: Plan, blocks: Sequence[Block]) -> bool:
    """Whether another block with study stands on its other side now."""
    was = {block.uid: block.start for block in plan.blocks}
    return any(
        (was[other.uid] < was[block.uid]) != (other.start < block.start)
        for other in blocks
        if any(session.kind == "study" for session in other.sessions)
    )
