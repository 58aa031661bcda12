"""Where a block may be put: beside those that are pinned or begun, and clear of each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from pe_plan.tracking.placing import placed
from tests.support_log import PLAN, day
from tests.support_noticing import (
    DAY,
    FIFTH,
    FOURTH,
    HOUR,
    MINUTE,
    SECOND,
    THIRD,
    event,
    pin,
    read,
    situation,
    uids,
    why,
)


def test_pinned_blocks_and_those_begun_keep_their_place():
    held = pin(FIFTH, -3 * DAY)  # 9 January
    plan = replace(
        PLAN, blocks=tuple(replace(b, start=held.start, minutes=60, pinned=True) if b is FIFTH
        else b for b in PLAN.blocks),
    )  # fmt: skip
    here = situation(plan=plan, pins=[held])
    at = held.start - FOURTH.start
    assert why(read(event(FOURTH, at + 59 * MINUTE), here=here)) == [("b-3", "pinned")]
    assert read(event(FOURTH, at + 60 * MINUTE), here=here).moved
    begun = situation(day(1), done=["boot.practise.1"])
    assert why(read(event(FOURTH, -2 * DAY + HOUR), here=begun)) == [("b-3", "begun")]
    gone = pin(replace(FIFTH, uid="gone"), timedelta())
    assert read(event(FOURTH, 4 * DAY), here=situation(pins=[gone])).moved, "no block is there"


def test_of_two_that_would_overlap_the_earlier_one_moves():
    found = read(event(SECOND, 3 * DAY + HOUR), event(THIRD, 2 * DAY))
    assert uids(found.moved) == ["b-2"]
    assert [(left.uid, left.why) for left in found.left] == [("b-1", "pinned")]


PINS = [pin(SECOND, DAY * 2), pin(THIRD, DAY * 3)]


@pytest.mark.parametrize(
    ("second", "third", "moved", "left"),
    [
        # Pinned blocks may change places, but not with one that stays and keeps its time.
        (PINS[1].start, PINS[0].start, ["b-2", "b-1"], {}),
        (PINS[1].start + 100 * DAY, PINS[0].start, [], {"b-1": "after", "b-2": "pinned"}),
    ],
)
def test_pinned_blocks_may_change_places(second, third, moved, left):
    wanted = [replace(SECOND, start=second, minutes=60), replace(THIRD, start=third, minutes=60)]
    found, stay = placed(wanted, situation(pins=PINS))
    assert (uids(found), {each.uid: each.why for each in stay}) == (moved, left)


def test_who_stays_where_they_are_pinned_is_in_the_way_of_who_would_move_there():
    onto_third = replace(SECOND, start=PINS[1].start + 30 * MINUTE, minutes=60)
    onto_second = replace(FOURTH, start=PINS[0].start, minutes=60)
    moved, left = placed([onto_third, onto_second], situation(pins=PINS))
    assert moved == ()
    assert {each.uid: each.why for each in left} == {"b-1": "pinned", "b-3": "pinned"}
