"""The weeks are the best there are: held against trying everything on small cases."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SHORTEST, Days, DoesNotFit, Round
from pe_plan.planning.allocation import CHECKPOINT, Allocation, Demand, Weeks, allocate, total
from pe_plan.planning.effort import DIAL_END, Efforts
from pe_plan.planning.fitting import QUARTER, Fit, Fitter, ShortNotice, bounds, demand, frame
from tests import support_plan as made
from tests.support_planning import DEFAULT_WEEK, Case, cases


class Puzzle(Struct, frozen=True, kw_only=True):
    """Open weeks as lists of slot lengths with their place in the calendar, and a demand."""

    numbers: tuple[int, ...]
    lengths: tuple[tuple[int, ...], ...]
    demand: Demand

    @property
    def weeks(self) -> Weeks:
        return Weeks(self.numbers, [number + 1 for number in self.numbers], self.lengths)


@st.composite
def puzzles(draw: st.DrawFn, weeks: int = 11, phases: int = 4, *, even: bool = False) -> Puzzle:
    count = draw(st.integers(1, phases))
    slots = st.lists(st.integers(5, 48).map(lambda n: 5 * n), min_size=1, max_size=3).map(tuple)
    usual = draw(slots)
    lengths = tuple(usual if even else draw(st.just(usual) | slots) for _ in range(weeks))
    gaps = [draw(st.sampled_from((1, 1, 1, 1, 2))) for _ in range(weeks)]
    whole = sum(map(sum, lengths))
    efforts = tuple(
        Fraction(draw(st.integers(1, 100)) * whole, 100 * (count + 2)) for _ in range(count)
    )
    return Puzzle(
        numbers=tuple(sum(gaps[:n]) for n in range(weeks)),
        lengths=lengths,
        demand=Demand(
            efforts=efforts,
            least=tuple(-(-(each - Fraction(sum(usual), 10)) // 1) for each in efforts),
            topics=tuple(draw(st.integers(1, 6)) for _ in range(count)),
            final=draw(st.integers(0, 300)),
        ),
    )


def covers(puzzle: Puzzle, phase: int, first: int, stop: int) -> bool:
    """The rule of coverage, said again: time but for a tenth of a week, and a session a topic
    beside the checkpoint at the end of the last slot."""
    slots = [length for week in puzzle.lengths[first:stop] for length in week]
    if not slots or sum(slots) < puzzle.demand.least[phase]:
        return False
    places = [*slots[:-1], max(slots[-1] - CHECKPOINT, 0)]
    return sum(length // SHORTEST for length in places) >= puzzle.demand.topics[phase]


def covered(puzzle: Puzzle, spans) -> bool:
    return all(covers(puzzle, phase, *span) for phase, span in enumerate(spans))


def fewest_by_trying(puzzle: Puzzle) -> int | None:
    """The fewest consecutive open weeks that hold all phases, each covered."""
    count = len(puzzle.demand.efforts)
    for stop in range(count, len(puzzle.lengths) + 1):
        for cuts in combinations(range(1, stop), count - 1):
            if covered(puzzle, pairwise((0, *cuts, stop))):
                return stop
    return None


def generous(puzzle: Puzzle) -> Puzzle:
    """With as many weeks again, so that catch-up and final weeks have room."""
    more = range(puzzle.numbers[-1] + 1, puzzle.numbers[-1] + 41)
    numbers, lengths = (*puzzle.numbers, *more), (*puzzle.lengths, *([(240,)] * 40))
    return replace(puzzle, numbers=numbers, lengths=lengths)


@given(puzzle=puzzles())
def test_study_takes_the_fewest_weeks(puzzle):
    fewest = fewest_by_trying(puzzle)
    assume(fewest is not None)
    assert total(generous(puzzle).weeks, puzzle.demand).ends[-1] == fewest


@given(puzzle=puzzles())
def test_where_the_weeks_do_not_suffice_there_is_no_total(puzzle):
    needed = total(puzzle.weeks, puzzle.demand)
    if fewest_by_trying(puzzle) is None:
        assert needed is None
    if needed:
        assert needed.stop <= len(puzzle.lengths)


@given(puzzle=puzzles(weeks=40))
def test_catch_up_and_final_weeks_follow_their_rules(puzzle):
    puzzle = generous(puzzle)
    needed = total(puzzle.weeks, puzzle.demand)
    study = puzzle.numbers[needed.ends[-1] - 1] + 1
    assert needed.catch_up == (0 if study < 6 else max(int(study / 10 + 0.5), 1))
    before = needed.before_final
    final = sum(map(sum, puzzle.lengths[before : needed.stop]))
    least = 1 if puzzle.numbers[before - 1] + 1 < 14 else 2
    assert final >= puzzle.demand.final
    assert needed.stop - before >= least
    if needed.stop - before > least:
        assert final - sum(puzzle.lengths[needed.stop - 1]) < puzzle.demand.final


def laid(puzzle: Puzzle, spare: int) -> tuple[Allocation, int]:
    """The allocation over `spare` more weeks than needed, and where it stops."""
    weeks = puzzle.weeks
    needed = total(weeks, puzzle.demand)
    assume(needed is not None)
    stop = min(needed.stop + spare, len(weeks))
    return allocate(weeks, puzzle.demand, needed, stop), stop


@given(puzzle=puzzles(), spare=st.integers(0, 12))
def test_the_allocation_tiles_the_weeks_wherever_catch_up_stands(puzzle, spare):
    puzzle = generous(puzzle)
    needed = total(puzzle.weeks, puzzle.demand)
    found, stop = laid(puzzle, spare)
    used = [*found.catch_up, *range(*found.final)]
    for span in found.phases:
        assert span[0] < span[1]
        used += range(*span)
    assert sorted(used) == list(range(stop))
    assert len(found.catch_up) == needed.catch_up
    assert found.final[1] == stop
    assert list(found.phases) == sorted(found.phases)
    assert covered(puzzle, found.phases)
    assert sum(map(sum, puzzle.lengths[found.final[0] : stop])) >= puzzle.demand.final


@given(puzzle=puzzles(), spare=st.integers(0, 12))
def test_catch_up_weeks_are_never_packed_where_a_phase_end_is_free(puzzle, spare):
    """With at least as many phases as catch-up weeks and even weeks, none stand side by side."""
    even = replace(generous(puzzle), lengths=tuple([(240,)] * (len(puzzle.lengths) + 40)))
    assume(total(even.weeks, even.demand) is not None)
    found, _ = laid(even, spare)
    if len(found.catch_up) <= len(found.phases):
        assert all(b - a > 1 for a, b in pairwise(found.catch_up))


@example(  # both phases are as badly off, and there is one week left to give
    puzzle=Puzzle(
        numbers=tuple(range(10)),
        lengths=((25, 25),) * 10,
        demand=Demand(
            efforts=(Fraction(35, 2), Fraction(35, 4)), least=(13, 4), topics=(1, 1), final=0
        ),
    ),
    spare=2,
)
@given(puzzle=puzzles(weeks=10, even=True), spare=st.integers(0, 5))
def test_left_over_weeks_go_where_they_are_missed_most(puzzle, spare):
    """With even weeks no other way of sharing them out leaves the worst-off phase better, nor,
    that being equal, the next."""
    needed = total(puzzle.weeks, puzzle.demand)
    assume(needed is not None)
    found, _ = laid(puzzle, spare)
    counts = [stop - first for first, stop in found.phases]
    week = sum(puzzle.lengths[0])
    efforts = puzzle.demand.efforts

    def fortunes(counts):
        return sorted(week * n / effort for n, effort in zip(counts, efforts, strict=True))

    ways = [
        [b - a for a, b in pairwise((0, *cuts, sum(counts)))]
        for cuts in combinations(range(1, sum(counts)), len(counts) - 1)
    ]
    enough = [each for each in ways if covered(puzzle, [(0, n) for n in each])]
    assert fortunes(counts) == max(map(fortunes, enough))


def paced(slowest: float, fastest: float) -> st.SearchStrategy[Case]:
    """Small cases whose window lasts so many times what the effort takes at the offered hours."""
    return st.builds(_paced, cases(most_phases=4, most_topics=12), st.floats(slowest, fastest))


def _paced(case: Case, factor: float) -> Case:
    efforts = Efforts(case.roadmap, case.profile.skills)
    weeks = sum(efforts.of_phases(0)) / case.profile.minutes_per_week
    months = min(max(int(weeks * factor / 4.35), 1), 58)
    return Case(
        roadmap=replace(case.roadmap, window_months=(months, months + 2)),
        profile=replace(case.profile, interview=None, overrun=False, finish_early=False),
    )


def fitted(case: Case) -> tuple[Fit | ShortNotice | DoesNotFit, Efforts]:
    efforts = Efforts(case.roadmap, case.profile.skills)
    return Fitter(case.roadmap, case.profile, efforts).fit(), efforts


def holds(case: Case, efforts: Efforts, minutes: int, last, dial: int) -> bool:
    weeks = frame(case.profile, minutes, last).open
    return total(weeks, demand(case.roadmap, efforts.of_phases(dial), minutes)) is not None


@settings(max_examples=max(settings().max_examples // 3, 1))
@given(case=paced(0.3, 0.9))
def test_the_dial_is_turned_as_little_as_possible(case):
    found, efforts = fitted(case)
    assume(isinstance(found, Fit) and found.dial)
    weeks = found.frame.open
    smallest = next(
        dial
        for dial in range(DIAL_END + 1)
        if total(weeks, demand(case.roadmap, efforts.of_phases(dial), found.frame.minutes))
    )
    assert found.dial == smallest


@given(case=paced(1.3, 4))
def test_eased_hours_are_the_fewest(case):
    found, efforts = fitted(case)
    offered = case.profile.minutes_per_week
    assume(isinstance(found, Fit) and found.frame.minutes < offered)
    fewest = next(
        minutes
        for minutes in range(2 * QUARTER, offered, QUARTER)
        if holds(case, efforts, minutes, found.frame.last, 0)
    )
    assert found.frame.minutes == fewest


@given(case=paced(0, 0.5))
def test_ways_out_name_the_fewest_hours(case):
    out, efforts = fitted(case)
    assume(isinstance(out, DoesNotFit))
    open_days = (bounds(case.roadmap, case.profile).latest - case.profile.start).days + 1
    last = case.profile.start + timedelta(weeks=open_days // 7, days=-1)
    for told, dial in ((out.core_minutes, DIAL_END), (out.full_minutes, 0)):
        if told is not None:
            assert holds(case, efforts, told, last, dial)
            lower = range(2 * QUARTER, told, QUARTER)
            assert not any(holds(case, efforts, each, last, dial) for each in lower)


def test_days_off_on_lending_days_do_not_hide_fewer_hours():
    topics = [made.topic(f"t{n}", weight=w) for n, w in enumerate((1, 1, 1, 97))]
    roadmap = made.roadmap(
        made.phase("p", *topics, weeks=(8, 8)),
        window_months=(1, 3),
        reference_hours=6,
        rounds=(Round(id="r", title="R", count=6),),
    )
    profile = made.profile(
        start=date(2000, 1, 19),
        minutes_per_week=1265,
        windows=DEFAULT_WEEK.above_20_hours,
        days_off=(Days(first=date(2000, 2, 18), last=date(2000, 2, 24)),),
    )
    found = Fitter(roadmap, profile, Efforts(roadmap, {})).fit()
    assert isinstance(found, Fit)
    assert found.frame.minutes == 705  # 720 and 735 hold less: Friday lends, and one Friday is off
