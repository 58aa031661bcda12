"""A calendar read back: which of the plan's blocks were moved, deleted or ticked there, and what
follows from that for the learner's pins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SANE, STEP, Block, Entry, Pin, Profile, Seen, State, merged
from pe_plan.tracking.placing import Left, Moved, Row, fixed, left, placed, row
from pe_plan.tracking.progress import Situation, is_open, is_unmarked

_BLANK = r"[\s\u200b-\u200f\ufeff]*"
_TICK = re.compile(
    rf"{_BLANK}(?:[✓✔☑✅][\ufe0e\ufe0f]?|\[x\]|done\b(?!{_BLANK}\?)){_BLANK}[:.,;–—-]*{_BLANK}",
    re.IGNORECASE,
)
_LOOKED_AT = 500  # characters of a title


class Ticked(Row, frozen=True, kw_only=True):
    """A block whose title begins with a tick: its sessions that were open, and the day on which
    they count as done."""

    sessions: tuple[str, ...]
    on: date


class Noticed(Struct, frozen=True, kw_only=True):
    """What the learner said of blocks otherwise than by flags, in a calendar or one by one.

    `moved` are to be pinned, `let_go` go back to the plan's own time. Those of today or later that
    are not in the calendar (any more) were `deleted`, or are `put_back`; past ones of which nothing
    was said, and which are not there either, are `missed`. What is `left` stays as it is. So many
    events there are `older` than the plan. `read` is how many of the plan's events were there, None
    where no calendar was read."""

    moved: tuple[Moved, ...] = ()
    let_go: tuple[Row, ...] = ()
    deleted: tuple[Row, ...] = ()
    put_back: tuple[Row, ...] = ()
    missed: tuple[Row, ...] = ()
    done: tuple[Ticked, ...] = ()
    left: tuple[Left, ...] = ()
    older: int = 0
    read: int | None = None

    @property
    def numbers(self) -> Mapping[str, int]:
        """How many blocks there are that were touched, and how."""
        moved = sum(row.is_elsewhere for row in self.moved)
        rows = {"let go": self.let_go, "deleted": self.deleted, "put back": self.put_back}
        held = {"moved": moved, "pinned": len(self.moved) - moved}
        return held | {how: len(blocks) for how, blocks in rows.items()}

    @property
    def replans(self) -> bool:
        """Whether the plan has to follow; a tick alone is only written down."""
        return any(self.numbers.values()) or bool(self.missed)

    def knowing(self, deleted: Collection[str]) -> Noticed:
        """The same, where the learner deleted those of the missing blocks."""
        gone = tuple(row for row in self.put_back if row.uid in deleted)
        kept = tuple(row for row in self.put_back if row not in gone)
        return replace(self, deleted=gone, put_back=kept)


def noticed(seen: Iterable[Seen], ledger: Iterable[Entry], here: Situation) -> Noticed:
    """What the plan's events as they are `seen` in a calendar say, beside the ledger of what that
    was told."""
    there = {event.uid: event for event in seen}
    told = {entry.uid: entry for entry in ledger}
    blocks, profile = here.plan.blocks, here.profile
    found = [(b, _look(b, there.get(b.uid), told.get(b.uid), here)) for b in blocks]
    older = [told[block.uid].changed for block, said in found if said == "older"]
    # What came with a change of which the calendar knows nothing, or after it, is no loss.
    new = {uid for uid, e in told.items() if older and not e.sequence and e.changed >= min(older)}
    gone = [block for block, said in found if said == "gone" and block.uid not in new]
    moved, left = placed([said for _, said in found if isinstance(said, Block)], here)
    left += tuple(said for _, said in found if isinstance(said, Left))
    return Noticed(
        moved=moved,
        put_back=tuple(row(Row, block, profile) for block in gone if not here.is_past(block)),
        missed=tuple(row(Row, block, profile) for block in gone if here.is_past(block)),
        done=tuple(said for _, said in found if isinstance(said, Ticked)),
        left=tuple(sorted(left, key=lambda each: each.stretch)),
        older=len(older),
        read=sum(block.uid in there for block in blocks),
    )


def counted_on(ledger: Iterable[Entry], seen: Iterable[Seen]) -> tuple[Entry, ...]:
    """The ledger with its sequences as high as those in the calendar that are sane, so that what
    is published next is newer than what is there."""
    there = {event.uid: event.sequence for event in seen if event.sequence < SANE}
    return tuple(replace(e, sequence=max(e.sequence, there.get(e.uid, 0))) for e in ledger)


def ticks(title: str) -> tuple[int, str]:
    """How many ticks a title begins with, and the rest of it."""
    rest, number = title[:_LOOKED_AT], 0
    while found := _TICK.match(rest):
        rest, number = rest[found.end() :], number + 1
    return number, rest


def learner(profile: Profile, noticed: Noticed) -> Profile:
    """The learner with what they pinned and let go, and with the time of the blocks that they
    deleted kept free."""
    pins = {pin.uid: pin for pin in profile.pins}
    for to in noticed.moved:
        was, long = to.before.start.astimezone(UTC), to.before.minutes
        there = Pin(uid=to.uid, start=was, minutes=long, home=was, home_minutes=long)
        pins[to.uid] = replace(pins.get(to.uid, there), start=to.stretch[0], minutes=to.minutes)
    gone = [pin for row in (*noticed.let_go, *noticed.deleted) if (pin := pins.pop(row.uid, None))]
    deleted = {row.uid: row.stretch for row in noticed.deleted}
    homes = [(pin.home, pin.home_end) for pin in gone if pin.uid in deleted]
    dropped = [*deleted.values(), *homes]
    return replace(
        profile,
        pins=tuple(sorted(pins.values(), key=lambda pin: (pin.start, pin.uid))),
        dropped=merged([*profile.dropped, *dropped]) if dropped else profile.dropped,
    )


def renamed(state: State, names: Mapping[str, str]) -> State:
    """The state with other uids for blocks and their pins."""
    plan, profile = state.plan, state.profile
    blocks = tuple(replace(block, uid=names.get(block.uid, block.uid)) for block in plan.blocks)
    pins = tuple(replace(pin, uid=names.get(pin.uid, pin.uid)) for pin in profile.pins)
    plan, profile = replace(plan, blocks=blocks), replace(profile, pins=pins)
    return replace(state, plan=plan, profile=profile)


def _look(
    block: Block, event: Seen | None, entry: Entry | None, here: Situation
) -> Block | Ticked | Left | Literal["gone", "older"] | None:
    """What the block's event says, None where that is nothing new; the block at its new place where
    it was moved."""
    past, touched = here.is_past(block), fixed(block, here)
    unmarked = any(is_unmarked(session, here.progress) for session in block.sessions)
    if event is None or event.cancelled:
        said = None if past else touched
        return said or "gone" if unmarked or not (past or touched) else None
    number, words = ticks(event.summary)
    own, title = ticks(entry.summary if entry else block.title)
    older = entry is not None and event.sequence < entry.sequence
    same_words = words.split() == title[:_LOOKED_AT].split()
    if number > own:
        return _ticked(block, here, sure=same_words or not older)
    # Whole minutes and steps; an event of whole days has no place.
    start = event.start and event.start.replace(second=0, microsecond=0)
    minutes = event.minutes // STEP * STEP
    same = (start, minutes) == (block.start, block.minutes)
    if older:
        return None if (same and same_words) or past else "older"
    # A past block of which all was said may stand where it was studied, but not ahead.
    ahead = start is not None and start >= here.midnight(here.day)
    if same or not (ahead or not past or unmarked):
        return None
    if start is None:
        return touched or left(block, here, "whole-day")
    return replace(block, start=start, minutes=minutes)


def _ticked(block: Block, here: Situation, *, sure: bool) -> Ticked | Left | None:
    """Its open sessions; nothing where all is done. Where the plan has given the block another
    agenda since, nobody knows what the tick was for."""
    ids = tuple(s.id for s in block.sessions if not s.is_free and is_open(s, here.progress))
    if ids and not sure:
        return left(block, here, "older")
    if ids:
        on = min(here.profile.day_of(block.start), here.day)
        return row(Ticked, block, here.profile, sessions=ids, on=on)
    touched = fixed(block, here)
    return touched if touched and touched.instead else None
