"""The learner's calendar as plan weeks full of slots, and the plan inside its window: as it is,
eased, trimmed or past it; else the ways out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import ceil
from operator import itemgetter

from dateutil.relativedelta import relativedelta
from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import DoesNotFit, Profile, Roadmap, Verdict, Week, WeekKind
from pe_plan.planning.allocation import Demand, Span, Total, Weeks, total
from pe_plan.planning.availability import Slot, fit, instant, slots
from pe_plan.planning.blocks import Draft
from pe_plan.planning.effort import DIAL_END, Efforts
from pe_plan.planning.scheduling import Close, full_close

QUARTER = 15  # eased and needed hours are counted in quarter hours
_MOST_HOURS = 112 * 60
_FAR = timedelta(days=50 * 366)  # no plan is looked for beyond
_FORGIVEN = 10  # a phase may lack a tenth of a week
_DAY = 24 * 60
_HALF_A_MONTH = 16  # days


class Frame(Struct, frozen=True, kw_only=True):
    """Plan weeks from the start to `last`, the final one perhaps partial, at `minutes` a week;
    `open` are those with any slot."""

    profile: Profile
    minutes: int
    last: date
    weeks: Sequence[Sequence[Slot]]
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

    def labelled(self, labels: Mapping[int, tuple[WeekKind, str | None]]) -> tuple[Week, ...]:
        """Every calendar week up to the last one that has a label, its kind and its phase; the
        others are off."""
        found: list[Week] = []
        for number in range(max(labels, default=-1) + 1):
            (kind, phase), starts = labels.get(number, ("off", None)), self.first_day(number)
            held = sum(slot.minutes for slot in self.weeks[number])
            week = Week(n=number + 1, starts=starts, kind=kind, phase=phase, capacity=held)
            found.append(week)
        return tuple(found)

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
    used, beyond = min(minutes, whole), max(minutes, whole)
    for slot in cut(used, last) if cut else cut_out(profile, used, last):
        weeks[(slot.day - profile.start).days // 7].append(slot)
    numbers = [number for number, week in enumerate(weeks) if week]
    passed = list(accumulate(bool(w) or not is_off(profile, n) for n, w in enumerate(weeks)))
    lengths = [[slot.minutes * beyond // whole for slot in weeks[number]] for number in numbers]
    return Frame(
        profile=profile,
        minutes=minutes,
        last=last,
        weeks=weeks,
        open=Weeks(numbers, [passed[number] for number in numbers], lengths),
    )


def cut_out(profile: Profile, minutes: int, last: date) -> list[Slot]:
    """The slots up to `last` of so many minutes a week, at most what the windows hold."""
    return slots(profile, fit(profile.windows, minutes), profile.start, last)


def is_off(profile: Profile, number: int) -> bool:
    """Whether every day of calendar week `number` (from 0) is off, or busy from midnight to
    midnight, which is the same."""
    if not (profile.days_off or profile.busy):
        return False
    for n in range(7):
        day = profile.start + timedelta(weeks=number, days=n)
        start, end = instant(day, 0, profile.zone), instant(day, _DAY, profile.zone)
        k = bisect_right(profile.busy, start, key=itemgetter(1))
        begins, ends = profile.busy[k] if k < len(profile.busy) else (end, end)
        away = begins <= start and end <= ends
        if not (away or any(day in off for off in profile.days_off)):
            return False
    return True


def demand(
    roadmap: Roadmap, efforts: Sequence[Fraction], minutes: int, close: Close | None = None
) -> Demand:
    """What the weeks must hold for these phase efforts at `minutes` a week, up to the `close`, if
    that is not a first plan's."""
    close = close or full_close(roadmap)
    return Demand(
        efforts=tuple(efforts),
        least=tuple(ceil(effort - Fraction(minutes, _FORGIVEN)) for effort in efforts),
        topics=tuple(len(phase.topics) for phase in roadmap.phases),
        final=close.minutes,
        catch_up=close.catch_up,
        final_weeks=close.final_weeks,
    )


# ── Inside the window ─────────────────────────────────────────────────────────────────────────


class Bounds(Struct, frozen=True, kw_only=True):
    """The first and the last day that the plan may finish on."""

    earliest: date
    latest: date


class Fit(Struct, frozen=True, kw_only=True):
    """What fits: the frame, the dial, the fewest weeks needed, and the open weeks to fill."""

    frame: Frame
    dial: int
    needed: Total
    stop: int


class ShortNotice(Struct, frozen=True, kw_only=True):
    """Not even the core fits into the weeks before the interview."""

    frame: Frame


def bounds(roadmap: Roadmap, profile: Profile) -> Bounds:
    """The window in days: calendar months from the start, or the interview's eve."""
    if profile.interview:
        eve = profile.interview - timedelta(days=1)
        return Bounds(earliest=eve, latest=eve)
    least, most = (relativedelta(months=months) for months in roadmap.window_months)
    return Bounds(earliest=profile.start + least - timedelta(days=1), latest=profile.start + most)


def verdict(finish: date, window: Bounds) -> Verdict:
    """Where the finish lies beside the window."""
    if finish < window.earliest:
        return "early"
    return "late" if finish > window.latest else "inside"


class Fitter:
    """One roadmap and one learner, asked at several hours, deadlines and positions of the dial."""

    def __init__(
        self,
        roadmap: Roadmap,
        profile: Profile,
        efforts: Efforts,
        window: Bounds | None = None,
        close: Close | None = None,
    ) -> None:
        self._roadmap, self._profile, self._efforts = roadmap, profile, efforts
        self._bounds = window or bounds(roadmap, profile)
        self._close = close or full_close(roadmap)
        self._offered = profile.minutes_per_week
        # The same slots are asked for again and again while hours are sought.
        self._cut = cache(lambda minutes, last: cut_out(profile, minutes, last))

    def fit(self) -> Fit | ShortNotice | DoesNotFit:
        """The plan's shape; the order of what is tried is the rule of the window."""
        whole = self._frame(self._offered, self.deadline())
        if needed := self._total(whole, 0):
            return self._not_too_early(Fit(frame=whole, dial=0, needed=needed, stop=needed.stop))
        if self._profile.overrun and not self._profile.interview:
            return self._past_the_window() or self.ways_out()
        turns = range(DIAL_END + 1)  # the smallest that fits; trimming more never takes longer
        dial = bisect_left(turns, x=True, key=lambda turn: self._total(whole, turn) is not None)
        if trimmed := self._filling(whole, dial):
            return trimmed
        short = self._profile.interview and whole.open
        return ShortNotice(frame=whole) if short else self.ways_out()

    def keeping(self, minutes: int, last: date, catch_up: int) -> Fit | None:
        """Full depth at so many minutes a week up to that day, with so many catch-up weeks, if that
        is enough."""
        return self._filling(self._frame(minutes, last), 0, replace(self._close, catch_up=catch_up))

    def deadline(self) -> date:
        """The last day of the last whole week inside the window; an interview's eve as it is."""
        start, latest = self._profile.start, self._bounds.latest
        if self._profile.interview:
            return latest
        return start + timedelta(weeks=((latest - start).days + 1) // 7, days=-1)

    def _frame(self, minutes: int, last: date) -> Frame:
        return frame(self._profile, minutes, last, self._cut)

    def _total(self, frame: Frame, dial: int, close: Close | None = None) -> Total | None:
        efforts = self._efforts.of_phases(dial)
        asked = demand(self._roadmap, efforts, frame.minutes, close or self._close)
        return total(frame.open, asked)

    def _filling(self, frame: Frame, dial: int, close: Close | None = None) -> Fit | None:
        """All the weeks of the frame, if they suffice."""
        needed = self._total(frame, dial, close)
        return Fit(frame=frame, dial=dial, needed=needed, stop=len(frame.open)) if needed else None

    def _not_too_early(self, fits: Fit) -> Fit:
        """All offered hours where they do not end too early, else the fewest that do not."""
        whole, earliest = fits.frame, self._bounds.earliest
        ends = [whole.finish(stop) for stop in range(fits.stop, len(whole.open) + 1)]
        if ends[0] >= earliest or self._profile.finish_early:
            return fits
        target = next((day for day in ends if day >= earliest), whole.last)
        minutes = self._fewest_minutes(target, 0, self._offered)
        eased = self._frame(minutes or self._offered, target)
        return self._filling(eased, 0) or replace(fits, frame=eased, stop=len(eased.open))

    def _past_the_window(self) -> Fit | None:
        """Everything at full depth, however long it takes (up to fifty years)."""
        start = self._profile.start
        days = max((self._bounds.latest - start).days, 7)
        while True:
            last = start + timedelta(days=min(days, _FAR.days) // 7 * 7 - 1)
            longer = self._frame(self._offered, last)
            if needed := self._total(longer, 0):
                return Fit(frame=longer, dial=0, needed=needed, stop=needed.stop)
            if days >= _FAR.days:
                return None
            days *= 2

    def ways_out(self) -> DoesNotFit:
        """Why nothing fits, and what would."""
        held = sum(window.minutes for window in self._profile.windows)
        if self._profile.interview:  # there is always a plan, unless there is no time at all
            return DoesNotFit(
                core_minutes=None, full_minutes=None, held=held, finish=None, months_over=0
            )
        finish, months = None, 0
        if past := self._past_the_window():
            finish = past.frame.finish(past.stop)
            over = relativedelta(finish, self._bounds.latest)
            months = max(over.years * 12 + over.months + (over.days >= _HALF_A_MONTH), 1)
        return DoesNotFit(
            core_minutes=self._fewest_minutes(self.deadline(), DIAL_END, _MOST_HOURS + 1),
            full_minutes=self._fewest_minutes(self.deadline(), 0, _MOST_HOURS + 1),
            held=held,
            finish=finish,
            months_over=months,
        )

    def _fewest_minutes(self, last: date, dial: int, below: int) -> int | None:
        """The fewest quarter hours a week, in minutes under `below`, that fit up to `last`. They
        are tried one by one: where windows lend each other time, days off may make a little more
        hold a little less."""
        # Every week full, a tenth forgiven a phase; and half an hour is the least that is asked.
        weeks = (last - self._profile.start).days // 7 + 1
        weeks_and_forgiven = weeks + Fraction(len(self._roadmap.phases), _FORGIVEN)
        effort = sum(self._efforts.of_phases(dial), Fraction(0))
        least = max(int(effort / weeks_and_forgiven / QUARTER), 2) * QUARTER
        asked = range(least, below, QUARTER)
        return next((m for m in asked if self._total(self._frame(m, last), dial)), None)
