"""Laws of `sync`, whatever a learner does in their calendar."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support_cli import ran
from tests.support_replan import blocks, calendar, on, said, state
from tests.support_sync import NOTHING, begun, diary, looked, nameless

TODAY = "2026-01-08"

places = st.integers(0, 30)  # which of the next blocks
moves = st.tuples(
    st.integers(1, 40), st.integers(0, 23), st.sampled_from((0, 10, 33)), st.integers(10, 260)
)


@settings(max_examples=15)
@given(
    st.dictionaries(places, moves, max_size=5),
    st.sets(places, max_size=3),
    st.sets(places, max_size=2),
    st.booleans(),
)
def test_what_was_understood_holds_is_no_news_and_can_be_taken_back(moved, gone, ticked, deleted):
    with TemporaryDirectory() as place:
        folder = begun(Path(place))
        before, first = state(folder), calendar(folder)
        uids = [block.uid for block in before.plan.blocks]
        mine = diary(
            folder,
            moved={
                uids[n]: (f"2026-{1 + d // 28:02}-{1 + d % 28:02} {hour:02}:{minute:02}", length)
                for n, (d, hour, minute, length) in moved.items()
            },
            gone={uids[n] for n in gone},
            titled={uids[n]: "✓ " for n in ticked},
        )
        answers = ("--assume", "missed", "--deleted", "missed" if deleted else "keep")
        done = ran("sync", mine, *answers, "--yes", folder=folder, around=on(TODAY))
        if done.out.startswith(NOTHING):
            return
        assert (done.code, done.err) == (0, "")

        now, shown = state(folder), calendar(folder)
        plan = now.plan
        assert all(one.end <= two.start for one, two in pairwise(plan.blocks))
        held = {pin.uid: (pin.start, pin.minutes) for pin in now.profile.pins}
        assert held == {b.uid: (b.start, b.minutes) for b in plan.blocks if b.pinned}
        theirs = calendar(folder, f"../{mine}")
        for uid, (start, minutes) in held.items():
            there = theirs[uid]
            assert (there.start, (there.end - there.start).seconds // 300 * 5) == (start, minutes)
            assert shown[uid].sequence > there.sequence
        for start, end in now.profile.dropped:
            assert not any(b.start < end and start < b.end for b in plan.blocks if not b.pinned)
        assert all(shown[uid].sequence >= first[uid].sequence for uid in first if uid in shown)

        again = looked(folder, "study-plan/plan.ics", "--yes", day=TODAY)
        assert (again.out, again.err) == (f"{NOTHING}\n\n", "")
        said(TODAY, "undo", folder=folder)
        back = state(folder)
        assert back.profile == before.profile
        assert nameless(back.plan) == nameless(before.plan)
        assert len(blocks(folder)) == len(back.plan.blocks)
