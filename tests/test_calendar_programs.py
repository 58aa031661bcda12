"""Other people's programs read the calendar."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from msgspec.structs import replace

from pe_plan.app.folder import opened
from pe_plan.calendars.events import events
from pe_plan.calendars.ledger import Event, publish
from pe_plan.model import Entry
from tests.support_calendar import EVENTS, LATER, LEDGER, file_of, gist
from tests.support_programs import Khal, give_up, memory, need
from tests.support_replan import FIRST_DAY, GENERATE, blocks, replanned, said, state


def test_recurring_ical_events_finds_them_on_the_right_days():
    calendar = icalendar.Calendar.from_ical(file_of())
    found = recurring_ical_events.of(calendar).between((1970, 1, 1), (2027, 1, 1))
    read = {
        (str(e["UID"]), e.start, e.end, str(e["SUMMARY"]), str(e["DESCRIPTION"])) for e in found
    }
    assert read == {gist(event)[:5] for event in EVENTS}
    (late,) = recurring_ical_events.of(calendar).at((2026, 3, 30))
    assert late.start.astimezone(ZoneInfo("Europe/Berlin")).isoformat() == (
        "2026-03-30T19:00:00+02:00"
    )


def test_khal_imports_replaces_and_never_doubles(tmp_path):
    khal = Khal(tmp_path)
    first = khal.take(file_of())
    # 19:00 in Berlin on both sides of the switch; 01:30 on its night; the others seen from Berlin.
    assert [line[:22] for line in first] == [
        "2026-03-27 19:00-20:15",
        "2026-03-29 01:30-03:30",
        "2026-03-30 19:00-21:00",
        "2026-04-03 10:00-12:00",
        "2026-04-06 10:30-11:30",
        "2026-04-07 15:45-16:45",
    ]
    assert [line[23:] for line in first] == [event.summary for event in EVENTS[1:]]
    assert khal.take(file_of()) == first

    changed = (*EVENTS[:3], replace(EVENTS[3], summary="Changed"), *EVENTS[4:])
    second = khal.take(file_of(changed, publish(changed, LEDGER, LATER)))
    assert second == [*first[:2], "2026-03-30 19:00-21:00 Changed", *first[3:]]


def kept(khal: Khal) -> list[str]:
    """Whether each event that khal keeps takes the time or leaves it free."""
    files = (khal.folder / "plan").glob("*.ics")  # beside them it leaves copies
    calendars = [icalendar.Calendar.from_ical(file.read_bytes()) for file in files]
    return [str(event["TRANSP"]) for calendar in calendars for event in calendar.events]


def test_khal_keeps_a_whole_plan_free_or_not_as_it_is_said(tmp_path):
    with memory(tmp_path) as folder:
        khal = Khal(folder)
        plan, changes = (folder / "study-plan" / f"{name}.ics" for name in ("plan", "plan-changes"))
        said(FIRST_DAY, *GENERATE, "--free", folder=folder)
        first = khal.take(plan.read_bytes())
        assert kept(khal) == ["TRANSPARENT"] * len(blocks(folder))

        replanned(FIRST_DAY, "--no-free", folder=folder)
        assert khal.take(changes.read_bytes()) == first
        flex = [all(s.kind == "flex" for s in block.sessions) for block in blocks(folder).values()]
        assert sorted(kept(khal)) == sorted("TRANSPARENT" if free else "OPAQUE" for free in flex)

        replanned(FIRST_DAY, "--free", folder=folder)
        assert khal.take(changes.read_bytes()) == first
        assert kept(khal) == ["TRANSPARENT"] * len(flex)


def test_a_missing_program_skips_here_and_fails_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it with: apt install it"):
        need("no-such-program", "apt install it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install it"):
        need("no-such-program", "apt install it")


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
    shown = events(now.plan, opened(folder / "study-plan")[1], now.profile)
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
