"""Where the learner may put a block: what speaks against a time, and which of several stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from pe_plan.model import SHORTEST, Block, Plan, Profile, Progress, State, Stretch
from pe_plan.tracking.progress import carrier, is_unmarked, progress

LONGEST = 12 * 60  # minutes that a pinned block may last
BECAUSE: Mapping[str, str] = MappingProxyType(
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


class Situation(Struct, frozen=True, kw_only=True):
    """An accepted plan and what was done of it, as the learner looks at it on a day."""

    plan: Plan
    profile: Profile
    progress: Progress
    as_of: date

    @staticmethod
    def of(state: State, as_of: date) -> Situation:
        """How things stand on that day."""
        told = progress(state.plan, state.log, state.accepted)
        return Situation(plan=state.plan, profile=state.profile, progress=told, as_of=as_of)

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

    def is_unmarked(self, block: Block) -> bool:
        """Whether there is work in it of which nothing was said."""
        return any(is_unmarked(session, self.progress) for session in block.sessions)

    def is_begun(self, block: Block) -> bool:
        """Whether it was worked on in its time; what was done before that only frees it."""
        day, told = self.profile.day_of(block.start), self.progress
        return any(
            s.status != "planned" or (told.done.get(s.id) and told.days.get(s.id, day) >= day)
            for s in block.sessions
        )

    def touched(self, block: Block) -> Left | None:
        """Why the block can no longer be put elsewhere: something of it was done, or was missed
        and planned again."""
        missed = [s for s in block.sessions if s.status == "missed"]
        if missed:
            now = carrier(missed[0], self.plan, self.progress)
            return self.left(block, "planned-again", now.id if now else None)
        if any(s.status != "planned" or self.progress.done.get(s.id) for s in block.sessions):
            return self.left(block, "done")
        return None

    def left(self, block: Block, why: str, instead: str | None = None) -> Left:
        """The block, which stays as it is."""
        return Left(**row(block, self.profile), why=why, because=BECAUSE[why], instead=instead)

    def moved(self, to: Block, block: Block) -> Moved:
        """The block, which is to be held where `to` is."""
        place = row(block, self.profile)
        before = Place(start=place["start"], minutes=block.minutes)
        return Moved(**row(to, self.profile), before=before)


def row(block: Block, learner: Profile) -> dict[str, Any]:
    """What the row of a block holds."""
    start = block.start.astimezone(learner.zone_at(block.start))
    return {"uid": block.uid, "start": start, "minutes": block.minutes, "title": block.title}


def placed(wanted: Iterable[Block], here: Situation) -> tuple[tuple[Moved, ...], tuple[Left, ...]]:
    """Which of the blocks may stand where they are wanted, in order of time, and which are left as
    they are. Of two that would overlap the earlier one stands."""
    plan = {block.uid: block for block in here.plan.blocks}
    begun = [b for b in here.plan.blocks if not here.is_past(b) and here.is_begun(b)]
    able, left = list[Block](), list[Left]()
    for to in wanted:
        if no := here.touched(plan[to.uid]):
            left.append(no)
        elif why := _unfit(to, here, begun):
            left.append(here.left(plan[to.uid], why))
        else:
            able.append(to)
    able.sort(key=lambda to: (to.start, to.uid))
    while True:
        found, lost = _apart(able, here)
        left += (here.left(plan[to.uid], "pinned") for to in lost)
        if not lost:
            return tuple(here.moved(to, plan[to.uid]) for to in found), tuple(left)
        able = found  # and again: what is left as it is keeps its own pin, maybe in another's way


def _unfit(to: Block, here: Situation, begun: Iterable[Block]) -> str | None:
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


def _apart(able: Sequence[Block], here: Situation) -> tuple[list[Block], list[Block]]:
    """Those that overlap neither another pinned block nor one of these before them; the others."""
    there = {block.uid for block in here.plan.blocks} - {to.uid for to in able}
    held = [pin for pin in here.profile.pins if pin.uid in there]
    found, lost = list[Block](), list[Block]()
    for to in able:
        after = not found or found[-1].end <= to.start
        clear = all(to.end <= pin.start or pin.end <= to.start for pin in held)
        (found if after and clear else lost).append(to)
    return found, lost
