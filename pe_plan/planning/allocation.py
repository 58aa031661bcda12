"""Weeks per phase inside the window.

Everything here counts open weeks: plan weeks with any capacity; the others are passed over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from pe_plan.planning.study import room

CHECKPOINT = 60
LOOP_MOCK = 45
RECALL_LEAST = 5

Span = tuple[int, int]  # open weeks, from and up to


class Weeks:
    """The open weeks as allocation sees them.

    `number` is each one's place in the calendar (0 is the first plan week), `passed` how many
    calendar weeks that are not wholly off are over with it, `lengths` its slots' minutes.
    """

    def __init__(
        self, number: Sequence[int], passed: Sequence[int], lengths: Sequence[Sequence[int]]
    ) -> None:
        self.number, self._passed = tuple(number), tuple(passed)
        self._capacity_before = (0, *accumulate(sum(week) for week in lengths))
        # Sessions of the shortest length that it has room for, also if its end is a checkpoint.
        self._room_before = (0, *accumulate(room(week) for week in lengths))
        self._last_room = [room([*week[:-1], max(week[-1] - CHECKPOINT, 0)]) for week in lengths]

    def __len__(self) -> int:
        return len(self.number)

    def minutes(self, span: Span) -> int:
        """The capacity of a span."""
        return self._capacity_before[span[1]] - self._capacity_before[span[0]]

    def topics(self, span: Span) -> int:
        """How many topics a span can hold beside its checkpoint."""
        first, stop = span
        if first == stop:
            return 0
        return self._room_before[stop - 1] - self._room_before[first] + self._last_room[stop - 1]

    def reach(self, first: int, minutes: int) -> int:
        """Where the shortest span from `first` with that capacity stops; beyond the end if none."""
        return bisect_left(self._capacity_before, self._capacity_before[first] + minutes, first + 1)

    def gone(self, stop: int) -> int:
        """Calendar weeks, those wholly off aside, gone by with the open weeks before `stop`."""
        return self._passed[stop - 1] if stop else 0


class Demand(Struct, frozen=True, kw_only=True):
    """What the weeks must hold: each phase's effort, the `least` whole minutes that cover it (a
    tenth of a week is forgiven), its number of topics, and what the final weeks need. Where the
    numbers of catch-up and of final weeks are None, they follow from the weeks of study."""

    efforts: tuple[Fraction, ...]
    least: tuple[int, ...]
    topics: tuple[int, ...]
    final: int
    catch_up: int | None = None
    final_weeks: int | None = None

    def covered(self, phase: int, weeks: Weeks, span: Span) -> bool:
        """Whether the span is enough for the phase."""
        return weeks.minutes(span) >= self.least[phase] and weeks.topics(span) >= self.topics[phase]


class Total(Struct, frozen=True, kw_only=True):
    """How long everything takes when each phase takes the fewest weeks: study ends before open
    week `study`, `catch_up` weeks follow, the final weeks stop before `stop`."""

    ends: tuple[int, ...]
    catch_up: int
    final_least: int
    stop: int

    @property
    def before_final(self) -> int:
        """The open week at which the final weeks may begin."""
        return self.ends[-1] + self.catch_up


class Allocation(Struct, frozen=True, kw_only=True):
    """Each phase's span of open weeks, the catch-up weeks and the span of the final weeks."""

    phases: tuple[Span, ...]
    catch_up: tuple[int, ...]
    final: Span


def total(weeks: Weeks, demand: Demand) -> Total | None:
    """The fewest weeks in all, or None where the weeks given end first.

    Only sums decide, so more capacity or less effort never takes longer (law L11): where the
    catch-up weeks stand is decided afterwards, in a way that keeps the total.
    """
    spans = _lay(weeks, demand, ())
    if spans is None:
        return None
    ends = tuple(stop for _, stop in spans)
    study = weeks.gone(ends[-1])
    catch_up = demand.catch_up
    if catch_up is None:
        catch_up = max((study + 5) // 10, 1) if study >= 6 else 0  # noqa: PLR2004 - planning rule
    before = ends[-1] + catch_up
    if before > len(weeks):
        return None
    least = demand.final_weeks
    if least is None:
        least = 1 if weeks.gone(before) < 14 else 2  # noqa: PLR2004 - planning rule
    for stop in range(before + least, len(weeks) + 1):
        if weeks.minutes((before, stop)) >= demand.final:
            return Total(ends=ends, catch_up=catch_up, final_least=least, stop=stop)
    return None


def allocate(weeks: Weeks, demand: Demand, needed: Total, stop: int) -> Allocation:
    """Lay everything over the open weeks before `stop` (not before `needed.stop`): the final weeks
    at the end, catch-up spread evenly, and each left-over week to the phase that has the least."""
    final = needed.before_final
    for first in range(stop - needed.final_least, final, -1):
        if weeks.minutes((first, stop)) >= demand.final:
            final = first
            break
    after = _spread(weeks, demand, needed, final)
    least = _lay(weeks, demand, after)
    if least is None:
        raise ValueError("catch-up weeks are only put where the phases still fit")
    counts = [end - first for first, end in least]
    for _ in range(final - sum(counts) - len(after)):
        counts[_neediest(weeks, demand, counts, after)] += 1
    spans = _spans(counts, after)
    studied = {week for span in spans for week in range(*span)}
    catch_up = tuple(week for week in range(final) if week not in studied)
    return Allocation(phases=spans, catch_up=catch_up, final=(final, stop))


def _lay(weeks: Weeks, demand: Demand, after: Sequence[int]) -> list[Span] | None:
    """The phases when every one takes the fewest weeks; phase k is followed by as many catch-up
    weeks as `after` holds k."""
    spans: list[Span] = []
    first = 0
    for phase in range(len(demand.efforts)):
        if first >= len(weeks):
            return None
        stop = weeks.reach(first, demand.least[phase])
        while stop <= len(weeks) and not demand.covered(phase, weeks, (first, stop)):
            stop += 1
        if stop > len(weeks):
            return None
        spans.append((first, stop))
        first = stop + after.count(phase)
    return spans


def _spread(weeks: Weeks, demand: Demand, needed: Total, room: int) -> tuple[int, ...]:
    """After which phases the catch-up weeks come: the i-th at the least used phase end nearest to
    i * S/c, the earlier on a tie, where all still ends within `room` open weeks; else last."""
    last = len(demand.efforts) - 1
    study, count = needed.ends[-1], needed.catch_up
    chosen: list[int] = []
    for i in range(1, count + 1):
        waiting = [last] * (count - i)
        near = [abs(end * count - i * study) for end in needed.ends]
        for phase in sorted(range(last + 1), key=lambda k: (chosen.count(k), near[k], k)):
            after = [*chosen, phase, *waiting]
            spans = _lay(weeks, demand, after)
            if spans is not None and spans[-1][1] + after.count(last) <= room:
                chosen.append(phase)
                break
        else:
            chosen.append(last)
    return tuple(sorted(chosen))


def _spans(counts: Sequence[int], after: Sequence[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    first = 0
    for phase, count in enumerate(counts):
        spans.append((first, first + count))
        first += count + after.count(phase)
    return tuple(spans)


def _neediest(weeks: Weeks, demand: Demand, counts: Sequence[int], after: Sequence[int]) -> int:
    """The phase with the smallest capacity/effort (on a tie the one that gains most) that may take
    one more week, every phase staying covered; the last phase always can take it."""
    spans, efforts = _spans(counts, after), enumerate(demand.efforts)
    shares = sorted((weeks.minutes(spans[k]) / effort, effort, k) for k, effort in efforts)
    for _, _, phase in shares:
        longer = [count + (k == phase) for k, count in enumerate(counts)]
        spans = _spans(longer, after)
        if all(demand.covered(k, weeks, spans[k]) for k in range(phase, len(spans))):
            return phase
    return len(counts) - 1
