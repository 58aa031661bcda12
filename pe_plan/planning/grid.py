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
from pe_plan.planning.availability import Slot, clear, fit, slots, taken, totals
from pe_plan.planning.blocks import Draft, is_checkpoint, series
from pe_plan.planning.scheduling import Close, fill_final
from pe_plan.planning.settling import Ahead, Case
from pe_plan.planning.sheets import Queue, Sheet, new

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)


class Grid(Struct, frozen=True, kw_only=True):
    """The future of an accepted plan: its weeks and sheets, what has no place in them, study that
    has lost its place, and the time of its days that is over already (start, minutes)."""

    weeks: tuple[Week, ...]
    sheets: tuple[Sheet, ...]
    unplaced: tuple[Unplaced, ...] = ()
    homeless: tuple[Session, ...] = ()
    over: tuple[tuple[datetime, int], ...] = ()


def grid(case: Case) -> Grid:
    """The blocks ahead. Those on days that are off by now have lost their time, and so have those
    that something else took, as far as it did, unless they are begun; pinned ones stand."""
    busy = taken(case.profile)
    found = [s for ahead in case.ahead if ahead.open for s in sheets_of(ahead, case, busy)]
    over = tuple((a.block.start, sum(s.minutes for s in a.head)) for a in case.ahead if a.head)
    return Grid(weeks=case.plan.weeks, sheets=tuple(found), over=over)


def sheets_of(ahead: Ahead, case: Case, busy: Sequence[Stretch]) -> Iterator[Sheet]:
    """What is left of a block's time, and its work that has none in a lost sheet behind it."""
    block, weeks = ahead.block, case.plan.weeks
    start, minutes = _time_left(ahead, case.profile, busy)
    week = case.plan.week_of(ahead.day).n - 1
    sheet = Sheet(
        start=start,
        minutes=minutes,
        day=ahead.day,
        week=week,
        block=block,
        pieces=ahead.open,
        head=ahead.head,
        lost=not minutes,
        final=weeks[week].kind == "final",
        catch_up=weeks[week].kind == "catch-up",
    )
    yield sheet
    same = ahead.open == block.sessions[len(ahead.head) :]
    if not sheet.lost and sum(each.minutes for each in sheet.work) > minutes:
        queue = Queue({})
        for each in sheet.work:
            queue.add(each)
        sheet.fill(queue.take(minutes))  # what it can hold
        rest = tuple(waiting.cut(waiting.minutes) for waiting in queue.waiting)
        yield replace(sheet, block=None, head=(), minutes=0, pieces=rest, lost=True)
    elif not sheet.lost and not (same and sum(each.minutes for each in ahead.open) == minutes):
        sheet.fill(sheet.work)  # time that is free again joins the flex


def _time_left(ahead: Ahead, profile: Profile, busy: Sequence[Stretch]) -> tuple[datetime, int]:
    """The longest stretch of a block's open time that is still its own: start and minutes, none of
    them where it is shorter than a session."""
    block, start = ahead.block, ahead.open[0].start
    if ahead.head or block.pinned:
        return start, block.minutes - sum(session.minutes for session in ahead.head)
    if any(ahead.day in off for off in profile.days_off):
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
    time = [*grid.over, *((s.start, s.minutes) for s in grid.sheets if not s.lost)]
    used_up = merged((start, start + timedelta(minutes=minutes)) for start, minutes in time)
    used = totals((sheet.week, sheet.minutes) for sheet in grid.sheets)
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
    work = [each for sheet in old for each in sheet.work]
    kept = [replace(sheet) for sheet in old if not sheet.lost]
    came = [(n, slot) for n in added for slot in new_weeks[n]]
    kept += [Sheet(start=s.start, minutes=s.minutes, day=s.day, week=n) for n, s in came]
    for sheet in kept:
        sheet.catch_up = sheet.week in catch_up
        sheet.final = not sheet.catch_up
        sheet.fill(())
    finals_now = [sheet for sheet in kept if sheet.final]
    capacity = totals((sheet.week, sheet.minutes) for sheet in kept)
    weeks = [*grid.weeks, *weeks_off(first, range(len(grid.weeks), max(numbers) + 1))]
    for n in numbers:
        kind: WeekKind = "catch-up" if n in catch_up else "final"
        weeks[n] = replace(weeks[n], kind=kind, phase=None, capacity=capacity[n])
    return Grid(
        weeks=tuple(weeks),
        sheets=(*(sheet for sheet in grid.sheets if not sheet.final), *kept),
        unplaced=_close(finals_now, work, case.roadmap, close) if finals_now else (),
        homeless=tuple(each for each in work if each.kind == "study" or is_checkpoint(each)),
    )


def _close(
    sheets: Sequence[Sheet], work: Sequence[Session], roadmap: Roadmap, close: Close
) -> tuple[Unplaced, ...]:
    """Lay the final weeks anew; the `work` that stood in them before keeps its ids."""
    before = [each for each in work if not is_checkpoint(each)]
    waiting: dict[str, list[Session]] = defaultdict(list)
    for each in before:
        waiting[series(each)].append(each)
    slots = (Slot(start=sheet.start, day=sheet.day, minutes=sheet.minutes) for sheet in sheets)
    drafts = [Draft(slot=slot, week=sheet.week) for slot, sheet in zip(slots, sheets, strict=True)]
    warm_ups = iter([each.topic for each in before if each.kind == "warm-up" and each.topic])
    # What stood there came as often as it should.
    unplaced = fill_final(drafts, close, warm_ups, warm_up_every=1)
    for sheet, draft in zip(sheets, drafts, strict=True):
        sheet.fill(
            replace(same.pop(0), minutes=each.minutes)
            if (same := waiting[series(each)])
            else new(each, roadmap)
            for each in draft.pieces
            if not each.is_free
        )
    return tuple(unplaced)


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
    minutes = totals(((profile.day_of(b.start) - starts).days // 7, b.minutes) for b in blocks)
    return tuple(
        week if n < first else replace(week, capacity=minutes[n]) for n, week in enumerate(weeks)
    )
