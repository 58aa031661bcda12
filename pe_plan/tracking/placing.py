"""Where the learner may put a block: what speaks against a time, and which of several stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from pe_plan.model import SHORTEST, Block, Profile, Stretch
from pe_plan.tracking.progress import Situation, carrier

R = TypeVar("R", bound="Row")

LONGEST = 12 * 60  # minutes that a pinned block may last
BECAUSE: Mapping[str, str] = {
    "whole-day": "it lasts whole days there and has no time",
    "short": f"it is shorter than {SHORTEST} minutes there",
    "long": f"it is longer than {LONGEST // 60} hours there",
    "before": "that is before the plan begins",
    "past": "that time is over",
    "after": "that is after the plan's last day",
    "pinned": "another block is pinned there",
    "begun": "a block that you have begun is there",
    "done": "some of it is done already",
    "planned-again": "its work was planned again",
    "older": "its agenda has changed since",
}


class Row(Struct, frozen=True, kw_only=True):
    """A block as the calendar shows it, at a time on the learner's wall clock."""

    uid: str
    start: datetime
    minutes: int
    title: str

    @property
    def stretch(self) -> Stretch:
        """The time that it takes."""
        start = self.start.astimezone(UTC)
        return start, start + timedelta(minutes=self.minutes)


class Place(Struct, frozen=True, kw_only=True):
    """Where a block stood."""

    start: datetime
    minutes: int


class Moved(Row, frozen=True, kw_only=True):
    """A block that is to be held at another time, or where it stands."""

    before: Place

    @property
    def is_elsewhere(self) -> bool:
        """Whether that is another time than before."""
        start, minutes = self.before.start.astimezone(UTC), self.before.minutes
        return (self.stretch[0], self.minutes) != (start, minutes)


class Left(Row, frozen=True, kw_only=True):
    """A block that stays as it is, and why; `instead` is the session that now has its work."""

    why: str
    because: str
    instead: str | None = None


def fixed(block: Block, here: Situation) -> Left | None:
    """Why the block can no longer be put elsewhere: something of it was done, or was missed and
    planned again."""
    for session in block.sessions:
        if session.status == "missed":
            now = carrier(session, here.plan, here.progress)
            return left(block, here, "planned-again", now.id if now else None)
    return left(block, here, "done") if here.progress.touches(block) else None


def left(block: Block, here: Situation, why: str, instead: str | None = None) -> Left:
    """The block, which stays as it is."""
    return row(Left, block, here.profile, why=why, because=BECAUSE[why], instead=instead)


def row(kind: type[R], block: Block, learner: Profile, **more: object) -> R:
    """The block as a row of that kind, with what else belongs into it."""
    start = learner.local(block.start)
    return kind(uid=block.uid, start=start, minutes=block.minutes, title=block.title, **more)


def placed(wanted: Iterable[Block], here: Situation) -> tuple[tuple[Moved, ...], tuple[Left, ...]]:
    """Which of the blocks may stand where they are wanted, in order of time, and which are left as
    they are. Of two that would overlap the earlier one stands."""
    plan, learner = {block.uid: block for block in here.plan.blocks}, here.profile
    ahead = [block for block in here.plan.blocks if not here.is_past(block)]
    begun = [b for b in ahead if here.progress.begun(b, learner.day_of(b.start))]
    able, stay = list[Block](), list[Left]()
    for to in wanted:
        if no := fixed(plan[to.uid], here):
            stay.append(no)
        elif why := _unfit(to, here, begun):
            stay.append(left(plan[to.uid], here, why))
        else:
            able.append(to)
    able.sort(key=lambda to: (to.start, to.uid))
    while lost := _in_the_way(able, here):
        stay += (left(plan[to.uid], here, "pinned") for to in lost)
        # And again: what is left as it is keeps its own pin, maybe in another's way.
        able = [to for to in able if to not in lost]
    moved = []
    for to in able:
        was = plan[to.uid]
        before = Place(start=learner.local(was.start), minutes=was.minutes)
        moved.append(row(Moved, to, learner, before=before))
    return tuple(moved), tuple(stay)


def _unfit(to: Block, here: Situation, begun: Iterable[Block]) -> str | None:
    """What speaks against the time whatever else is moved, None if nothing does. Times are only
    compared: they may lie where no calendar can count."""
    length = timedelta(minutes=to.minutes)
    against = {
        "short": to.minutes < SHORTEST,
        "long": to.minutes > LONGEST,
        "before": to.start < here.midnight(here.profile.start),
        "past": to.start < here.midnight(here.day),
        "after": to.start >= here.midnight(here.plan.finish + timedelta(days=1)),
        "begun": any(to.start < b.end and b.start - to.start < length for b in begun),
    }
    return next((why for why, is_so in against.items() if is_so), None)


def _in_the_way(able: Sequence[Block], here: Situation) -> list[Block]:
    """Those that overlap another pinned block, or one of these before them."""
    there = {block.uid for block in here.plan.blocks} - {to.uid for to in able}
    held = [pin for pin in here.profile.pins if pin.uid in there]
    end, lost = None, list[Block]()
    for to in able:
        after = end is None or end <= to.start
        if after and all(to.end <= pin.start or pin.end <= to.start for pin in held):
            end = to.end
        else:
            lost.append(to)
    return lost
