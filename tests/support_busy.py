"""A life beside the plan, for the laws of planning: what is taken, and blocks put elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pe_plan.model import Block, Pin, Stretch, merged

if TYPE_CHECKING:
    from tests.support_life import Life

_DAY = 24 * 60
_LONGEST = 300  # days from the start


@st.composite
def busy_times(draw: st.DrawFn, start: date) -> tuple[Stretch, ...]:
    """Events of any minute: single ones, weekly ones, and days on end."""
    zero = datetime.combine(start, time(), UTC)
    found: list[Stretch] = []
    for _ in range(draw(st.integers(0, 4))):
        begins = zero + timedelta(
            days=draw(st.integers(-3, _LONGEST)), minutes=draw(st.integers(0, _DAY - 1))
        )
        length = timedelta(minutes=draw(st.integers(1, 5 * 60)))
        weeks = draw(st.sampled_from((1, 1, 4, 40)))
        found += [
            (begins + n * timedelta(weeks=1), begins + n * timedelta(weeks=1) + length)
            for n in range(weeks)
        ]
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        begins = zero + timedelta(days=draw(st.integers(-3, _LONGEST)), hours=draw(hours))
        found.append((begins, begins + timedelta(days=draw(st.sampled_from((1, 3, 8, 15))))))
    return merged(found)


hours = st.integers(0, 23)

shifts = st.one_of(
    st.just(timedelta()),
    st.builds(
        timedelta, days=st.integers(-20, 20), minutes=st.integers(-100, 100).map(lambda n: n * 5)
    ),
)


def movable(life: Life, seed: int) -> list[Block]:
    """The blocks from today on of which nothing was done, from any of them on."""
    done = life.progress.done
    able = [
        block
        for block in life.plan.blocks
        if life.day(block) >= life.today
        and not any(s.status != "planned" or done.get(s.id) for s in block.sessions)
    ]
    cut = seed % len(able) if able else 0
    return able[cut:] + able[:cut]


def pinned(life: Life, seed: int, by: timedelta, minutes: int | None) -> Pin | None:
    """One of them put elsewhere, where the plan has days and no other block is pinned."""
    profile, plan = life.profile, life.plan
    held = {pin.uid: pin for pin in profile.pins}
    for block in movable(life, seed)[:1]:
        old = held.get(block.uid)
        pin = Pin(
            uid=block.uid,
            start=block.start + by,
            minutes=max(minutes or block.minutes, 25),
            home=old.home if old else block.start,
            home_minutes=old.home_minutes if old else block.minutes,
        )
        inside = life.today <= profile.day_of(pin.start) <= plan.finish
        others = [other for other in profile.pins if other.uid != pin.uid]
        begun = [b for b in plan.blocks if b not in movable(life, 0)]
        taken = [(b.start, b.end) for b in (*begun, *others)]
        if inside and not any(a < pin.end and pin.start < b for a, b in taken):
            return pin
    return None
