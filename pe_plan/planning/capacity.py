"""Before anything is planned: the free time of every week of the window, how many hours a week it
really holds, and what would come of a plan with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct, field

from pe_plan.model import DoesNotFit, Plan, Profile, Roadmap
from pe_plan.planning.availability import days, fit, totals
from pe_plan.planning.effort import Efforts
from pe_plan.planning.fitting import QUARTER, Fitter, frame, is_off
from pe_plan.planning.pipeline import generate

Room = Literal["open", "tight", "none", "off"]

_TIGHT = 2  # less than one part in so many is free
_HELD = 9, 10  # so many weeks in so many hold what is realistic
_WEEK = 7


class FreeWeek(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A week from `starts` to `ends` (inclusive): the minutes that the windows of its days offer,
    and those of them that are free. It is tight where that is less than half, and off where every
    day is."""

    n: int
    starts: date
    ends: date
    offered: int
    free: int
    room: Room = field(name="verdict")

    @property
    def is_whole(self) -> bool:
        """Whether it has seven days: the last one before an interview may have fewer."""
        return (self.ends - self.starts).days == _WEEK - 1


class Capacity(Struct, frozen=True, kw_only=True):
    """The weeks that a plan may use when so many minutes a week are `offered`, what is `realistic`
    (the most, in quarter hours, that nine in ten of the `counted` weeks hold) and the `plan` that
    would come of it."""

    offered: int
    weeks: tuple[FreeWeek, ...]
    realistic: int
    plan: Plan | DoesNotFit

    @property
    def total(self) -> int:
        """All free minutes."""
        return sum(week.free for week in self.weeks)

    @property
    def counted(self) -> tuple[FreeWeek, ...]:
        """The weeks that tell what is usual: whole ones that are not off."""
        return counted(self.weeks)

    @property
    def average(self) -> int:
        """Free minutes in a usual week."""
        return sum(week.free for week in self.counted) // max(len(self.counted), 1)

    @property
    def held(self) -> int:
        """How many of the usual weeks hold what is realistic; nine in ten or more."""
        return sum(week.free >= self.realistic for week in self.counted)


def capacity(roadmap: Roadmap, profile: Profile) -> Capacity:
    """What the weeks hold from the start to the last day on which a plan may end."""
    offered, efforts = profile.minutes_per_week, Efforts(roadmap, profile.skills)
    weeks = free_weeks(profile, Fitter(roadmap, profile, efforts).deadline())
    plan = generate(
        roadmap, profile, plan_id="", as_of=profile.start, revision=0, uid=datetime.isoformat
    )
    return Capacity(offered=offered, weeks=weeks, realistic=realistic(weeks), plan=plan)


def free_weeks(profile: Profile, last: date) -> tuple[FreeWeek, ...]:
    """Every week from the learner's start up to `last`."""
    found = frame(profile, profile.minutes_per_week, last)
    used = fit(profile.windows, profile.minutes_per_week)
    a_day = totals(zip((window.weekday for window in profile.windows), used, strict=True))
    weeks = []
    for number, slots in enumerate(found.weeks):
        first, end = found.first_day(number), found.last_day(number)
        offered = sum(a_day[day.weekday()] for day in days(first, end))
        free = sum(slot.minutes for slot in slots)
        room: Room = "tight" if free * _TIGHT < offered else "open"
        if not free:
            room = "none"
        if is_off(profile, number):
            room = "off"
        weeks.append(
            FreeWeek(n=number + 1, starts=first, ends=end, offered=offered, free=free, room=room)
        )
    return tuple(weeks)


def realistic(weeks: Sequence[FreeWeek]) -> int:
    """The most minutes, in quarter hours, that nine weeks in ten hold."""
    free = sorted((week.free for week in counted(weeks)), reverse=True)
    held = -(-len(free) * _HELD[0] // _HELD[1])
    return free[held - 1] // QUARTER * QUARTER if free else 0


def counted(weeks: Sequence[FreeWeek]) -> tuple[FreeWeek, ...]:
    """Whole weeks that are not off; where there are none, what there is."""
    present = tuple(week for week in weeks if week.room != "off")
    return tuple(week for week in present if week.is_whole) or present
