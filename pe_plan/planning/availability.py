"""Weekly windows, less days off and what is busy, and pinned blocks become dated slots; wall time
builds them, UTC measures them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Profile, Stretch, Window, merged

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(minutes=STEP)

T = TypeVar("T")


class Slot(Struct, frozen=True, kw_only=True):
    """Free time on one day."""

    start: datetime
    day: date
    minutes: int

    @property
    def end(self) -> datetime:
        """The instant at which it is over."""
        return self.start + timedelta(minutes=self.minutes)


def fit(windows: Sequence[Window], minutes: int) -> tuple[int, ...]:
    """How many minutes of each window are used when `minutes` a week are wanted.

    Lower ranks are filled first; a rank that does not fit whole is shortened, in proportion,
    from the windows' ends. Within a rank more minutes never shorten a window.
    """
    used = [0] * len(windows)
    left = minutes
    by_rank = sorted(range(len(windows)), key=lambda i: windows[i].rank)
    for _, group in groupby(by_rank, key=lambda i: windows[i].rank):
        members = list(group)
        for i, share in zip(members, _share([windows[i] for i in members], left), strict=True):
            used[i] = share
            left -= share
        alone = len(members) == 1 and not used[members[0]]
        if alone and 0 < left < windows[members[0]].shortest:
            _lend(windows, used, members[0], left)
            break
    return tuple(used)


def _share(windows: Sequence[Window], minutes: int) -> list[int]:
    """Webster's divisor method in steps of five minutes: a window's k-th step is due at
    (k - 1/2)/length. Its first steps, up to its shortest length, are granted together."""
    if sum(window.minutes for window in windows) <= minutes:
        return [window.minutes for window in windows]
    grants: list[tuple[float, int, int]] = []
    for i, window in enumerate(windows):
        first = window.shortest // STEP
        steps = range(first, window.minutes // STEP + 1)
        grants += [
            ((k - 0.5) / window.minutes, i, STEP if k > first else first * STEP) for k in steps
        ]
    used = [0] * len(windows)
    for _, i, granted in sorted(grants):
        minutes -= granted
        if minutes < 0:
            break
        used[i] += granted
    return used


def _lend(windows: Sequence[Window], used: list[int], to: int, rest: int) -> None:
    """Open window `to` at its shortest with `rest` minutes of its own; the earlier window of the
    same day, else the one taken before it, lends what is lacking."""
    lacking = windows[to].shortest - rest
    able = [i for i, u in enumerate(used) if u - lacking >= windows[i].shortest]
    same_day = [i for i in able if windows[i].weekday == windows[to].weekday]
    if lenders := same_day or able:
        lender = max(lenders, key=lambda i: windows[i].rank)
        used[lender] -= lacking
        used[to] = windows[to].shortest


def fitted(windows: Sequence[Window], minutes: int) -> tuple[Window, ...]:
    """The windows themselves, shortened to `minutes` a week; those not needed are gone."""
    return tuple(
        replace(window, end=window.start + used)
        for window, used in zip(windows, fit(windows, minutes), strict=True)
        if used
    )


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which the wall clock shows `minute` after midnight of `day`; the last
    of two, and where the clocks skip it, the moment at which they jump."""
    midnight, plain = _midnight(day, zone)
    return midnight + timedelta(minutes=minute) if plain else _instant(day, minute, zone)


@lru_cache(maxsize=2**15)
def _midnight(day: date, zone: ZoneInfo) -> tuple[datetime, bool]:
    """When the day begins, and whether no clock is turned in it: then it has 24 hours."""
    begins, ends = _instant(day, 0, zone), _instant(day, 24 * 60, zone)
    return begins, ends - begins == timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return early
    late = wall.replace(tzinfo=zone).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early).total_seconds() // 2)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late


def slots(profile: Profile, used: Sequence[int], first: date, last: date) -> list[Slot]:
    """The slots from `first` to `last` (inclusive) when each window holds `used` minutes, in order
    of time. A slot is never longer than its window, whatever the clocks do in it; what is taken is
    cut out of it. Pinned blocks are slots of their own, wherever they stand."""
    zone, busy = profile.zone, taken(profile)
    windows = sorted(zip(profile.windows, used, strict=True), key=lambda pair: pair[0].start)
    by_weekday = [
        [(window.start, length) for window, length in windows if length and window.weekday == day]
        for day in range(7)
    ]
    found: list[Slot] = []
    for day in days(first, last):
        if any(day in off for off in profile.days_off):
            continue
        for opens, length in by_weekday[day.weekday()]:
            start = instant(day, opens, zone)
            end = min(instant(day, opens + length, zone), start + timedelta(minutes=length))
            for begins, minutes in clear(start, end, busy):
                if minutes >= SHORTEST:
                    found.append(Slot(start=begins, day=day, minutes=minutes))
    until = _EPOCH
    for pin in sorted(profile.pins, key=attrgetter("start")):
        day = profile.day_of(pin.start)
        if first <= day <= last and pin.start >= until:  # of two that overlap the first
            until = pin.end
            found.append(Slot(start=pin.start, day=day, minutes=pin.minutes))
    return sorted(found, key=attrgetter("start"))


def offered(profile: Profile, start: datetime, minutes: int) -> bool:
    """Whether the learner's windows hold that time, busy or not."""
    end = start + timedelta(minutes=minutes)
    windows = opened(profile.day_of(start), profile.windows, profile.zone)
    return any(begins <= start and end <= ends for begins, ends in windows)


def opened(day: date, windows: Iterable[Window], zone: ZoneInfo) -> Iterator[Stretch]:
    """When those of the windows are that the day has."""
    for window in windows:
        if window.weekday == day.weekday():
            yield instant(day, window.start, zone), instant(day, window.end, zone)


def taken(profile: Profile) -> Sequence[Stretch]:
    """When the windows have no time, in order and apart: busy, or a block was deleted there, or
    is pinned there, or would be if it were not pinned elsewhere."""
    if not (profile.pins or profile.dropped):
        return profile.busy
    pinned = [(pin.start, pin.end) for pin in profile.pins]
    homes = [(pin.home, pin.home_end) for pin in profile.pins]
    return merged((*profile.busy, *profile.dropped, *pinned, *homes))


def is_freer(profile: Profile, before: Profile, day: date) -> bool:
    """Whether time that was busy before, from the day on, is free by now."""
    since = instant(day, 0, profile.zone)
    ahead = ((max(start, since), end) for start, end in before.busy if end > since)
    return any(True for start, end in ahead for _ in _gaps(start, end, profile.busy))


def clear(
    start: datetime, end: datetime, busy: Sequence[Stretch]
) -> Iterator[tuple[datetime, int]]:
    """What is left of a stretch beside the busy ones (in order and apart): starts, and minutes in
    whole steps."""
    for begins, ends in _gaps(start, end, busy):
        yield begins, (ends - begins) // _STEP * STEP


def _gaps(start: datetime, end: datetime, busy: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch; a rest begins on a whole step."""
    k = bisect_right(busy, start, key=itemgetter(1))
    while k < len(busy) and busy[k][0] < end:
        if busy[k][0] > start:
            yield start, busy[k][0]
        over, k = max(start, busy[k][1]), k + 1
        start = over + (_EPOCH - over) % _STEP
    if start < end:
        yield start, end


def days(first: date, last: date) -> Iterable[date]:
    """Every day from the first to the last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def totals(amounts: Iterable[tuple[T, int]]) -> Counter[T]:
    """What comes together under each name or number, of pairs of it and an amount."""
    found: Counter[T] = Counter()
    for what, amount in amounts:
        found[what] += amount
    return found
