"""Where the learner stands: figures on a plan small enough to count by hand, and laws on any."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import Plan, Progress
from pe_plan.tracking import standing
from tests import support_documents as hand
from tests.support_planning import Case, cases, plan_of

PLAN = hand.plan()  # 16 March 2026 to 26 April, nine sessions of an hour
PROFILE = hand.state().profile


def balance(as_of: date, done: dict[str, int], plan: Plan = PLAN) -> tuple[int, int, str]:
    found = standing.balance(plan, Progress(done=done), PROFILE, as_of)
    return found.open_before, found.done_after, found.verdict


@pytest.mark.parametrize(
    ("day", "done", "figures"),
    [
        # Before the 29th: 1 is done, 2 is flex, 3 was missed and planned again, 4 and 5 are open.
        (29, {}, (120, 0, "behind")),
        (29, {"4": 60, "5": 25}, (35, 0, "behind")),
        # The day itself counts neither way.
        (28, {}, (60, 0, "behind")),
        (28, {"4": 60, "5": 60}, (0, 0, "on track")),
        # Less than a shortest session is on track.
        (29, {"4": 60, "5": 40}, (20, 0, "on track")),
        (29, {"4": 60, "5": 35}, (25, 0, "behind")),
        # What was done of later days is set off.
        (29, {"4": 60, "5": 60, "8": 60}, (0, 60, "ahead")),
        (29, {"8": 60, "9": 60}, (120, 120, "on track")),
    ],
)
def test_what_is_open_of_before_is_set_against_what_is_done_of_after(day, done, figures):
    assert balance(date(2026, 3, day), done) == figures


def test_a_session_moved_out_of_its_block_because_it_was_early_still_counts():
    done = hand.session("e", PLAN.blocks[-1].start, topic="dns", activity="learn", status="done")
    early = replace(PLAN, early=(done,))
    assert balance(date(2026, 3, 29), {}, early) == (120, 60, "behind")


def test_a_topic_is_done_by_the_minutes_of_its_study():
    def shares(progress: Progress) -> dict[str, tuple[int, int, Fraction]]:
        found = standing.topics_studied(PLAN, progress)
        return {id: (each.done, each.open, each.share) for id, each in found.items()}

    none = (0, 0, Fraction(0))
    assert shares(Progress(done={"4": 15})) == {
        "dns": (60, 0, Fraction(1)),
        "tls": (15, 45, Fraction(1, 4)),
        "bgp": none,  # left out of the plan
    }
    mastered = Progress(mastered={"bgp": date(2026, 3, 17)})
    assert shares(mastered)["bgp"] == (0, 0, Fraction(1))


def test_a_round_is_ready_by_weight_done_and_recall():
    studied = standing.topics_studied(PLAN, Progress(done={"4": 30}))
    asked = {"coding": [("dns", Fraction(100)), ("tls", Fraction(60)), ("bgp", Fraction(40))]}
    (found,) = standing.readiness(asked, studied, {"dns": 0.8})
    assert found.covered == pytest.approx((100 + 60 / 2) / 200)
    assert found.ready == pytest.approx((100 * 0.8 + 60 / 2) / 200)


def test_a_round_that_nothing_prepares_for_is_not_ready():
    (found,) = standing.readiness({"culture": []}, {}, {})
    assert (found.covered, found.ready) == (0, 0)


def test_the_cushion_is_the_free_time_still_ahead_and_the_days_to_the_latest():
    found = standing.cushion(PLAN, PROFILE, date(2026, 3, 16))
    assert (found.flex, found.catch_up, found.days) == (60, 60, 50)
    found = standing.cushion(PLAN, PROFILE, date(2026, 3, 17))
    assert (found.flex, found.catch_up) == (0, 60)


def test_a_day_belongs_to_the_week_that_holds_it_and_outside_to_the_nearest():
    days = (date(2025, 1, 1), date(2026, 3, 16), date(2026, 3, 29), date(2027, 1, 1))
    assert [PLAN.week_of(day).n for day in days] == [1, 1, 2, 6]
    assert standing.days_of(PLAN, PLAN.weeks[1]) == (date(2026, 3, 23), date(2026, 3, 29))
    assert standing.days_of(replace(PLAN, finish=date(2026, 4, 22)), PLAN.weeks[-1])[1].day == 22


@st.composite
def lives(draw: st.DrawFn) -> tuple[Case, Plan, Progress]:
    """A plan of which some sessions were done, some of them in part."""
    case = draw(cases(most_phases=4, most_topics=12))
    plan = plan_of(case)
    work = [session for session in plan.sessions if not session.is_free]
    done: dict[str, int] = {}
    for session in draw(st.lists(st.sampled_from(work), max_size=30)) if work else ():
        done[session.id] = draw(st.sampled_from((session.minutes, 5)))
    return case, plan, Progress(done=done)


@settings(max_examples=30, deadline=None)
@given(lives(), st.integers(-10, 400))
def test_every_minute_is_done_or_open_and_none_is_counted_twice(life, days):
    case, plan, progress = life
    studied = standing.topics_studied(plan, progress)
    for topic in plan.topics:
        assert studied[topic.id].done + studied[topic.id].open == topic.minutes
        assert 0 <= studied[topic.id].share <= 1
    phases = standing.phases_studied(plan, studied, case.roadmap.phase_of)
    assert sum(p.done + p.open for p in phases) == sum(topic.minutes for topic in plan.topics)
    as_of = case.profile.start + timedelta(days=days)
    found = standing.balance(plan, progress, case.profile, as_of)
    work = [s for s in plan.sessions if not s.is_free]
    past = sum(s.minutes for s in work if case.profile.day_of(s.start) < as_of)
    before_done = sum(
        progress.done.get(s.id, 0) for s in work if case.profile.day_of(s.start) < as_of
    )
    assert found.open_before == past - before_done


@settings(max_examples=20, deadline=None)
@given(lives(), st.floats(0, 1))
def test_to_do_more_and_to_recall_better_never_makes_less_ready(life, recall):
    case, plan, progress = life
    asked = {
        round.id: [(t.id, Fraction(t.weight)) for t in case.roadmap.topics if round.id in t.rounds]
        for round in case.roadmap.rounds
    }
    ids = {topic.id for topic in plan.topics}
    everything = Progress(done={s.id: s.minutes for s in plan.sessions if not s.is_free})
    little, all_of_it = (standing.topics_studied(plan, p) for p in (progress, everything))
    for less, more in zip(
        standing.readiness(asked, little, dict.fromkeys(ids, recall)),
        standing.readiness(asked, all_of_it, {}),
        strict=True,
    ):
        assert 0 <= less.ready <= less.covered + 1e-9 <= more.covered + 2e-9 <= 1 + 3e-9
        assert less.ready <= more.ready + 1e-9
