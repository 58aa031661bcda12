"""The accepted plan's future as sheets, and more time where the plan needs it.

New time comes in the order of the model: offered hours that an eased plan left alone, then whole
weeks before the final ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    SHORTEST,
    Block,
    Profile,
    Roadmap,
    Session,
    Stretch,
    Unplaced,
    Week,
    WeekKind,
    merged,
)
from pe_plan.planning.availability import Slot, by_week, clear, fit, slots, taken
from pe_plan.planning.blocks import Draft, series
from pe_plan.planning.final import Close, fill_final
from pe_plan.planning.settling import Ahead, Case, week_of
from pe_plan.planning.sheets import Queue, Sheet, new

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)


class Grid(Struct, frozen=True, kw_only=True):
    """The future of an accepted plan: its weeks and sheets, what has no place in them, study that
    has lost its place, and the time of its days that is over already."""

    weeks: tuple[Week, ...]
    sheets: tuple[Sheet, ...]
    unplaced: tuple[Unplaced, ...] = ()
    homeless: tuple[Session, ...] = ()
    over: tuple[Stretch, ...] = ()

    def copies(self) -> list[Sheet]:
        """Sheets to work on."""
        return [replace(sheet) for sheet in self.sheets]


def grid(case: Case) -> Grid:
    """The blocks ahead. Those on days that are off by now have lost their time, and so have those
    that something else took, as far as it did, unless they are begun; pinned ones stand."""
    busy = taken(case.profile)
    found = [s for ahead in case.ahead if ahead.open for s in sheets_of(ahead, case, busy)]
    heads = [(a.block.start, sum(s.minutes for s in a.head)) for a in case.ahead if a.head]
    over = tuple((start, start + timedelta(minutes=minutes)) for start, minutes in heads)
    return Grid(weeks=case.plan.weeks, sheets=tuple(found), over=over)


def sheets_of(ahead: Ahead, case: Case, busy: Sequence[Stretch]) -> Iterator[Sheet]:
    """What is left of a block's time, and its work that has none in a lost sheet behind it."""
    block, weeks, day = ahead.block, case.plan.weeks, case.profile.day_of(ahead.block.start)
    start, minutes = _time_left(ahead, case.profile, busy)
    sheet = Sheet(
        start=start,
        minutes=minutes,
        day=day,
        week=(week := min(week_of(case.plan, day), len(weeks) - 1)),
        block=block,
        pieces=ahead.open,
        head=ahead.head,
        lost=not minutes,
        final=weeks[week].kind == "final",
        catch_up=weeks[week].kind == "catch-up",
    )
    yield sheet
    if sheet.lost:
        return
    whole = sum(each.minutes for each in ahead.open) == minutes
    if not whole and sum(each.minutes for each in sheet.work) > minutes:  # what it can hold
        queue = Queue({})
        for each in sheet.work:
            queue.add(each)
        sheet.fill(queue.take(minutes))
        rest = tuple(waiting.cut(waiting.minutes) for waiting in queue.waiting)
        yield replace(sheet, block=None, head=(), minutes=0, pieces=rest, lost=True)
    elif not whole or ahead.open != block.sessions[len(ahead.head) :]:
        sheet.fill(sheet.work)  # time that is free again joins the flex


def _time_left(ahead: Ahead, profile: Profile, busy: Sequence[Stretch]) -> tuple[datetime, int]:
    """The longest stretch of a block's open time that is still its own: start and minutes, none of
    them where it is shorter than a session."""
    block, start = ahead.block, ahead.open[0].start
    if ahead.head or block.pinned:
        return start, block.minutes - sum(session.minutes for session in ahead.head)
    day = profile.day_of(block.start)
    if any(day in off for off in profile.days_off):
        return start, 0
    left = [free for free in clear(start, block.end, busy) if free[1] >= SHORTEST]
    return max(left, key=lambda free: free[1], default=(start, 0))


def with_offered(grid: Grid, profile: Profile) -> Grid:
    """New sheets in the windows' time that the plan, being eased, does not use."""
    if not grid.sheets:
        return grid
    whole = fit(profile.windows, profile.minutes_per_week)
    first, last = grid.sheets[0].day, grid.weeks[-1].starts + _WEEK - _DAY
    # What a cut block has left may come after the pinned one that cut it.
    used_up = merged((*grid.over, *((s.start, s.end) for s in grid.sheets if not s.lost)))
    used = by_week((sheet.week, sheet.minutes) for sheet in grid.sheets)
    found = list(grid.sheets)
    for slot in slots(profile, whole, first, last):
        week = (slot.day - grid.weeks[0].starts).days // 7
        kind = grid.weeks[week].kind
        if kind in ("final", "off") or slot.start < grid.sheets[0].start:
            continue
        for start, minutes in clear(slot.start, slot.end, used_up):
            length = min(minutes, profile.minutes_per_week - used[week])
            if length >= SHORTEST:
                used[week] += length
                sheet = Sheet(start=start, minutes=length, day=slot.day, week=week, spare=True)
                sheet.catch_up = kind == "catch-up"
                sheet.fill(())
                found.append(sheet)
    return replace(grid, sheets=tuple(sorted(found, key=lambda sheet: sheet.start)))


def later_finish(grid: Grid, case: Case, close: Close, last: date, more: int) -> Grid | None:
    """The final weeks moved by `more` whole weeks, with catch-up weeks before them; None where they
    would end after the `last` day. Where they are over, they come again for what is left."""
    first = grid.weeks[0].starts
    new_weeks: dict[int, list[Slot]] = defaultdict(list)
    theirs = replace(case.profile, windows=case.plan.windows)
    used = [window.minutes for window in theirs.windows]
    for slot in slots(theirs, used, max(grid.weeks[-1].starts + _WEEK, case.as_of), last):
        new_weeks[(slot.day - first).days // 7].append(slot)
    added = [n for n in sorted(new_weeks) if first + (n + 1) * _WEEK <= last + _DAY][:more]
    if len(added) < more:
        return None
    all_finals = [n for n, week in enumerate(grid.weeks) if week.kind == "final"]
    finals = [n for n in all_finals if grid.weeks[n].starts + _WEEK > case.as_of]
    stay = len(finals) or len(all_finals) * bool(close.loop or close.to_recall)
    numbers = [*finals, *added]
    catch_up = numbers[: max(len(numbers) - stay, 0)]
    old = [sheet for sheet in grid.sheets if sheet.final]
    sheets = [sheet for sheet in grid.sheets if not sheet.final]
    kept = [replace(sheet) for sheet in old if not sheet.lost]
    kept += [
        Sheet(start=slot.start, minutes=slot.minutes, day=slot.day, week=number)
        for number in added
        for slot in new_weeks[number]
    ]
    for sheet in kept:
        sheet.catch_up = sheet.week in catch_up
        sheet.final = not sheet.catch_up
        sheet.fill(())
    finals_now = [sheet for sheet in kept if sheet.final]
    return Grid(
        weeks=_relabelled(grid.weeks, numbers, catch_up, kept),
        sheets=(*sheets, *kept),
        unplaced=_close(finals_now, old, case.roadmap, close) if finals_now else (),
        homeless=tuple(
            each
            for sheet in old
            for each in sheet.work
            if each.kind == "study" or _checkpoint(each)
        ),
    )


def _close(
    sheets: Sequence[Sheet], old: Sequence[Sheet], roadmap: Roadmap, close: Close
) -> tuple[Unplaced, ...]:
    """Lay the final weeks anew; what stood in the `old` ones keeps its ids."""
    before = [each for sheet in old for each in sheet.work if not _checkpoint(each)]
    waiting: dict[str, list[Session]] = defaultdict(list)
    for each in before:
        waiting[series(each)].append(each)
    slots = [Slot(start=sheet.start, day=sheet.day, minutes=sheet.minutes) for sheet in sheets]
    agendas, unplaced = fill_final(
        [Draft(slot=slot, week=sheet.week) for slot, sheet in zip(slots, sheets, strict=True)],
        close,
        iter([each.topic for each in before if each.kind == "warm-up" and each.topic]),
        warm_up_every=1,  # what stood there came as often as it should
    )
    for sheet, (_, pieces) in zip(sheets, agendas, strict=True):
        sheet.fill(
            replace(same.pop(0), minutes=each.minutes)
            if (same := waiting[series(each)])
            else new(each, roadmap)
            for each in pieces
            if not each.is_free
        )
    return tuple(unplaced)


def _checkpoint(session: Session) -> bool:
    return session.kind == "mock" and session.phase is not None


def _relabelled(
    weeks: Sequence[Week], numbers: Sequence[int], catch_up: Sequence[int], sheets: Iterable[Sheet]
) -> tuple[Week, ...]:
    """The weeks, of which those of the numbers are catch-up or final ones by now, up to the last of
    them; those between are off."""
    capacity = by_week((sheet.week, sheet.minutes) for sheet in sheets)
    found = [*weeks, *weeks_off(weeks[0].starts, range(len(weeks), max(numbers) + 1))]
    for n in numbers:
        kind: WeekKind = "catch-up" if n in catch_up else "final"
        found[n] = replace(found[n], kind=kind, phase=None, capacity=capacity[n])
    return tuple(found)


def weeks_off(first: date, numbers: Iterable[int]) -> list[Week]:
    """Weeks with nothing in them, counted from 0 at the `first` day of the plan."""
    return [
        Week(n=n + 1, starts=first + n * _WEEK, kind="off", phase=None, capacity=0) for n in numbers
    ]


def capacities(
    profile: Profile, weeks: Sequence[Week], blocks: Iterable[Block], first: int
) -> tuple[Week, ...]:
    """The weeks with what their blocks hold, from week `first` (from 0) on."""
    starts = weeks[0].starts
    minutes = by_week(((profile.day_of(b.start) - starts).days // 7, b.minutes) for b in blocks)
    return tuple(
        week if n < first else replace(week, capacity=minutes[n]) for n, week in enumerate(weeks)
    )
