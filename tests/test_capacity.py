"""The free time of every week: figures counted by hand, and what holds for anybody's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import Days, DoesNotFit, Plan, Profile, Window
from pe_plan.planning.capacity import Capacity, FreeWeek, capacity, free_weeks, realistic
from tests.support_busy import busy_times
from tests.support_log import MONDAY, day
from tests.support_planning import HOUR, ROADMAP, cases, learner, planned, profiles

BERLIN = ZoneInfo("Europe/Berlin")
LAST = date(2026, 11, 1)  # of the 43 whole weeks in ten months


def at(when: date, start: float, end: float) -> tuple[datetime, datetime]:
    """A busy stretch of that day, in hours of Berlin's clock."""
    midnight = datetime.combine(when, datetime.min.time())
    begins, ends = (
        (midnight + timedelta(hours=hours)).replace(tzinfo=BERLIN) for hours in (start, end)
    )
    return begins.astimezone(UTC), ends.astimezone(UTC)


def busy(*stretches: tuple[datetime, datetime], hours: str = "12", **answers: object) -> Profile:
    """Who studies mon-thu 19:00-21:00 and sat 09:00-13:00, beside these."""
    return replace(learner(hours, **answers), busy=tuple(sorted(stretches)))


def free(found: Capacity) -> list[int]:
    return [week.free for week in found.weeks]


def named(found: Capacity, room: str) -> list[int]:
    return [week.n for week in found.weeks if week.room == room]


def test_without_a_calendar_every_week_up_to_the_last_is_free():
    found = capacity(ROADMAP, busy())
    assert free(found) == [12 * HOUR] * 43
    assert (found.weeks[0].starts, found.weeks[-1].ends) == (MONDAY, LAST)
    assert (found.total, found.average, found.realistic, found.held) == (43 * 720, 720, 720, 43)
    assert named(found, "open") == list(range(1, 44))


def test_a_calendar_counted_by_hand():
    found = capacity(
        ROADMAP,
        busy(
            at(day(0), 19, 20),  # week 1: an hour of Monday
            at(day(7), 20, 20.5),  # week 2: a rest of a quarter hour is too short for a slot
            at(day(7), 20.75, 23),
            at(day(14), 8, 9),  # week 3: beside the windows
            *(at(day(21 + n), 0, 24) for n in (0, 1, 2, 5)),  # week 4: Thursday alone is left
            *(at(day(28 + n), 18, 22) for n in (0, 1, 2, 3, 5)),  # week 5: Saturday is
            *(at(day(35 + n), 9, 22) for n in (0, 1, 2, 3, 5)),  # week 6: nothing is
        ),
    )
    assert free(found)[:6] == [660, 660, 720, 120, 240, 0]
    assert (named(found, "tight"), named(found, "none")) == ([4, 5], [6])
    assert found.total == 43 * 720 - 60 - 60 - 600 - 480 - 720
    assert found.average == found.total // 43


@pytest.mark.parametrize(
    ("lost", "room"), [(360, "open"), (365, "tight"), (690, "tight"), (720, "none")]
)
def test_less_than_half_is_tight(lost, room):
    stretches = [at(day(n), 9, 24) for n in (0, 1, 2, 3) if 120 * (n + 1) <= lost]
    left = lost - 120 * len(stretches)
    if left:
        first = len(stretches) if len(stretches) < 4 else 5
        start = 19 if first < 4 else 9
        stretches.append(at(day(first), start, start + left / HOUR))
    found = free_weeks(busy(*stretches), day(6))
    assert [(week.free, week.room) for week in found] == [(720 - lost, room)]


def test_nine_weeks_in_ten_hold_what_is_realistic():
    evenings = [at(day(7 * n), 19, 19 + 5 * (n + 1) / HOUR) for n in range(10)]
    weeks = free_weeks(busy(*evenings), day(69))
    assert [week.free for week in weeks] == [720 - 5 * (n + 1) for n in range(10)]
    assert realistic(weeks) == 675  # the last but one
    assert realistic(weeks[:9]) == 675  # of nine all
    assert realistic(weeks[:8]) == 675  # 680, rounded down
    assert realistic(weeks[:1]) == 705
    assert realistic(()) == 0


def test_weeks_off_are_not_counted_and_days_off_are():
    off = (
        Days(first=day(7), last=day(20)),  # weeks 2 and 3
        Days(first=day(21), last=day(22)),  # and two evenings of week 4
    )
    found = capacity(ROADMAP, replace(busy(), days_off=off))
    assert free(found)[:5] == [720, 0, 0, 480, 720]
    assert (named(found, "off"), named(found, "none")) == ([2, 3], [])
    assert len(found.counted) == 41
    assert found.average == (40 * 720 + 480) // 41


def test_a_whole_week_away_in_the_calendar_is_off_like_days_off():
    found = capacity(ROADMAP, busy(at(day(7), 0, 7 * 24)))
    assert (free(found)[1], named(found, "off"), len(found.counted)) == (0, [2], 42)


def test_the_weeks_in_which_clocks_are_turned_have_what_the_clock_shows():
    nights = [
        Window(weekday=6, start=1 * HOUR, end=4 * HOUR),
        Window(weekday=5, start=9 * HOUR, end=13 * HOUR),
    ]
    night = replace(busy(), windows=tuple(nights), minutes_per_week=420)
    weeks = free_weeks(night, LAST)
    short = [week for week in weeks if week.free != 420]
    assert [(week.n, week.free, week.offered) for week in short] == [(12, 360, 420)]  # 29 March
    assert weeks[41].ends == date(2026, 10, 25)  # the night with an hour more holds no more
    twice = replace(night, busy=(at(date(2026, 10, 25), 2, 3),))  # both hours called so
    assert free_weeks(twice, LAST)[41].free == 300
    summer = busy(*(at(day(7 * n), 19, 20) for n in range(43)))  # the wall clock's hour all year
    assert {week.free for week in free_weeks(summer, LAST)} == {660}


def test_the_last_week_before_an_interview_may_be_short_and_is_not_counted():
    found = capacity(ROADMAP, busy(at(day(14), 19, 21), interview="2026-01-21"))
    first, second, last = found.weeks
    assert (first.offered, last.offered, last.free) == (720, 240, 120)  # Monday and Tuesday
    assert (last.starts, last.ends) == (day(14), day(15))
    assert found.counted == (first, second)
    assert (found.realistic, found.average) == (720, 720)
    assert capacity(ROADMAP, busy(interview="2026-01-07")).realistic == 240  # it is all there is


def test_hours_take_the_windows_in_order_and_windows_alone_are_all_offered():
    fewer = capacity(ROADMAP, busy(at(day(5), 9, 11), hours="9"))
    assert (fewer.weeks[0].offered, fewer.weeks[0].free) == (540, 480)  # of Saturday's first hour
    typed = learner(None, when=("daily 17:00-21:00",))
    assert capacity(ROADMAP, typed).weeks[0].offered == 28 * HOUR


def test_what_comes_of_it_is_what_generate_makes():
    for hours in ("3", "5", "12", "20"):
        found, made = capacity(ROADMAP, busy(hours=hours)).plan, planned(ROADMAP, learner(hours))
        if isinstance(made, DoesNotFit):
            assert found == made
            continue
        assert isinstance(found, Plan)
        assert (found.finish, found.trimmed) == (made.finish, made.trimmed)
        assert found.minutes_per_week == made.minutes_per_week


@st.composite
def lives(draw: st.DrawFn) -> tuple[Profile, date]:
    """Any learner with a calendar of their own, and a day some weeks on."""
    profile = draw(profiles(ROADMAP))
    last = profile.start + timedelta(days=draw(st.integers(0, 200)))
    return replace(profile, busy=draw(busy_times(profile.start))), last


@given(life=lives())
def test_no_more_is_free_than_is_offered_and_nine_weeks_in_ten_hold_what_is_realistic(life):
    profile, last = life
    weeks = free_weeks(profile, last)
    assert [week.n for week in weeks] == list(range(1, len(weeks) + 1))
    for week in weeks:
        assert 0 <= week.free <= week.offered <= profile.minutes_per_week
        assert (week.free == 0) == (week.room in ("none", "off"))
        assert (week.room == "tight") == (0 < 2 * week.free < week.offered)
    assert weeks[-1].ends == last
    found, open_ = realistic(weeks), [week for week in weeks if week.room != "off"]
    usual = [week for week in open_ if week.is_whole] or open_
    assert found % 15 == 0
    if usual:
        assert share(usual, found) >= 0.9 > share(usual, found + 15)


@given(life=lives(), data=st.data())
def test_more_that_is_busy_never_frees_anything(life, data):
    profile, last = life
    weeks = free_weeks(profile, last)
    fewer = tuple(stretch for stretch in profile.busy if data.draw(st.booleans()))
    for before, after in zip(free_weeks(replace(profile, busy=fewer), last), weeks, strict=True):
        assert after.free <= before.free


def share(weeks: list[FreeWeek], minutes: int) -> float:
    return sum(week.free >= minutes for week in weeks) / len(weeks)


@given(case=cases(most_phases=4, most_topics=12))
def test_the_weeks_reach_from_the_start_to_the_last_day_a_plan_may_end_on(case):
    found = capacity(case.roadmap, case.profile)
    assert found.weeks[0].starts == case.profile.start
    if isinstance(found.plan, Plan) and found.plan.verdict != "late":
        assert found.plan.finish <= found.weeks[-1].ends <= found.plan.latest
    assert found.total == sum(free(found))
    assert found.held * 10 >= len(found.counted) * 9
