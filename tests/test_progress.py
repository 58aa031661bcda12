"""What the log says: what counts, how much of it, and what an undo takes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.model import Progress
from pe_plan.tracking.progress import credit, is_open, last_change, live, marked, progress
from tests.support_log import (
    BEGINNING,
    PLAN,
    SESSIONS,
    accepted,
    changes,
    day,
    done,
    evening,
    logs,
    plan,
    record,
    study,
    undo,
)

MINUTES = {session.id: session.minutes for session in SESSIONS}


def told(*lines, plans=(BEGINNING,), about=PLAN):
    return progress(about, lines, plans)


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────
@given(logs())
def test_no_session_is_credited_with_more_than_it_has_nor_with_crumbs(log):
    found = told(*log)
    assert all(0 <= done <= MINUTES[id] and done % 5 == 0 for id, done in found.done.items())
    assert found.done.keys() == found.days.keys()
    assert found.spent.keys() <= found.done.keys()


@given(logs(), st.data())
def test_to_take_back_the_last_change_gives_exactly_the_progress_before_it(log, data):
    last = max((line.change for line in log), default=1) + 1
    change = data.draw(changes(last))
    assert last_change((*log, *change), (BEGINNING,)) == last
    assert told(*log, *change, undo(last + 1, last)) == told(*log)


@given(logs())
def test_taking_back_goes_change_by_change_to_the_beginning_and_no_further(log):
    number = max((line.change for line in log), default=1)
    for expected in sorted({line.change for line in log}, reverse=True):
        assert last_change(log, (BEGINNING,)) == expected
        number += 1
        log = (*log, undo(number, expected))
    assert last_change(log, (BEGINNING,)) is None
    assert told(*log) == Progress()


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_lines_about_different_sessions_does_not_matter(log, chance):
    about = {}
    for line in log:
        about.setdefault(line.topic or line.session, []).append(line)
    shuffled = list(about.values())
    chance.shuffle(shuffled)
    other = told(*(line for lines in shuffled for line in lines))
    same = told(*log)
    assert sorted(other.answers) == sorted(same.answers)
    assert replace(other, answers=()) == replace(same, answers=())


@given(logs())
def test_what_is_marked_is_what_is_wholly_done_and_nothing_else_changes(log):
    found = told(*log)
    shown = marked(PLAN, found)
    for before, after in zip(SESSIONS, (*shown.sessions, *shown.early), strict=True):
        whole = found.done.get(before.id, 0) == before.minutes
        status = "done" if whole else before.status
        assert after == replace(before, status=status)
        assert is_open(before, found) == (before.status == "planned" and not whole)


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("minutes", "counted"), [(1, 0), (2, 0), (3, 5), (7, 5), (8, 10), (52, 50), (53, 55)]
)
def test_minutes_count_to_the_nearest_five(minutes, counted):
    assert credit(minutes) == counted
    found = told(done(2, "boot.learn.1", minutes=minutes))
    assert (found.done, found.spent) == ({"boot.learn.1": counted}, {"boot.learn.1": minutes})


def test_several_lines_about_a_session_add_up_to_at_most_all_of_it():
    boot = "boot.learn.1"
    found = told(done(2, boot, 0, 30), done(3, boot, 2, 20), done(4, boot, 1))
    assert told(done(2, "gone.learn.1")) == Progress(), "the plan does not hold it"
    assert (found.done, found.spent, found.days) == ({boot: 60}, {boot: 50}, {boot: day(2)})


def test_a_mastered_topic_has_no_study_left_but_what_was_missed_stays_as_it_was():
    missed = study("dns", "practise", 1, 60, status="missed")
    about = plan(*PLAN.blocks, evening(4, missed), early=PLAN.early)
    found = told(
        done(2, "dns.learn.1", 3),
        done(3, "dns.practise.1", 0, 20),
        record(4, "mastered", 4, topic="dns"),
        record(5, "mastered", 5, topic="dns"),
        about=about,
    )
    assert found.mastered == {"dns": day(4)}
    assert {id: (minutes, found.days[id]) for id, minutes in found.done.items()} == {
        "dns.learn.1": (45, day(3)),
        "dns.learn.2": (75, day(4)),
        "dns.prove.1": (35, day(4)),
        "dns.practise.1": (20, day(0)),
    }


def test_a_review_and_a_mock_do_the_session_that_they_were():
    found = told(
        record(2, "review", 2, topic="boot", answer="hard", session="boot.review.1"),
        record(3, "mock", 3, round="coding", score=4, session="coding.mock.1"),
        record(4, "mock", 3, round="pe", score=2),
    )
    assert found.done == {"boot.review.1": 15, "coding.mock.1": 45}
    assert found.answers == (("boot", day(2), "hard", True),)


def test_answers_stand_in_order_of_their_days_and_know_whether_the_plan_knew_them():
    dns = record(2, "review", 9, topic="dns", answer="good")
    found = told(dns, record(4, "review", 4, topic="boot", answer="again"), plans=AGAIN)
    assert found.answers == (("boot", day(4), "again", True), ("dns", day(9), "good", False))


# ── What counts ───────────────────────────────────────────────────────────────────────────────
LOG = (done(2, "boot.learn.1"), done(4, "dns.learn.1"))
BOTH = {"boot.learn.1": 60, "dns.learn.1": 45}
ANEW = (BEGINNING, accepted(3, begins=True))
AGAIN = (BEGINNING, accepted(3))


@pytest.mark.parametrize(
    ("log", "plans", "counts"),
    [
        # What was logged before a plan began anew does not count until that is taken back.
        (LOG, ANEW, {"dns.learn.1": 45}),
        ((*LOG, undo(5, 4), undo(6, 3)), ANEW, {"boot.learn.1": 60}),
        # After a re-plan all of it still counts.
        (LOG, AGAIN, BOTH),
        # A re-plan is taken back with what was recorded in it.
        ((*LOG[:1], done(3, "dns.learn.1")), AGAIN, BOTH),
        ((*LOG[:1], done(3, "dns.learn.1"), undo(4, 3)), AGAIN, {"boot.learn.1": 60}),
    ],
)
def test_what_counts_depends_on_the_plans_and_on_what_was_taken_back(log, plans, counts):
    assert told(*log, plans=plans).done == counts


def test_the_last_change_is_a_mark_or_a_plan_but_no_plan_that_kept_nothing():
    log = (*LOG[:1], done(3, "dns.learn.1"))
    assert last_change(log, AGAIN) == 3
    assert live((*log, undo(4, 3)), AGAIN) == {1, 2}
    assert last_change((), (BEGINNING,)) is None
    assert last_change((), ()) is None
    assert last_change((done(1, "boot.learn.1"),), ()) == 1, "a plan from before there was a log"
