"""When the events of other calendars take time. Nothing else of them is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.calendars.reading import MOST_EVENTS, Files, Part, TooMuchError, events_in
from pe_plan.calendars.times import DAY, Zones, span
from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.model import Profile, Stretch, merged

SHOWN = 10  # broken events that one message tells of
_LAST = date(9990, 1, 1)  # nothing that is asked about comes so near to the end of time
_MINUTE = timedelta(minutes=1)
_SHOWN_AS, _ALL_DAY = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"  # of Outlook
_SMALLER = "export fewer years, or leave this calendar out"
_NONE = "there is no calendar among what you named; is it the right path?"
_LENIENT = "mend it, or leave broken events out with --lenient"


class Taken(Struct, frozen=True):
    """The times that are taken: whole minutes in UTC, in order and apart. `left_out` says of each
    broken event that was passed over where it stands and what is wrong with it."""

    stretches: tuple[Stretch, ...]
    left_out: tuple[str, ...]


def taken(
    texts: Iterable[tuple[str, bytes]], learner: Profile, own: Collection[str], last: date
) -> Taken:
    """What calendar files, each with the name that messages call it by, take from the learner's
    start to the day `last` (included), by what they said of it. The uids in `own` are never busy.

    Raises PePlanError with every broken event, unless those are passed over (`lenient`); and,
    whether or not, where there is no calendar at all, or more to read than there may be.
    """
    busy = _Busy(learner, own, last)
    for name, data in texts:
        try:
            busy.read(name, data)
        except TooMuchError as error:
            problem = Problem(where=name, what=str(error), hint=_SMALLER)
            raise PePlanError(Exit.BAD_INPUT, [problem]) from None
    broken = busy.files.broken
    if broken and not (learner.lenient and busy.files.calendars):
        told = broken[:SHOWN]
        if (more := len(broken) - SHOWN) > 0:
            told.append(Problem(where="calendars", what=f"and {more:,} more like these"))
        told[-1] = replace(told[-1], hint=_NONE if learner.lenient else _LENIENT)  # said once
        raise PePlanError(Exit.BAD_INPUT, told)
    return Taken(
        stretches=merged(busy.stretches),
        left_out=tuple(f"{printable(each.where, 1_000)}: {each.what}" for each in broken),
    )


class _Busy:
    """The stretches that files take of the time from `_low` to `_high` (UTC)."""

    def __init__(self, learner: Profile, own: Collection[str], last: date) -> None:
        self.stretches: list[Stretch] = []
        self.files = Files("TRANSP", _SHOWN_AS, _ALL_DAY)
        self._events = 0
        self._own, self._zone, self._ignore_all_day = own, learner.zone, learner.ignore_all_day
        self._margin = learner.busy_margin * _MINUTE
        days = learner.start, min(last, _LAST) + DAY
        moments = (datetime.combine(day, time(), learner.zone) for day in days)
        self._low, self._high = (moment.astimezone(UTC) for moment in moments)

    def read(self, name: str, data: bytes) -> None:
        """Note what the file of that name takes."""
        for calendar in self.files.read(name, data):
            zones = Zones(calendar, self._zone, self._high.year, self.files.spend)
            series = defaultdict[str | int, list[Part]](list)
            for part in events_in(calendar):
                if part.uid not in self._own:
                    self._events += 1
                    # One without a uid has nothing in common with any other.
                    series[part.uid or part.line].append(part)
            if self._events > MOST_EVENTS:
                raise TooMuchError(f"holds, with the files before it, over {MOST_EVENTS:,} events")
            for parts in series.values():
                self._series(parts, zones)

    def _series(self, parts: Sequence[Part], zones: Zones) -> None:
        """Events of one uid: those that stand in for a time of another, and the latest of others,
        of which a careless writer makes several."""
        others = [part for part in parts if not part.replaces]
        if len(others) > 1:
            newest = max(part.sequence for part in others)
            others = [part for part in others if part.sequence == newest]
        changes = [part for part in parts if part.replaces]
        if changes or any(part.repeats for part in others):
            self._repeated(others, changes, zones)
            return
        for part in filter(_takes_time, others):
            with self.files.noting(part):
                self._take(*span(part, zones), part)

    def _repeated(self, others: Sequence[Part], changes: Sequence[Part], zones: Zones) -> None:
        from pe_plan.calendars.series import Member, times

        spend = self.files.spend
        known: list[Member] = []
        for part in (*others, *changes):
            with self.files.noting(part):
                known.append(Member(part, zones, spend))
        changing = [each for each in known if each.part.replaces]
        groups = [[each, *changing] for each in known if not each.part.replaces] or [changing]
        taking = {each.part.line for each in known if _takes_time(each.part)}
        low, high = self._low - self._margin, self._high + self._margin
        for group in filter(None, groups):
            with self.files.noting(group[0].part):
                for start, end, part in times(group, low, high, spend):
                    if part.line in taking:
                        self._take(start, end, part)

    def _take(self, start: date, end: date, part: Part) -> None:
        """Note the whole minutes, of a timed event with the margin on both sides."""
        whole_days = not isinstance(start, datetime) or part.word(_ALL_DAY).upper() == "TRUE"
        # Inside a gap of the clocks an end may come out before its start.
        begins, ends = sorted((self._utc(start), self._utc(end)))
        if begins == ends or (whole_days and self._ignore_all_day):
            return
        margin = timedelta() if whole_days else self._margin
        low = max(begins.replace(second=0, microsecond=0) - margin, self._low)
        over = (ends.replace(second=0, microsecond=0) - ends) % _MINUTE
        high = min(ends + over + margin, self._high)
        if low < high:
            self.stretches.append((low, high))

    def _utc(self, moment: date) -> datetime:
        """The instant; of what is years away from the time asked about, one that is clear of it."""
        if moment.year < self._low.year - 1:
            return self._low - 2 * DAY
        if moment.year > self._high.year + 1:
            return self._high + 2 * DAY
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), self._zone)
        return moment.astimezone(UTC)


def _takes_time(part: Part) -> bool:
    """Whether the event's time is marked as taken, surely or perhaps."""
    return (
        part.word("TRANSP").upper() != "TRANSPARENT"
        and part.word("STATUS").upper() != "CANCELLED"
        and part.word(_SHOWN_AS).upper() != "FREE"
    )
