"""The accepted plan's future as sheets, and more time where the plan needs it.

New time comes in the order of the model: offered hours that an eased plan left alone, then whole
weeks before the final ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    FREE,
    SHORTEST,
    Block,
    Days,
    Phase,
    Plan,
    Profile,
    Roadmap,
    Round,
    Session,
    Stretch,
    Unplaced,
    Week,
    WeekKind,
    Window,
    merged,
)
from pe_plan.planning.availability import Slot, clear, fit, slots, taken
from pe_plan.planning.composing import series
from pe_plan.planning.drafts import Draft, Piece
from pe_plan.planning.final import fill_final
from pe_plan.planning.settling import Ahead, Settled
from pe_plan.planning.sheets import NEW, Queue, Sheet

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # until the session has its own


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


def grid(plan: Plan, settled: Settled, profile: Profile) -> Grid:
    """The blocks ahead. Those on days that are off by now have lost their time, and so have those
    that something else took, as far as it did, unless they are begun; pinned ones stand."""
    busy = taken(profile)
    found = [
        sheet
        for ahead in settled.ahead
        if ahead.open
        for sheet in sheets_of(ahead, plan, profile, busy)
    ]
    over = [(ahead.block.start, ahead.head) for ahead in settled.ahead if ahead.head]
    spent = ((at, at + timedelta(minutes=sum(s.minutes for s in head))) for at, head in over)
    return Grid(weeks=plan.weeks, sheets=tuple(found), over=tuple(spent))


def sheets_of(
    ahead: Ahead, plan: Plan, profile: Profile, busy: Sequence[Stretch]
) -> Iterator[Sheet]:
    """What is left of a block's time, and its work that has none in a lost sheet behind it."""
    block, day = ahead.block, profile.day_of(ahead.block.start)
    start, minutes = _time_left(ahead, profile, busy)
    sheet = Sheet(
        start=start,
        minutes=minutes,
        day=day,
        week=(week := min(week_of(plan, day), len(plan.weeks) - 1)),
        block=block,
        pieces=ahead.open,
        head=ahead.head,
        lost=not minutes,
        final=plan.weeks[week].kind == "final",
        catch_up=plan.weeks[week].kind == "catch-up",
    )
    yield sheet
    if sheet.lost:
        return
    if sum(piece.minutes for piece in ahead.open) != minutes:
        yield from _cut(sheet)
    elif ahead.open != block.sessions[len(ahead.head) :]:
        sheet.fill(sheet.work)  # time that is free again joins the flex


def _cut(sheet: Sheet) -> Iterator[Sheet]:
    """Fill the sheet with what it can hold of its work; the rest is in a lost sheet."""
    work = sheet.work
    if sum(piece.minutes for piece in work) <= sheet.minutes:
        sheet.fill(work)
        return
    queue = Queue({})
    for piece in work:
        queue.add(piece)
    sheet.fill(queue.take(sheet.minutes))
    rest = tuple(waiting.cut(waiting.minutes) for waiting in queue.waiting)
    yield replace(sheet, block=None, head=(), minutes=0, pieces=rest, lost=True)


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


def week_of(plan: Plan, day: date) -> int:
    """The place of the plan week that the day lies in, from 0; days after the end are in none."""
    return max((day - plan.weeks[0].starts).days // 7, 0)


def with_offered(grid: Grid, profile: Profile) -> Grid:
    """New sheets in the windows' time that the plan, being eased, does not use."""
    if not grid.sheets:
        return grid
    whole = fit(profile.windows, profile.minutes_per_week)
    first, last = grid.sheets[0].day, grid.weeks[-1].starts + _WEEK - timedelta(days=1)
    # What a cut block has left may come after the pinned one that cut it.
    sheets = ((sheet.start, _over(sheet)) for sheet in grid.sheets if not sheet.lost)
    used_up = merged((*grid.over, *sheets))
    used: Counter[int] = Counter()
    for sheet in grid.sheets:
        used[sheet.week] += sheet.minutes
    found = list(grid.sheets)
    for slot in slots(profile, whole, first, last):
        week = (slot.day - grid.weeks[0].starts).days // 7
        kind = grid.weeks[week].kind
        if kind in ("final", "off") or slot.start < grid.sheets[0].start:
            continue
        for start, minutes in clear(slot.start, _over(slot), used_up):
            length = min(minutes, profile.minutes_per_week - used[week])
            if length >= SHORTEST:
                used[week] += length
                new_time = _sheet(start, length, slot.day, week)
                new_time.catch_up, new_time.spare = kind == "catch-up", True
                found.append(new_time)
    return replace(grid, sheets=tuple(sorted(found, key=lambda sheet: sheet.start)))


def _over(time: Sheet | Slot) -> datetime:
    return time.start + timedelta(minutes=time.minutes)


def _sheet(start: datetime, minutes: int, day: date, week: int) -> Sheet:
    sheet = Sheet(start=start, minutes=minutes, day=day, week=week, block=None, pieces=())
    sheet.fill(())
    return sheet


class Later(Struct, frozen=True, kw_only=True):
    """What a later finish is made of: the `days` there are, the plan's `windows`, and what the
    final weeks have still to hold."""

    days: Days
    windows: tuple[Window, ...]
    loop: Sequence[Round]
    to_recall: Sequence[Phase]


def later_finish(
    grid: Grid, roadmap: Roadmap, profile: Profile, later: Later, more: int
) -> Grid | None:
    """The final weeks moved by `more` whole weeks, with catch-up weeks before them; None where they
    would end after the days there are. Where they are over, they come again for what is left."""
    days = later.days
    start = grid.weeks[0].starts
    finals = [
        n
        for n, week in enumerate(grid.weeks)
        if week.kind == "final" and week.starts + _WEEK > days.first
    ]
    new_weeks: dict[int, list[Slot]] = defaultdict(list)
    first = max(grid.weeks[-1].starts + _WEEK, days.first)
    theirs = replace(profile, windows=later.windows)
    used = [window.minutes for window in later.windows]
    for slot in slots(theirs, used, first, days.last):
        new_weeks[(slot.day - start).days // 7].append(slot)
    whole = [n for n in sorted(new_weeks) if start + (n + 1) * _WEEK <= days.last + _DAY]
    if len(whole) < more:
        return None
    numbers = [*finals, *whole[:more]]
    left = bool(later.loop or later.to_recall)
    stay = len(finals) or left * sum(week.kind == "final" for week in grid.weeks)
    first_final = max(len(numbers) - stay, 0)
    catch_up, closing = numbers[:first_final], numbers[first_final:]
    old = [sheet for sheet in grid.sheets if sheet.final]
    sheets = [sheet for sheet in grid.sheets if not sheet.final]
    kept = [replace(sheet, final=False) for sheet in old if not sheet.lost]
    kept += [
        _sheet(slot.start, slot.minutes, slot.day, number)
        for number in whole[:more]
        for slot in new_weeks[number]
    ]
    for sheet in kept:
        sheet.catch_up = sheet.week in catch_up
        sheet.final = not sheet.catch_up
        sheet.fill(())
    finals_now = [sheet for sheet in kept if sheet.final]
    unplaced = _close(finals_now, old, roadmap, later) if finals_now else ()
    labels: dict[int, WeekKind] = dict.fromkeys(closing, "final")
    labels |= dict.fromkeys(catch_up, "catch-up")
    weeks = _relabelled(grid.weeks, labels, kept)
    homeless = tuple(
        piece
        for sheet in old
        for piece in sheet.work
        if piece.kind == "study" or _checkpoint(piece)
    )
    return Grid(weeks=weeks, sheets=(*sheets, *kept), unplaced=unplaced, homeless=homeless)


def _close(
    sheets: Sequence[Sheet], old: Sequence[Sheet], roadmap: Roadmap, later: Later
) -> tuple[Unplaced, ...]:
    """Lay the final weeks anew; what stood in the `old` ones keeps its ids."""
    before = [piece for sheet in old for piece in sheet.work if not _checkpoint(piece)]
    waiting: dict[tuple[str, ...], list[Session]] = defaultdict(list)
    for piece in before:
        waiting[series(piece)].append(piece)
    agendas, unplaced = fill_final(
        [Draft(slot=_slot(sheet), week=sheet.week) for sheet in sheets],
        later.loop,
        later.to_recall,
        iter([piece.topic for piece in before if piece.kind == "warm-up" and piece.topic]),
        warm_up_every=1,  # what stood there came as often as it should
    )
    for sheet, (_, pieces) in zip(sheets, agendas, strict=True):
        sheet.fill(
            _kept_or_new(piece, waiting[series(piece)], roadmap)
            for piece in pieces
            if piece.kind not in FREE
        )
    return tuple(unplaced)


def _checkpoint(piece: Session) -> bool:
    return piece.kind == "mock" and piece.phase is not None


def _slot(sheet: Sheet) -> Slot:
    return Slot(start=sheet.start, day=sheet.day, minutes=sheet.minutes)


def _kept_or_new(piece: Piece, waiting: list[Session], roadmap: Roadmap) -> Session:
    if waiting:
        return replace(waiting.pop(0), minutes=piece.minutes)
    return new(piece, roadmap)


def new(piece: Piece, roadmap: Roadmap) -> Session:
    """A session for a piece, to be named and timed at last."""
    return Session(
        id=NEW + ".".join(series(piece)),
        kind=piece.kind,
        start=_SOME_TIME,
        minutes=piece.minutes,
        phase=piece.phase or roadmap.phase_of.get(piece.topic or ""),
        topic=piece.topic,
        activity=piece.activity,
        round=piece.round,
    )


def _relabelled(
    weeks: Sequence[Week], labels: Mapping[int, WeekKind], sheets: Iterable[Sheet]
) -> tuple[Week, ...]:
    """The weeks with some given another kind, up to the last of them; those between are off."""
    capacity: Counter[int] = Counter()
    for sheet in sheets:
        capacity[sheet.week] += sheet.minutes
    found = list(weeks)
    for n in range(len(weeks), max(labels) + 1):
        starts = weeks[0].starts + n * _WEEK
        found.append(Week(n=n + 1, starts=starts, kind="off", phase=None, capacity=0))
    for n, kind in labels.items():
        found[n] = replace(found[n], kind=kind, phase=None, capacity=capacity[n])
    return tuple(found)


def capacities(
    profile: Profile, weeks: Sequence[Week], blocks: Iterable[Block], first: int
) -> tuple[Week, ...]:
    """The weeks with what their blocks hold, from week `first` (from 0) on."""
    minutes: Counter[int] = Counter()
    for block in blocks:
        minutes[(profile.day_of(block.start) - weeks[0].starts).days // 7] += block.minutes
    return tuple(
        week if n < first else replace(week, capacity=minutes[n]) for n, week in enumerate(weeks)
    )
