"""`--force` plans anew in place: one identity, and nothing that was written down is lost."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import icalendar
import pytest

from tests.support_cli import contents, ran

FIRST = ("generate", "--start", "2026-01-05", "--hours", "12", "--tz", "Europe/Berlin")
AWAY = "2026-03-09..2026-03-10"  # a Monday and a Tuesday in a week of study


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An event as a calendar client has it."""

    uid: str
    start: datetime
    summary: str
    sequence: int
    content: str
    status: str


def events(file: Path) -> dict[str, Shown]:
    """The events of a calendar file by uid."""
    found = {}
    for event in icalendar.Calendar.from_ical(file.read_bytes()).events:
        stamps = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
        content = {name: str(event[name]) for name in event if name not in stamps}
        found[str(event["UID"])] = Shown(
            uid=str(event["UID"]),
            start=event.start,
            summary=str(event["SUMMARY"]),
            sequence=int(event.get("SEQUENCE", 0)),
            content=str(content),
            status=str(event.get("STATUS", "")),
        )
    return found


def plan_id(folder: Path) -> str:
    return _id((folder / "study-plan/state.json").read_bytes())


def _id(raw: bytes) -> str:
    found = json.loads(raw)["plan"]["id"]
    assert isinstance(found, str)
    return found


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with the default plan."""
    assert ran(*FIRST, folder=tmp_path).code == 0
    return tmp_path


def test_the_same_again_changes_neither_page_nor_calendar(folder):
    before = contents(folder / "study-plan")
    again = ran(*FIRST, "--force", folder=folder)
    assert (again.code, "Delete" in again.out) == (0, False)
    after = contents(folder / "study-plan")
    assert after[".history/state-2.json"] == before["state.json"]
    assert sorted(after) == [
        ".history",
        ".history/state-2.json",
        "plan.ics",
        "plan.md",
        "roadmap.json",
        "state.json",
    ]
    assert {name: after[name] for name in ("plan.ics", "plan.md")} == {
        name: before[name] for name in ("plan.ics", "plan.md")
    }


def test_a_block_with_the_same_start_keeps_its_uid_and_rises_only_when_it_changed(folder):
    id = plan_id(folder)
    before = events(folder / "study-plan/plan.ics")
    assert ran(*FIRST, "--force", "--skill", "linux=solid", folder=folder).code == 0
    after = events(folder / "study-plan/plan.ics")

    assert plan_id(folder) == id
    uids = {event.start: event.uid for event in before.values()}
    assert len(uids) == len(before)
    both = [event for event in after.values() if event.start in uids]
    assert len(both) > 100
    assert all(event.uid == uids[event.start] for event in both)
    changed = {event.uid for event in both if event.content != before[event.uid].content}
    assert 0 < len(changed) < len(both)
    for event in both:
        assert event.sequence == before[event.uid].sequence + (event.uid in changed), event
    assert all(event.sequence == 0 for uid, event in after.items() if uid not in before)


def test_vanished_events_are_listed_and_stand_in_a_file_of_removals(folder):
    before = events(folder / "study-plan/plan.ics")
    done = ran(*FIRST, "--force", "--off", AWAY, folder=folder)
    after = events(folder / "study-plan/plan.ics")

    gone = {uid: event for uid, event in before.items() if uid not in after}
    assert {f"{event.start:%F}" for event in gone.values()} == {"2026-03-09", "2026-03-10"}
    removed = events(folder / "study-plan/plan-removed.ics")
    assert removed.keys() == gone.keys()
    for uid, event in removed.items():
        assert (event.status, event.sequence) == ("CANCELLED", before[uid].sequence + 1)
        assert event.start == before[uid].start
    said = " ".join(done.out.split())
    assert "Delete if you imported the last calendar, these events are gone: " in said
    for event in gone.values():
        assert re.search(rf"{event.start.day} Mar 19:00 {re.escape(event.summary)}", said)


def test_an_event_that_was_deleted_and_comes_back_is_a_new_one(folder):
    first = events(folder / "study-plan/plan.ics")
    assert ran(*FIRST, "--force", "--off", AWAY, folder=folder).code == 0
    gone = events(folder / "study-plan/plan-removed.ics")
    assert ran(*FIRST, "--force", folder=folder).code == 0
    last = events(folder / "study-plan/plan.ics")

    assert not gone.keys() & last.keys()
    back = {event.start: event for event in last.values()}
    for event in gone.values():
        assert back[event.start].uid not in first
        assert back[event.start].sequence == 0


def test_removals_are_told_once_but_stay_in_the_file_for_whoever_skipped_an_import(folder):
    for n in range(2):
        done = ran(*FIRST, "--force", "--off", AWAY, folder=folder)
        assert ("Delete" in done.out) == (n == 0)
    first = events(folder / "study-plan/plan-removed.ics").keys()
    away = ("--off", AWAY, "--off", "2026-04-20..2026-04-21")
    assert "Delete" in ran(*FIRST, "--force", *away, folder=folder).out
    assert len(first) == 2
    assert events(folder / "study-plan/plan-removed.ics").keys() > first


def test_no_document_is_left_to_tell_of_an_earlier_plan(folder):
    done = ran(*FIRST, "--force", "--off", AWAY, "--format", "json", folder=folder)
    assert "state.json, plan.json, plan.md, plan.ics and plan-removed.ics" in " ".join(
        done.out.split()
    )
    assert not any(
        f"{event.start:%F}" == "2026-03-09"
        for event in events(folder / "study-plan/plan.ics").values()
    )


def test_every_earlier_state_is_kept_under_its_own_number(folder):
    plan = folder / "study-plan"
    states = [(plan / "state.json").read_bytes()]
    for hours in ("14", "10", "12"):
        assert ran(*FIRST, "--force", "--hours", hours, folder=folder).code == 0
        states.append((plan / "state.json").read_bytes())
    kept = [(plan / f".history/state-{n}.json").read_bytes() for n in (2, 3, 4)]
    assert [*kept, (plan / "state.json").read_bytes()] == states
    assert len({plan_id(folder)} | {_id(old) for old in kept}) == 1


def test_a_page_with_ticks_is_kept_and_one_without_is_not(folder):
    plan = folder / "study-plan"
    ticked = []
    for n in (1, 2):
        page = (plan / "plan.md").read_bytes().replace(b"- [ ]", b"- [x]", n)
        (plan / "plan.md").write_bytes(page)
        ticked.append(page)
        done = ran(*FIRST, "--force", "--hours", str(12 + n), folder=folder)
        assert done.code == 0
        assert f"Kept     the plan.md that you edited, as .history/plan.md.{n}\n" in done.out
    assert ran(*FIRST, "--force", folder=folder).code == 0
    assert [(plan / f".history/plan.md.{n}").read_bytes() for n in (1, 2)] == ticked
    assert not (plan / ".history/plan.md.3").exists()
    assert b"- [x]" not in (plan / "plan.md").read_bytes()


def test_without_force_even_a_ticked_page_alone_is_safe(folder):
    (folder / "study-plan/plan.md").write_text("mine")
    before = contents(folder)
    assert ran(*FIRST, folder=folder).code == 5
    assert contents(folder) == before


def test_a_new_identity_needs_another_folder(folder):
    assert ran(*FIRST, "--plan", "other", folder=folder).code == 0
    mine, other = (events(folder / name / "plan.ics") for name in ("study-plan", "other"))
    assert not mine.keys() & other.keys()
