"""A calendar read back: which of the plan's blocks were moved, deleted or ticked there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct, field

from pe_plan.model import SANE, STEP, Block, Entry, Seen, Session
from pe_plan.tracking.placing import Left, Moved, Situation, placed
from pe_plan.tracking.progress import is_open

_BLANK = r"[\s\u200b-\u200f\ufeff]*"
_TICK = re.compile(
    rf"{_BLANK}(?:[✓✔☑✅][\ufe0e\ufe0f]?|\[x\]|done\b(?!{_BLANK}\?)){_BLANK}[:.,;–—-]*{_BLANK}",
    re.IGNORECASE,
)
_LOOKED_AT = 500  # characters of a title


class Ticked(Struct, frozen=True, kw_only=True):
    """A block whose title begins with a tick: its sessions that were open, and the day on which
    they count as done."""

    block: Block
    sessions: tuple[Session, ...]
    on: date


class Noticed(Struct, frozen=True, kw_only=True):
    """What the learner said of blocks otherwise than by flags, in a calendar or one by one.

    `moved` are to be pinned, `released` go back to the plan's own time, `missing` are those of
    today or later that are not in the calendar (any more), `lost` the past ones of which nothing
    was said, and which are not there either. What is `left` stays as it is. So many events there
    are `older` than the plan. `sequences` are those above the ledger's, by uid; `read` is how many
    of the plan's events were there, None where no calendar was read."""

    moved: tuple[Moved, ...] = ()
    released: tuple[Block, ...] = ()
    missing: tuple[Block, ...] = ()
    lost: tuple[Block, ...] = ()
    ticked: tuple[Ticked, ...] = ()
    left: tuple[Left, ...] = ()
    older: int = 0
    sequences: Mapping[str, int] = field(default_factory=dict)
    read: int | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether nothing follows from it."""
        return not (self.replans or self.ticked)

    @property
    def replans(self) -> bool:
        """Whether the plan has to follow; a tick alone is only written down."""
        return bool(self.moved or self.released or self.missing or self.lost)


def noticed(seen: Iterable[Seen], ledger: Iterable[Entry], here: Situation) -> Noticed:
    """What the plan's events as they are `seen` in a calendar say, beside the ledger of what that
    was told."""
    there = {event.uid: event for event in seen}
    told = {entry.uid: entry for entry in ledger}
    blocks = here.plan.blocks
    found = [_look(block, there.get(block.uid), told.get(block.uid), here) for block in blocks]
    moved, left = placed([each for each in found if isinstance(each, Moved)], here)
    older = [each.block for each in found if isinstance(each, _Older)]
    unread = min((told[block.uid].changed for block in older), default=None)
    gone = [
        each.block
        for each in found
        if isinstance(each, _Gone) and not _never_there(told.get(each.block.uid), unread)
    ]
    others = [each for each in found if isinstance(each, Left)]
    return Noticed(
        moved=moved,
        missing=tuple(block for block in gone if not here.is_past(block)),
        lost=tuple(block for block in gone if here.is_past(block)),
        ticked=tuple(each for each in found if isinstance(each, Ticked)),
        left=tuple(sorted((*left, *others), key=lambda each: each.block.start)),
        older=len(older),
        sequences={
            uid: event.sequence
            for uid, event in there.items()
            if uid in told and told[uid].sequence < event.sequence < SANE
        },
        read=sum(block.uid in there for block in blocks),
    )


def _never_there(entry: Entry | None, unread: datetime | None) -> bool:
    """Whether the event came with a change, or after it, of which the calendar knows nothing."""
    new = entry is not None and not entry.sequence
    return bool(new and unread is not None and entry and entry.changed >= unread)


def ticks(title: str) -> tuple[int, str]:
    """How many ticks a title begins with, and the rest of it."""
    rest, number = title[:_LOOKED_AT], 0
    while found := _TICK.match(rest):
        rest, number = rest[found.end() :], number + 1
    return number, rest


class _Gone(Struct, frozen=True):
    block: Block


class _Older(Struct, frozen=True):
    block: Block


def _look(
    block: Block, event: Seen | None, entry: Entry | None, here: Situation
) -> Moved | Ticked | Left | _Gone | _Older | None:
    """What the block's event says, None where that is nothing new."""
    if event is None or event.cancelled:
        return _gone(block, here)
    number, words = ticks(event.summary)
    own, title = ticks(entry.summary if entry else block.title)
    older = entry is not None and event.sequence < entry.sequence
    same_words = words.split() == title[:_LOOKED_AT].split()
    if number > own:
        return _ticked(block, here, sure=same_words or not older)
    place = _place(event)
    same = place == (block.start, block.minutes)
    if older:
        behind = not (same and same_words) and not here.is_past(block)
        return _Older(block) if behind else None
    if same or not _concerns(block, place, here):
        return None
    if place is None:
        return here.touched(block) or Left(block=block, why="whole-day")
    return Moved(block=block, start=place[0], minutes=place[1])


def _gone(block: Block, here: Situation) -> Left | _Gone | None:
    if here.is_past(block):
        return _Gone(block) if here.unmarked(block) else None
    if touched := here.touched(block):
        return touched if here.unmarked(block) else None
    return _Gone(block)


def _ticked(block: Block, here: Situation, *, sure: bool) -> Ticked | Left | None:
    """Its open sessions; nothing where all is done. Where the plan has given the block another
    agenda since, nobody knows what the tick was for."""
    open_ = tuple(s for s in block.sessions if not s.is_free and is_open(s, here.progress))
    if open_ and sure:
        on = min(here.profile.day_of(block.start), here.as_of)
        return Ticked(block=block, sessions=open_, on=on)
    if open_:
        return Left(block=block, why="older")
    touched = here.touched(block)
    return touched if touched and touched.instead else None


def _place(event: Seen) -> tuple[datetime, int] | None:
    """Where the event stands, in whole minutes and steps; None where it lasts whole days."""
    if event.start is None:
        return None
    return event.start.replace(second=0, microsecond=0), event.minutes // STEP * STEP


def _concerns(block: Block, place: tuple[datetime, int] | None, here: Situation) -> bool:
    """Whether another time means anything: a past block of which all was said may stand where it
    was studied, but no longer be dragged to the future."""
    ahead = place is not None and place[0] >= here.today
    return ahead or not here.is_past(block) or bool(here.unmarked(block))
