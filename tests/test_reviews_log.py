"""`review`, `mock` and `log`, as a learner types them."""

from __future__ import annotations

import json

import pytest

from tests.support_log import day

# ── review ────────────────────────────────────────────────────────────────────────────────────
RECALLED = "Review of File I/O, processes, signals"
IN_PART = "Next: today 09:15, Learn Parsing logs at scale (3 of 3)."


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("good", "Sat 31 Jan, as planned."),
        ("again", "Sun 18 Jan; the plan has it on Sat 31 Jan 09:00."),
    ],
)
def test_a_review_is_the_one_that_was_due_and_says_when_memory_wants_the_next(eva, answer, wanted):
    eva.hears("done", "--all-until", "2026-01-16", on="2026-01-17")
    said = eva.hears("review", "syscalls", answer, on="2026-01-17")
    assert said == [f"{RECALLED}: {answer}. Recall it again on {wanted}", IN_PART]
    assert eva.told.done["syscalls.review.1"] == 15
    assert eva.state.log[-1].session == "syscalls.review.1"


def test_a_review_before_one_is_due_is_an_extra_one(eva):
    eva.hears("done", "--all-until", "2026-01-14", on="2026-01-16")
    said = eva.hears("review", "syscalls", "EASY", on="2026-01-16")[0]
    wanted = "Wed 4 Feb; the plan has it on Sat 17 Jan 09:00."
    assert said == f"{RECALLED}: easy. Recall it again on {wanted}"
    assert eva.state.log[-1].session is None
    assert "syscalls.review.1" not in eva.told.done


def test_a_warm_up_of_the_topic_is_no_review_of_it(eva):
    eva.hears("done", "leetcode", "--mastered")
    for n in (1, 2):
        eva.hears("review", "leetcode", "good", on="2026-05-01")
        assert eva.state.log[-1].session == f"leetcode.review.{n}"


def test_a_topic_that_is_still_being_learned_is_not_reviewed_yet(eva):
    (said,) = eva.is_refused("review", "syscalls", "good")
    assert said == (
        "'syscalls': File I/O, processes, signals is being learned until 2026-01-14; recall "
        "comes after that; if you know all of it: pe-plan done syscalls --mastered"
    )
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
    assert eva.told.done == {"coding.mock.1": 60}


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
        "Day         Entered      What",
        "5 Jan 2026  29 Dec 2025  plan made; finish 6 Sep 2026",
        "5 Jan 2026               done: syscalls.learn.1",
        "5 Jan 2026  7 Jan 2026   done: leetcode.learn.1, 30 min",
        "7 Jan 2026               mock: coding, 3 of 5: slower (taken back)",
        "8 Jan 2026               taken back: mock: coding, 3 of 5: slower",
    ]


def test_the_log_for_scripts_has_names_that_stay(eva):
    eva.hears("done", "syscalls", "--minutes", "30")
    eva.hears("undo")
    found = json.loads("\n".join(eva.hears("log", "--json")))
    assert found["schema"] == 1
    line, undo = found["records"]
    assert line == dict.fromkeys(("topic", "round", "answer", "score", "undoes")) | {
        "change": 2,
        "entered": "2026-01-05T21:00:00+00:00",
        "on": "2026-01-05",
        "kind": "done",
        "session": "syscalls.learn.1",
        "minutes": 30,
        "note": "",
        "undone": True,
    }
    assert (undo["kind"], undo["undoes"], undo["undone"]) == ("undo", 2, False)
    (plan,) = found["accepted"]
    assert plan == dict.fromkeys(("retitled", "moved", "added", "removed", "revision"), 0) | {
        "change": 1,
        "entered": "2025-12-29T08:00:00+00:00",
        "as_of": str(day(0)),
        "begins": True,
        "reason": "",
        "finish": "2026-09-06",
        "kept": None,
        "undone": False,
    }
