"""`pin` and `unpin`: one block at a time of the learner's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support_replan import blocks, calendar, replanned, said, state
from tests.support_sync import TUESDAY, begun, berlin, looked, of_day, synced

SKIPPED = "--at: the clocks skip 02:30 on 2026-03-29; the next time that there is: 2026-03-29 03:00"
STEPS = "--minutes: expected minutes from 25 to 720 in steps of five"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return begun(tmp_path)


def pinned(folder: Path, *words: str, day: str = TUESDAY) -> str:
    return synced(folder, *words, day=day, command="pin")


def refused(folder: Path, *words: str, command: str = "pin") -> list[str]:
    done = looked(folder, *words, "--yes", command=command)
    assert (done.code, done.out) == (3, "")
    return done.err.splitlines()


# ── Pin ───────────────────────────────────────────────────────────────────────────────────────
def test_a_block_is_held_at_another_time(folder):
    (block,) = of_day(folder, "2026-01-13")
    out = pinned(folder, "2026-01-13", "--at", "2026-01-14 07:00", "--minutes", "90")
    assert "Understood: 1 block moved" in out
    assert "Pinned 1 block keeps a time of your own" in out
    now = blocks(folder)[block.uid]
    assert (now.start, now.minutes, now.pinned) == (berlin("2026-01-14 07:00"), 90, True)
    assert calendar(folder)[block.uid].sequence == 1
    assert state(folder).accepted[-1].reason == "1 block moved"
    out = pinned(folder, block.uid, "--at", "2026-01-16T20:00")
    (pin,) = state(folder).profile.pins
    assert (pin.start, pin.minutes) == (berlin("2026-01-16 20:00"), 90)
    assert (pin.home, pin.home_minutes) == (block.start, block.minutes), "its home stays"
    again = ("2026-01-16", "--at", "2026-01-16 20:00", "--yes")
    assert looked(folder, *again, command="pin").out.startswith("Nothing to change")


def test_a_block_is_held_where_it_stands(folder):
    (block,) = of_day(folder, "2026-01-13")
    out = pinned(folder, "2026-01-13", "19:00")
    assert "Understood: 1 block pinned" in out
    assert "no block changes" in out
    assert blocks(folder)[block.uid].pinned
    assert state(folder).accepted[-1].reason == "1 block pinned"
    # What else happens there leaves it alone.
    replanned(TUESDAY, "--off", "2026-01-13", folder=folder)
    assert blocks(folder)[block.uid].start == block.start
    said(TUESDAY, "undo", folder=folder)
    said(TUESDAY, "undo", folder=folder)
    assert not blocks(folder)[block.uid].pinned
    replanned(TUESDAY, "--off", "2026-01-13", folder=folder)
    assert block.uid not in blocks(folder)


def test_a_block_goes_by_many_names(folder):
    plan = state(folder).plan
    block = next(b for b in plan.blocks if b.sessions[0].id == "syscalls.learn.2")
    day = f"{block.start:%Y-%m-%d}"
    names = (day, f"{day} 19:00", block.uid, "syscalls", "syscalls.learn.2", "file i/o")
    for name in names:
        done = looked(folder, name, "--dry-run", "--json", command="pin")
        found = json.loads(done.out)["noticed"]["moved"]
        assert [each["uid"] for each in found] == [block.uid], name
    line = ("syscalls", "--assume", "missed", "--dry-run", "--json")
    later = json.loads(looked(folder, *line, command="pin", day="2026-01-08").out)
    (found,) = later["noticed"]["moved"]
    assert found["start"] >= "2026-01-08", "the next session, not the one that was missed"


def test_a_day_with_several_blocks_asks_which(folder):
    pinned(folder, "2026-01-13", "--at", "2026-01-14 07:00")
    (line,) = refused(folder, "2026-01-14")
    assert line.startswith("'2026-01-14': 2026-01-14 has 2 blocks; say which: 2026-01-14 07:00 (")
    assert ", 2026-01-14 19:00 (" in line
    assert "1 block let go" in synced(folder, "2026-01-14", "07:00", command="unpin")


def test_of_a_time_that_comes_twice_the_later_is_taken(folder):
    said(TUESDAY, "replan", "--interview", "2026-11-30", "--yes", folder=folder)
    (block,) = of_day(folder, "2026-10-26")
    pinned(folder, "2026-10-26", "--at", "2026-10-25 02:30")
    assert f"{blocks(folder)[block.uid].start:%F %H:%M}" == "2026-10-25 01:30"


# ── Unpin ─────────────────────────────────────────────────────────────────────────────────────
def test_a_block_that_is_let_go_goes_home(folder):
    (block,) = of_day(folder, "2026-01-13")
    pinned(folder, "2026-01-13", "--at", "2026-01-14 07:00")
    out = synced(folder, block.uid, command="unpin")
    assert "Understood: 1 block let go" in out
    now = blocks(folder)[block.uid]
    assert (now.start, now.pinned) == (block.start, False)
    assert state(folder).profile.pins == ()
    assert calendar(folder)[block.uid].sequence == 2
    assert state(folder).accepted[-1].reason == "1 block let go"


def test_a_block_whose_home_is_over_gives_its_work_to_the_plan(folder):
    (block,) = of_day(folder, "2026-01-07")
    pinned(folder, "2026-01-07", "--at", "2026-01-16 07:00")
    out = synced(folder, "2026-01-16", "--assume", "done", day="2026-01-09", command="unpin")
    assert "1 removed" in out
    assert block.uid not in blocks(folder)
    work = {(s.topic, s.activity) for s in block.sessions if not s.is_free}
    ahead = [s for s in state(folder).plan.sessions if s.start >= berlin("2026-01-09 00:00")]
    assert work <= {(s.topic, s.activity) for s in ahead}


def test_only_what_is_pinned_is_let_go(folder):
    assert refused(folder, "2026-01-13", command="unpin") == [
        "'2026-01-13': is not pinned; no block of yours is"
    ]
    pinned(folder, "2026-01-13")
    (line,) = refused(folder, "2026-01-14", command="unpin")
    assert line.startswith("'2026-01-14': is not pinned; pinned are 2026-01-13 19:00 (")


# ── What is wrong ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ["2026-01-11"],
            "'2026-01-11': no block is on 2026-01-11; the nearest is 2026-01-10 09:00",
        ),
        (["2026-01-13", "20:00"], "'2026-01-13 20:00': no block begins then on 2026-01-13; there"),
        (["2026-01-13", "25:00"], "'2026-01-13 25:00': expected a time like 19:00 after the day"),
        (["2026-13-01"], "'2026-13-01': there is no month 13"),
        (["2026-x"], "'2026-x': expected a date like 2026-01-05, got '2026-x'"),
        (["dsn"], "'dsn': no block, topic or session is called so; did you mean 'dns'?"),
        (["syscalls.l"], "'syscalls.l': could be syscalls.learn.1, syscalls.learn.2"),
        (["2026-01-05"], "'2026-01-05': some of it is done already"),
        (["dns", "--at", "2026-01-05 07:00"], "--at: that time is over"),
        (["dns", "--at", "2026-01-01 07:00"], "--at: that is before the plan begins"),
        (["dns", "--at", "2027-01-01 07:00"], "--at: that is after the plan's last day"),
        (
            ["dns", "--at", "2026-01-14"],
            "--at: names a day and no time; write it like 2026-01-14 19",
        ),
        (["dns", "--at", "07:00"], "--at: expected a date like 2026-01-05, got '07:00'"),
        *((["dns", "--minutes", typed], STEPS) for typed in ("20", "26", "²", "725", "0300")),
        (["dns", "--at", "2026-03-29 02:30"], SKIPPED),
        (["\x1b[2J"], "'\\x1b[2J': no block, topic or session is called so"),
        ([""], "'': no block, topic or session is called so"),
    ],
)
def test_what_cannot_be_pinned_says_why_and_what_to_do(folder, typed, said):
    (line,) = refused(folder, *typed)
    assert line.startswith(said)


def test_a_block_may_not_be_pinned_onto_another(folder):
    pinned(folder, "2026-01-13")
    (line,) = refused(folder, "2026-01-14", "--at", "2026-01-13 20:00")
    hint = "choose another time, or let that one go with `pe-plan unpin`"
    assert line == f"--at: another block is pinned there; {hint}"


def test_everything_wrong_is_told_at_once(folder):
    lines = refused(folder, "dsn", "--at", "soon", "--minutes", "1", "--as-of", "x")
    assert [line.partition(":")[0] for line in lines] == ["--as-of", "'dsn'", "--at", "--minutes"]


def test_nothing_is_written_without_a_word(folder):
    for words, day, flag in (((), TUESDAY, "--yes"), (("--yes",), "2026-01-08", "--assume")):
        done = looked(folder, "2026-01-13", *words, command="pin", day=day)
        assert (done.code, done.err.partition(":")[0]) == (2, flag)
    shown = looked(folder, "2026-01-13", "--dry-run", command="pin").out
    assert "nothing, this was a dry run" in shown


def test_to_begin_again_leaves_no_pin(folder):
    pinned(folder, "2026-01-13", "--at", "2026-01-14 07:00")
    replanned(TUESDAY, "--restart", "--start", "2026-01-12", folder=folder)
    now = state(folder)
    assert now.profile.pins == ()
    assert not any(block.pinned for block in now.plan.blocks)
    assert not any(b.start == berlin("2026-01-14 07:00") for b in now.plan.blocks)
    assert of_day(folder, "2026-01-13")
