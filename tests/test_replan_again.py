"""What changes and is taken back, what changes nothing, and what must not be lost meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from pe_plan.model import Days, Round, Session
from pe_plan.planning.sheets import Sheet
from pe_plan.planning.sliding import hold
from tests.support_life import changed, life, missed, on, open_minutes, times
from tests.support_planning import ROADMAP


@pytest.mark.parametrize("change", [{"skills": {"tcpip": "strong"}}, {"minutes_per_week": 420}])
def test_what_is_open_of_a_topic_outlives_a_change_and_its_taking_back(lived, change):
    half = next(
        lived.day(s) for s in lived.plan.sessions if s.topic == "tcpip" and s.activity == "practise"
    )
    lived.live(half)
    before = lived.profile
    open_ = open_minutes(lived.plan, lived.progress)["tcpip"]
    for profile in (replace(before, **change), before, replace(before, **change), before):
        lived.take(lived.carried_on(profile), profile)
    assert abs(open_minutes(lived.plan, lived.progress)["tcpip"] - open_) <= 60


def test_topics_left_out_for_an_early_interview_come_back_with_a_later_one(lived):
    soon = replace(lived.profile, interview=date(2026, 3, 1))
    lived.take(lived.carried_on(soon), soon)
    assert lived.plan.left_out
    lived.today = on(0, 2)
    later = replace(lived.profile, interview=date(2026, 9, 7))
    after = lived.carried_on(later)
    assert not after.left_out
    assert all(topic.minutes for topic in after.topics)


def test_days_off_in_the_final_weeks_move_the_finish_and_not_the_loop_out_of_the_plan(lived):
    lived.live(on(0, 18))
    finals = [week.starts for week in lived.plan.weeks if week.kind == "final"]
    off = Days(first=finals[0], last=finals[0] + timedelta(days=13))
    after = lived.carried_on(replace(lived.profile, days_off=(off,)))
    assert lived.plan.finish < after.finish <= after.latest
    assert not after.unplaced


def test_a_rating_of_today_counts_in_today_s_replan(lived):
    lived.live(on(0, 10))
    reviewed = next(
        s.topic
        for s in reversed(lived.plan.sessions)
        if s.kind == "review" and s.topic and lived.day(s) < lived.today
    )
    lived.record("review", topic=reviewed, answer="again")
    after = lived.carried_on()
    (first, *_) = sorted(
        lived.day(s) for s in after.sessions if s.topic == reviewed and lived.day(s) > lived.today
    )
    assert first - lived.today < timedelta(days=14)


@pytest.mark.parametrize(
    "change",
    [
        {"finish_early": True},
        {"timezone": "Europe/Paris"},
        {"minutes_per_week": 840},
        {"skills": {"dns": "some"}},
    ],
)
def test_what_changes_nothing_changes_nothing(change):
    lived = missed(life(), on(0, 1), on(6, 1))
    lived.take(lived.carried_on())
    after = lived.carried_on(replace(lived.profile, **change))
    assert times(after) == times(lived.plan)
    assert not changed(lived.plan, after)


def test_what_is_left_of_a_session_begun_before_its_time_stays_in_its_place(lived):
    lived.live(on(0, 3))
    session = next(s for s in lived.plan.sessions if s.kind == "study" and lived.day(s) > on(0, 16))
    lived.record("done", session=session.id, minutes=30)
    after = lived.carried_on()
    (rest,) = (s for s in after.sessions if s.id.startswith(f"{session.id}+"))
    assert (rest.start, rest.minutes) == (session.start, session.minutes - 30)
    assert [s.id for s in after.early] == [session.id]
    assert times(after) == times(lived.plan)


def test_a_missed_checkpoint_without_free_time_is_held_shorter_for_a_further_mock():
    rounds = (Round(id="r", title="R", count=1),)
    roadmap = replace(ROADMAP, rounds=rounds)
    start = datetime(2026, 9, 1, 17, tzinfo=UTC)
    loop, further = (
        Session(id=f"r.mock.{n}", kind="mock", start=start, minutes=45, round="r") for n in (1, 2)
    )
    day = start.date()
    sheets = [
        Sheet(start=start, minutes=45, day=day, week=0, block=None, pieces=(mock,), final=True)
        for mock in (loop, further)
    ]
    before = start - timedelta(days=9)
    missed_one = replace(loop, id="p.mock.1", phase="p", minutes=60, start=before)
    assert hold(sheets, [missed_one], {}, roadmap) == []
    assert sheets[0].pieces == (loop,)
    (held,) = sheets[1].pieces
    assert (held.phase, held.minutes, held.made_up) == ("p", 45, True)


@pytest.mark.parametrize("begun", ["sockets.review.1", "tls.review.1", "signals.review.3"])
def test_a_review_begun_early_before_a_missed_week_overfills_no_block(eva, begun):
    found = next(session for session in eva.state.plan.sessions if session.id == begun)
    day = eva.state.profile.day_of(found.start)
    early, eve = str(day - timedelta(days=8)), str(day - timedelta(days=1))
    eva.hears("done", "--all-until", str(day - timedelta(days=9)), on=early)
    eva.hears("done", begun, "--minutes", "5", on=early)
    eva.types("replan", "--assume", "missed", "--yes", on=eve)
    assert min(session.minutes for session in eva.state.plan.sessions) >= 5
