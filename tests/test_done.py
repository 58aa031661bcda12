"""`done`: what it marks, on which day, what it says, and what it refuses."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support_cli import loaded

LEARN_1 = "Learn File I/O, processes, signals (1 of 3)"
LEETCODE_1 = "Learn LeetCode with a systems twist (1 of 5)"
TUESDAY = "Next: Tue 6 Jan 19:00, File I/O, processes, signals: learn 2."
ALL_MARKED = "Nothing is left to mark there: all of it is marked."
WEEK = {
    "syscalls.learn.1": "2026-01-05",
    "leetcode.learn.1": "2026-01-05",
    "syscalls.learn.2": "2026-01-06",
    "syscalls.learn.3": "2026-01-07",
    "syscalls.practise.1": "2026-01-07",
}


def days(eva) -> dict[str, str]:
    return {line.session: str(line.on) for line in eva.state.log}


# ── What is marked ────────────────────────────────────────────────────────────────────────────
def test_done_marks_todays_sessions_and_says_what_comes_next(eva):
    assert eva.hears("done") == [f"Done: {LEARN_1}, 45 min; {LEETCODE_1}, 75 min.", TUESDAY]
    assert eva.told.done == {"syscalls.learn.1": 45, "leetcode.learn.1": 75}


@pytest.mark.parametrize(
    ("words", "on", "done"),
    [
        # never time kept free
        ((), "2026-01-10", {"syscalls.practise.3": 90, "leetcode.learn.2": 80}),
        (("logs", "logs"), "2026-01-05", {"logs.learn.1": 35, "logs.learn.2": 120}),
        (("--on", "2026-01-07"), "2026-01-20", {"syscalls.learn.3": 95, "syscalls.practise.1": 25}),
        # the only session that there is
        (("--minutes", "100"), "2026-01-06", {"syscalls.learn.2": 100}),
        (("syscalls.learn.2",), "2026-01-05", {"syscalls.learn.2": 120}),
        (("SYSCALLS.learn.2",), "2026-01-05", {"syscalls.learn.2": 120}),
        (("sysc",), "2026-01-05", {"syscalls.learn.1": 45}),
        (("File I/O",), "2026-01-05", {"syscalls.learn.1": 45}),
    ],
)
def test_names_and_days_mean_sessions(eva, words, on, done):
    eva.hears("done", *words, on=on)
    assert eva.told.done == done


def test_done_marks_the_last_day_that_has_unmarked_sessions_where_today_has_none(eva):
    eva.hears("done", "syscalls.learn.2", on="2026-01-06")
    said = eva.hears("done", on="2026-01-09")
    assert said[0].startswith("Done on Thu 8 Jan: Practise File I/O, processes, signals (2 of 5)")
    assert days(eva)["syscalls.practise.2"] == "2026-01-08"
    assert eva.hears("done", on="2026-01-09")[0].startswith("Done on Wed 7 Jan: ")


def test_today_is_a_day_on_the_learners_wall_clock(eva):
    assert eva.types("done", on="2026-01-05", at="22:59").out.startswith(f"Done: {LEARN_1}")
    assert eva.types("done", on="2026-01-05", at="23:01").out.startswith("Done: Learn File I/O")
    assert days(eva)["syscalls.learn.2"] == "2026-01-06"


def test_a_topic_means_its_next_session_a_future_one_too(eva):
    assert eva.hears("done", "logs", on="2026-01-06") == [
        "Done: Learn Parsing logs at scale (1 of 3), 35 min.",
        TUESDAY.replace("Tue 6 Jan", "today"),
    ]
    assert days(eva) == {"logs.learn.1": "2026-01-06"}


def test_past_sessions_are_done_on_their_own_day_unless_another_is_said(eva):
    eva.hears("done", "syscalls.learn.1", on="2026-01-20")
    eva.hears("done", "syscalls.learn.2", "--on", "2026-01-12", on="2026-01-20")
    assert days(eva) == {"syscalls.learn.1": "2026-01-05", "syscalls.learn.2": "2026-01-12"}


def test_minutes_count_for_a_part_and_the_rest_stays_open(eva):
    said = eva.hears("done", "syscalls", "--minutes", "22")
    assert said[0] == f"Done: {LEARN_1}, 20 of 45 min; the rest stays open."
    assert said[1] == f"Next: today 19:45, {LEETCODE_1}."
    eva.hears("done")
    assert eva.told.done == {"syscalls.learn.1": 20, "leetcode.learn.1": 75}, "it fills nothing up"
    said = eva.hears("done", "syscalls", "--minutes", "60")
    assert said[0] == f"Done: {LEARN_1}, 45 min, in 60."
    assert eva.told.done["syscalls.learn.1"] == 45


def test_all_until_a_day_marks_each_session_on_its_own(eva):
    said = eva.hears("done", "--all-until", "2026-01-07", on="2026-01-09")
    assert said[0].startswith(f"Done up to Wed 7 Jan: {LEARN_1}, 45 min; ")
    assert said[0].endswith("; and 2 more.")
    assert days(eva) == WEEK
    assert {line.change for line in eva.state.log} == {2}


def test_after_the_last_session_nothing_comes_next(eva):
    said = eva.hears("done", "--all-until", "2026-09-06", on="2026-09-06")
    assert said[1] == "Nothing more is planned; your plan ends on Sunday 6 September 2026."
    assert eva.hears("done", on="2026-09-06") == [ALL_MARKED, said[1]]


def test_a_mastered_topic_needs_no_more_study(eva):
    eva.hears("done", "syscalls")
    assert eva.hears("done", "--mastered", "syscalls", "dns")[0] == (
        "Mastered: File I/O, processes, signals and DNS; 16 h 25 min of study become free at the "
        "next re-plan."
    )
    assert eva.hears("done", "--mastered", "dns")[0] == "Marked before: DNS."
    assert eva.hears("done", "dns.learn.1")[0] == "Marked before: dns.learn.1."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("syscalls.learn.1",), "Marked before: syscalls.learn.1."),
        (("--on", "2026-01-05"), ALL_MARKED),
        (("--all-until", "2026-01-05"), ALL_MARKED),
        ((), ALL_MARKED),
    ],
)
def test_done_twice_says_so_and_writes_nothing(eva, words, said):
    eva.hears("done")
    before = eva.files
    assert eva.hears("done", *words) == [said, TUESDAY]
    assert eva.files == before


def test_what_was_planned_again_is_marked_where_it_now_stands(eva):
    state = eva.state
    first, *others = state.plan.blocks
    missed = replace(
        first, sessions=tuple(replace(each, status="missed") for each in first.sessions)
    )
    eva.change(replace(state, plan=replace(state.plan, blocks=(missed, *others))))
    (said,) = eva.is_refused("done", "syscalls.learn.1", on="2026-01-06")
    what = "'syscalls.learn.1': its work was planned again"
    assert said == f"{what}; mark syscalls.learn.2 instead, on 2026-01-06 at 19:00"
    said = eva.hears("done", "leetcode", on="2026-01-06")[0]
    assert said.startswith("Done: Learn LeetCode with a systems twist (2 of 5)")


# ── What is refused: every problem at once, and nothing written ───────────────────────────────
ON_ITS_OWN = "--all-until: marks every session on its own day"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("dns", "--all-until", "2026-01-01", "--on", "2026-01-01", "--minutes", "3"),
            [f"{ON_ITS_OWN}, so it goes without: names, --on, --minutes"],
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


STEPS = "; time counts in steps of five minutes"


@pytest.mark.parametrize(
    ("minutes", "hint"),
    [("1", STEPS), ("2", STEPS)]
    + [(typed, "") for typed in ("0", "1441", "-5", "1e3", "ten", "", "٣٠", "9" * 5000)],
)
def test_minutes_are_those_of_a_day(eva, minutes, hint):
    (said,) = eva.is_refused("done", "dns", f"--minutes={minutes}")
    assert said.startswith("--minutes: expected whole minutes from 3 to 1440, got '")
    assert said.endswith(f"'{hint}")


@pytest.mark.parametrize("flag", ["--on", "--all-until"])
def test_what_is_still_to_come_was_not_done(eva, flag):
    assert eva.is_refused("done", flag, "2026-01-06") == [
        f"{flag}: 2026-01-06 is still to come; today is 2026-01-05; --as-of stands on another day"
    ]
    eva.hears("done", flag, "2026-01-06", "--as-of", "2026-01-06")


def test_a_session_cannot_be_mastered(eva):
    assert eva.is_refused("done", "dns.learn.1", "--mastered") == [
        "'dns.learn.1': is a session, not a topic; name its topic: pe-plan done dns --mastered"
    ]


# ── What it takes ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("words", [("done",), ("mock", "pe", "3"), ("undo",)], ids=" ".join)
def test_marking_writes_the_state_and_nothing_else(eva, words):
    eva.hears("done", "tcp")
    before = eva.files
    eva.hears(*words)
    after = eva.files
    assert {name for name in after if after[name] != before.get(name)} == {"state.json"}
    assert after.keys() == before.keys()


@pytest.mark.parametrize(
    "words", [("done", "--as-of", "2026-01-05"), ("mock", "pe", "3"), ("undo",)], ids=" ".join
)
def test_marking_waits_for_no_library_that_it_has_no_use_for(eva, words):
    eva.hears("done", "tcp")
    modules = loaded(*words, folder=eva.folder)
    assert "pe_plan.app.log" in modules
    slow = {"icalendar", "fsrs", "rich", "pydantic", "dateutil", "tzlocal", "recurring_ical_events"}
    ours = {"pe_plan.app.generate", "pe_plan.model.faults", "pe_plan.inputs.roadmap"}
    assert modules & (slow | ours) == set()
