"""What a re-plan does to the plan of 12 hours a week, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import Block, Days, DoesNotFit, Plan
from pe_plan.planning.memory import memories
from tests.support_life import (
    Life,
    agenda,
    born,
    changed,
    life,
    missed,
    on,
    open_minutes,
    plain,
    times,
)
from tests.support_planning import ROADMAP, cases, learner


# ── L12: nothing missed, nothing changed ──────────────────────────────────────────────────────
@given(case=cases(), days=st.integers(0, 300))
def test_with_everything_done_on_time_nothing_changes(case, days):
    lived = born(case.roadmap, case.profile)
    assume(not isinstance(lived, DoesNotFit))
    lived.live(lived.today + timedelta(days=days))
    for session in lived.plan.sessions:
        if session.kind == "review" and session.topic and lived.day(session) < lived.today:
            lived.record("review", lived.day(session), topic=session.topic, answer="good")
    after = lived.carried_on()
    assert [plain(b) for b in after.blocks] == [plain(b) for b in lived.plan.blocks]
    kept = replace(after, as_of=lived.plan.as_of, revision=0, blocks=lived.plan.blocks)
    assert kept == lived.plan


# ── Few changes ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("week", range(1, 31))
def test_a_missed_evening_is_made_up_in_flex_and_moves_nothing(week):
    lived = missed(life(), on(0, week), on(0, week))
    after = lived.carried_on()
    assert times(after) == times(lived.plan)
    for was, is_ in changed(lived.plan, after):
        assert [s for s in agenda(was) if s[1] not in ("flex", "catch-up")] == [
            s for s in agenda(is_) if s[1] not in ("flex", "catch-up") and not _made_up(is_, s[0])
        ]
        assert on(0, week) <= lived.day(is_) < on(0, week + 3)


def _made_up(block: Block, id: str) -> bool:
    return next(session for session in block.sessions if session.id == id).made_up


@pytest.mark.parametrize("week", range(1, 31))
def test_a_missed_week_slides_until_it_is_absorbed_and_the_finish_stays(week):
    lived = missed(life(), on(0, week), on(6, week))
    after = lived.carried_on()
    assert times(after) == times(lived.plan)
    assert after.finish == lived.plan.finish
    _nothing_changes_after_the_stretch(lived, after)


def _nothing_changes_after_the_stretch(lived: Life, after: Plan) -> None:  # L17
    """From the first block on at which the work left is again the accepted plan's."""
    ahead = [b for b in lived.plan.blocks if lived.day(b) >= lived.today]
    now = {block.uid: block for block in after.blocks}
    for k in range(len(ahead)):
        if _work(ahead[k:]) == _work([now[block.uid] for block in ahead[k:]]):
            assert [b.title for b in ahead[k:]] == [now[b.uid].title for b in ahead[k:]]
            for block in ahead[k:]:  # a late first review may take free time, nothing goes
                there = set(_work_of(now[block.uid]))
                assert there >= set(_work_of(block))
                assert all(kind == "review" for _, kind in there - set(_work_of(block)))
            break


def _work_of(block: Block) -> list[tuple[str, str]]:
    return [(s.id, s.kind) for s in block.sessions if not s.is_free]


def _work(blocks: list[Block]) -> dict[tuple[object, ...], int]:
    left: dict[tuple[object, ...], int] = {}
    for block in blocks:
        for s in block.sessions:
            if s.kind in ("study", "mock"):
                about = (s.topic, s.activity, s.round)
                left[about] = left.get(about, 0) + s.minutes
    return left


def test_three_weeks_of_illness_at_week_14_leave_the_finish_in_the_window():
    lived = missed(life(), on(0, 14), on(6, 16))
    after = lived.carried_on()
    assert times(after)[: len(lived.plan.blocks)] == times(lived.plan)
    assert lived.plan.finish <= after.finish <= lived.plan.finish + timedelta(weeks=2)
    assert after.verdict == "inside"


def test_one_evening_a_week_less_takes_only_that_evening_s_blocks():
    when = ("mon-thu 19:00-21:00", "sat,sun 09:00-11:00")
    lived = born(ROADMAP, learner(None, when=when))
    lived.live(on(2, 9))
    fewer = tuple(window for window in lived.profile.windows if window.weekday != 1)
    minutes = sum(window.minutes for window in fewer)
    after = lived.carried_on(replace(lived.profile, windows=fewer, minutes_per_week=minutes))
    now = {block.uid: block for block in after.blocks}
    for block in lived.plan.blocks:
        tuesday = lived.day(block).weekday() == 1 and lived.day(block) >= lived.today
        assert (block.uid not in now) == tuesday
        if not tuesday:
            assert (now[block.uid].start, now[block.uid].minutes) == (block.start, block.minutes)


def test_days_off_lose_their_blocks_and_no_work(lived):
    lived.live(on(0, 9))
    off = Days(first=on(0, 20), last=on(6, 20))
    after = lived.carried_on(replace(lived.profile, days_off=(off,)))
    gone = {b.uid for b in lived.plan.blocks} - {b.uid for b in after.blocks}
    assert gone == {b.uid for b in lived.plan.blocks if lived.day(b) in off}
    assert open_minutes(after, lived.progress) == open_minutes(lived.plan, lived.progress)
    assert after.finish == lived.plan.finish


# ── What was done otherwise ───────────────────────────────────────────────────────────────────
def test_a_session_done_early_keeps_its_place_and_frees_its_time(lived):
    lived.live(on(0, 3))
    session = next(s for s in lived.plan.sessions if s.kind == "study" and lived.day(s) > on(2, 3))
    lived.record("done", session=session.id)
    after = lived.carried_on()
    (early,) = after.early
    assert early == replace(session, status="done")
    assert times(after) == times(lived.plan)
    block = next(b for b in after.blocks if b.start <= session.start < b.end)
    assert sum(s.minutes for s in block.sessions if s.kind == "flex") >= session.minutes


def test_what_was_done_of_a_session_is_not_planned_again(lived):
    first = next(s for s in lived.plan.sessions if s.kind == "study" and s.minutes >= 100)
    lived.live(lived.day(first) + timedelta(days=1), lambda s: s.id == first.id)
    lived.record("done", lived.day(first), session=first.id, minutes=45)
    after = lived.carried_on()
    again = [s for s in after.sessions if s.made_up]
    assert sum(s.minutes for s in again) == first.minutes - 45
    assert {(s.topic, s.activity) for s in again} == {(first.topic, first.activity)}


def test_a_rating_moves_the_reviews_of_its_topic_alone(lived):
    lived.live(on(0, 10))
    reviewed = next(
        s
        for s in reversed(lived.plan.sessions)
        if s.kind == "review" and lived.day(s) < lived.today and s.topic
    )
    lived.record("review", lived.day(reviewed), topic=reviewed.topic, answer="again")
    after = lived.carried_on()
    assert times(after) == times(lived.plan)
    pairs = changed(lived.plan, after)
    assert pairs
    for was, is_ in pairs:
        assert _others(was, reviewed.topic) == _others(is_, reviewed.topic)
    known = {m.topic: m for m in memories(after, lived.progress, lived.profile, lived.today)}
    next_one = min(
        lived.day(s)
        for s in after.sessions
        if s.kind == "review" and s.topic == reviewed.topic and lived.day(s) >= lived.today
    )
    assert next_one - known[reviewed.topic].due < timedelta(days=14)


def _others(block: Block, topic: str) -> list[str]:
    free = ("flex", "catch-up")
    return [s.id for s in block.sessions if s.kind not in free and s.topic != topic]


def test_a_missed_mock_goes_whole_into_free_time_that_holds_it(lived):
    mock = next(s for s in lived.plan.sessions if s.kind == "mock")
    lived.live(lived.day(mock) + timedelta(days=1), lambda s: s.id == mock.id)
    after = lived.carried_on()
    (again,) = (s for s in after.sessions if s.made_up)
    assert (again.kind, again.round, again.minutes) == ("mock", mock.round, mock.minutes)
    assert len(changed(lived.plan, after)) == 1


def test_a_loop_mock_missed_in_the_final_weeks_takes_the_place_of_a_further_one(lived):
    finals = [s for s in lived.plan.sessions if s.kind == "mock" and s.phase is None]
    lived.live(lived.day(finals[0]) + timedelta(days=1), lambda s: s.id == finals[0].id)
    after = lived.carried_on()
    held = [s.round for s in after.sessions if s.kind == "mock" and s.phase is None][1:]
    for round_ in ROADMAP.rounds:
        assert held.count(round_.id) >= round_.count
    assert after.finish == lived.plan.finish


# ── What gives way when time is short ─────────────────────────────────────────────────────────
def test_an_eased_plan_takes_back_hours_before_it_ends_later():
    lived = life("20")
    assert lived.plan.minutes_per_week < 20 * 60
    lived.live(on(0, 9), lambda s: lived.day(s) >= on(0, 3))
    after = lived.carried_on()
    new = {b.uid for b in after.blocks} - {b.uid for b in lived.plan.blocks}
    assert new
    assert after.finish == lived.plan.finish
    assert times(lived.plan) == [t for t in times(after) if t[0] not in new]
    assert all(week.capacity <= 20 * 60 for week in after.weeks)


def test_then_the_finish_moves_inside_the_window_then_the_dial_turns():
    lived = life()
    lived.live(on(0, 25), lambda s: lived.day(s) >= on(0, 16))
    later = lived.carried_on()
    assert lived.plan.finish < later.finish <= later.latest
    assert not later.trimmed
    lived = life()
    lived.live(on(0, 31), lambda s: lived.day(s) >= on(0, 8))
    trimmed = lived.carried_on()
    assert trimmed.finish <= trimmed.latest
    assert trimmed.trimmed
    assert {t.id: t.minutes + t.trimmed for t in trimmed.topics} == {
        t.id: t.minutes for t in lived.plan.topics
    }


def test_after_the_end_what_is_open_takes_catch_up_weeks_inside_the_window(lived):
    lived.live(lived.plan.finish + timedelta(days=8), lambda s: lived.day(s) > on(0, 30))
    after = lived.carried_on()
    assert lived.plan.finish < after.finish <= after.latest
    assert times(lived.plan) == times(after)[: len(lived.plan.blocks)]


def test_what_would_vanish_is_no_plan_but_has_ways_out(lived):
    lived.today = lived.plan.latest - timedelta(days=2)
    verdict = lived.carried_on()
    assert isinstance(verdict, DoesNotFit)
    assert verdict.finish
    past = lived.carried_on(replace(lived.profile, overrun=True))
    assert past.verdict == "late"


def test_more_hours_alone_change_nothing_and_with_finish_early_end_sooner(lived):
    lived.live(on(0, 9))
    more = learner("15")
    same = lived.carried_on(more)
    assert times(same) == times(lived.plan)
    assert not changed(lived.plan, same)
    sooner = lived.carried_on(replace(more, finish_early=True))
    assert sooner.finish < lived.plan.finish


def test_another_zone_moves_blocks_to_the_same_hours_there_and_keeps_their_uids(lived):
    lived.live(on(0, 9))
    there = replace(
        lived.profile, timezone="America/New_York", abroad=((lived.today, "Europe/Berlin"),)
    )
    after = lived.carried_on(there)
    assert [b.uid for b in after.blocks] == [b.uid for b in lived.plan.blocks]
    hours = {(there.day_of(b.start), there.local(b.start).hour) for b in after.blocks}
    assert hours == {
        (lived.day(b), b.start.astimezone(lived.profile.zone).hour) for b in lived.plan.blocks
    }
