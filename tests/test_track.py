"""`done`: what it marks, on which day, and what it says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pe_plan.tracking.progress import progress
from tests.support_cli import typed
from tests.support_log import Learner, learner

LEARN_1 = "Learn File I/O, processes, signals (1 of 3)"
LEETCODE_1 = "Learn LeetCode with a systems twist (1 of 5)"
TUESDAY = "Next: Tue 6 Jan 19:00, File I/O, processes, signals: learn 2."


@pytest.fixture
def eva(tmp_path) -> Learner:
    return learner(tmp_path)


def marked(eva: Learner) -> dict[str, int]:
    return dict(progress(eva.state.plan, eva.state.log, eva.state.accepted).done)


def days(eva: Learner) -> dict[str, str]:
    return {line.session or "": str(line.on) for line in eva.state.log}


def test_done_marks_todays_sessions_and_says_what_comes_next(eva):
    assert eva.hears("done") == [f"Done: {LEARN_1}, 45 min; {LEETCODE_1}, 75 min.", TUESDAY]
    assert marked(eva) == {"syscalls.learn.1": 45, "leetcode.learn.1": 75}


def test_done_marks_the_last_day_that_has_unmarked_sessions_where_today_has_none(eva):
    eva.hears("done", "syscalls.learn.2", on="2026-01-06")
    said = eva.hears("done", on="2026-01-09")
    assert said[0].startswith("Done on Thu 8 Jan: Practise File I/O, processes, signals (2 of 5)")
    assert days(eva)["syscalls.practise.2"] == "2026-01-08"
    assert eva.hears("done", on="2026-01-09")[0].startswith("Done on Wed 7 Jan: ")


def test_done_never_marks_time_kept_free(eva):
    eva.hears("done", on="2026-01-10")
    assert marked(eva) == {"syscalls.practise.3": 90, "leetcode.learn.2": 80}


def test_today_is_a_day_on_the_learners_wall_clock(eva):
    assert eva.types("done", on="2026-01-05", at="22:59").out.startswith(f"Done: {LEARN_1}")
    assert eva.types("done", on="2026-01-05", at="23:01").out.startswith("Done: Learn File I/O")
    assert days(eva)["syscalls.learn.2"] == "2026-01-06"


def test_a_topic_means_its_next_session_a_future_one_too(eva):
    said = eva.hears("done", "logs", on="2026-01-06")
    assert said == [
        "Done: Learn Parsing logs at scale (1 of 3), 35 min.",
        TUESDAY.replace("Tue 6 Jan", "today"),
    ]
    assert days(eva) == {"logs.learn.1": "2026-01-06"}


def test_a_topic_named_twice_means_its_next_two(eva):
    eva.hears("done", "logs", "logs")
    assert marked(eva) == {"logs.learn.1": 35, "logs.learn.2": 120}


@pytest.mark.parametrize("name", ["syscalls.learn.2", "sysc", "File I/O", "SYSCALLS.learn.2"])
def test_names_may_be_ids_or_titles_or_begin_so(eva, name):
    eva.hears("done", name)
    assert len(marked(eva)) == 1
    assert next(iter(marked(eva))).startswith("syscalls.learn.")


def test_past_sessions_are_done_on_their_own_day_unless_another_is_said(eva):
    eva.hears("done", "syscalls.learn.1", on="2026-01-20")
    eva.hears("done", "syscalls.learn.2", "--on", "2026-01-12", on="2026-01-20")
    assert days(eva) == {"syscalls.learn.1": "2026-01-05", "syscalls.learn.2": "2026-01-12"}


def test_a_day_without_names_means_its_sessions(eva):
    said = eva.hears("done", "--on", "2026-01-07", on="2026-01-20")
    assert said[0].startswith("Done on Wed 7 Jan: ")
    assert marked(eva) == {"syscalls.learn.3": 95, "syscalls.practise.1": 25}


def test_minutes_count_for_a_part_and_the_rest_stays_open(eva):
    said = eva.hears("done", "syscalls", "--minutes", "22")
    assert said[0] == f"Done: {LEARN_1}, 20 of 45 min; the rest stays open."
    assert said[1] == f"Next: today 19:45, {LEETCODE_1}."
    said = eva.hears("done", "syscalls", "--minutes", "60")
    assert said[0] == f"Done: {LEARN_1}, 45 min, in 60."
    assert marked(eva) == {"syscalls.learn.1": 45}


def test_minutes_without_a_name_go_to_the_only_session_there_is(eva):
    eva.hears("done", "--minutes", "100", on="2026-01-06")
    assert marked(eva) == {"syscalls.learn.2": 100}


def test_what_was_told_in_part_is_not_filled_up_by_marking_the_day(eva):
    eva.hears("done", "syscalls", "--minutes", "20")
    eva.hears("done")
    assert marked(eva) == {"syscalls.learn.1": 20, "leetcode.learn.1": 75}


def test_all_until_a_day_marks_each_session_on_its_own(eva):
    said = eva.hears("done", "--all-until", "2026-01-07", on="2026-01-09")
    assert said[0].startswith(f"Done up to Wed 7 Jan: {LEARN_1}, 45 min; ")
    assert said[0].endswith("; and 2 more.")
    assert days(eva) == {
        "syscalls.learn.1": "2026-01-05",
        "leetcode.learn.1": "2026-01-05",
        "syscalls.learn.2": "2026-01-06",
        "syscalls.learn.3": "2026-01-07",
        "syscalls.practise.1": "2026-01-07",
    }
    assert {line.change for line in eva.state.log} == {2}


def test_a_mastered_topic_needs_no_more_study(eva):
    eva.hears("done", "syscalls")
    said = eva.hears("done", "--mastered", "syscalls", "dns")
    assert said[0] == (
        "Mastered: File I/O, processes, signals and DNS; 16 h 25 min of study become free at the "
        "next re-plan."
    )
    assert eva.hears("done", "--mastered", "dns")[0] == "Marked before: DNS."
    assert eva.hears("done", "dns.learn.1")[0] == "Marked before: dns.learn.1."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("syscalls.learn.1",), "Marked before: syscalls.learn.1."),
        (("--on", "2026-01-05"), "Nothing is left to mark there: all of it is marked."),
        (("--all-until", "2026-01-05"), "Nothing is left to mark there: all of it is marked."),
        ((), "Nothing is left to mark there: all of it is marked."),
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
    assert eva.is_refused("done", "syscalls.learn.1", on="2026-01-06") == [
        (
            "'syscalls.learn.1': its work was planned again; mark syscalls.learn.2 instead, "
            "on 2026-01-06 at 19:00"
        )
    ]
    assert eva.hears("done", "leetcode", on="2026-01-06")[0].startswith(
        "Done: Learn LeetCode with a systems twist (2 of 5)"
    )


def test_marking_writes_the_state_and_nothing_else(eva):
    before = eva.files
    eva.hears("done")
    after = eva.files
    assert {name for name in after if after[name] != before.get(name)} == {"plan.toml"}
    assert after.keys() == before.keys()


_LOADED = """\
import sys
from pe_plan.cli import main
try:
    main()
finally:
    print("\\n".join(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words", [("done", "--as-of", "2026-01-05"), ("mock", "pe", "3"), ("undo",)], ids=" ".join
)
def test_marking_waits_for_no_library_that_it_has_no_use_for(eva, words):
    eva.hears("done", "tcp")
    modules = set(typed(*words, folder=eva.folder, code=_LOADED).err.splitlines())
    assert "pe_plan.app.desk" in modules
    slow = {"icalendar", "fsrs", "rich", "pydantic", "dateutil", "tzlocal", "recurring_ical_events"}
    ours = {"pe_plan.inputs.roadmap", "pe_plan.app.generate", "pe_plan.app.writing"}
    assert modules & (slow | ours) == set()
