"""What one plan changes about another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from pe_plan.model import Block, Plan, State, TopicPlan
from pe_plan.tracking import changes as tracking
from pe_plan.tracking.changes import Change, Cushion, Filled, Pair, Trim, cushion
from tests.support_calendar import PLAN, PROFILE, STARTS, block, plan, session, study

DAY = timedelta(days=1)
FIRST, SECOND, THIRD = (
    block(n, f"Block {n}", study("dns", id=f"dns.learn.{n}")) for n in (1, 2, 3)
)
BEFORE = replace(plan(FIRST, SECOND, THIRD), topics=())


def changes(before: Plan, after: Plan, since: datetime | None = None) -> Change:
    """What one plan changes about another of the same learner."""
    states = (State(profile=PROFILE, plan=made, ledger=(), roadmap="") for made in (before, after))
    return tracking.changes(*states, since)


def says(found: Change) -> bool:
    """Whether anything is other than before; a cushion only follows from the rest."""
    moved = found.finish_before != found.window.finish
    return moved or bool(found.trimmed) or any(found.numbers.values())


def topic(depth: str, trimmed: int = 0, id: str = "dns") -> TopicPlan:
    return TopicPlan(id=id, level="some", depth=Fraction(depth), minutes=300, trimmed=trimmed)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """A few of six blocks, each in one of a few forms."""
    made = []
    for n in sorted(draw(st.sets(st.integers(1, 6)))):
        start = STARTS[1] + n * DAY + draw(st.sampled_from((0, 0, 1))) * timedelta(hours=1)
        minutes = draw(st.sampled_from((60, 60, 90)))
        kind = draw(st.sampled_from(("study", "study", "flex")))
        fields = {"topic": "dns", "activity": "learn"} if kind == "study" else {}
        agenda = session(kind, id=draw(st.sampled_from("ab")), minutes=minutes, **fields)
        shown = block(1, draw(st.sampled_from(("One", "One", "Two"))), agenda, start=start)
        made.append(replace(shown, uid=f"b{n}"))
    return tuple(made)


topics = st.builds(topic, st.sampled_from(("1", "1/2", "1/4")), st.sampled_from((0, 25, 60)))
plans = st.builds(
    lambda blocks, topics, finish: replace(plan(*blocks), topics=tuple(topics), finish=finish),
    blocks(),
    st.lists(topics, max_size=1),
    st.sampled_from((PLAN.finish, PLAN.finish + DAY)),
)


@given(plans)
def test_a_plan_changes_nothing_about_itself(made):
    found = changes(made, made)
    assert not says(found)
    assert found.kept == len(made.blocks)
    assert found.cushion.minutes == found.cushion.minutes_before


@given(plans, plans)
def test_the_counts_add_up(before, after):
    found = changes(before, after)
    both = len(found.retitled) + len(found.moved) + found.kept
    assert both + len(found.removed) == len(before.blocks)
    assert both + len(found.added) == len(after.blocks)
    rows = (*found.retitled, *found.moved, *found.added, *found.removed)
    assert len({row.uid for row in rows}) == len(rows)
    assert all(pair.before.uid == pair.uid for pair in (*found.retitled, *found.moved))


@given(plans, plans)
def test_there_and_back_again(before, after):
    there, back = changes(before, after), changes(after, before)

    def both(pairs: Iterable[Pair]) -> set[tuple[Filled, Filled]]:
        return {(pair.before, convert(pair, Filled, from_attributes=True)) for pair in pairs}

    assert both(back.retitled) == {pair[::-1] for pair in both(there.retitled)}
    assert both(back.moved) == {pair[::-1] for pair in both(there.moved)}
    assert (back.added, back.removed) == (there.removed, there.added)
    assert (back.finish_before, back.window.finish) == (there.window.finish, there.finish_before)
    assert back.cushion.minutes == there.cushion.minutes_before
    assert says(there) == says(back) or there.trimmed or back.trimmed


@given(plans, plans)
def test_nothing_is_left_out(before, after):
    same = (before.blocks, before.finish) == (after.blocks, after.finish)
    trimmed = changes(before, after).trimmed
    assert says(changes(before, after)) is not (same and not trimmed)


def test_another_title_or_agenda_at_the_same_time_is_retitled():
    other = replace(FIRST, title="Other")
    swapped = replace(SECOND, sessions=(study("tcp", id="tcp.learn.1"),))
    found = changes(BEFORE, replace(BEFORE, blocks=(other, swapped, THIRD)))
    titles = [(pair.title, pair.before.title) for pair in found.retitled]
    assert titles == [("Other", "Block 1"), ("Block 2", "Block 2")]
    assert found.retitled[1].sessions == ("tcp.learn.1",)
    assert (found.moved, found.added, found.removed, found.kept) == ((), (), (), 1)


def test_another_start_or_length_is_a_move_whatever_else_changed():
    later = replace(FIRST, start=FIRST.start + DAY, title="Other")
    longer = replace(SECOND, minutes=90)
    found = changes(BEFORE, replace(BEFORE, blocks=(later, longer)))
    moved = [(pair.start, pair.minutes) for pair in found.moved]
    assert moved == [(later.start, FIRST.minutes), (SECOND.start, 90)]
    assert (found.retitled, [row.uid for row in found.removed], found.kept) == ((), [THIRD.uid], 0)


def test_marking_changes_nothing():
    done = replace(FIRST, sessions=(replace(FIRST.sessions[0], status="done", parts=7),))
    missed = replace(SECOND, sessions=(replace(SECOND.sessions[0], status="missed"),))
    assert not says(changes(BEFORE, replace(BEFORE, blocks=(done, missed, THIRD), revision=1)))


def test_a_topic_trimmed_further_is_told_with_what_was_taken():
    before = replace(BEFORE, topics=(topic("1"), topic("1/2", 10, "tcp"), topic("1", 0, "boot")))
    after = replace(
        BEFORE, topics=(topic("3/4", 75), topic("1/2", 40, "tcp"), topic("1", 0, "boot"))
    )
    found = changes(before, after)
    assert found.trimmed == (
        Trim(topic="dns", depth=0.75, depth_before=1, minutes=75),
        Trim(topic="tcp", depth=0.5, depth_before=0.5, minutes=30),
    )
    assert says(found)
    assert not changes(after, before).trimmed, "what is given back is no trim"


def test_the_cushion_is_the_free_time_still_to_come():
    free = plan(
        block(1, "Dns", study("dns"), session("flex", minutes=25, start=STARTS[1])),
        block(2, "Catch-up", session("catch-up", minutes=90, start=STARTS[2])),
    )
    assert cushion(free) == 115
    assert cushion(free, STARTS[2]) == 90
    assert cushion(free, STARTS[2] + timedelta(minutes=5)) == 0
    assert changes(BEFORE, free, STARTS[2]).cushion == Cushion(minutes=90, minutes_before=0)
