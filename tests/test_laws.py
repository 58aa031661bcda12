"""What holds for every plan, whatever the roadmap and whoever the learner."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, timedelta
from fractions import Fraction
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from pe_plan.model import ACTIVITIES, SHORTEST, STEP, Topic
from pe_plan.planning.effort import full_effort
from pe_plan.planning.study import fair_shares, room, share_out
from tests.support_planning import (
    Laws,
    assert_blocks_follow_and_are_filled,
    at_short_notice,
    cases,
    day_of,
    lies_in_a_window,
    plan_of,
    studied,
    week_of,
)

law = Laws()


# ── L1, L2: blocks ────────────────────────────────────────────────────────────────────────────
@law
def blocks_lie_inside_the_windows_and_clear_of_days_off_and_busy_events(case, plan):
    for block in plan.blocks:
        day = day_of(block, case)
        assert block.start.tzinfo is UTC
        assert not any(day in off for off in case.profile.days_off)
        assert not any(start < block.end and block.start < end for start, end in case.profile.busy)
        assert case.profile.start <= day <= plan.finish
        assert lies_in_a_window(block, day, case.profile.zone, plan.windows)


@law
def blocks_do_not_overlap_and_their_sessions_fill_them(_, plan):
    assert plan.blocks
    assert_blocks_follow_and_are_filled(plan)


@law
def no_week_exceeds_the_planned_hours_and_weeks_tile_the_plan(case, plan):
    used = Counter()
    for block in plan.blocks:
        used[week_of(plan, case, block).n] += block.minutes
    assert plan.minutes_per_week <= case.profile.minutes_per_week
    for n, week in enumerate(plan.weeks):
        assert week.n == n + 1
        assert week.starts == case.profile.start + timedelta(weeks=n)
        assert used[week.n] == week.capacity <= plan.minutes_per_week
        assert (week.kind == "off") == (week.capacity == 0)
        assert (week.phase is not None) == (week.kind == "study")
    last = plan.weeks[-1].starts
    assert last <= plan.finish <= last + timedelta(days=6)
    assert plan.weeks[-1].kind != "off"


@law
def lengths_numbers_and_names(_, plan):
    for session in plan.sessions:
        assert session.minutes % STEP == 0
        assert session.minutes >= (STEP if session.kind in ("review", "flex") else SHORTEST)
    for block in plan.blocks:
        assert block.minutes >= SHORTEST
        assert block.title
    assert len({session.id for session in plan.sessions}) == len(plan.sessions)
    assert len({block.uid for block in plan.blocks}) == len(plan.blocks)
    series = defaultdict(list)
    for session in plan.sessions:
        if session.kind not in ("flex", "catch-up"):
            subject = session.topic or session.round or session.phase
            series[subject, session.activity or session.kind].append(session)
    for sessions in series.values():
        assert [session.part for session in sessions] == list(range(1, len(sessions) + 1))
        assert {session.parts for session in sessions} == {len(sessions)}


# ── L3, L10: shares ───────────────────────────────────────────────────────────────────────────
def share_errors(case, plan):
    """Topic -> planned minutes less its fair share."""
    found = {}
    given = {topic.id: topic for topic in plan.topics}
    for phase in case.roadmap.phases:
        topics = [topic for topic in phase.topics if given[topic.id].depth]
        if not topics:
            continue
        efforts = [
            full_effort(topic, phase, given[topic.id].level, case.roadmap.reference_hours)
            * given[topic.id].depth
            for topic in topics
        ]
        minutes = sum(given[topic.id].minutes for topic in topics)
        for topic, share in zip(topics, fair_shares(efforts, minutes), strict=True):
            found[topic.id] = given[topic.id].minutes - share
    return found


@law
def topics_get_their_share(case, plan):
    pieces = defaultdict(Counter)
    for block in plan.blocks:
        for session in block.sessions:
            if session.kind == "study":
                pieces[session.phase][block.uid] += session.minutes
    errors = share_errors(case, plan)
    for phase in case.roadmap.phases:
        topics = [topic for topic in phase.topics if topic.id in errors]
        lengths = pieces[phase.id].values()
        # Where a piece holds one session only, it goes whole to one topic: with little more than
        # one such place for each topic there is no choice, and `alongside` topics choose twice.
        if not topics or room(lengths) < 2 * len(topics):
            continue
        bound = 75 if min(lengths) < 2 * SHORTEST and any(t.alongside for t in topics) else 45
        for topic in topics:
            assert abs(errors[topic.id]) <= bound


@pytest.mark.parametrize(
    "week", [(160, 85, 285, 65, 155), (30, 30, 45, 45, 35, 30, 45), (120, 165, 180, 30), (180,)]
)
@pytest.mark.parametrize("percent", [5, 30, 60, 87, 95])
def test_a_topic_alongside_gets_its_share_however_large_it_is(week, percent):
    efforts = {"ordered": Fraction(100 - percent), "alongside": Fraction(percent)}
    topics = [
        Topic(id=id, title="", short="", weight=1, priority=1, kind="", alongside=id == "alongside")
        for id in efforts
    ]
    pieces = week * 6
    weeks = [n // len(week) for n in range(len(pieces))]
    agenda = share_out(pieces, weeks, topics, efforts)
    minutes_of = Counter()
    for topic, _, minutes in chain(*agenda):
        minutes_of[topic] += minutes
    assert [sum(minutes for *_, minutes in each) for each in agenda] == list(pieces)
    fair = fair_shares(list(efforts.values()), sum(pieces))
    assert all(abs(minutes_of[t] - share) <= 45 for t, share in zip(efforts, fair, strict=True))


@law
def every_minute_is_accounted_for(case, plan):
    by_topic = {topic: sum(s.minutes for s in found) for topic, found in studied(plan).items()}
    assert by_topic == {topic.id: topic.minutes for topic in plan.topics if topic.minutes}
    phase_of = case.roadmap.phase_of
    for phase in plan.phases:
        assert phase.minutes == sum(m for t, m in by_topic.items() if phase_of[t] == phase.id)


@law
def every_topic_is_planned_or_listed_as_left_out(case, plan):
    sessions = studied(plan)
    assert [topic.id for topic in plan.topics] == [topic.id for topic in case.roadmap.topics]
    assert {topic.id for topic in plan.topics if not topic.depth} == set(plan.left_out)
    for topic in plan.topics:
        if topic.id in plan.left_out:
            assert topic.id not in sessions
            continue
        assert topic.minutes >= SHORTEST
        wanted = 3 if topic.minutes >= 125 else 2 if topic.minutes * 35 >= 25 * 100 else 1
        done = list(dict.fromkeys(session.activity for session in sessions[topic.id]))
        assert done == list(ACTIVITIES[:wanted])


# ── L4, L5: order ─────────────────────────────────────────────────────────────────────────────
@law
def required_topics_come_first(case, plan):
    sessions = studied(plan)
    for topic in case.roadmap.topics:
        for required in topic.requires:
            if topic.id in sessions and required in sessions:
                assert sessions[required][-1].start < sessions[topic.id][0].start


@law
def topics_run_in_study_order_one_after_another(case, plan):
    sessions = studied(plan)
    for phase in case.roadmap.phases:
        alone = all(t.alongside for t in phase.topics if t.id in sessions)
        runs = [
            sessions[topic.id]
            for topic in phase.study_order
            if topic.id in sessions and (alone or not topic.alongside)
        ]
        for one, two in pairwise(runs):
            assert one[-1].start < two[0].start


@law
def study_stays_in_its_phases_weeks(case, plan):
    if at_short_notice(case):
        order = [phase.id for phase in case.roadmap.phases]
        seen = [order.index(s.phase) for s in plan.sessions if s.kind == "study"]
        assert seen == sorted(seen)
        return
    for session in plan.sessions:
        week = week_of(plan, case, session)
        if session.kind == "study":
            assert (week.kind, week.phase) == ("study", session.phase)


@settings(max_examples=2 * settings().max_examples)
@given(case=cases())
def test_every_plan_keeps_the_laws(case):
    plan = plan_of(case)
    law.hold(case, plan)
    assert replace(case).plan() == plan  # L9: the same again
