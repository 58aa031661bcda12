"""The default week, and windows as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.errors import PePlanError
from pe_plan.inputs.week import parse_when, read_default_week
from pe_plan.model import Window
from tests.support_profile import DEFAULT_WEEK, profile, read, window


def test_the_default_week_has_evenings_first_and_above_20_hours_the_working_day():
    evenings = [window(day, 19, 21) for day in (0, 1, 2, 3)]
    evenings += [window(5, 9, 13), window(6, 9, 13), window(4, 19, 21)]
    daytime = [window(day, start, start + 3) for start in (9, 13) for day in range(5)]

    def hours(windows):
        return [(w.weekday, w.start, w.end) for w in windows]

    assert hours(DEFAULT_WEEK.up_to_20_hours) == hours(evenings + daytime)
    assert hours(DEFAULT_WEEK.above_20_hours) == hours(daytime + evenings)
    assert [w.shortest for w in DEFAULT_WEEK.above_20_hours] == [90] * 10 + [25] * 7
    for order in (DEFAULT_WEEK.up_to_20_hours, DEFAULT_WEEK.above_20_hours):
        assert [w.rank for w in order] == list(range(17))
        assert sum(w.minutes for w in order) == 48 * 60


def test_hours_alone_take_the_whole_order_that_belongs_to_them():
    assert profile(hours="20").windows == DEFAULT_WEEK.up_to_20_hours
    assert profile(hours="20.5").windows == DEFAULT_WEEK.above_20_hours
    assert profile(hours="48").minutes_per_week == 2880


def test_a_default_week_that_is_no_toml_is_a_problem():
    with pytest.raises(PePlanError, match=r"^w.toml: end of document: not TOML: Invalid value; "):
        read_default_week(b"a = ", "w.toml")


@pytest.mark.parametrize("toml", ["", "up_to_20_hours = []", 'up_to_20_hours = [{when = "mon"}]'])
def test_a_default_week_that_lacks_something_is_no_week(toml):
    with pytest.raises((KeyError, ValueError)):
        read_default_week(toml.encode(), "w.toml")


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("mon-thu 19:00-21:00", (0, 1, 2, 3), 19, 21),
        ("sat 9:00-13:00", (5,), 9, 13),
        ("sat,sun 09:00-13:00", (5, 6), 9, 13),
        ("sat, sun 09:00 - 13:00", (5, 6), 9, 13),
        ("fri-mon 20:00-22:00", (4, 5, 6, 0), 20, 22),
        ("  MONDAY–Thursday   19:00–21:00 ", (0, 1, 2, 3), 19, 21),
        ("tues,thurs 19:00-21:00", (1, 3), 19, 21),
        ("mon,wed-fri 07:00-08:00", (0, 2, 3, 4), 7, 8),
        ("mon-wed,tue 07:00-08:00", (0, 1, 2), 7, 8),
        ("daily 00:00-24:00", tuple(range(7)), 0, 24),
        ("weekdays 12:00-13:00", tuple(range(5)), 12, 13),
        ("weekends 12:00-13:00", (5, 6), 12, 13),
        ("mon-mon 12:00-13:00", (0,), 12, 13),
    ],
)
def test_windows_are_read_as_people_write_them(text, days, start, end):
    assert parse_when(text) == tuple(window(day, start, end) for day in days)


def test_windows_alone_say_how_many_hours_there_are():
    reading = read(when=("sun 9:00-10:00", "mon 19:00-21:00", "mon 21:00-21:30"))
    assert reading.profile.windows == (
        window(0, 19, 21),
        Window(weekday=0, start=21 * 60, end=21 * 60 + 30),
        window(6, 9, 10),
    )
    assert reading.profile.minutes_per_week == 210
    assert not reading.week_assumed


def test_nobody_studies_around_the_clock():
    assert profile(when=("daily 00:00-24:00",), hours="30").minutes_per_week == 1800


@given(
    st.lists(
        st.sampled_from(["mon", "tue", "wed", "fri-mon", "sun", "daily"]), min_size=1, max_size=7
    ),
    st.integers(0, 288),
    st.integers(0, 288),
)
def test_the_way_that_is_suggested_can_be_typed(days, start, end):
    clocks = [f"{step // 12:02}:{step % 12 * 5:02}" for step in (start, end)]
    try:
        parse_when(f"{','.join(days)} {'-'.join(clocks)}")
    except ValueError as error:
        _, hint = error.args
        suggested = [parse_when(text) for text in hint.split("'")[1::2]]
        assert len(suggested) == {"write two": 2, "turn it r": 1, "keep to o": 1}.get(hint[:9], 0)
    else:
        assert end - start >= 5
