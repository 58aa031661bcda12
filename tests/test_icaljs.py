"""ical.js, the parser inside Thunderbird, reads in every calendar file what the plan says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pe_plan.app.folder import opened
from pe_plan.calendars.events import events
from pe_plan.calendars.ledger import Event
from pe_plan.model import Entry
from tests.support_calendar import EVENTS, file_of, gist
from tests.support_programs import give_up, need
from tests.support_replan import FIRST_DAY, GENERATE, replanned, said, state

READER = Path(__file__).parent / "calendar"
BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = ("--when", "mon-sun 07:00-07:25", "--when", "mon-sun 12:00-12:25", "--overrun")
MANY = ("generate", "--start", "2026-01-05", "--tz", "Europe/Berlin", "--skill", "all=new")

Read = Callable[[Sequence[Path]], list[dict[str, object]]]


@pytest.fixture(scope="session")
def read() -> Read:
    """The events in calendar files as ical.js has them, its times as those of Python."""
    node = need("node", "apt install nodejs npm")
    if not (READER / "node_modules" / "ical.js").is_dir():
        npm = need("npm", "apt install nodejs npm")
        line = [npm, "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(line, cwd=READER, capture_output=True, text=True, check=False)
        if done.returncode:
            give_up(f"ical.js is missing; install it with: (cd tests/calendar && npm ci)\n{done}")

    def events_in(files: Sequence[Path]) -> list[dict[str, object]]:
        line = [node, str(READER / "read.mjs"), *map(str, files)]
        output = subprocess.run(line, capture_output=True, check=True).stdout
        found = [event for file in json.loads(output) for event in file]
        for event in found:
            for end in ("start", "end"):
                event[end] = datetime.fromisoformat(event[end])
        return found

    return events_in


def told(event: Event, entry: Entry) -> dict[str, object]:
    """What a calendar file says of an event."""
    return {
        "uid": event.uid,
        "sequence": entry.sequence,
        "start": event.start,
        "end": event.start + timedelta(minutes=event.minutes),
        "summary": event.summary,
        "description": event.description,
        "transp": "TRANSPARENT" if event.transparent else "OPAQUE",
        "status": None,
        "categories": list(event.categories),
        "alarms": [] if event.remind is None else [f"-PT{event.remind}M"],
    }


def planned(folder: Path) -> list[dict[str, object]]:
    """What the calendars of a folder's plan have to say, in its order."""
    now = state(folder)
    entries = {entry.uid: entry for entry in now.ledger}
    shown = events(now.plan, opened(folder)[1], now.profile)
    assert [(e.uid, e.start, e.minutes, e.summary) for e in shown] == [
        (block.uid, block.start, block.minutes, block.title) for block in now.plan.blocks
    ]
    return [told(event, entries[event.uid]) for event in shown]


def test_it_reads_whatever_text_an_event_has(read, tmp_path):
    path = tmp_path / "plan.ics"
    path.write_bytes(file_of())
    found = read([path])
    assert [
        (e["uid"], e["start"], e["end"], e["summary"], e["description"], tuple(e["categories"]))
        for e in found
    ] == [gist(event) for event in EVENTS]
    assert {(e["sequence"], *e["alarms"]) for e in found} == {(0, "-PT10M")}
    assert [e["transp"] for e in found] == [
        "TRANSPARENT" if event.transparent else "OPAQUE" for event in EVENTS
    ]


def test_every_file_says_what_the_plan_says(read, tmp_path):
    said(FIRST_DAY, *GENERATE, "--remind", "10", folder=tmp_path)
    place = tmp_path / "study-plan"
    first = planned(tmp_path)
    assert read([place / "plan.ics"]) == first

    replanned("2026-01-26", "--off", "2026-02-16..2026-02-22", "--hours", "10", folder=tmp_path)
    second = planned(tmp_path)
    assert read([place / "plan.ics"]) == second
    assert read([place / "plan-changes.ics"]) == [event for event in second if event not in first]
    said("2026-01-26", "export", "vdir", "events", folder=tmp_path)
    files = sorted((tmp_path / "events").iterdir())
    assert read(files) == sorted(second, key=lambda event: f"{event['uid']}.ics")

    left = {event["uid"] for event in first} - {event["uid"] for event in second}
    removed = read([place / "plan-removed.ics"])
    before = {event["uid"]: event for event in first}
    assert {event["uid"] for event in removed} == left
    for event in removed:
        was = before[event["uid"]]
        assert (event["start"], event["end"]) == (was["start"], was["end"])
        assert event["summary"] == f"[removed] {was['summary']}"
        assert (event["status"], event["transp"]) == ("CANCELLED", "TRANSPARENT")
        assert event["sequence"] == was["sequence"] + 1

    # The evenings stay at seven when the clocks change on 29 March, so UTC does not.
    evenings = {
        event["start"].astimezone(UTC).hour
        for event in second
        if event["start"].astimezone(BERLIN).hour == 19
    }
    assert evenings == {17, 18}


def test_free_time_is_read_as_free(read, tmp_path):
    said(FIRST_DAY, *GENERATE, "--free", folder=tmp_path)
    found = read([tmp_path / "study-plan" / "plan.ics"])
    assert found == planned(tmp_path)
    assert {event["transp"] for event in found} == {"TRANSPARENT"}


def test_the_parts_of_a_large_calendar_are_whole_and_together_the_plan(read, tmp_path):
    said(FIRST_DAY, *MANY, *EVERY_DAY, folder=tmp_path)
    place = tmp_path / "study-plan"
    parts = [read([place / name]) for name in ("plan.ics", "plan-2.ics")]
    assert [len(part) for part in parts] == [1_000, len(planned(tmp_path)) - 1_000]
    assert parts[0] + parts[1] == planned(tmp_path)
