"""What cannot be recorded: every problem at once, and nothing written."""

from __future__ import annotations

import pytest

from tests.support_cli import contents, ran
from tests.support_log import Learner, learner


@pytest.fixture
def eva(tmp_path) -> Learner:
    return learner(tmp_path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("dns", "--all-until", "2026-01-01", "--on", "2026-01-01", "--minutes", "3"),
            [
                (
                    "--all-until: marks every session on its own day, so it goes without: names, "
                    "--on, --minutes"
                )
            ],
        ),
        (
            ("--minutes", "3", "--mastered"),
            [
                "--minutes: speaks of one session; name just that one",
                "--mastered: speaks of topics; name them: pe-plan done dns --mastered",
            ],
        ),
        (
            ("dns", "tls", "--minutes", "3"),
            ["--minutes: speaks of one session; name just that one"],
        ),
        (
            ("--minutes", "3"),
            ["--minutes: speaks of one session; name one of: syscalls.learn.1, leetcode.learn.1"],
        ),
    ],
)
def test_flags_that_contradict_are_all_named_as_misuse(eva, words, said):
    assert eva.is_refused("done", *words, code=2) == said


def test_every_wrong_value_is_named_at_once(eva):
    assert eva.is_refused(
        "done", "in", "nothing", "flex.20260110T1050Z", "--on", "2026-02-30", "--as-of", "today"
    ) == [
        "--as-of: expected a date like 2026-01-05, got 'today'",
        "--on: there is no 30 February 2026; its days are 2026-02-01 to 2026-02-28",
        "'in': could be incident-response, infra, incident-stories; type a little more of it",
        "'nothing': no topic or session is called so; `pe-plan roadmap show` lists the names",
        (
            "'flex.20260110T1050Z': is time kept free; name the session or the topic that you "
            "worked on in it"
        ),
    ]


@pytest.mark.parametrize("minutes", ["0", "1441", "-5", "1e3", "ten", "", "9" * 5000])
def test_minutes_are_those_of_a_day(eva, minutes):
    (said,) = eva.is_refused("done", "dns", f"--minutes={minutes}")
    assert said.startswith("--minutes: expected whole minutes from 3 to 1440, got ")


def test_what_is_still_to_come_was_not_done(eva):
    for flag in ("--on", "--all-until"):
        assert eva.is_refused("done", flag, "2026-01-06") == [
            (
                f"{flag}: 2026-01-06 is still to come; today is 2026-01-05; --as-of stands on "
                "another day"
            )
        ]
    eva.hears("done", "--on", "2026-01-06", "--as-of", "2026-01-06")


def test_a_session_cannot_be_mastered(eva):
    assert eva.is_refused("done", "dns.learn.1", "--mastered") == [
        "'dns.learn.1': is a session, not a topic; name its topic: pe-plan done dns --mastered"
    ]


@pytest.mark.parametrize("command", [("done",), ("undo",), ("log",), ("mock", "pe", "3")])
def test_without_a_plan_nothing_can_be_told(tmp_path, command):
    done = ran(*command, folder=tmp_path)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("study-plan: there is no plan here; make one with ")
    assert contents(tmp_path) == {}
