"""`--force` plans anew in place: one identity, and nothing that was written down is lost."""

from __future__ import annotations

import re
from pathlib import Path

import icalendar

from pe_plan.model import State
from pe_plan.store import decode
from tests.support_cli import contents, ran
from tests.support_replan import GENERATE as FIRST
from tests.support_replan import state

AWAY = "2026-03-09..2026-03-10"  # a Monday and a Tuesday in a week of study
STAMPS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


def events(folder: Path, name: str = "plan.ics") -> dict[str, icalendar.Event]:
    """The events of one of the plan's calendars by uid."""
    calendar = icalendar.Calendar.from_ical((folder / "study-plan" / name).read_bytes())
    return {str(event["UID"]): event for event in calendar.events}


def content(event: icalendar.Event) -> dict[str, str]:
    return {name: str(event[name]) for name in event if name not in STAMPS}


def forced(folder: Path, *words: str) -> str:
    """What a plan anew in place says on one line."""
    done = ran(*FIRST, "--force", *words, folder=folder)
    assert done.code == 0
    return " ".join(done.out.split())


def test_the_same_again_changes_neither_page_nor_calendar(folder):
    before = contents(folder / "study-plan")
    assert "Delete" not in forced(folder)
    after = contents(folder / "study-plan")
    kept = {".history": None, ".history/state-2.json": before["state.json"]}
    assert after == before | kept | {"state.json": after["state.json"]}


def test_a_block_with_the_same_start_keeps_its_uid_and_rises_only_when_it_changed(folder):
    id, before = state(folder).plan.id, events(folder)
    forced(folder, "--skill", "linux=solid")
    after = events(folder)

    assert state(folder).plan.id == id
    uids = {event.start: uid for uid, event in before.items()}
    assert len(uids) == len(before)
    both = {uid: event for uid, event in after.items() if event.start in uids}
    assert len(both) > 100
    assert all(uid == uids[event.start] for uid, event in both.items())
    changed = {uid for uid, event in both.items() if content(event) != content(before[uid])}
    assert 0 < len(changed) < len(both)
    for uid, event in both.items():
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + (uid in changed), event
    assert all(event["SEQUENCE"] == 0 for uid, event in after.items() if uid not in before)


def test_vanished_events_are_listed_and_stand_in_a_file_of_removals(folder):
    before = events(folder)
    said = forced(folder, "--off", AWAY)
    after = events(folder)

    gone = {uid: event for uid, event in before.items() if uid not in after}
    assert {f"{event.start:%F}" for event in gone.values()} == {"2026-03-09", "2026-03-10"}
    removed = events(folder, "plan-removed.ics")
    assert removed.keys() == gone.keys()
    for uid, event in removed.items():
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", before[uid]["SEQUENCE"] + 1)
        assert event.start == before[uid].start
    assert "Delete if you imported the last calendar, these events are gone: " in said
    for event in gone.values():
        assert re.search(rf"{event.start.day} Mar 19:00 {re.escape(str(event['SUMMARY']))}", said)


def test_an_event_that_was_deleted_and_comes_back_is_a_new_one(folder):
    first = events(folder)
    forced(folder, "--off", AWAY)
    gone = events(folder, "plan-removed.ics")
    forced(folder)
    last = events(folder)

    assert not gone.keys() & last.keys()
    back = {event.start: (uid, event["SEQUENCE"]) for uid, event in last.items()}
    for event in gone.values():
        uid, sequence = back[event.start]
        assert (uid in first, sequence) == (False, 0)


def test_removals_are_told_once_but_stay_in_the_file_for_whoever_skipped_an_import(folder):
    assert "Delete" in forced(folder, "--off", AWAY)
    assert "Delete" not in forced(folder, "--off", AWAY)
    first = events(folder, "plan-removed.ics").keys()
    assert "Delete" in forced(folder, "--off", AWAY, "--off", "2026-04-20..2026-04-21")
    assert len(first) == 2
    assert events(folder, "plan-removed.ics").keys() > first


def test_no_document_is_left_to_tell_of_an_earlier_plan(folder):
    said = forced(folder, "--off", AWAY, "--format", "json")
    assert "state.json, plan.json, plan.md, plan.ics and plan-removed.ics" in said
    assert not any(f"{event.start:%F}" == "2026-03-09" for event in events(folder).values())


def test_every_earlier_state_is_kept_under_its_own_number(folder):
    plan = folder / "study-plan"
    states = [(plan / "state.json").read_bytes()]
    for hours in ("14", "10", "12"):
        forced(folder, "--hours", hours)
        states.append((plan / "state.json").read_bytes())
    kept = [(plan / f".history/state-{n}.json").read_bytes() for n in (2, 3, 4)]
    assert [*kept, states[-1]] == states
    assert len({decode(content, State, "state.json").plan.id for content in states}) == 1


def test_a_page_with_ticks_is_kept_and_one_without_is_not(folder):
    plan = folder / "study-plan"
    ticked = []
    for n in (1, 2):
        page = (plan / "plan.md").read_bytes().replace(b"- [ ]", b"- [x]", n)
        (plan / "plan.md").write_bytes(page)
        ticked.append(page)
        said = forced(folder, "--hours", str(12 + n))
        assert f"Kept the plan.md that you edited, as .history/plan.md.{n} " in said
    forced(folder)
    assert [(plan / f".history/plan.md.{n}").read_bytes() for n in (1, 2)] == ticked
    assert not (plan / ".history/plan.md.3").exists()
    assert b"- [x]" not in (plan / "plan.md").read_bytes()


def test_without_force_even_a_ticked_page_alone_is_safe(folder):
    (folder / "study-plan/plan.md").write_text("mine")
    before = contents(folder)
    assert ran(*FIRST, folder=folder).code == 5
    assert contents(folder) == before


def test_a_new_identity_needs_another_folder(folder):
    other = folder / "other"
    other.mkdir()
    assert ran(*FIRST, folder=other).code == 0
    assert not events(folder).keys() & events(other).keys()


def test_what_was_in_the_way_of_a_first_plan_is_told_by_its_own_name(tmp_path):
    (tmp_path / "study-plan").mkdir()
    (tmp_path / "study-plan/plan.ics").write_text("mine", "utf-8")
    words = ("generate", "--start", "2026-01-05", "--tz", "UTC", "--force")
    said = ran(*words, folder=tmp_path).out.replace("\n", " ")
    assert "Kept the plan.ics that was there, as .history/plan.ics.1 " in " ".join(said.split())
