"""What `sync` asks before it writes, what scripts read of it, and what no calendar can break."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import msgspec
import pytest

from pe_plan.documents.plan_json import encoded
from pe_plan.tracking.changes import Change
from tests.support_calendars import calendar as timetable
from tests.support_calendars import timed
from tests.support_cli import contents, on_a_terminal, posix
from tests.support_replan import blocks, calendar, state
from tests.support_sync import TUESDAY, begun, berlin, diary, looked, of_day, synced

KEYS = {
    "": "schema outcome plan reason retitled moved added removed kept trimmed window finish_before "
    "cushion left_out unplaced done notes files noticed",
    "plan": "id roadmap as_of revision",
    "window": "earliest latest finish verdict",
    "cushion": "minutes minutes_before",
    "noticed": "moved let_go deleted put_back missed done left older read",
}
ROWS = {
    "moved": "uid start minutes title before",
    "deleted": "uid start minutes title",
    "done": "uid start minutes title sessions on",
    "left": "uid start minutes title why because instead",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return begun(tmp_path)


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
def test_without_a_terminal_every_flag_that_answers_is_named(folder):
    gone, moved = of_day(folder, "2026-01-13", "2026-01-14")
    mine = diary(folder, gone=[gone.uid], moved={moved.uid: "2026-01-16 07:00"})
    done = looked(folder, mine, day="2026-01-07")
    assert done.code == 2
    assert [line.partition(":")[0] for line in done.err.splitlines()] == [
        "--deleted",
        "--assume",
        "--yes",
    ]
    assert "1 block is not in that calendar" in done.err
    done = looked(folder, mine, "--deleted", "keep", "--assume", "done", day="2026-01-07")
    assert (done.code, done.err.partition(":")[0]) == (2, "--yes")
    mine = diary(folder, moved={moved.uid: "2026-01-16 07:00"})
    done = looked(folder, mine, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert "nothing, this was a dry run" in done.out


def test_ticks_are_shown_before_they_are_written(folder):
    (block,) = of_day(folder, "2026-01-06")
    mine = diary(folder, titled={block.uid: "[X] "})
    assert "nothing, this was a dry run" in looked(folder, mine, "--dry-run").out
    done = looked(folder, mine)
    assert (done.code, done.err.partition(":")[0]) == (2, "--yes")


@posix
@pytest.mark.parametrize(
    ("says", "gone"), [("\n\n", 0), ("k\ny\n", 0), ("d\ny\n", 2), ("o\nd\n\ny\n", 1)]
)
def test_on_a_terminal_the_learner_answers(folder, says, gone):
    two = of_day(folder, "2026-01-13", "2026-01-14")
    mine = diary(folder, gone=[block.uid for block in two])
    line = ("sync", mine, "--as-of", TUESDAY)
    done = on_a_terminal(*line, folder=folder, says=says, TERM="dumb")
    assert done.code == 0, done.out
    assert "Not in that calendar: 2 blocks, deleted or never imported" in done.out
    assert done.out.count("Understood:") == 1
    assert len(state(folder).profile.dropped) == (1 if gone else 0) * gone
    assert len(of_day(folder, *["2026-01-13", "2026-01-14"][gone:])) == 2 - gone


@posix
def test_who_says_no_changes_nothing(folder):
    (block,) = of_day(folder, "2026-01-13")
    for mine in (
        diary(folder, moved={block.uid: "2026-01-16 07:00"}),
        diary(folder, titled={block.uid: "✓"}),
    ):
        before = contents(folder / "study-plan")
        line = ("sync", mine, "--as-of", TUESDAY)
        done = on_a_terminal(*line, folder=folder, says="n\n", TERM="dumb")
        assert done.code == 0
        assert "All is as it was: nothing was written." in done.out
        assert contents(folder / "study-plan") == before


# ── Scripts ───────────────────────────────────────────────────────────────────────────────────
def test_a_script_reads_what_was_understood(folder):
    moved, gone, kept, ticked = of_day(
        folder, "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-06"
    )
    mine = diary(
        folder,
        moved={moved.uid: "2026-01-16 07:00", kept.uid: "2026-01-05 07:00"},
        gone=[gone.uid],
        titled={ticked.uid: "✓"},
    )
    done = looked(folder, mine, "--deleted", "missed", "--json", "--dry-run")
    found = json.loads(done.out)
    understood = found["noticed"]
    assert [each["start"] for each in understood["moved"]] == ["2026-01-16T07:00:00+01:00"]
    assert [each["uid"] for each in understood["deleted"]] == [gone.uid]
    assert [each["sessions"] for each in understood["done"]] == [[s.id for s in ticked.sessions]]
    assert [(each["uid"], each["why"]) for each in understood["left"]] == [(kept.uid, "past")]
    assert (understood["put_back"], understood["missed"], understood["older"]) == ([], [], 0)
    assert [(each["uid"], each["pinned"]) for each in found["moved"]] == [(moved.uid, True)]
    nothing = json.loads(looked(folder, "study-plan/plan.ics", "--json").out)
    assert (nothing["outcome"], nothing["noticed"]["moved"]) == ("unchanged", [])
    # The very value that the screen shows is what is printed, and its types are the schema.
    jsonschema.validate(found, msgspec.json.schema(Change))
    change = msgspec.json.decode(done.out, type=Change, strict=True)
    assert encoded(change, indent=1) + "\n" == done.out
    assert {name: " ".join(found[name] if name else found) for name in KEYS} == KEYS
    assert {name: " ".join(understood[name][0]) for name in ROWS} == ROWS
    assert " ".join(found["moved"][0]) == "uid start minutes title pinned sessions before"


# ── Hostile calendars ─────────────────────────────────────────────────────────────────────────
def hostile(folder: Path, *changes: tuple[str, str, str]) -> str:
    """The calendar with the events of these days changed so, each in a way of its own."""
    text = (folder / "study-plan/plan.ics").read_bytes().decode()
    for day, old, new in changes:
        head, begins, event = text.partition(f"DTSTART:{day}")
        before, begun, top = head.rpartition("BEGIN:VEVENT")
        event, ends, rest = event.partition("END:VEVENT")
        whole = (begun + top + begins + event + ends).replace(old, new)
        text = before + whole + rest
    (folder / "mine.ics").write_bytes(text.encode())
    return "mine.ics"


def test_whatever_stands_in_an_event_nothing_breaks_or_is_lost(folder):
    mine = hostile(
        folder,
        ("20260112", ":2026", ":9999"),
        ("20260113", "SUMMARY:", "SUMMARY:✓\x1b[31m" + "x" * 1_000_000),
        ("20260114", "SEQUENCE:0", "SEQUENCE:" + "9" * 5_000),
        ("20260115", "SEQUENCE:0", "SEQUENCE:-3"),
        ("20260119", "SUMMARY:", "RRULE:FREQ=SECONDLY\r\nSUMMARY:"),
        ("20260120", "SUMMARY:", "SUMMARY:\x00\x07\u202e"),
        ("20260121", ":2026", ":0001"),
        ("20260122", "SUMMARY:", "SUMMARY:" + " " * 100_000 + "done" * 100_000),
        ("20260126", "END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nSEQUENCE:1\r\nEND:VEVENT"),
    )
    for day in (TUESDAY, "2026-03-01"):
        line = (mine, "--assume", "missed", "--deleted", "keep", "--dry-run")
        done = looked(folder, *line, day=day)
        assert (done.code, done.err) == (0, "")
        assert all(sign.isprintable() or sign == "\n" for sign in done.out)
        assert len(done.out) < 20_000
    assert "Understood: 1 block done" in looked(folder, mine, "--dry-run").out
    assert "(that is after the plan's last day)" in looked(folder, mine, "--dry-run").out


def test_of_an_event_that_is_there_twice_the_later_version_counts(folder):
    (block,) = of_day(folder, "2026-01-13")
    diary(folder, moved={block.uid: "2026-01-16 07:00"})
    both = ("study-plan/plan.ics", "mine.ics")
    for paths in (both, both[::-1]):
        assert "Understood: 1 block moved" in looked(folder, *paths, "--dry-run").out


def test_an_event_that_cannot_be_read_is_not_taken_for_deleted(folder):
    mine = hostile(folder, ("20260113", "DTEND:2026", "DTEND:1999"))
    done = looked(folder, mine, "--deleted", "missed", "--yes")
    assert done.code == 3
    assert "ends before it starts" in done.err


def test_an_absurd_sequence_is_not_followed(folder):
    (block,) = of_day(folder, "2026-01-13")
    synced(folder, diary(folder, moved={block.uid: "2026-01-16 07:00"}, bump=1_000_000))
    assert blocks(folder)[block.uid].start == berlin("2026-01-16 07:00")
    assert calendar(folder)[block.uid].sequence == 1


# ── Other calendars ───────────────────────────────────────────────────────────────────────────
def busy(folder: Path, start: str) -> None:
    begins = datetime.fromisoformat(start)
    both = (f"{moment:%Y%m%dT%H%M%S}" for moment in (begins, begins + timedelta(hours=2)))
    (folder / "work.ics").write_bytes(timetable(timed(*both)))


def test_every_re_plan_reads_the_other_calendars_again(folder):
    busy(folder, "2026-02-02 19:00")
    synced(folder, "--busy", "work.ics", command="replan")
    assert not any(b.start == berlin("2026-02-02 19:00") for b in blocks(folder).values())
    assert looked(folder, "--yes", command="replan").out.startswith("Nothing to change")
    (block,) = of_day(folder, "2026-02-03")
    busy(folder, "2026-02-03 18:00")
    out = synced(folder, command="replan")
    assert "Why your other calendars changed" in out
    assert blocks(folder)[block.uid].minutes == 60
    assert blocks(folder)[block.uid].start == berlin("2026-02-03 20:00")
    (other,) = of_day(folder, "2026-02-04")
    busy(folder, "2026-02-04 20:00")
    (held,) = of_day(folder, "2026-02-10")
    out = synced(folder, diary(folder, moved={held.uid: "2026-02-13 07:00"}))
    assert "Why 1 block moved, your other calendars changed" in out
    assert blocks(folder)[other.uid].minutes == 60
