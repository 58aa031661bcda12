"""`review`, `mock` and `log`, as a learner types them."""

from __future__ import annotations

import json

import pytest

from pe_plan.tracking.progress import progress
from tests.support_log import Learner, day, learner


@pytest.fixture
def eva(tmp_path) -> Learner:
    return learner(tmp_path)


def marked(eva: Learner) -> dict[str, int]:
    return dict(progress(eva.state.plan, eva.state.log, eva.state.accepted).done)


# ── review ────────────────────────────────────────────────────────────────────────────────────


def test_a_review_is_the_one_that_was_due_and_says_when_memory_wants_the_next(eva):
    eva.hears("done", "--all-until", "2026-01-16", on="2026-01-17")
    said = eva.hears("review", "syscalls", "good", on="2026-01-17")
    assert said[0] == (
        "Review of File I/O, processes, signals: good. Recall it again on Sat 31 Jan, as planned."
    )
    assert said[1].startswith("Next: today 09:15, Learn Parsing logs at scale (3 of 3)")
    assert marked(eva)["syscalls.review.1"] == 15
    assert eva.state.log[-1].session == "syscalls.review.1"


def test_a_worse_answer_is_wanted_again_sooner(eva):
    eva.hears("done", "--all-until", "2026-01-16", on="2026-01-17")
    said = eva.hears("review", "syscalls", "again", on="2026-01-17")
    assert "Recall it again on Sun 18 Jan; " in said[0]


def test_a_review_before_one_is_due_is_an_extra_one(eva):
    eva.hears("done", "--all-until", "2026-01-14", on="2026-01-16")
    said = eva.hears("review", "syscalls", "EASY", on="2026-01-16")
    assert "the plan has it on Sat 17 Jan 09:00" in said[0]
    assert eva.state.log[-1].session is None
    assert "syscalls.review.1" not in marked(eva)


def test_a_warm_up_of_the_topic_is_no_review_of_it(eva):
    eva.hears("done", "leetcode", "--mastered")
    for n in (1, 2):
        eva.hears("review", "leetcode", "good", on="2026-05-01")
        assert eva.state.log[-1].session == f"leetcode.review.{n}"


def test_a_topic_that_is_still_being_learned_is_not_reviewed_yet(eva):
    assert eva.is_refused("review", "syscalls", "good") == [
        (
            "'syscalls': File I/O, processes, signals is being learned until 2026-01-14; recall "
            "comes after that; if you know all of it: pe-plan done syscalls --mastered"
        )
    ]
    eva.hears("done", "syscalls", "--mastered")
    eva.hears("review", "syscalls", "good")


def test_wrong_words_for_a_review_are_named_together(eva):
    assert eva.is_refused("review", "dsn", "fine", "--on", "soon") == [
        "--on: expected a date like 2026-01-05, got 'soon'",
        "ANSWER: expected again, hard, good or easy, got 'fine'",
        "'dsn': no topic is called so; did you mean 'dns'?",
    ]


# ── mock ──────────────────────────────────────────────────────────────────────────────────────


def test_a_mock_is_the_one_that_was_due(eva):
    said = eva.hears("mock", "Coding", "4", "--note", " talk | more ", on="2026-02-23")
    assert said[0] == "Mock interview Coding: 4 of 5."
    line = eva.state.log[-1]
    assert (line.session, line.score, line.note) == ("coding.mock.1", 4, "talk | more")
    assert marked(eva) == {"coding.mock.1": 60}


def test_a_mock_before_one_is_due_is_an_extra_one(eva):
    said = eva.hears("mock", "prod", "5", "--on", "2026-01-04")
    assert said[0] == "Mock interview Production engineering on Sun 4 Jan: 5 of 5."
    assert eva.state.log[-1].session is None


@pytest.mark.parametrize("score", ["0", "6", "4.5", "good", "", "٣"])
def test_a_score_is_1_to_5(eva, score):
    (said,) = eva.is_refused("mock", "pe", score)
    assert said.startswith("SCORE: expected a whole number from 1 to 5, got ")


def test_an_unknown_round_gets_all_that_there_are(eva):
    assert eva.is_refused("mock", "x", "3") == [
        "'x': no round is called so; use one of: behavioral, coding, design, pe"
    ]


# ── log ───────────────────────────────────────────────────────────────────────────────────────


def test_the_log_tells_all_that_was_recorded_with_both_days_and_what_was_taken_back(eva):
    eva.hears("done", "syscalls")
    eva.hears("done", "leetcode.learn.1", "--minutes", "30", on="2026-01-07")
    eva.hears("mock", "coding", "3", "--note", "slower", on="2026-01-07")
    eva.hears("undo", on="2026-01-08")
    rows = [line.rstrip() for line in eva.hears("log")]
    assert rows[:6] == [
        "Day         Entered     What",
        "5 Jan 2026  2 Jan 2026  plan made; finish 6 Sep 2026",
        "5 Jan 2026              done: syscalls.learn.1",
        "5 Jan 2026  7 Jan 2026  done: leetcode.learn.1, 30 min",
        "7 Jan 2026              mock: coding, 3 of 5: slower (taken back)",
        "8 Jan 2026              taken back: mock: coding, 3 of 5: slower",
    ]


def test_the_log_for_scripts_has_names_that_stay(eva):
    eva.hears("done", "syscalls", "--minutes", "30")
    eva.hears("undo")
    found = json.loads("\n".join(eva.hears("log", "--json")))
    assert found["schema"] == 1
    assert found["records"][0] == {
        "change": 2,
        "entered": "2026-01-05T21:00:00+00:00",
        "on": "2026-01-05",
        "kind": "done",
        "session": "syscalls.learn.1",
        "topic": None,
        "round": None,
        "minutes": 30,
        "answer": None,
        "score": None,
        "note": "",
        "undoes": None,
        "undone": True,
    }
    assert [(line["kind"], line["undoes"], line["undone"]) for line in found["records"][1:]] == [
        ("undo", 2, False)
    ]
    assert found["accepted"] == [
        {
            "change": 1,
            "entered": "2026-01-02T21:00:00+00:00",
            "as_of": str(day(0)),
            "revision": 0,
            "begins": True,
            "reason": "",
            "retitled": 0,
            "moved": 0,
            "added": 0,
            "removed": 0,
            "finish": "2026-09-06",
            "kept": None,
            "undone": False,
        }
    ]
