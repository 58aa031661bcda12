"""What every plan keeps of reviews, mocks and the finish, whoever the learner; and more hours and
higher skills never make a plan worse."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import LEVELS, STEP, DoesNotFit, Plan, Window
from pe_plan.planning.allocation import CHECKPOINT, RECALL_LEAST
from pe_plan.planning.fitting import bounds
from pe_plan.planning.memory import learned
from pe_plan.planning.scheduling import checkpoint_round
from tests import support_plan as made
from tests.support_planning import (
    ROADMAP,
    Case,
    Laws,
    at_short_notice,
    cases,
    day_of,
    plan_of,
    planned,
    studied,
    topic_reviews,
    week_of,
)

REVIEW = 15
law = Laws()
at_leisure = Laws()  # where phases take weeks, not consecutive blocks


# ── L6: reviews ───────────────────────────────────────────────────────────────────────────────
@law
def topics_are_reviewed_after_they_were_finished(case, plan):
    ends = {topic: found[-1].start for topic, found in studied(plan).items()}
    for session in plan.sessions:
        if session.kind == "review" and session.topic:
            assert day_of(session, case) > ends[session.topic].astimezone(case.profile.zone).date()


@at_leisure
def no_topic_waits_for_its_first_review_while_there_is_room(case, plan):
    """Once it is due, no later block of study or catch-up weeks has free time for one under the
    limits of two a block and a fifth of the week."""
    recalled = {s.topic for s in plan.sessions if s.kind == "review"}
    dues = [
        learned(topic, day_of(found[-1], case)).due
        for topic, found in studied(plan).items()
        if topic not in recalled
    ]
    held = Counter()
    for block in plan.blocks:
        held[week_of(plan, case, block).n] += len(topic_reviews(block))
    for block in plan.blocks:
        week = week_of(plan, case, block)
        limit = max(week.capacity // 5 // REVIEW, 1)
        if len(topic_reviews(block)) == 2 or held[week.n] >= limit:
            continue
        free = sum(s.minutes for s in block.sessions if s.kind in ("flex", "catch-up"))
        if week.kind in ("study", "catch-up") and free >= REVIEW:
            assert all(day_of(block, case) < due for due in dues)


@at_leisure
def reviews_keep_their_limits(case, plan):
    held = Counter()
    for block in plan.blocks:
        assert len(topic_reviews(block)) <= 2
        held[week_of(plan, case, block).n] += len(topic_reviews(block))
    for week in plan.weeks:
        assert held[week.n] * REVIEW <= max(week.capacity / 5, REVIEW)


# ── L7: mocks and recall ──────────────────────────────────────────────────────────────────────
@at_leisure
def each_phase_ends_with_its_checkpoint(case, plan):
    for phase in case.roadmap.phases:
        blocks = [b for b in plan.blocks if week_of(plan, case, b).phase == phase.id]
        found = [
            (block, session)
            for block in blocks
            for session in block.sessions
            if session.phase == phase.id
            and session.kind in ("mock", "review")
            and not session.topic
        ]
        ((block, session),) = found
        assert block == blocks[-1]
        assert session.minutes >= min(CHECKPOINT, block.minutes)
        assert session.round == checkpoint_round(phase, case.roadmap.rounds)
        after = block.sessions[block.sessions.index(session) + 1 :]
        assert {each.kind for each in after} <= {"flex"}


@law
def the_loop_stands_at_the_end_or_is_told(case, plan):
    studied = max(session.start for session in plan.sessions if session.kind == "study")
    held = [session for session in plan.sessions if session.kind == "mock" and not session.phase]
    assert all(session.start > studied for session in held)
    if not case.profile.interview:
        assert {week_of(plan, case, session).kind for session in held} <= {"final"}
    mocks = [session.round for session in held]
    missing = [each.round for each in plan.unplaced if each.kind == "mock" and each.round]
    loop = [round_.id for round_ in case.roadmap.rounds for _ in range(round_.count)]
    placed = len(loop) - len(missing)
    assert mocks[:placed] == loop[:placed]
    assert missing == loop[placed:]


@law
def each_phase_is_recalled_at_the_end_or_it_is_told(case, plan):
    missing = {each.phase: each.minutes for each in plan.unplaced if each.kind == "review"}
    studied = max(session.start for session in plan.sessions if session.kind == "study")
    recalled = Counter()
    for session in plan.sessions:
        if session.kind == "review" and not session.topic and session.start > studied:
            recalled[session.phase] += session.minutes
    for phase in plan.phases:
        topics = [t for t in plan.topics if t.depth and case.roadmap.phase_of[t.id] == phase.id]
        assert recalled[phase.id] + missing.get(phase.id, 0) >= RECALL_LEAST * len(topics)


# ── L8: the finish ────────────────────────────────────────────────────────────────────────────
@law
def the_finish_is_in_the_window_or_the_verdict_says_how_not(case, plan):
    window = bounds(case.roadmap, case.profile)
    assert (plan.earliest, plan.latest) == (window.earliest, window.latest)
    verdict = (
        "early" if plan.finish < plan.earliest else "late" if plan.finish > plan.latest else ""
    )
    assert plan.verdict == (verdict or "inside")
    if plan.verdict == "late":
        assert case.profile.overrun
        assert not case.profile.interview
    if case.profile.interview:
        assert plan.finish < case.profile.interview


@settings(max_examples=2 * settings().max_examples)
@given(case=cases())
def test_every_plan_keeps_the_laws(case):
    plan = plan_of(case)
    law.hold(case, plan)
    if not at_short_notice(case):
        at_leisure.hold(case, plan)


@pytest.mark.parametrize("overrun", [False, True])
def test_an_interview_before_the_first_window_leaves_no_plan(overrun):
    saturday = Window(weekday=5, start=540, end=600)
    profile = made.profile(  # from a Monday on
        minutes_per_week=60, windows=(saturday,), interview=date(2026, 1, 6), overrun=overrun
    )
    assert isinstance(planned(ROADMAP, profile), DoesNotFit)
    later = planned(ROADMAP, replace(profile, interview=date(2026, 1, 11)))
    assert [block.minutes for block in later.blocks] == [60]
    assert len(later.left_out) == len(ROADMAP.topics) - len(studied(later))


# ── L11: more is never worse ──────────────────────────────────────────────────────────────────
NEVER = 10**9


def assert_no_worse(before: Plan | DoesNotFit, after: Plan | DoesNotFit, case: Case) -> None:
    """The plan after does not finish later, ask more hours or trim more than the one before;
    trimmed plans count as ending with the window."""
    if isinstance(before, DoesNotFit):
        if isinstance(after, DoesNotFit):
            assert (after.core_minutes or NEVER) <= (before.core_minutes or NEVER)
            assert (after.full_minutes or NEVER) <= (before.full_minutes or NEVER)
            assert (after.finish or date.max) <= (before.finish or date.max)
        return
    assert isinstance(after, Plan)
    ends = before.latest if before.trimmed or before.left_out else before.finish
    assert after.finish <= ends
    if before.minutes_per_week < case.profile.minutes_per_week:
        assert after.minutes_per_week <= before.minutes_per_week
    assert len(after.left_out) <= len(before.left_out)
    if not before.left_out:
        for one, two in zip(before.topics, after.topics, strict=True):
            assert one.depth <= two.depth


@given(case=cases(), data=st.data())
def test_a_higher_skill_is_never_worse(case, data):
    skills = dict(case.profile.skills)
    who = data.draw(st.sampled_from(["all", *(topic.id for topic in case.roadmap.topics)]))
    of_topic = level_of(case, who)
    skills[who] = data.draw(st.sampled_from(LEVELS[LEVELS.index(of_topic) :]))
    abler = replace(case.profile, skills=skills)
    after = planned(case.roadmap, abler)
    before = case.plan()
    assert_no_worse(before, after, case)
    if isinstance(before, Plan) and isinstance(after, Plan):
        assert after.minutes_per_week <= before.minutes_per_week


def level_of(case: Case, who: str) -> str:
    """The level said of "all", or a topic's, however it was said."""
    skills = case.profile.skills
    wider = [who, case.roadmap.phase_of.get(who, ""), "all"]
    return next((skills[each] for each in wider if each in skills), "some")


@given(case=cases(), data=st.data())
def test_more_hours_are_never_worse(case, data):
    offered = case.profile.minutes_per_week
    whole = sum(window.minutes for window in case.profile.windows)
    more = data.draw(st.integers(offered // STEP, whole // STEP)) * STEP
    after = planned(case.roadmap, replace(case.profile, minutes_per_week=more))
    assert_no_worse(case.plan(), after, case)
