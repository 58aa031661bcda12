"""Where the learner may put a block: what speaks against a time, and which of several stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from pe_plan.model import SHORTEST, Block, Plan, Profile, Progress, Session
from pe_plan.tracking.progress import carrier, is_unmarked

LONGEST = 12 * 60  # minutes that a pinned block may last

Why = Literal[
    "whole-day",
    "short",
    "long",
    "before",
    "past",
    "after",
    "pinned",
    "begun",
    "done",
    "planned-again",
    "older",
]
BECAUSE: Mapping[Why, str] = MappingProxyType(
    {
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
)


class Moved(Struct, frozen=True, kw_only=True):
    """A block that is to take place at `start` (UTC) for so many minutes, whole steps of five."""

    block: Block
    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """The instant at which it would be over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def is_elsewhere(self) -> bool:
        """Whether that is another time than the plan's."""
        return (self.start, self.minutes) != (self.block.start, self.block.minutes)


class Left(Struct, frozen=True, kw_only=True):
    """A block that stays as it is, and why; `instead` is the session that now has its work."""

    block: Block
    why: Why
    instead: str | None = None


class Situation(Struct, frozen=True, kw_only=True):
    """An accepted plan and what was done of it, as the learner looks at it on a day."""

    plan: Plan
    profile: Profile
    progress: Progress
    as_of: date

    @property
    def today(self) -> datetime:
        """The instant at which the day begins."""
        return self.midnight(self.as_of)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins on the learner's wall clock."""
        return datetime.combine(day, time(), self.profile.zone).astimezone(UTC)

    def is_past(self, block: Block) -> bool:
        """Whether its day is over."""
        return self.profile.day_of(block.start) < self.as_of

    def unmarked(self, block: Block) -> tuple[Session, ...]:
        """Its sessions with work of which nothing was said."""
        return tuple(s for s in block.sessions if is_unmarked(s, self.progress))

    def touched(self, block: Block) -> Left | None:
        """Why the block can no longer be put elsewhere: something of it was done, or was missed
        and planned again."""
        missed = [s for s in block.sessions if s.status == "missed"]
        if missed:
            now = carrier(missed[0], self.plan, self.progress)
            return Left(block=block, why="planned-again", instead=now.id if now else None)
        if any(s.status != "planned" or self.progress.done.get(s.id) for s in block.sessions):
            return Left(block=block, why="done")
        return None

    def begun(self) -> tuple[Block, ...]:
        """The blocks from the day on that stay where they are: they were worked on in their time,
        while what was done before it only frees it."""
        return tuple(b for b in self.plan.blocks if not self.is_past(b) and self._is_begun(b))

    def _is_begun(self, block: Block) -> bool:
        day, told = self.profile.day_of(block.start), self.progress
        return any(
            s.status != "planned" or (told.done.get(s.id) and told.days.get(s.id, day) >= day)
            for s in block.sessions
        )


def placed(wanted: Iterable[Moved], here: Situation) -> tuple[tuple[Moved, ...], tuple[Left, ...]]:
    """Which of the moves stand, in order of time, and which blocks are left as they are. Of two
    that would overlap the earlier one stands."""
    able: list[Moved] = []
    left: list[Left] = []
    begun = here.begun()
    for each in wanted:
        if no := here.touched(each.block) or _refused(each, _unfit(each, here, begun)):
            left.append(no)
        else:
            able.append(each)
    able.sort(key=lambda each: (each.start, each.block.uid))
    while True:
        found, lost = _apart(able, here)
        left += (Left(block=each.block, why="pinned") for each in lost)
        if not lost:
            return tuple(found), tuple(left)
        able = found  # and again: what is left as it is keeps its own pin, maybe in another's way


def _refused(to: Moved, why: Why | None) -> Left | None:
    return Left(block=to.block, why=why) if why else None


def _unfit(to: Moved, here: Situation, begun: Iterable[Block]) -> Why | None:
    """What speaks against the time whatever else is moved, None if nothing does. Times are only
    compared: they may lie where no calendar can count."""
    if to.minutes < SHORTEST:
        return "short"
    if to.minutes > LONGEST:
        return "long"
    if to.start < here.midnight(here.profile.start):
        return "before"
    if to.start < here.today:
        return "past"
    if to.start >= here.midnight(here.plan.finish + timedelta(days=1)):
        return "after"
    busy = any(to.start < block.end and block.start < to.end for block in begun)
    return "begun" if busy else None


def _apart(able: Sequence[Moved], here: Situation) -> tuple[list[Moved], list[Moved]]:
    """Those that overlap neither another pinned block nor one of these before them; the others."""
    moving = {each.block.uid for each in able}
    there = {block.uid for block in here.plan.blocks} - moving
    held = [pin for pin in here.profile.pins if pin.uid in there]
    found: list[Moved] = []
    lost: list[Moved] = []
    for each in able:
        after = not found or found[-1].end <= each.start
        clear = all(each.end <= pin.start or pin.end <= each.start for pin in held)
        (found if after and clear else lost).append(each)
    return found, lost
