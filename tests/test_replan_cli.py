"""`pe-plan replan`, as a learner meets it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support_cli import contents, on_a_terminal, posix, ran
from tests.support_replan import FIRST_DAY, GENERATE, blocks, calendar, on, replanned, said, state

TUESDAY = "2026-01-06"  # the first evening is over
UNCHANGED = "Nothing to change: the plan stands as it is."
UNMARKED = (
    "--assume: 2 past sessions not marked, and no terminal to ask what they were; say --assume "
    "missed or --assume done, or mark them with `pe-plan done` first"
)
UNAGREED = (
    "--yes: no terminal to ask whether to write the change; say --yes to write it, --dry-run to "
    "look first"
)


def places(folder: Path) -> dict[str, tuple[object, int]]:
    """Where each block stands."""
    return {uid: (block.start, block.minutes) for uid, block in blocks(folder).items()}


def refused(*words: str, folder: Path, day: str = TUESDAY, code: int = 3) -> list[str]:
    """The lines of complaint about a re-plan that leaves the folder as it was."""
    before = contents(folder)
    tried = ran("replan", *words, folder=folder, around=on(day))
    assert (tried.code, tried.out) == (code, "")
    assert contents(folder) == before
    return tried.err.splitlines()


# ── A small miss ──────────────────────────────────────────────────────────────────────────────
def test_a_missed_evening_retitles_what_takes_it_and_moves_nothing(folder):
    before, shown = places(folder), calendar(folder)
    out = replanned(TUESDAY, folder=folder)

    assert places(folder) == before
    changes = calendar(folder, "plan-changes.ics")
    assert changes
    assert all(event.sequence == 1 for event in changes.values())
    new = calendar(folder)
    assert {uid for uid, event in new.items() if event != shown[uid]} == changes.keys()
    assert changes.items() <= new.items()
    assert not calendar(folder, "plan-removed.ics")
    number = len(changes)
    assert f"Re-plan as of Tuesday 6 January 2026: {number} blocks retitled" in out
    assert "Why missed 2 sessions" in out
    assert "Finish Sunday 6 September 2026, as before" in out
    assert "Import study-plan/plan-changes.ics into the same calendar as before" in out
    assert "Delete" not in out


def test_what_was_missed_is_settled_and_the_plan_accepted(folder):
    first = (folder / "study-plan/state.json").read_bytes()
    changed = len(replanned(TUESDAY, folder=folder) and calendar(folder, "plan-changes.ics"))
    now = state(folder)
    past = [session for session in now.plan.sessions if session.start.day == 5][:2]
    assert [session.status for session in past] == ["missed", "missed"]
    assert now.log == ()
    _, line = now.accepted
    assert (line.change, line.revision, line.begins) == (2, 1, False)
    assert (line.retitled, line.moved, line.added, line.removed) == (changed, 0, 0, 0)
    assert (str(line.as_of), line.finish) == (TUESDAY, now.plan.finish)
    assert line.reason == "missed 2 sessions"
    assert (folder / "study-plan/.history/state-2.json").read_bytes() == first


def test_the_same_again_changes_nothing_and_writes_nothing(folder):
    replanned(TUESDAY, folder=folder)
    before = contents(folder)
    assert replanned(TUESDAY, folder=folder) == UNCHANGED
    assert contents(folder) == before


def test_what_is_said_to_be_done_is_logged_and_no_plan_accepted(folder):
    before = contents(folder)
    out = replanned(TUESDAY, folder=folder, assume="done")
    assert out == f"{UNCHANGED} Noted as done: 2 sessions."
    now = state(folder)
    lines = [(line.change, line.kind, str(line.on)) for line in now.log]
    assert lines == [(2, "done", "2026-01-05")] * 2
    assert len(now.accepted) == 1
    changed = {name for name, content in contents(folder).items() if content != before[name]}
    assert changed == {"study-plan/plan.md", "study-plan/state.json"}
    # What was marked is not asked for.
    assert said(TUESDAY, "replan", folder=folder).out == f"{UNCHANGED}\n\n"


def test_calendars_of_the_last_change_do_not_outlive_the_next(folder):
    replanned(TUESDAY, folder=folder)
    place = folder / "study-plan"
    assert (place / "plan-changes.ics").exists()
    (place / "plan-changes-2.ics").write_bytes(b"of a larger one")
    said("2026-01-07", "replan", "--assume", "done", "--off", "2030-01-01", "--yes", folder=folder)
    assert [str(days.first) for days in state(folder).profile.days_off] == ["2030-01-01"]
    assert sorted(path.name for path in place.glob("*.ics")) == ["plan.ics"]


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
def test_without_a_terminal_every_flag_that_answers_is_named(folder):
    assert refused(folder=folder, code=2) == [UNMARKED, UNAGREED]
    assert refused("--dry-run", folder=folder, code=2) == [UNMARKED]
    assert refused("--yes", folder=folder, code=2) == [UNMARKED]
    assert refused("--assume", "missed", folder=folder, code=2) == [UNAGREED]


def test_a_dry_run_shows_the_change_and_writes_nothing(folder):
    before = contents(folder)
    for assume, told in (("done", "Nothing to change"), ("missed", "nothing, this was a dry run")):
        assert told in said(TUESDAY, "replan", "--assume", assume, "--dry-run", folder=folder).out
        assert contents(folder) == before


@posix
@pytest.mark.parametrize(
    ("says", "missed"),
    [("\ny\n", 2), ("missed\n\n", 2), ("o\nd\n\ny\n", 1), ("what?\no\n\nd\nYES\n", 1)],
)
def test_on_a_terminal_the_learner_answers(folder, says, missed):
    line = ("replan", "--as-of", TUESDAY)
    done = on_a_terminal(*line, folder=folder, says=says, TERM="dumb")
    assert done.code == 0, done.out
    assert "Not marked yet: 2 past sessions" in done.out
    assert "Write this? [Y/n]" in done.out
    assert state(folder).accepted[-1].reason.startswith(f"missed {missed} session")
    assert len(state(folder).log) == 2 - missed


@posix
def test_who_says_no_changes_nothing(folder):
    before = contents(folder)
    line = ("replan", "--as-of", TUESDAY)
    done = on_a_terminal(*line, folder=folder, says="o\nd\nm\nn\n", TERM="dumb")
    assert done.code == 0, done.out
    assert "All is as it was: nothing was written." in done.out
    assert contents(folder) == before


@posix
def test_a_phase_is_called_by_its_own_title_where_a_round_has_its_id(folder):
    recall = next(s for s in state(folder).plan.sessions if s.recalls_phase and s.phase == "coding")
    eve, later = (f"{recall.start + timedelta(days=n):%F}" for n in (-1, 1))
    said(eve, "done", "--all-until", eve, folder=folder)
    done = on_a_terminal("replan", "--as-of", later, folder=folder, says="\x04", TERM="dumb")
    assert "45 min  Mock: Coding\n" in done.out
    assert "min  Recall: Systems Coding (Python/C++)\n" in done.out


def test_what_has_no_room_is_called_by_its_own_title(tmp_path):
    soon = ("--hours", "4", "--interview", "2026-01-19", "--dry-run")
    shown = " ".join(said(FIRST_DAY, *GENERATE, *soon, folder=tmp_path).out.split())
    assert "No room mock interview Systems Coding (Python/C++) (60 min), " in shown
    assert ", mock interview Coding (2 × 45 min), " in shown


# ── What has changed ──────────────────────────────────────────────────────────────────────────
def test_days_off_take_their_events_out_of_the_calendar(folder):
    before = calendar(folder)
    out = replanned("2026-01-05", "--off", "2026-03-09..2026-03-10", folder=folder)
    after = calendar(folder)
    gone = {uid for uid in before if uid not in after}
    assert {f"{before[uid].start:%F}" for uid in gone} == {"2026-03-09", "2026-03-10"}
    assert calendar(folder, "plan-removed.ics").keys() == gone
    assert "2 removed" in out
    assert "Delete if you imported the last calendar, these events are gone: Mon 9 Mar" in out
    assert "Why --off 2026-03-09..2026-03-10" in out
    assert state(folder).accepted[-1].removed == 2
    # Days off are added to those there are.
    replanned("2026-01-05", "--off", "2026-04-20", folder=folder)
    assert len(state(folder).profile.days_off) == 2


def test_a_reminder_alone_changes_every_event_and_no_block(folder):
    out = replanned("2026-01-05", "--remind", "10", folder=folder)
    assert "no block changes" in out
    assert calendar(folder, "plan-changes.ics") == calendar(folder)
    assert {event.sequence for event in calendar(folder).values()} == {1}


def test_before_it_begins_a_plan_is_changed_from_its_first_day(folder):
    replanned("2026-01-02", "--off", "2026-03-09", folder=folder)
    assert str(state(folder).plan.as_of) == "2026-01-05"


def test_a_plan_begins_again_with_its_identity_its_log_and_its_ledger(folder):
    said(TUESDAY, "done", "--all-until", "2026-01-05", folder=folder)
    before = state(folder)
    out = replanned(TUESDAY, "--restart", "--start", "2026-02-02", folder=folder)
    now = state(folder)
    assert (now.plan.id, now.plan.revision, now.log) == (before.plan.id, 1, before.log)
    assert (now.profile.start, now.plan.as_of) == (now.plan.weeks[0].starts, now.profile.start)
    assert str(now.profile.start) == "2026-02-02"
    line = now.accepted[-1]
    assert (line.begins, line.reason) == (True, "begun again, --start 2026-02-02")
    assert "done" not in {session.status for session in now.plan.sessions}
    assert {entry.uid for entry in before.ledger} <= {entry.uid for entry in now.ledger}
    assert "delete that calendar and import plan.ics anew" in out
    again = said("2026-02-02", "replan", "--yes", folder=folder).out
    assert again.startswith(UNCHANGED), "what was done before counts no more"


def test_to_begin_again_asks_for_no_past_and_counts_even_from_the_same_day(folder):
    before = state(folder)
    out = said(TUESDAY, "replan", "--restart", "--start", "2026-01-05", "--yes", folder=folder).out
    assert "no block changes" in out
    now = state(folder)
    assert (now.plan.blocks, now.ledger) == (before.plan.blocks, before.ledger)
    assert [line.begins for line in now.accepted] == [True, True]


def test_what_was_done_ahead_frees_its_time_and_keeps_its_place(folder):
    session = next(s for s in state(folder).plan.sessions if s.start.day == 8)
    said("2026-01-05", "done", session.id, folder=folder)
    out = replanned("2026-01-05", folder=folder)
    assert "1 block retitled" in out
    assert "Why 1 session ahead" in out
    now = state(folder)
    assert [(s.id, s.start, s.status) for s in now.plan.early] == [
        (session.id, session.start, "done")
    ]
    assert session.id not in {s.id for s in now.plan.sessions}


# ── Scripts ───────────────────────────────────────────────────────────────────────────────────
def test_a_script_reads_the_change_whether_it_is_written_or_not(folder):
    line = ("replan", "--assume", "missed", "--json")
    looked = json.loads(said(TUESDAY, *line, "--dry-run", folder=folder).out)
    wrote = json.loads(said(TUESDAY, *line, "--yes", folder=folder).out)
    assert (looked["schema"], looked["outcome"], looked["files"]) == (1, "shown", [])
    assert (wrote["outcome"], wrote["files"][0]) == ("written", "state.json")
    assert {**looked, "outcome": "", "files": []} == {**wrote, "outcome": "", "files": []}
    after = blocks(folder)
    changed = calendar(folder, "plan-changes.ics")
    assert {pair["uid"] for pair in wrote["retitled"]} == changed.keys()
    assert all(after[pair["uid"]].title == pair["title"] for pair in wrote["retitled"])
    assert len(wrote["retitled"]) + wrote["kept"] == len(after)
    assert wrote["window"]["finish"] == wrote["finish_before"] == "2026-09-06"
    assert wrote["cushion"]["minutes"] < wrote["cushion"]["minutes_before"]
    again = json.loads(said(TUESDAY, *line, "--yes", folder=folder).out)
    assert (again["outcome"], again["reason"], again["retitled"]) == ("unchanged", "", [])


# ── What is wrong ─────────────────────────────────────────────────────────────────────────────
def test_everything_wrong_is_told_at_once(folder):
    found = refused(
        *("--as-of", "soon", "--hours", "many", "--off", "x", "--assume", "lost"),
        *("--start", "2026-02-02", "--tz", "Berlin", "--skill", "linux", "--when", "mon"),
        *("--interview", "x", "--busy", "http://x", "--busy-margin", "soon"),
        folder=folder,
    )
    flags = [line.partition(":")[0] for line in found]
    assert flags == [
        *("--assume", "--start", "--as-of", "--hours", "--skill", "--when", "--off", "--tz"),
        *("--interview", "--busy", "--busy-margin"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--as-of", "2026-01-04"),
            "--as-of: the plan begins on 2026-01-05; stand on 2026-01-05 or",
        ),
        (("--interview", TUESDAY), "--interview: 2026-01-06 is not after 2026-01-06"),
        (("--json", "--hours", "x"), '{"schema": 1, "exit": 3, "problems": [{"where": "--hours", '),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(folder, words, said):
    (line,) = refused(*words, folder=folder)
    assert line.startswith(said)


def test_a_plan_is_not_changed_from_a_day_before_it(folder):
    replanned("2026-01-08", folder=folder)
    assert refused("--as-of", TUESDAY, folder=folder) == refused(folder=folder)
    (line,) = refused(folder=folder)
    assert line == (
        "--as-of: the plan was last changed as of 2026-01-08; stand on 2026-01-08 or later "
        "with --as-of, or take that back with `pe-plan undo`"
    )


def test_what_no_longer_fits_says_the_ways_out_and_changes_nothing(folder):
    lines = refused("--hours", "3", "--yes", day="2026-01-05", folder=folder, code=6)
    assert lines[0].startswith("This does not fit into the roadmap's window. Nothing was written.")
    assert [line.split()[0] for line in lines[1:]] == ["--hours", "--hours", "--overrun"]
    (line,) = refused("--hours", "3", "--yes", "--json", day="2026-01-05", folder=folder, code=6)
    assert json.loads(line)["ways_out"]["core_hours"] > 3
