"""A life beside the plan, for the laws of planning: what is taken, and blocks put elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from pe_plan.planning.availability import Stretch, merged

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
