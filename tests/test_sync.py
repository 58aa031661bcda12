"""`sync` takes up what the learner moved, deleted or ticked in their calendar."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support_cli import contents
from tests.support_replan import blocks, calendar, replanned, said, state
from tests.support_sync import (
    NOTHING,
    TUESDAY,
    begun,
    berlin,
    diary,
    looked,
    nameless,
    of_day,
    synced,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return begun(tmp_path)


# ── Nothing ───────────────────────────────────────────────────────────────────────────────────
def test_a_calendar_as_it_was_changes_nothing_in_whatever_shape_it_comes(folder):
    mine = diary(folder)
    with zipfile.ZipFile(folder / "mine.zip", "w") as archive:
        archive.write(folder / mine, "Study.ics")
    (folder / "vdir").mkdir()
    shutil.copy(folder / mine, folder / "vdir/a.ics")
    for path in (mine, "mine.zip", "vdir", "study-plan/plan.ics"):
        done = looked(folder, path)
        assert (done.code, done.out, done.err) == (0, f"{NOTHING}\n\n", "")


def test_a_past_that_nobody_marked_is_not_asked_for_where_nothing_was_done(folder):
    assert looked(folder, diary(folder), day="2026-01-09").out == f"{NOTHING}\n\n"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("other.ics", "other.ics: none of this plan's events is in it; name the calendar that"),
        ("https://example.org/me.ics", "pe-plan never goes online; download the calendar first"),
    ],
)
def test_what_is_no_calendar_of_this_plan_is_refused(folder, path, said):
    ours = (folder / "study-plan/plan.ics").read_bytes()
    (folder / "other.ics").write_bytes(ours.replace(b"UID:", b"UID:other-"))
    done = looked(folder, path, "--yes")
    assert (done.code, said in done.err) == (3, True), done


def test_blocks_that_came_after_the_calendar_was_read_are_not_missing_in_it(folder):
    behind = diary(folder)
    replanned(
        "2026-01-13", "--when", "mon-fri 19:00-21:00", "--when", "sun 10:00-12:00", folder=folder
    )
    done = looked(folder, behind, "--deleted", "missed", "--yes", day="2026-01-13")
    assert done.code == 0
    assert "deleted" not in done.out.lower().replace(NOTHING.lower(), "")
    assert "older than the plan" in " ".join(done.out.split())


def test_everything_wrong_is_told_at_once(folder):
    done = looked(folder, "gone.ics", "no.ics", "--deleted", "lost", "--as-of", "soon", "--yes")
    wrong = [line.partition(":")[0] for line in done.err.splitlines()]
    assert (done.code, wrong) == (3, ["--deleted", "--as-of", "gone.ics", "no.ics"])


# ── Moved ─────────────────────────────────────────────────────────────────────────────────────
def test_a_moved_block_is_pinned_there_and_stays_in_every_later_plan(folder):
    block, short = of_day(folder, "2026-01-13", "2026-01-19")
    mine = diary(
        folder, moved={block.uid: "2026-01-14 07:00", short.uid: ("2026-01-20 07:10", 64)}, bump=7
    )
    out = synced(folder, mine)
    assert "Understood: 2 blocks moved" in out
    assert f"moved Wed 14 Jan 07:00–09:00 {block.title} (was Tue 13 Jan 19:00–21:00)" in out
    now = blocks(folder)
    assert now[block.uid].start == berlin("2026-01-14 07:00")
    assert (now[short.uid].start, now[short.uid].minutes) == (berlin("2026-01-20 07:10"), 60)
    assert now[block.uid].pinned
    assert now[short.uid].pinned
    shown = calendar(folder)
    assert shown[block.uid].sequence == 8, "newer than what is there"
    assert calendar(folder, "plan-changes.ics").keys() >= {block.uid, short.uid}
    (_, line) = state(folder).accepted
    assert (line.reason, line.moved, line.removed) == ("2 blocks moved", 2, 0)
    assert {pin.uid for pin in state(folder).profile.pins} == {block.uid, short.uid}

    assert looked(folder, "study-plan/plan.ics", "--yes").out == f"{NOTHING}\n\n"
    replanned("2026-01-13", folder=folder)
    later = blocks(folder)
    assert [later[uid].start for uid in (block.uid, short.uid)] == [
        now[uid].start for uid in (block.uid, short.uid)
    ]


def test_what_the_calendar_only_counted_further_is_not_to_be_imported(folder):
    moved, ticked = of_day(folder, "2026-01-13", "2026-01-06")
    mine = diary(folder, moved={moved.uid: "2026-01-13 07:00"}, titled={ticked.uid: "✓ "}, bump=4)
    synced(folder, mine)
    assert calendar(folder, "plan-changes.ics").keys() == {moved.uid}
    sequences = {entry.uid: entry.sequence for entry in state(folder).ledger}
    assert (sequences[moved.uid], sequences[ticked.uid]) == (5, 4)
    replanned("2026-01-06", "--remind", "10", folder=folder)
    assert calendar(folder)[ticked.uid].sequence == 5, "newer than what is there"


def test_a_past_block_dragged_to_the_future_is_not_missed_and_not_asked_about(folder):
    (block,) = of_day(folder, "2026-01-06")
    mine = diary(folder, moved={block.uid: "2026-01-10 15:00"})
    out = synced(folder, mine, day="2026-01-07")
    assert "1 block moved" in out
    assert "missed" not in out
    now = blocks(folder)[block.uid]
    assert now.start == berlin("2026-01-10 15:00")
    assert [s.status for s in now.sessions] == ["planned"] * len(now.sessions)


def test_what_cannot_be_moved_there_stays_and_says_why(folder):
    early, long, first, second = of_day(
        folder, "2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"
    )
    mine = diary(
        folder,
        moved={
            early.uid: "2026-01-05 07:00",
            long.uid: ("2026-01-16 07:00", 13 * 60),
            first.uid: "2026-01-17 15:00",
            second.uid: "2026-01-17 16:00",
        },
    )
    out = synced(folder, mine)
    assert "Understood: 1 block moved" in out
    assert f"{early.title} (that time is over)" in out
    assert f"{long.title} (it is longer than 12 hours there)" in out
    assert f"{second.title} (another block is pinned there)" in out
    assert [pin.uid for pin in state(folder).profile.pins] == [first.uid]
    again = looked(folder, mine, "--yes").out
    assert again.startswith(NOTHING)
    assert "that time is over" in again


def test_an_older_event_is_not_taken_for_moved(folder):
    replanned("2026-01-07", folder=folder)
    changed = calendar(folder, "plan-changes.ics")
    mine = diary(folder, moved={next(iter(changed)): "2026-01-11 07:00"}, bump=-1)
    done = looked(folder, mine, "--yes", day="2026-01-07")
    assert " ".join(done.out.split()) == (
        f"{NOTHING} Older 1 event there is older than the plan: import plan-changes.ics"
    )


def test_the_change_is_taken_back_as_a_whole(folder):
    before = state(folder)
    moved, gone, ticked = of_day(folder, "2026-01-13", "2026-01-14", "2026-01-06")
    mine = diary(
        folder, moved={moved.uid: "2026-01-16 07:00"}, gone=[gone.uid], titled={ticked.uid: "✅ "}
    )
    out = synced(folder, mine, "--deleted", "missed")
    assert "Understood: 1 block moved, 1 deleted and 1 done" in out
    now = state(folder)
    assert {line.change for line in now.log[len(before.log) :]} == {now.accepted[-1].change}
    assert now.accepted[-1].reason == "1 block moved, 1 deleted"
    said(TUESDAY, "undo", folder=folder)
    back = state(folder)
    assert (back.profile, nameless(back.plan)) == (before.profile, nameless(before.plan))
    assert calendar(folder)[moved.uid].sequence > calendar(folder)[ticked.uid].sequence


# ── Ticked ────────────────────────────────────────────────────────────────────────────────────
def test_what_is_only_ticked_is_written_down_as_done_does_it(folder):
    block, ahead = of_day(folder, "2026-01-06", "2026-01-08")
    mine = diary(folder, titled={block.uid: "done: ", ahead.uid: " ✓"})
    before, log = contents(folder), state(folder).log
    out = synced(folder, mine, day="2026-01-07")
    assert "Understood: 2 blocks done" in out
    now = state(folder)
    sessions = [s.id for each in (block, ahead) for s in each.sessions if not s.is_free]
    lines = now.log[len(log) :]
    assert [(line.kind, line.session) for line in lines] == [("done", id) for id in sessions]
    assert {str(line.on) for line in lines} == {"2026-01-06", "2026-01-07"}
    assert len({line.change for line in lines}) == 1
    assert now.plan == state(folder).plan
    assert len(now.accepted) == 1
    after = contents(folder)
    assert {name for name in after if after[name] != before[name]} == {"study-plan/state.json"}
    assert looked(folder, mine, "--yes", day="2026-01-07").out == f"{NOTHING}\n\n"
    said("2026-01-07", "undo", folder=folder)
    assert "Understood: 2 blocks done" in synced(folder, mine, day="2026-01-07")


# ── Deleted ───────────────────────────────────────────────────────────────────────────────────
def test_a_deleted_block_keeps_its_time_free_and_its_work_is_made_up(folder):
    (block,) = of_day(folder, "2026-01-13")
    mine = diary(folder, cancelled=[block.uid])
    out = synced(folder, mine, "--deleted", "missed")
    assert "Understood: 1 block deleted" in out
    assert "Delete " not in out, "it is no longer there"
    now = state(folder)
    assert now.profile.dropped == ((block.start, block.end),)
    assert block.uid not in blocks(folder)
    entry = next(entry for entry in now.ledger if entry.uid == block.uid)
    assert (entry.removed, entry.sequence) == (True, 2)
    replanned("2026-01-13", folder=folder)
    for each in state(folder).plan.blocks:
        assert each.end <= block.start or block.end <= each.start


def test_a_block_that_is_kept_comes_back_under_another_name(folder):
    (block,) = of_day(folder, "2026-01-13")
    mine = diary(folder, gone=[block.uid])
    before = blocks(folder)
    out = synced(folder, mine, "--deleted", "keep")
    assert "Understood: 1 block put back" in out
    assert "Re-plan as of Tuesday 6 January 2026: no block changes" in out
    assert "Delete " not in out
    (new,) = of_day(folder, "2026-01-13")
    assert replace(new, uid=block.uid) == block
    assert new.uid not in before
    assert calendar(folder, "plan-changes.ics").keys() == {new.uid}
    assert state(folder).accepted[-1].reason == "1 block put back"
    diary(folder, of="study-plan/plan.ics")
    assert looked(folder, "mine.ics", "--yes").out == f"{NOTHING}\n\n"


def test_pins_follow_the_names_of_their_blocks(folder):
    (block,) = of_day(folder, "2026-01-13")
    synced(folder, diary(folder, moved={block.uid: "2026-01-16 07:00"}))
    synced(folder, diary(folder, gone=[block.uid]), "--deleted", "keep")
    (new,) = of_day(folder, "2026-01-16")
    (pin,) = state(folder).profile.pins
    assert (new.pinned, pin.uid, new.uid != block.uid) == (True, new.uid, True)
    assert (pin.home, new.start) == (block.start, berlin("2026-01-16 07:00"))

    synced(folder, diary(folder, gone=[new.uid]), "--deleted", "missed")
    now = state(folder)
    assert now.profile.pins == ()
    assert now.profile.dropped == ((block.start, block.end), (new.start, new.end))
    assert new.uid not in blocks(folder)
    said(TUESDAY, "undo", folder=folder)
    (back,) = of_day(folder, "2026-01-16")
    (pin,) = state(folder).profile.pins
    assert (pin.uid, back.pinned) == (back.uid, True)
    assert state(folder).profile.dropped == ()


def test_a_past_block_that_is_gone_is_missed_and_shown(folder):
    gone, other = of_day(folder, "2026-01-06", "2026-01-07")
    mine = diary(folder, gone=[gone.uid], titled={other.uid: "✓"})
    out = synced(folder, mine, day="2026-01-08")
    assert "Understood: 1 block missed and 1 done" in out
    assert f"missed Tue 6 Jan 19:00–21:00 {gone.title} (no longer in that calendar)" in out
    now = blocks(folder)
    assert {s.status for s in now[gone.uid].sessions} == {"missed"}
    assert {s.status for s in now[other.uid].sessions if not s.is_free} == {"done"}
