"""`pe-plan export vdir DIR`: the plan's events as a folder with a file for each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from msgspec.structs import replace

from pe_plan.calendars.ics import event_files, file_name
from pe_plan.calendars.seen import found
from tests.support_calendar import EVENTS, LEDGER
from tests.support_cli import contents, ran, refused
from tests.support_programs import Khal, memory
from tests.support_radicale import shown
from tests.support_replan import FIRST_DAY, GENERATE, blocks, calendar, planned, replanned, state


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the default plan, where two hundred files are written in no time."""
    with memory(tmp_path) as place:
        yield planned(place)


def exported(folder: Path, target: str = "events") -> str:
    """What an export of the events says."""
    done = ran("export", "vdir", target, folder=folder)
    assert (done.code, done.err) == (0, "")
    return done.out.strip()


def in_folder(folder: Path) -> dict[str, bytes]:
    """The files of the vdir by name."""
    return {path.name: path.read_bytes() for path in (folder / "events").iterdir()}


def times(folder: Path) -> dict[str, int]:
    """When each file of the vdir was last written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "events").iterdir()}


# ── The files ─────────────────────────────────────────────────────────────────────────────────
def test_a_file_is_known_by_its_event_s_uid_and_else_by_its_name():
    uid = EVENTS[0].uid
    content = event_files(EVENTS, LEDGER)[file_name(uid)]
    alarm = b"BEGIN:VALARM\r\nUID:alarm\r\nEND:VALARM\r\nEND:VEVENT"
    own = {uid, "left@pe-plan.invalid"}

    def whose(name: str, content: bytes) -> str | None:
        event = found(name, content, own)
        return event and event.uid

    assert whose("x.ics", content) == uid
    assert whose("x.ics", content.replace(b"END:VEVENT", alarm)) == uid
    assert whose("x.ics", content.replace(b"UID:", b"UID;X=1:").replace(b"\r\n", b"\n")) == uid
    assert whose("x.ics", content + content.replace(b"UID:", b"UID:x")) is None
    assert whose("x.ics", content.replace(b"UID:", b"UID:x")) is None
    assert whose("left@pe-plan.invalid.ics", b"\xff\x00") == "left@pe-plan.invalid"
    assert whose("x.ics", b"\xff\x00") is None


# ── By command ────────────────────────────────────────────────────────────────────────────────
def test_it_has_the_plan_s_events_each_in_a_file_and_a_second_run_writes_nothing(folder):
    assert exported(folder) == f"Events in events: {len(blocks(folder))} written."
    files = in_folder(folder)
    assert set(files) == {f"{uid}.ics" for uid in blocks(folder)}
    read = [event for content in files.values() for event in shown(content)]
    assert {event.uid: event for event in read} == calendar(folder)

    before = times(folder)
    assert exported(folder) == f"Events in events: all {len(files)} as they were."
    assert times(folder) == before


def test_after_a_re_plan_only_what_changed_is_written_and_what_left_is_deleted(folder):
    exported(folder)
    (folder / "events" / "dentist.ics").write_bytes(b"BEGIN:VCALENDAR\r\nUID:d@example.org\r\n")
    (folder / "events" / ".notes").write_text("mine")
    (folder / "events" / "deeper").mkdir()
    files, before = contents(folder / "events"), times(folder)
    replanned("2026-01-26", "--off", "2026-02-16..2026-02-22", "--hours", "10", folder=folder)
    gone = {entry.uid for entry in state(folder).ledger if entry.removed}
    changed = {entry.uid for entry in state(folder).ledger if entry.sequence} - gone
    same = blocks(folder).keys() - changed
    assert gone
    assert changed
    assert same

    new = len(blocks(folder).keys() - {name.removesuffix(".ics") for name in files})
    assert exported(folder) == (
        f"Events in events: {len(changed) + new} written, {len(gone)} deleted, "
        f"{len(same) - new} as they were."
    )
    after = contents(folder / "events")
    ours = {f"{uid}.ics" for uid in blocks(folder)}
    assert set(after) == ours | {"dentist.ics", ".notes", "deeper"}
    kept = {name for name in before if name in after and times(folder)[name] == before[name]}
    assert kept >= {"dentist.ics", ".notes", "deeper"}
    assert {name for name in kept if name in ours} == {
        f"{uid}.ics" for uid in same if f"{uid}.ics" in files
    }
    assert {name for name in kept if after[name] != files[name]} == set()


EDITS = {
    "moved": (rb"DTSTART:2026", b"DTSTART:2025"),
    "longer": (rb"DTEND:2026(.{4})T", rb"DTEND:2026\1T0"),
    "renamed": (rb"SUMMARY:", b"SUMMARY:my "),
    "cancelled": (rb"END:VEVENT", b"STATUS:CANCELLED\r\nEND:VEVENT"),
    "repeated": (rb"END:VEVENT", b"RRULE:FREQ=DAILY\r\nEND:VEVENT"),
    "broken": (rb"DTSTART:2026", b"DTSTART:26"),
    "with another beside it": (
        rb"END:VEVENT",
        b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT",
    ),
    "emptied": (rb"(?s).*", b""),
    "grown": (rb"(?s)\Z", b" " * 1_000_000),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_a_user_did_to_an_event_is_taken_back(folder, edit):
    exported(folder)
    files = in_folder(folder)
    name = sorted(files)[3]
    (folder / "events" / name).write_bytes(re.sub(*EDITS[edit], files[name], count=1))
    before = times(folder)
    assert in_folder(folder) != files
    done = exported(folder)
    assert done == f"Events in events: 1 written, {len(files) - 1} as they were."
    assert {name for name, at in times(folder).items() if at != before[name]} == {name}
    (now,), (was,) = shown(in_folder(folder)[name]), shown(files[name])
    assert replace(now, sequence=0) == was
    assert exported(folder) == f"Events in events: all {len(files)} as they were."


def test_what_is_taken_back_is_newer_than_what_was_there(folder):
    """Google refuses an event whose sequence is below that of its own."""
    exported(folder)
    uid = min(blocks(folder))
    path = folder / "events" / f"{uid}.ics"
    for told, expected in ((7, 8), (7, 8), (8, 9), (99_999_999, 9)):
        edited = path.read_bytes().replace(b"SUMMARY:", b"SUMMARY:my ")
        path.write_bytes(re.sub(rb"SEQUENCE:\d+", b"SEQUENCE:%d" % told, edited))
        exported(folder)
        assert shown(path.read_bytes())[0].sequence == expected
        (entry,) = (entry for entry in state(folder).ledger if entry.uid == uid)
        assert entry.sequence == expected
    printed = ran("export", "ics", folder=folder).out
    assert {event.uid: event.sequence for event in shown(printed)}[uid] == 9

    twice = path.read_bytes().replace(b"SUMMARY:", b"SUMMARY:my ")
    path.write_bytes(twice)
    path.with_name("!.ics").write_bytes(re.sub(rb"SEQUENCE:\d+", b"SEQUENCE:20", twice))
    exported(folder)
    assert shown(path.read_bytes())[0].sequence == 21, "above every file that has the event"


def test_an_event_deleted_there_comes_back_as_it_was(folder):
    exported(folder)
    files = in_folder(folder)
    (folder / "events" / min(files)).unlink()
    assert exported(folder).startswith("Events in events: 1 written, ")
    assert in_folder(folder) == files


def test_how_a_server_writes_an_event_and_what_is_noted_in_it_is_no_edit(folder):
    """Google and iCloud give back other lines than they were given; to revert those would be to
    send every event anew for ever."""
    exported(folder)
    for path in (folder / "events").iterdir():
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        (event,) = calendar.events
        event["CREATED"], event["STATUS"] = event["DTSTAMP"], "CONFIRMED"
        event["DESCRIPTION"] = event["DESCRIPTION"] + "\nbring the red book"
        event["SEQUENCE"] += 1
        start = event.start.astimezone(ZoneInfo("Europe/Berlin"))
        del event["DTSTART"], event["CATEGORIES"]
        event.add("dtstart", start)
        calendar["PRODID"] = "-//Example//A server//EN"
        path.write_bytes(calendar.to_ical())
    before = contents(folder)
    assert exported(folder) == f"Events in events: all {len(blocks(folder))} as they were."
    assert contents(folder) == before

    replanned("2026-01-14", folder=folder)
    raised = {entry.uid for entry in state(folder).ledger if entry.sequence}
    assert exported(folder).startswith(f"Events in events: {len(raised)} written, ")
    for uid in raised:
        (event,) = shown((folder / "events" / f"{uid}.ics").read_bytes())
        assert event.sequence == 2, "above the server's"


def test_an_event_that_came_from_a_server_under_another_name_is_not_there_twice(folder):
    """vdirsyncer calls what it brings to an empty folder as it likes, and stops where one event
    stands in two files."""
    exported(folder)
    files = in_folder(folder)
    for n, name in enumerate(files):
        (folder / "events" / name).rename(folder / "events" / f"{n}.ics")
    both = b"".join(list(files.values())[:2])
    (folder / "events" / "copies.ics").write_bytes(both)
    assert exported(folder) == (f"Events in events: {len(files)} written, {len(files)} deleted.")
    assert in_folder(folder) == files | {"copies.ics": both}


def test_an_event_that_left_is_deleted_under_whatever_name_it_comes_back(folder):
    exported(folder)
    files = in_folder(folder)
    replanned(FIRST_DAY, "--off", "2026-02-16..2026-02-22", folder=folder)
    exported(folder)
    left = min(files.keys() - in_folder(folder).keys())
    (folder / "events" / "again.ics").write_bytes(files[left])
    assert ", 1 deleted, " in exported(folder).replace(": ", ": , ")
    assert "again.ics" not in in_folder(folder)


def test_two_plans_can_share_a_folder(folder):
    exported(folder)
    files = in_folder(folder)
    other = (*GENERATE, "--plan", "second")
    assert ran(*other, folder=folder).code == 0, "with an id of its own"
    done = ran("export", "vdir", "events", "--plan", "second", folder=folder)
    assert (done.code, done.err) == (0, "")
    both = in_folder(folder)
    assert len(both) == 2 * len(files)
    assert files.items() <= both.items()


# ── What cannot be ────────────────────────────────────────────────────────────────────────────
def test_what_is_typed_wrong_is_said(folder):
    (line,) = refused("export", "vdir", folder=folder, code=2)
    assert line == (
        "export vdir: takes one folder and nothing else; write it like `pe-plan export vdir DIR`"
    )
    (line,) = refused("export", "vdir", "events", "-o", "x", folder=folder, code=2)
    assert line.startswith("export vdir: takes one folder and nothing else")
    (line,) = refused("export", "ics", "events", folder=folder, code=2)
    assert line == "export ics: takes no folder; name a file with -o FILE"
    (line,) = refused("export", "vdri", "events", folder=folder)
    assert line == "export: no format 'vdri'; did you mean 'vdir'?"


def test_a_folder_that_cannot_be_is_said_and_nothing_is_written(folder):
    (line,) = refused("export", "vdir", "study-plan", folder=folder, code=5)
    assert line == (
        "study-plan: is a plan's own folder; name one inside it, like study-plan/events"
    )
    (folder / "file").write_text("mine")
    for target in ("file", "file/events"):
        (line,) = refused("export", "vdir", target, folder=folder, code=5)
        assert line.startswith(f"{target}: a file stands where the folder should be; ")
    (line,) = refused("export", "vdir", "x" * 300, folder=folder, code=5)
    assert "the name is too long" in line
    (folder / "round").symlink_to("round")
    (line,) = refused("export", "vdir", "round/events", folder=folder, code=5)
    assert line.startswith("round")
    (line,) = refused("export", "vdir", "new", "--plan", "none", folder=folder, code=4)
    assert line.startswith("none: there is no plan here; ")


def test_a_folder_that_may_not_be_written_is_said(folder):
    exported(folder)  # loads all that it needs: another user may not reach this Python's folders
    (folder / "closed").mkdir(mode=0o555)
    folder.chmod(0o755)
    mine = os.geteuid()
    try:
        if mine == 0:
            os.chown(folder / "study-plan", 65534, -1)
            os.seteuid(65534)  # for root nothing is closed
        (line,) = refused("export", "vdir", "closed", folder=folder, code=5)
    finally:
        os.seteuid(mine)
    assert line == (
        "closed: you have no permission to write here; choose a folder in which you may write"
    )


def test_an_event_that_cannot_be_written_leaves_the_others_as_they_were(folder):
    exported(folder)
    first, second, *_ = in_folder(folder)
    (folder / "events" / first).unlink()
    (folder / "events" / second).unlink()
    (folder / "events" / second).mkdir()
    (line,) = refused("export", "vdir", "events", folder=folder, code=5)
    assert line == f"events/{second}: a folder stands where the file should be; move it away"
    (folder / "events" / second).rmdir()
    os.mkfifo(folder / "events" / second)
    (line,) = refused("export", "vdir", "events", folder=folder, code=5)
    assert line == f"events/{second}: this is no ordinary file"


# ── khal ──────────────────────────────────────────────────────────────────────────────────────
def test_khal_takes_the_folder_as_a_calendar(folder):
    khal = Khal(folder)
    exported(folder, "plan")  # where its configuration says that the calendar is
    line = ("list", "--day-format", "", "--format", "{start-date} {start-time} {title}")
    listed = khal(*line, "2026-01-01", "365d").splitlines()
    zone = state(folder).profile.zone
    assert sorted(filter(None, listed)) == sorted(
        f"{block.start.astimezone(zone):%Y-%m-%d %H:%M} {block.title}"
        for block in blocks(folder).values()
    )
