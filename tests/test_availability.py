"""Windows become dated slots, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.model import SHORTEST, STEP, Days, Profile, Window
from pe_plan.planning.availability import fit, fitted, instant, slots
from tests import support_plan as made
from tests.support_planning import DAY, DEFAULT_WEEK, HOUR, ZONES, lies_in_a_window, weeks

BERLIN, NEW_YORK, KOLKATA, LORD_HOWE, APIA = ZONES

# The days on which clocks are turned, and the day that Apia left out.
TURNS = (
    (BERLIN, date(2026, 3, 29)),
    (BERLIN, date(2026, 10, 25)),
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (KOLKATA, date(1945, 10, 15)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),
    (APIA, date(2011, 12, 30)),
    (APIA, date(2011, 12, 29)),
    (APIA, date(2012, 4, 1)),
)
turns = st.sampled_from(TURNS)


def profile(windows, zone, **answers) -> Profile:
    minutes = sum(window.minutes for window in windows)
    about = {"minutes_per_week": minutes, "windows": tuple(windows), "timezone": zone}
    return made.profile(**about | answers)


def slots_of(profile: Profile, first: date, last: date):
    return slots(profile, fit(profile.windows, profile.minutes_per_week), first, last)


def clock(hours: float) -> int:
    return int(hours * HOUR)


# ── Wall time to instants ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("zone", "day", "hours", "expected"),
    [
        (BERLIN, date(2026, 1, 5), 19, datetime(2026, 1, 5, 18, tzinfo=UTC)),
        (BERLIN, date(2026, 7, 6), 19, datetime(2026, 7, 6, 17, tzinfo=UTC)),
        (KOLKATA, date(2026, 7, 6), 19, datetime(2026, 7, 6, 13, 30, tzinfo=UTC)),
        # skipped: the moment at which the clocks jump
        (BERLIN, date(2026, 3, 29), 2.5, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (NEW_YORK, date(2026, 3, 8), 2.25, datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (LORD_HOWE, date(2026, 10, 4), 2.25, datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        (APIA, date(2011, 12, 30), 12, datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # twice: the last of the two
        (BERLIN, date(2026, 10, 25), 2.5, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (NEW_YORK, date(2026, 11, 1), 1.5, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        (LORD_HOWE, date(2026, 4, 5), 1.75, datetime(2026, 4, 4, 15, 15, tzinfo=UTC)),
        # a day's end is the next day's beginning
        (BERLIN, date(2026, 3, 28), 24, datetime(2026, 3, 28, 23, tzinfo=UTC)),
    ],
)
def test_instants(zone, day, hours, expected):
    assert instant(day, clock(hours), ZoneInfo(zone)) == expected


@given(
    zone=st.sampled_from(ZONES),
    day=st.one_of(st.dates(date(1900, 1, 1), date(2250, 1, 1)), turns.map(lambda turn: turn[1])),
    minute=st.integers(0, DAY),
)
def test_an_instant_shows_its_wall_time_or_the_first_one_after_it(zone, day, minute):
    found = instant(day, minute, ZoneInfo(zone))
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    shown = found.astimezone(ZoneInfo(zone))
    before = (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert shown.replace(tzinfo=None) >= wall
    assert before.replace(tzinfo=None) < wall or shown.fold == 1  # it is shown twice


@given(turn=turns, minutes=st.tuples(st.integers(0, DAY), st.integers(0, DAY)).map(sorted))
def test_instants_of_a_day_keep_the_order_of_the_clock(turn, minutes):
    zone, day = turn
    one, two = (instant(day, minute, ZoneInfo(zone)) for minute in minutes)
    assert one <= two


# ── Slots ─────────────────────────────────────────────────────────────────────────────────────
def daily(start: float, end: float) -> list[Window]:
    """The same hours on every day."""
    return [Window(weekday=n, start=clock(start), end=clock(end)) for n in range(7)]


@pytest.mark.parametrize(("zone", "day"), TURNS)
def test_a_night_window_is_never_longer_than_itself(zone, day):
    found = slots_of(profile(daily(1, 4), zone), day - timedelta(days=3), day + timedelta(days=3))
    assert all(slot.minutes <= 180 for slot in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ([(1, 4), (4, 5)], [120, 60]),
        ([(2, 3)], []),
        ([(2, 3.5)], [30]),  # what is left is a slot if it holds a session
        ([(2, 3.25)], []),
    ],
)
def test_the_hour_that_is_skipped_is_not_studied(hours, minutes):
    windows = [Window(weekday=6, start=clock(start), end=clock(end)) for start, end in hours]
    day = date(2026, 3, 29)
    assert [slot.minutes for slot in slots_of(profile(windows, BERLIN), day, day)] == minutes


def test_apia_has_no_30_december_2011():
    found = slots_of(profile(daily(0, 24), APIA), date(2011, 12, 29), date(2011, 12, 31))
    assert [(slot.day.day, slot.minutes) for slot in found] == [(29, DAY), (31, DAY)]


@given(turn=turns, windows=weeks())
def test_slots_lie_in_their_windows_and_do_not_overlap(turn, windows):
    zone, day = turn
    first, last = day - timedelta(days=7), day + timedelta(days=7)
    found = slots_of(profile(windows, zone), first, last)
    for slot in found:
        assert slot.minutes % STEP == 0
        assert slot.minutes >= SHORTEST
        assert lies_in_a_window(slot, slot.day, ZoneInfo(zone), windows)
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_days_off_have_no_slots():
    off = (
        Days(first=date(2026, 1, 7), last=date(2026, 1, 8)),
        Days(first=date(2026, 1, 8), last=date(2026, 1, 10)),
    )
    found = slots_of(
        profile(daily(0, 1), BERLIN, days_off=off), date(2026, 1, 5), date(2026, 1, 11)
    )
    assert [slot.day.day for slot in found] == [5, 6, 11]


# ── How much of each window ───────────────────────────────────────────────────────────────────
EVENINGS = [(weekday, 19, 120) for weekday in range(4)]
MORNINGS = [(weekday, 9, 180) for weekday in range(5)]
DAYTIME = [(weekday, hour, 180) for weekday in range(5) for hour in (9, 13)]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (8, EVENINGS),
        (12, [*EVENINGS, (5, 9, 240)]),
        (19, [*EVENINGS, (5, 9, 240), (6, 9, 240), (4, 19, 120), (0, 9, 60)]),
        (20, [*EVENINGS, (5, 9, 240), (6, 9, 240), (4, 19, 120), (0, 9, 120)]),
        (35, [*DAYTIME, *EVENINGS[:2], (2, 19, 60)]),
        (48, [*DAYTIME, *EVENINGS, (4, 19, 120), (5, 9, 240), (6, 9, 240)]),
        # a rest too short for a window is made up by the one before it
        (8.25, [*EVENINGS[:3], (3, 19, 110), (5, 9, 25)]),
        # above 20 hours a daytime block has 90 minutes at least, lent by the same day's morning
        (21, [*MORNINGS, (0, 13, 180), (1, 13, 180)]),
        (22, [*MORNINGS[:2], (2, 9, 150), *MORNINGS[3:], (0, 13, 180), (1, 13, 180), (2, 13, 90)]),
    ],
)
def test_the_default_week_is_filled_in_its_order(hours, expected):
    used = fitted(DEFAULT_WEEK.order(clock(hours)), clock(hours))
    found = [(window.weekday, window.start // HOUR, window.minutes) for window in used]
    assert sorted(found) == sorted(expected)


def test_windows_of_ones_own_are_shortened_in_proportion():
    windows = [Window(weekday=n, start=0, end=length) for n, length in enumerate((120, 60, 240))]
    assert fit(windows, 420) == (120, 60, 240)
    assert fit(windows, 210) == (60, 30, 120)


def whole(windows: Sequence[Window]) -> int:
    return sum(window.minutes for window in windows) // STEP


own = weeks()
default = st.sampled_from((DEFAULT_WEEK.up_to_20_hours, DEFAULT_WEEK.above_20_hours))


@given(windows=own | default, data=st.data())
def test_no_window_is_used_beyond_its_length_or_under_its_shortest(windows, data):
    minutes = data.draw(st.integers(0, whole(windows))) * STEP
    used = fit(windows, minutes)
    assert sum(used) <= minutes
    for window, each in zip(windows, used, strict=True):
        assert each == 0 or window.shortest <= each <= window.minutes
        assert each % STEP == 0


@given(windows=default, data=st.data())
def test_the_default_week_gives_the_exact_sum(windows, data):
    minutes = data.draw(st.integers(windows[0].shortest // STEP, 48 * HOUR // STEP)) * STEP
    assert sum(fit(windows, minutes)) == minutes


@given(windows=own, data=st.data())
def test_windows_of_ones_own_give_the_exact_sum_once_all_are_open(windows, data):
    """With less, a rest may be too short to open one more window."""
    minutes = data.draw(st.integers(SHORTEST // STEP, whole(windows))) * STEP
    used = fit(windows, minutes)
    assert sum(used) == minutes if all(used) else minutes - sum(used) < SHORTEST


@given(windows=own, data=st.data())
def test_more_minutes_never_shorten_a_window_of_the_same_rank(windows, data):
    less, more = sorted(data.draw(st.integers(0, whole(windows))) * STEP for _ in range(2))
    pairs = zip(fit(windows, less), fit(windows, more), strict=True)
    assert all(one <= two for one, two in pairs)
