"""Blocks that were put elsewhere, cut or dropped, in the plan of 12 hours a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from pe_plan.model import Block, Days, Pin, Plan
from pe_plan.planning.settling import holding
from tests.support_life import Life, agenda, changed, life, missed, on, times

TUESDAY = 1  # of every week, 19:00–21:00


def block_on(plan: Plan, lived: Life, day: int, week: int) -> Block:
    return next(block for block in plan.blocks if lived.day(block) == on(day, week))


def to(block: Block, minutes: int | None = None, **by: int) -> Pin:
    """The block put elsewhere, so much later."""
    return Pin(
        uid=block.uid,
        start=block.start + timedelta(**by),
        minutes=minutes or block.minutes,
        home=block.start,
        home_minutes=block.minutes,
    )


def with_pins(lived: Life, *pins: Pin) -> Plan:
    """The plan of today with these blocks elsewhere, accepted."""
    profile = replace(lived.profile, pins=pins)
    plan = lived.carried_on(profile)
    lived.take(plan, replace(profile, pins=holding(profile, plan)))
    return plan


def with_busy(lived: Life, start: datetime, minutes: int) -> Plan:
    """The plan of today with an event in the calendar."""
    busy = ((start, start + timedelta(minutes=minutes)),)
    return lived.carried_on(replace(lived.profile, busy=busy))


def there(plan: Plan, block: Block) -> Block:
    """The same block in that plan."""
    return next(each for each in plan.blocks if each.uid == block.uid)


def others(plan: Plan, block: Block) -> list[object]:
    """When all other blocks stand."""
    return [time for time in times(plan) if time[0] != block.uid]


def test_a_block_put_an_hour_later_takes_its_agenda_along_and_moves_nothing_else(lived):
    before, block = lived.plan, block_on(lived.plan, lived, TUESDAY, 3)
    after = with_pins(lived, to(block, hours=1))
    moved = there(after, block)
    assert (moved.start, moved.minutes) == (block.start + timedelta(hours=1), block.minutes)
    assert moved.pinned
    assert agenda(moved) == agenda(block)
    assert not changed(before, after)
    assert others(before, block) == others(after, block)
    assert not any(session.made_up for session in after.sessions)


def test_study_that_passes_other_study_counts_as_made_up(lived):
    block = block_on(lived.plan, lived, TUESDAY, 3)
    after = with_pins(lived, to(block, days=2, hours=-12))
    moved = there(after, block)
    assert all(session.made_up for session in moved.sessions if session.kind == "study")
    assert sum(session.made_up for session in after.sessions) == sum(
        session.kind == "study" for session in moved.sessions
    )


def test_a_longer_block_ends_in_flex_and_a_shorter_one_is_made_up_nearby():
    lived = life()
    before, block = lived.plan, block_on(lived.plan, lived, TUESDAY, 3)
    longer = with_pins(lived, to(block, minutes=150, hours=1))
    held = there(longer, block)
    assert (held.sessions[-1].kind, held.sessions[-1].minutes) == ("flex", 30)

    lived = life()
    shorter = with_pins(lived, to(block, minutes=60, hours=1))
    held = there(shorter, block)
    assert (held.minutes, sum(session.minutes for session in held.sessions)) == (60, 60)
    made_up = [session for session in shorter.sessions if session.made_up]
    assert sum(session.minutes for session in made_up) == 60
    assert {lived.day(s) for s in made_up} <= {on(5, 3), on(5, 4), on(5, 5)}  # flex is on Saturdays
    assert shorter.finish == before.finish


def test_a_pinned_block_keeps_its_time_when_windows_and_hours_change(lived):
    block = block_on(lived.plan, lived, TUESDAY, 9)
    pin = to(block, hours=2)
    with_pins(lived, pin)
    for profile in (
        replace(lived.profile, minutes_per_week=600),
        replace(lived.profile, windows=lived.profile.windows[2:]),
        replace(lived.profile, days_off=(Days(first=on(0, 9), last=on(6, 9)),)),
        replace(lived.profile, busy=((pin.start, pin.end),)),
    ):
        after = lived.carried_on(profile)
        kept = there(after, block)
        assert (kept.start, kept.minutes, kept.pinned) == (pin.start, pin.minutes, True)


def test_its_old_time_stays_empty(lived):
    block = block_on(lived.plan, lived, TUESDAY, 9)
    with_pins(lived, to(block, days=1, hours=-10))
    after = lived.carried_on(replace(lived.profile, minutes_per_week=900))
    assert not any(b.start < block.end and block.start < b.end for b in after.blocks)


def test_a_missed_block_put_into_the_future_is_not_missed():
    lived = missed(life(), on(TUESDAY, 3), on(TUESDAY, 3))
    block = block_on(lived.plan, lived, TUESDAY, 3)
    after = with_pins(lived, to(block, days=3, hours=-10))
    moved = there(after, block)
    assert {session.status for session in moved.sessions} == {"planned"}
    assert not any(session.status == "missed" for session in after.sessions)


@pytest.mark.parametrize(("day", "home"), [(0, True), (4, False)])
def test_let_go_a_block_goes_home_while_its_home_is_ahead(lived, day, home):
    before, block = lived.plan, block_on(lived.plan, lived, TUESDAY, 3)
    with_pins(lived, to(block, days=4, hours=-10))
    lived.live(on(day, 3))
    after = lived.carried_on(replace(lived.profile, pins=()))
    again = [b for b in after.blocks if b.uid == block.uid]
    assert [(b.start, b.pinned) for b in again] == ([(block.start, False)] if home else [])
    if not home:  # its work is made up elsewhere
        assert sum(t.minutes for t in after.topics) == sum(t.minutes for t in before.topics)


def test_a_pin_on_what_was_worked_on_is_none(lived):
    block = block_on(lived.plan, lived, TUESDAY, 3)
    lived.record("done", session=block.sessions[0].id)
    profile = replace(lived.profile, pins=(to(block, days=1),))
    after = lived.carried_on(profile)
    assert not holding(profile, after)
    stays = there(after, block)
    assert (stays.start, stays.pinned) == (block.start, False)


def test_a_block_keeps_the_longest_rest_that_an_event_leaves(lived):
    before, block = lived.plan, block_on(lived.plan, lived, TUESDAY, 3)
    after = with_busy(lived, block.start + timedelta(minutes=15), 20)
    cut = there(after, block)
    assert (cut.start, cut.minutes) == (block.start + timedelta(minutes=35), 85)
    assert others(before, block) == others(after, block)
    assert sum(t.minutes for t in after.topics) == sum(t.minutes for t in before.topics)
    assert after.finish == before.finish


def test_a_block_goes_when_less_than_a_session_is_left(lived):
    block = block_on(lived.plan, lived, TUESDAY, 3)
    after = with_busy(lived, block.start + timedelta(minutes=20), 80)
    assert block.uid not in {b.uid for b in after.blocks}
    assert after.finish == lived.plan.finish


def test_a_dropped_block_goes_and_does_not_come_back(lived):
    block = block_on(lived.plan, lived, TUESDAY, 3)
    profile = replace(lived.profile, dropped=((block.start, block.end),))
    lived.take(lived.carried_on(profile), profile)
    assert block.uid not in {b.uid for b in lived.plan.blocks}
    anew = lived.carried_on(replace(profile, minutes_per_week=600))
    assert not any(b.start < block.end and block.start < b.end for b in anew.blocks)


def test_two_blocks_never_take_one_time_where_an_eased_plan_takes_hours_back():
    lived = life("20")
    lived.live(on(0, 9), lambda _: True)
    block = block_on(lived.plan, lived, TUESDAY, 15)
    start = datetime(2026, 3, 8, 8, 5, tzinfo=UTC)  # in the middle of a Sunday's window
    pin = Pin(uid=block.uid, start=start, minutes=60, home=block.start, home_minutes=block.minutes)
    after = with_pins(lived, pin)
    assert all(one.end <= other.start for one, other in pairwise(after.blocks))


def test_the_other_rest_of_a_split_evening_is_used_and_what_was_trimmed_comes_back():
    lived = life("9")
    whole = sum(topic.minutes for topic in lived.plan.topics)
    stand_ups = [
        (datetime(2026, 1, 5, 19, 55, tzinfo=lived.profile.zone) + timedelta(days=day, weeks=n))
        for n in range(45)
        for day in range(5)
    ]
    taken = tuple((s.astimezone(UTC), s.astimezone(UTC) + timedelta(minutes=5)) for s in stand_ups)
    profile = replace(lived.profile, busy=taken)
    lived.take(lived.carried_on(profile), profile)
    assert whole * 3 / 4 < sum(topic.minutes for topic in lived.plan.topics) < whole
    free = lived.carried_on(replace(profile, busy=()))
    assert sum(topic.minutes for topic in free.topics) > whole - 120
