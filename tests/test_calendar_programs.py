"""Other people's programs read the calendar."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from pe_plan.calendars.ledger import publish
from tests.support_calendar import (
    EVENTS,
    LATER,
    LEDGER,
    file_of,
    gist,
)
from tests.support_programs import Khal, give_up, need

READER = Path(__file__).parent / "calendar"


# ── Other people's programs ───────────────────────────────────────────────────────────────────


def test_recurring_ical_events_finds_them_on_the_right_days() -> None:
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


@pytest.fixture(scope="session")
def ical_js() -> str:
    """Node, with ical.js installed beside the reader."""
    node = need("node", "apt install nodejs npm")
    if not (READER / "node_modules" / "ical.js").is_dir():
        npm = need("npm", "apt install nodejs npm")
        line = [npm, "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(line, cwd=READER, capture_output=True, text=True, check=False)
        if done.returncode:
            give_up(f"ical.js is missing; install it with: (cd tests/calendar && npm ci)\n{done}")
    return node


def test_ical_js_reads_the_same_events(ical_js: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_bytes(file_of())
    line = [ical_js, str(READER / "read.mjs"), str(path)]
    output = subprocess.run(line, capture_output=True, check=True).stdout
    read = json.loads(output)
    assert [
        (
            e["uid"],
            datetime.fromisoformat(e["start"]),
            datetime.fromisoformat(e["end"]),
            e["summary"],
            e["description"],
            tuple(e["categories"]),
        )
        for e in read
    ] == [gist(event) for event in EVENTS]
    assert {(e["sequence"], *e["alarms"]) for e in read} == {(0, "-PT10M")}


def test_khal_imports_replaces_and_never_doubles(tmp_path: Path) -> None:
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


def test_a_missing_program_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it with: apt install it"):
        need("no-such-program", "apt install it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install it"):
        need("no-such-program", "apt install it")
