"""More hours and higher skills never make a plan worse."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import (
    LEVELS,
    STEP,
    DoesNotFit,
    Plan,
)
from tests.support_planning import (
    Case,
    cases,
    planned,
)

# ── L11: more is never worse ──────────────────────────────────────────────────────────────────


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


NEVER = 10**9


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
