"""The figures that must come out of the real roadmap, started on 2026-01-05 without days off."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from pe_plan.model import DoesNotFit, Plan
from pe_plan.planning.fitting import QUARTER
from tests.support_planning import ROADMAP, learner, planned

FULL_TIME = ("design=new", "culture=new")
EIGHT_YEARS = ("linux=solid", "networking=solid", "troubleshooting=strong")
PARENT = ("coding=solid", "culture=new")
NEWCOMER = ("all=new", "coding=some")
WHOLE, EASED, SHALLOW = ("1", "1", "1"), ("1", "0.94375", "0.25"), ("0.6549", "0.25", "0.25")

# Hours and skills, and what comes of them: weeks of study of each phase, weeks in all, after which
# phases (from 1) there are catch-up weeks, the hours planned, the depths of priority 1, 2 and 3 and
# the finish.
FIGURES = (
    ("12", (), (7, 5, 4, 7, 4, 3), 35, (2, 4, 6), 12, WHOLE, date(2026, 9, 6)),
    ("12", ("all=new",), (8, 6, 4, 8, 4, 3), 38, (1, 3, 6), 12, WHOLE, date(2026, 9, 27)),
    ("12", ("all=solid",), (6, 4, 3, 6, 3, 2), 28, (3, 6), 12, WHOLE, date(2026, 7, 19)),
    ("15", NEWCOMER, (6, 5, 4, 7, 4, 3), 34, (2, 4, 6), 15, WHOLE, date(2026, 8, 30)),
    ("35", FULL_TIME, (5, 4, 3, 5, 3, 2), 26, (3, 6), 19, WHOLE, date(2026, 7, 5)),
    ("20", (), (5, 4, 3, 5, 3, 2), 26, (3, 6), 16.5, WHOLE, date(2026, 7, 5)),
    ("8", EIGHT_YEARS, (11, 6, 4, 10, 3, 3), 43, (1, 2, 4, 6), 8, EASED, date(2026, 11, 1)),
    ("5", PARENT, (7, 7, 5, 9, 5, 4), 43, (1, 3, 4, 6), 5, SHALLOW, date(2026, 11, 1)),
)


def plan_of(hours: str, *skills: str) -> Plan:
    plan = planned(ROADMAP, learner(hours, *skills))
    assert isinstance(plan, Plan)
    return plan


def catch_up_after(plan: Plan) -> tuple[int, ...]:
    """After which phases, counted from 1, the catch-up weeks come."""
    begun = ["", *(phase.id for phase in plan.phases)]
    found = []
    phase = ""
    for week in plan.weeks:
        phase = week.phase or phase
        if week.kind == "catch-up":
            found.append(begun.index(phase))
    return tuple(found)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: " ".join([*figure[:1], *figure[1]]))
def test_weeks_hours_and_depths(figure):
    hours, skills, phases, weeks, catch_up, used, depths, finish = figure
    plan = plan_of(hours, *skills)
    assert tuple(phase.weeks for phase in plan.phases) == phases
    assert len(plan.weeks) == weeks
    kinds = Counter(week.kind for week in plan.weeks)
    assert kinds == {"study": sum(phases), "catch-up": len(catch_up), "final": 2}
    assert catch_up_after(plan) == catch_up
    assert plan.minutes_per_week == used * 60
    priority = {topic.id: topic.priority for topic in ROADMAP.topics}
    found = [{t.depth for t in plan.topics if priority[t.id] == p} for p in (1, 2, 3)]
    assert found == [{Fraction(depth)} for depth in depths]
    assert plan.finish == finish
    assert (plan.verdict, plan.left_out, plan.unplaced) == ("inside", (), ())


def test_at_the_roadmaps_pace_new_takes_its_maximum_and_solid_its_minimum():
    for skill, at in (("all=new", 1), ("all=solid", 0)):
        weeks = [phase.weeks for phase in plan_of("12", skill).phases]
        assert weeks == [phase.weeks[at] for phase in ROADMAP.phases]


def test_twelve_hours_end_in_the_middle_of_the_window():
    plan = plan_of("12")
    assert (plan.earliest, plan.latest) == (date(2026, 7, 4), date(2026, 11, 5))
    middle = plan.earliest + (plan.latest - plan.earliest) / 2
    assert abs((plan.finish - middle).days) <= 3


def test_three_hours_do_not_fit_and_the_ways_out_are_told():
    out = planned(ROADMAP, learner("3"))
    told = {"core_minutes": 5 * 60, "full_minutes": 10 * 60, "held": 48 * 60, "months_over": 19}
    assert out == DoesNotFit(finish=date(2028, 6, 18), **told)


@pytest.mark.parametrize(
    ("hours", "skills"),
    [("3", ()), ("3", ("all=new",)), ("2", ("all=solid",)), ("4", ("all=new",))],
)
def test_the_ways_out_work_and_a_quarter_hour_less_does_not(hours, skills):
    out = planned(ROADMAP, learner(hours, *skills))
    assert isinstance(out, DoesNotFit)
    core = planned(ROADMAP, learner(str(out.core_minutes / 60), *skills))
    assert isinstance(core, Plan)
    assert core.verdict == "inside"
    less = planned(ROADMAP, learner(str((out.core_minutes - QUARTER) / 60), *skills))
    assert isinstance(less, DoesNotFit)
    full = planned(ROADMAP, learner(str(out.full_minutes / 60), *skills))
    assert not full.trimmed
    assert planned(ROADMAP, learner(str((out.full_minutes - QUARTER) / 60), *skills)).trimmed
    late = planned(ROADMAP, learner(hours, *skills, overrun=True))
    assert (late.verdict, late.finish) == ("late", out.finish)


def shares(plan: Plan) -> dict[str, float]:
    """Kind of session -> its share of the study weeks' time, which they fill to the minute."""
    kinds = {week.n: week.kind for week in plan.weeks}
    start = plan.weeks[0].starts
    minutes = Counter()
    for session in plan.sessions:
        if kinds[(session.start.date() - start).days // 7 + 1] == "study":
            minutes[session.kind] += session.minutes
    whole = sum(week.capacity for week in plan.weeks if week.kind == "study")
    assert sum(minutes.values()) == whole
    return {kind: each / whole for kind, each in minutes.items()}


def test_study_proper_gets_four_fifths_of_a_week_at_twelve_hours_and_less_at_five():
    found = shares(plan_of("12"))
    assert set(found) == {"study", "review", "warm-up", "mock", "flex"}
    assert 0.78 <= found["study"] <= 0.81
    assert 0.09 <= found["flex"] <= 0.11
    assert 0.04 <= found["review"] <= 0.07
    assert 0.02 <= found["warm-up"] <= 0.04
    assert 0.01 <= found["mock"] <= 0.02
    assert 0.71 <= shares(plan_of("5", *PARENT))["study"] <= 0.76
