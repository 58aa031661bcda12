"""`undo` takes back the last change, marks and whole plans alike, and loses nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support_log import Learner
from tests.support_replan import GENERATE, planned

ANEW = (*GENERATE, "--force")
AWAY = "2026-03-09..2026-03-10"  # a Monday and a Tuesday in a week of study
NOTHING = ["There is nothing to take back: nothing was recorded since the plan was made."]


def accept(eva: Learner, *words: str, on: str = "2026-01-06") -> None:
    """Accept another plan. What it says is others' to test."""
    done = eva.types(*words, on=on)
    assert done.code == 0, done.err


def sequences(eva: Learner) -> dict[str, int]:
    return {entry.uid: entry.sequence for entry in eva.state.ledger}


def test_the_last_command_is_taken_back_whole_and_said(eva):
    eva.hears("done", "dns")
    before, told = eva.state, eva.told
    eva.hears("done")
    gone, following = eva.hears("undo")
    assert gone == (
        "No longer done: Learn File I/O, processes, signals (1 of 3); Learn LeetCode with a "
        "systems twist (1 of 5)."
    )
    assert following == "Next: today 19:00, LeetCode with a systems twist: learn 1."
    assert eva.told == told
    assert eva.state.log[: len(before.log)] == before.log
    assert len(eva.state.log) == len(before.log) + 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("done", "dns", "tls", "--mastered"),
            "No longer mastered: DNS and TLS handshake and certificate chains.",
        ),
        (("mock", "coding", "4"), "Taken back: mock interview Coding, 4 of 5."),
        (("review", "boot", "hard"), "Taken back: review of Boot sequence, hard."),
    ],
)
def test_each_kind_of_mark_is_said(eva, words, said):
    eva.hears("done", "boot", "--mastered")
    eva.hears(*words)
    assert eva.hears("undo")[0] == said


def test_undo_goes_back_step_by_step_to_the_beginning_and_then_writes_nothing(eva):
    assert eva.hears("undo") == NOTHING
    eva.hears("done")
    eva.hears("done", "dns")
    assert eva.hears("undo")[0].startswith("No longer done: Learn DNS")
    assert eva.hears("undo")[0].startswith("No longer done: Learn File I/O")
    before = eva.files
    assert eva.hears("undo") == NOTHING
    assert eva.files == before


UNDO = ("undo",)
STEPS = (
    ("done",),
    ("done", "dns"),
    ("done", "dns", "--minutes", "35"),
    ("done", "--all-until", "2026-01-12"),
    ("done", "http", "--mastered"),
    ("mock", "pe", "2"),
    UNDO,
    UNDO,
)


@given(st.lists(st.sampled_from(STEPS), max_size=8))
@settings(max_examples=12)
def test_the_log_is_only_ever_added_to_and_undo_leads_back_the_way_one_came(words):
    with TemporaryDirectory() as place:
        eva = Learner(folder=planned(Path(place)))
        way = [(eva.told, eva.state.log)]
        for typed in words:
            before = eva.state.log
            eva.hears(*typed, on="2026-01-13")
            after = eva.state.log
            assert after[: len(before)] == before
            if typed != UNDO and after != before:
                way.append((eva.told, after))
            elif typed == UNDO and len(way) > 1:
                way.pop()
            assert eva.told == way[-1][0]


def test_a_plan_is_taken_back_with_its_documents_and_the_log_is_kept(eva):
    eva.hears("done")
    before, told, files = eva.state, eva.told, eva.files
    accept(eva, *ANEW, "--hours", "10")
    assert eva.told.done == {}, "it began anew"
    said = " ".join(" ".join(eva.hears("undo", on="2026-01-06")).split())
    assert said.startswith(
        "Taken back the plan accepted on 5 Jan 2026 (begun again, --start 2026-01-05"
    )
    assert "Finish Sunday 6 September 2026" in said
    assert "Import study-plan/plan-changes.ics into the same calendar as before" in said
    assert "Next today 19:00, File I/O, processes, signals: learn 2." in said

    after = eva.state
    assert after.profile == before.profile
    assert replace(after.plan, blocks=()) == replace(before.plan, blocks=())
    assert eva.told == told
    assert after.log[:-1] == before.log
    assert after.accepted[:1] == before.accepted
    assert after.log[-1].undone == after.accepted[1].change
    assert eva.files[".history/state-3.json"] == files["state.json"]
    assert ".history/state-4.json" in eva.files, "what was taken back is kept, too"


def test_no_block_of_the_plan_that_came_back_changed_but_by_name_and_sequences_rise(eva):
    first, before = eva.state, sequences(eva)
    accept(eva, *ANEW, "--off", AWAY)
    away, between = eva.state, sequences(eva)
    eva.hears("undo", on="2026-01-06")
    after = sequences(eva)

    blocks = eva.state.plan.blocks
    assert [replace(block, uid="") for block in blocks] == [
        replace(block, uid="") for block in first.plan.blocks
    ]
    gone = {block.start for block in first.plan.blocks} - {b.start for b in away.plan.blocks}
    assert len(gone) == 2
    fresh = {block.start for block in blocks if block.uid not in before}
    assert fresh == gone, "only what a calendar had to delete has another name"
    titles = {block.uid: (block.start, block.title) for block in away.plan.blocks}
    for block in blocks:
        if block.uid in titles:
            same = titles[block.uid] == (block.start, block.title)
            assert after[block.uid] >= between[block.uid]
            assert same or after[block.uid] > between[block.uid]
    shown = icalendar.Calendar.from_ical(eva.files["plan.ics"]).events
    assert {str(event["UID"]) for event in shown} == {block.uid for block in blocks}


def test_undone_twice_over_the_calendar_keeps_the_events_that_it_has(eva):
    accept(eva, *ANEW, "--remind", "10")
    accept(eva, *ANEW, "--off", AWAY)
    eva.hears("undo", on="2026-01-06")
    between = {block.uid for block in eva.state.plan.blocks}
    eva.hears("undo", on="2026-01-06")
    assert {block.uid for block in eva.state.plan.blocks} == between
    assert eva.hears("undo", on="2026-01-06") == NOTHING


def test_a_re_plan_is_taken_back_and_what_it_took_as_missed_can_be_marked(eva):
    eva.hears("done")
    before, told = eva.state, eva.told
    accept(eva, "replan", "--assume", "missed", "--yes", on="2026-01-09")
    assert eva.is_refused("done", "syscalls.learn.2", on="2026-01-09")
    eva.hears("done", "dns", on="2026-01-09")
    eva.hears("undo", on="2026-01-09")
    eva.hears("undo", on="2026-01-09")
    assert replace(eva.state.plan, blocks=()) == replace(before.plan, blocks=())
    assert eva.told == told
    eva.hears("done", "syscalls.learn.2", on="2026-01-09")


def test_what_was_said_in_a_re_plan_is_taken_back_with_it(eva):
    before = eva.told
    accept(eva, "replan", "--assume", "done", "--skill", "dns=strong", "--yes", on="2026-01-09")
    assert eva.told.done
    eva.hears("undo", on="2026-01-09")
    assert eva.told == before


def test_ticks_in_the_page_follow_what_came_back(eva):
    eva.hears("done")
    accept(eva, *ANEW, "--hours", "10")
    eva.hears("undo", on="2026-01-06")
    page = (eva.files["plan.md"] or b"").decode()
    assert page.count("- [x]") == 2
    assert ".history/plan.md.1" not in eva.files, "nobody wrote into it"


def test_without_the_state_of_before_a_plan_stays_and_so_does_everything_else(eva):
    accept(eva, *ANEW, "--hours", "10")
    (eva.folder / "study-plan/.history/state-2.json").unlink()
    (said,) = eva.is_refused("undo", code=4)
    assert ".history/state-2.json" in said


def test_an_undo_on_another_day_is_entered_as_such(eva):
    eva.hears("done")
    eva.hears("undo", "--as-of", "2026-01-08")
    assert eva.state.log[-1].on - eva.state.plan.as_of == timedelta(days=3)
