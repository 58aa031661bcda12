"""What a calendar that is read back says of the plan: moved, deleted and ticked blocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import Block, Entry, Pin, Plan, Progress, Seen, State
from pe_plan.tracking.placing import LONGEST, Row, placed
from pe_plan.tracking.progress import Situation
from pe_plan.tracking.readback import Noticed, counted_on, noticed, ticks
from tests.support_documents import roadmap
from tests.support_log import ENTERED, PLAN, PROFILE, day, evening, flex, study

TODAY = day(1)
FIRST, SECOND, THIRD, FOURTH, FIFTH, _ = PLAN.blocks
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def event(block: Block, by: timedelta = timedelta(), **changed: object) -> Seen:
    """The block's event as it was published, moved and changed so."""
    same = {"uid": block.uid, "start": block.start + by, "minutes": block.minutes}
    return Seen(**same | {"summary": block.title, "sequence": 2} | changed)


def entry(block: Block) -> Entry:
    same = {"uid": block.uid, "start": block.start, "minutes": block.minutes}
    told = {"summary": block.title, "sequence": 2, "fingerprint": "0" * 16, "changed": ENTERED}
    return Entry(**same | told)


def situation(
    as_of: date = TODAY, plan: Plan = PLAN, done: Iterable[str] = (), pins: Iterable[Pin] = ()
) -> Situation:
    """The plan on a day, with sessions that are done on their own days."""
    sessions = {session.id: session for session in plan.sessions}
    told = Progress(
        done={id: sessions[id].minutes for id in done},
        days={id: sessions[id].start.date() for id in done},
    )
    profile = replace(PROFILE, pins=tuple(pins))
    state = State(profile=profile, plan=plan, ledger=(), roadmap="")
    return Situation(state=state, roadmap=roadmap(), progress=told, day=as_of)


def read(*changed: Seen, without: Iterable[Block] = (), here: Situation | None = None) -> Noticed:
    """What a calendar says in which all else is as it was published."""
    here = here or situation()
    other = {each.uid for each in (*changed, *without)}
    rest = [event(block) for block in here.plan.blocks if block.uid not in other]
    return noticed([*rest, *changed], map(entry, here.plan.blocks), here)


def why(found: Noticed) -> list[tuple[str, str]]:
    """Nothing but what is left as it is, and why."""
    assert not found.replans, found
    assert not found.done, found
    return [(left.uid, left.why) for left in found.left]


def uids(rows: Iterable[Row]) -> list[str]:
    return [row.uid for row in rows]


def pin(block: Block, by: timedelta, minutes: int = 60) -> Pin:
    return Pin(
        uid=block.uid,
        start=block.start + by,
        minutes=minutes,
        home=block.start,
        home_minutes=block.minutes,
    )


# ── Nothing ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("as_of", [day(0), day(3), day(13), day(400)])
def test_a_calendar_that_is_as_it_was_says_nothing(as_of):
    found = read(here=situation(as_of))
    assert found == Noticed(read=6)


def test_only_the_times_count_that_a_plan_can_have():
    seconds = event(SECOND, timedelta(seconds=30), minutes=SECOND.minutes + 4)
    assert read(seconds) == read(), "whole minutes, and steps of five, are as they were"


# ── Moved ─────────────────────────────────────────────────────────────────────────────────────
def test_a_past_block_comes_back_where_nobody_said_what_it_was():
    here = situation(day(3), done=["boot.practise.1"])
    dragged = [event(block, 4 * DAY) for block in (FIRST, SECOND)]
    found = read(*dragged, here=here)
    assert uids(found.moved) == ["b-0"]
    assert [(left.uid, left.why) for left in found.left] == [("b-1", "done")]


def test_where_a_past_block_was_studied_is_no_matter():
    earlier = event(SECOND, -5 * HOUR)
    assert why(read(earlier, here=situation(day(3), done=["boot.practise.1"]))) == []
    assert why(read(earlier, here=situation(day(3)))) == [("b-1", "past")]


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"start": None, "minutes": 24 * 60}, "whole-day"),
        ({"minutes": 29}, None),
        ({"minutes": 24}, "short"),
        ({"minutes": 0}, "short"),
        ({"minutes": LONGEST}, None),
        ({"minutes": LONGEST + 5}, "long"),
        ({"minutes": 10**12}, "long"),
        ({"start": datetime(2026, 1, 4, 22, 59, tzinfo=UTC)}, "before"),
        ({"start": datetime(2026, 1, 5, 22, 59, tzinfo=UTC)}, "past"),
        ({"start": datetime(2026, 1, 5, 23, 0, tzinfo=UTC)}, None),
        ({"start": datetime(2026, 1, 18, 22, 59, tzinfo=UTC)}, None),
        ({"start": datetime(2026, 1, 18, 23, 0, tzinfo=UTC)}, "after"),
        ({"start": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "after"),
        ({"start": datetime.min.replace(tzinfo=UTC)}, "before"),
    ],
)
def test_what_no_block_can_be_is_left_and_said(changed, because):
    found = read(event(FOURTH, DAY, **{"start": FOURTH.start + 20 * HOUR} | changed))
    assert [left.why for left in found.left] == ([because] if because else [])
    assert len(found.moved) == (because is None)


def test_what_was_begun_stays_and_so_does_what_was_planned_again():
    here = situation(day(2), done=["boot.review.1"])
    assert why(read(event(THIRD, DAY), here=here)) == [("b-2", "done")]
    missed = study("boot", "practise", 1, 120, status="missed")
    again = evening(4, study("boot", "practise", 2, 60))
    plan = replace(PLAN, blocks=(FIRST, evening(1, missed), again))
    found = read(event(plan.blocks[1], 5 * DAY), here=situation(day(3), plan))
    assert why(found) == [("b-1", "planned-again")]
    assert found.left[0].instead == "boot.practise.2"


# ── Deleted ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("cancelled", [True, False])
def test_what_is_missing_is_to_be_asked_about_and_the_past_is_missed(cancelled):
    gone = [SECOND, THIRD, FOURTH, FIFTH]
    events = [event(block, cancelled=True) for block in gone] if cancelled else []
    found = read(*events, without=gone, here=situation(day(3), done=["boot.practise.1"]))
    assert (uids(found.put_back), uids(found.missed)) == (["b-3", "b-7"], ["b-2"])
    assert found.replans
    assert not found.moved


def test_what_is_missing_but_begun_stays():
    here = situation(day(3), done=["coding.mock.1"])
    assert why(read(without=[FOURTH], here=here)) == [("b-3", "done")]
    here = situation(day(3), done=["coding.mock.1", "dns.prove.1"])
    assert why(read(without=[FOURTH], here=here)) == []


# ── Ticked ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("title", "number", "rest"),
    [
        ("✓ DNS: learn 1", 1, "DNS: learn 1"),
        ("✔️DNS", 1, "DNS"),
        (" \u00a0\u200b☑  DNS", 1, "DNS"),
        ("✅ ✅ DNS", 2, "DNS"),
        ("[x] DNS", 1, "DNS"),
        ("[X]: DNS", 1, "DNS"),
        ("done", 1, ""),
        ("Done TCP/IP", 1, "TCP/IP"),
        ("DONE: DNS", 1, "DNS"),
        ("done – DNS", 1, "DNS"),
        ("Done? DNS", 0, "Done? DNS"),
        ("Donegal", 0, "Donegal"),
        ("undone", 0, "undone"),
        ("[ ] DNS", 0, "[ ] DNS"),
        ("DNS ✓", 0, "DNS ✓"),
        ("", 0, ""),
    ],
)
def test_a_tick_stands_first(title, number, rest):
    assert ticks(title) == (number, rest)


def test_what_is_ticked_is_done_on_its_day_or_today():
    here = situation(day(2), done=["boot.learn.1"])
    found = read(
        *(event(block, summary=f"✓ {block.title}") for block in (FIRST, THIRD, FOURTH)), here=here
    )
    assert [(each.sessions, each.on) for each in found.done] == [
        (("dns.learn.1",), day(0)),
        (("boot.review.1", "dns.learn.2"), day(2)),
        (("coding.mock.1", "dns.prove.1"), day(2)),
    ]
    assert not found.replans


def test_what_is_ticked_and_done_is_nothing_new_wherever_it_stands():
    here = situation(day(2), done=["boot.practise.1"])
    assert why(read(event(SECOND, 3 * DAY, summary="done"), here=here)) == []
    found = read(event(SECOND, 3 * DAY, summary="done"))
    assert uids(found.done) == ["b-1"]
    assert not found.moved


def test_a_title_that_begins_with_done_by_itself_is_not_ticked():
    block = replace(FOURTH, title="Done right: learn 1")
    plan = replace(PLAN, blocks=(FIRST, block))
    assert why(read(event(block), here=situation(plan=plan))) == []
    ticked = event(block, summary="done: Done right: learn 1")
    assert read(ticked, here=situation(plan=plan)).done


def test_time_kept_free_needs_no_tick():
    block = evening(4, flex(4))
    plan = replace(PLAN, blocks=(FIRST, block))
    assert why(read(event(block, summary="✓"), here=situation(plan=plan))) == []


def test_a_tick_on_what_was_planned_again_says_where_it_is_now():
    missed = study("boot", "practise", 1, 120, status="missed")
    plan = replace(PLAN, blocks=(evening(1, missed), evening(4, study("boot", "practise", 2, 60))))
    ticked = event(plan.blocks[0], summary="✓")
    found = read(ticked, here=situation(day(3), plan))
    assert [left.instead for left in found.left] == ["boot.practise.2"]
    assert why(read(ticked, here=situation(day(5), plan, done=["boot.practise.2"]))) == []


# ── Older than the plan ───────────────────────────────────────────────────────────────────────
def test_an_older_event_is_not_taken_for_moved():
    found = read(event(FOURTH, DAY, sequence=1), event(FIFTH, summary="x", sequence=0))
    assert found == Noticed(older=2, read=6)
    assert read(event(FOURTH, DAY, sequence=-5)).older == 1
    assert read(event(FOURTH, sequence=1)).older == 0, "a calendar that only does not count"
    assert read(event(FIRST, DAY, sequence=1), here=situation(day(3))).older == 0, "it is over"


def test_a_tick_on_an_older_agenda_is_not_taken_for_the_one_of_now():
    older = event(FOURTH, summary="✓ what it was", sequence=1)
    assert why(read(older)) == [("b-3", "older")]
    assert read(replace(older, summary=f"✓ {FOURTH.title}")).done
    assert read(replace(older, sequence=2)).done


def test_only_sane_sequences_are_followed():
    seen = [event(THIRD, sequence=1), event(FOURTH, sequence=999_999), event(FIFTH, sequence=10**6)]
    counted = counted_on([entry(block) for block in PLAN.blocks], seen)
    assert [line.sequence for line in counted] == [2, 2, 2, 999_999, 2, 2]


# ── Beside pinned and begun blocks, and clear of each other ─────────────────────────────────────
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


# ── Whatever is in a calendar ─────────────────────────────────────────────────────────────────
near = st.integers(0, 18 * 24 * 60).map(lambda n: datetime(2026, 1, 3, tzinfo=UTC) + n * MINUTE)
times = st.datetimes(timezones=st.just(UTC)) | near
seens = st.builds(
    Seen,
    uid=st.sampled_from([block.uid for block in PLAN.blocks]),
    start=st.none() | times,
    minutes=st.integers(0, 10**12) | st.integers(20, 200),
    summary=st.text() | st.sampled_from(["✓", "done", "[x] a", FOURTH.title]),
    sequence=st.integers(-(10**20), 10**20) | st.integers(0, 4),
    cancelled=st.booleans(),
)


@given(
    st.lists(seens, max_size=8),
    st.integers(0, 15),
    st.sets(st.sampled_from([s.id for s in PLAN.sessions if not s.is_free])),
)
def test_every_block_is_said_of_at_most_once_and_moves_only_where_it_may(seen, today, done):
    here = situation(day(today), done=done)
    found = noticed(seen, map(entry, PLAN.blocks), here)
    said = [*found.moved, *found.done, *found.left, *found.put_back, *found.missed]
    assert len(set(uids(said))) == len(said)
    assert len(said) + found.older <= len(PLAN.blocks)
    ends = datetime(2026, 1, 18, 23, tzinfo=UTC)
    blocks = {block.uid: block for block in PLAN.blocks}
    for to in found.moved:
        assert here.today <= to.start < ends
        assert 25 <= to.minutes <= LONGEST
        assert not to.minutes % 5
        assert to.is_elsewhere
        assert not done & {session.id for session in blocks[to.uid].sessions}
    assert all(one.stretch[1] <= two.start for one, two in pairwise(found.moved))
    assert all(here.is_past(blocks[row.uid]) for row in found.missed)
    assert not any(here.is_past(blocks[row.uid]) for row in found.put_back)
    assert all(each.on <= here.day for each in found.done)
