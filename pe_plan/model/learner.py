"""What the learner says."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Meta, field

from pe_plan.model.words import SHORTEST, Count, Instant, Level, Minutes, OfDay, Value

Moment = TypeVar("Moment", bound=date)
Stretch = tuple[Instant, Instant]  # in UTC, from and up to


def merged(stretches: Iterable[tuple[Moment, Moment]]) -> tuple[tuple[Moment, Moment], ...]:
    """The stretches in order, those that overlap or touch as one."""
    found: list[tuple[Moment, Moment]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


class Pin(Value, frozen=True, kw_only=True):
    """An exception to the weekly windows: the block `uid` takes place at `start` (UTC) for so many
    `minutes`, and the time of `home_minutes` from `home` on, which the plan once gave it, stays
    empty. One that is only held where it stands has its home there."""

    uid: str
    start: Instant
    minutes: Annotated[int, Meta(ge=SHORTEST, le=24 * 60)]
    home: Instant
    home_minutes: Annotated[int, Meta(ge=1, le=24 * 60)]

    @property
    def end(self) -> datetime:
        """The instant at which the pinned block is over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def home_end(self) -> datetime:
        """The instant at which its home is over."""
        return self.home + timedelta(minutes=self.home_minutes)


class Window(Value, frozen=True, kw_only=True):
    """Weekly study time on one weekday (0 is Monday), in minutes after midnight of the wall
    clock; `end` may be 1440. When fewer hours are wanted than the windows hold, lower ranks are
    filled first, windows of one rank are shortened in proportion, none below `shortest`."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    start: OfDay
    end: OfDay
    rank: Count = 0
    shortest: Count = SHORTEST

    @property
    def minutes(self) -> int:
        """The window's nominal length."""
        return self.end - self.start


class Days(Value, frozen=True, kw_only=True):
    """A stretch of whole days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class OtherCalendars(Value, frozen=True, kw_only=True):
    """How a learner's other calendars are read: their paths, each event `busy_margin` minutes wider
    on both sides, those of whole days not counted if `ignore_all_day`, broken ones passed over if
    `lenient`."""

    calendars: tuple[str, ...] = ()
    busy_margin: Annotated[int, Meta(ge=0, le=240)] = 0
    ignore_all_day: bool = False
    lenient: bool = False


class Profile(OtherCalendars, frozen=True, kw_only=True):
    """What the learner says. `minutes_per_week` is what they offer, taken from `windows` in
    order; `skills` maps "all", a phase id or a topic id to a level (the narrowest wins); `remind`
    is minutes before a block. `abroad` holds the zones lived in before `timezone`, oldest first,
    each with the first day on which it was no longer so.

    `busy` are stretches taken by other events, in UTC, in order of time and apart; they come from
    `calendars`. `pins` are blocks that the learner put elsewhere, `dropped` the stretches of blocks
    that they deleted. `free` shows every block as free time in the calendar."""

    start: date
    minutes_per_week: Minutes
    windows: tuple[Window, ...]
    timezone: str
    days_off: tuple[Days, ...] = ()
    interview: date | None = None
    skills: Mapping[str, Level] = field(default_factory=dict)
    finish_early: bool = False
    overrun: bool = False
    remind: Minutes | None = None
    abroad: tuple[tuple[date, str], ...] = ()
    busy: tuple[Stretch, ...] = ()
    free: bool = False
    pins: tuple[Pin, ...] = ()
    dropped: tuple[Stretch, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The learner's time zone."""
        return ZoneInfo(self.timezone)

    def local(self, instant: datetime) -> datetime:
        """The instant on the wall clock of where the learner lives, or lived then."""
        for until, name in self.abroad:
            if (there := instant.astimezone(ZoneInfo(name))).date() < until:
                return there
        return instant.astimezone(self.zone)

    def day_of(self, instant: datetime) -> date:
        """The day on the learner's wall clock."""
        return self.local(instant).date()
