"""What the learner said otherwise than by flags, as a re-plan takes it up: pins, time that stays
free, lines of the log, and events under other names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pe_plan.model import Entry, Profile, Session, State

if TYPE_CHECKING:
    from pe_plan.tracking.noticing import Noticed


def ticked(noticed: Noticed) -> list[tuple[date, Session]]:
    """The sessions that were ticked, each with the day on which it was done."""
    return [(each.on, session) for each in noticed.ticked for session in each.sessions]


def answered(noticed: Noticed) -> frozenset[str]:
    """The past sessions of which nothing has to be asked any more."""
    blocks = (*(ticked.block for ticked in noticed.ticked), *noticed.lost)
    moved = (each.block for each in noticed.moved)
    return frozenset(s.id for block in (*blocks, *moved) for s in block.sessions)


def learner(profile: Profile, noticed: Noticed, deleted: Collection[str]) -> Profile:
    """The learner with what they pinned and let go, and with the time of the blocks that they
    `deleted` (uids) kept free."""
    from pe_plan.model import Pin, merged

    pins = {pin.uid: pin for pin in profile.pins}
    for to in noticed.moved:
        block = to.block
        at_home = Pin(
            uid=block.uid,
            start=block.start,
            minutes=block.minutes,
            home=block.start,
            home_minutes=block.minutes,
        )
        pin = pins.get(block.uid, at_home)
        pins[block.uid] = replace(pin, start=to.start, minutes=to.minutes)
    for block in noticed.released:
        pins.pop(block.uid, None)
    dropped = list(profile.dropped)
    for block in noticed.missing:
        if block.uid in deleted:
            dropped.append((block.start, block.end))
            if pin_gone := pins.pop(block.uid, None):
                dropped.append((pin_gone.home, pin_gone.home_end))
    return replace(
        profile,
        pins=tuple(sorted(pins.values(), key=lambda pin: (pin.start, pin.uid))),
        dropped=merged(dropped) if len(dropped) > len(profile.dropped) else profile.dropped,
    )


def fresh_names(state: State, uids: Collection[str]) -> dict[str, str]:
    """Other uids for those blocks: a calendar refuses an event that was deleted."""
    from pe_plan.calendars.ledger import block_uid

    used = {entry.uid for entry in state.ledger} | {block.uid for block in state.plan.blocks}
    names: dict[str, str] = {}
    for block in state.plan.blocks:
        if block.uid in uids:
            names[block.uid] = block_uid(state.plan.id, block.start, used)
            used.add(names[block.uid])
    return names


def under(names: Mapping[str, str], state: State) -> State:
    """The state with its blocks and pins under those other uids."""
    if not names:
        return state
    blocks = tuple(replace(b, uid=names.get(b.uid, b.uid)) for b in state.plan.blocks)
    profile = renamed(state.profile, names)
    return replace(state, plan=replace(state.plan, blocks=blocks), profile=profile)


def renamed(profile: Profile, names: Mapping[str, str]) -> Profile:
    """The learner with their pins under the other uids of the blocks."""
    if not any(pin.uid in names for pin in profile.pins):
        return profile
    pins = tuple(replace(pin, uid=names.get(pin.uid, pin.uid)) for pin in profile.pins)
    return replace(profile, pins=pins)


def raised(state: State, noticed: Noticed) -> State:
    """The state with its ledger's sequences as high as the calendar's, so that what is published
    next is newer than what is there."""
    if not noticed.sequences:
        return state
    ledger = tuple(_raised(entry, noticed.sequences) for entry in state.ledger)
    return replace(state, ledger=ledger)


def _raised(entry: Entry, sequences: Mapping[str, int]) -> Entry:
    return replace(entry, sequence=max(entry.sequence, sequences.get(entry.uid, 0)))


def why(noticed: Noticed, deleted: Collection[str]) -> str:
    """In a few words for the log: "2 blocks moved, 1 deleted"."""
    moved = sum(to.is_elsewhere for to in noticed.moved)
    gone = sum(block.uid in deleted for block in noticed.missing)
    numbers = {
        "moved": moved,
        "pinned": len(noticed.moved) - moved,
        "let go": len(noticed.released),
        "deleted": gone,
        "put back": len(noticed.missing) - gone,
    }
    said = [f"{number} {word}" for word, number in numbers.items() if number]
    if said:
        number, _, word = said[0].partition(" ")
        said[0] = f"{number} {'block' if number == '1' else 'blocks'} {word}"
    return ", ".join(said)
