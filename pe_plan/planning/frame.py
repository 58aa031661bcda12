"""The learner's calendar as plan weeks full of slots, up to some last day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from math import ceil
from operator import itemgetter

from msgspec import Struct

from pe_plan.model import Profile, Roadmap
from pe_plan.planning.allocation import Demand, Span, Weeks
from pe_plan.planning.availability import Slot, fit, instant, slots
from pe_plan.planning.drafts import Draft
from pe_plan.planning.final import final_minutes

_FORGIVEN = 10  # a phase may lack a tenth of a week
_DAY = 24 * 60


class Frame(Struct, frozen=True, kw_only=True):
    """Plan weeks from the start to `last`, the final one perhaps partial, at `minutes` a week;
    `open` are those with any slot."""

    profile: Profile
    minutes: int
    last: date
    weeks: tuple[tuple[Slot, ...], ...]
    open: Weeks

    def first_day(self, number: int) -> date:
        """The day on which calendar week `number` (from 0) begins."""
        return self.profile.start + timedelta(weeks=number)

    def last_day(self, number: int) -> date:
        """The last day of calendar week `number` (from 0) that the frame reaches."""
        return min(self.first_day(number) + timedelta(days=6), self.last)

    def finish(self, stop: int) -> date:
        """The last day of the open weeks before `stop`."""
        return self.last_day(self.open.number[stop - 1])

    def drafts(self, span: Span) -> list[Draft]:
        """The slots of a span of open weeks, empty."""
        return [
            Draft(slot=slot, week=number)
            for number in self.open.number[span[0] : span[1]]
            for slot in self.weeks[number]
        ]


def frame(
    profile: Profile, minutes: int, last: date, cut: Callable[[int, date], list[Slot]] | None = None
) -> Frame:
    """The slots up to `last` when `minutes` a week are used of the profile's windows. Asked for
    more than they hold, every slot counts for proportionally more (what-if figures only). `cut`
    finds the slots otherwise than by `cut_out`."""
    whole = sum(window.minutes for window in profile.windows)
    weeks: list[list[Slot]] = [[] for _ in range((last - profile.start).days // 7 + 1)]
    used = min(minutes, whole)
    for slot in cut(used, last) if cut else cut_out(profile, used, last):
        weeks[(slot.day - profile.start).days // 7].append(slot)
    numbers = [number for number, week in enumerate(weeks) if week]
    passed = list(accumulate(bool(w) or not is_off(profile, n) for n, w in enumerate(weeks)))
    beyond = max(minutes, whole)
    lengths = [[slot.minutes * beyond // whole for slot in weeks[number]] for number in numbers]
    return Frame(
        profile=profile,
        minutes=minutes,
        last=last,
        weeks=tuple(tuple(week) for week in weeks),
        open=Weeks(numbers, [passed[number] for number in numbers], lengths),
    )


def cut_out(profile: Profile, minutes: int, last: date) -> list[Slot]:
    """The slots up to `last` of so many minutes a week, at most what the windows hold."""
    return slots(profile, fit(profile.windows, minutes), profile.start, last)


def is_off(profile: Profile, number: int) -> bool:
    """Whether every day of calendar week `number` (from 0) is off, or busy from midnight to
    midnight, which is the same."""
    first = profile.start + timedelta(weeks=number)
    days = (first + timedelta(days=n) for n in range(7))
    return bool(profile.days_off or profile.busy) and all(
        any(day in off for off in profile.days_off) or _away(profile, day) for day in days
    )


def _away(profile: Profile, day: date) -> bool:
    start, end = instant(day, 0, profile.zone), instant(day, _DAY, profile.zone)
    k = bisect_right(profile.busy, start, key=itemgetter(1))
    return k < len(profile.busy) and profile.busy[k][0] <= start and end <= profile.busy[k][1]


class Close(Struct, frozen=True, kw_only=True):
    """How a plan that goes on ends: catch-up weeks that are still to come, the fewest final weeks,
    and the minutes that these must hold."""

    catch_up: int
    final_weeks: int
    minutes: int


def demand(
    roadmap: Roadmap, efforts: Sequence[Fraction], minutes: int, close: Close | None = None
) -> Demand:
    """What the weeks must hold for these phase efforts at `minutes` a week; a plan that begins
    anew decides for itself how to `close`."""
    return Demand(
        efforts=tuple(efforts),
        least=tuple(ceil(effort - Fraction(minutes, _FORGIVEN)) for effort in efforts),
        topics=tuple(len(phase.topics) for phase in roadmap.phases),
        final=close.minutes if close else final_minutes(roadmap),
        catch_up=close.catch_up if close else None,
        final_weeks=close.final_weeks if close else None,
    )
