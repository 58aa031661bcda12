"""Other people's programs read the calendar."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from msgspec.structs import replace

from pe_plan.calendars.ledger import publish
from tests.support_calendar import EVENTS, LATER, LEDGER, file_of, gist
from tests.support_programs import Khal, memory, need
from tests.support_replan import FIRST_DAY, GENERATE, blocks, replanned, said


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


def kept(khal: Khal) -> list[str]:
    """Whether each event that khal keeps takes the time or leaves it free."""
    files = (khal.folder / "plan").glob("*.ics")  # beside them it leaves copies
    calendars = [icalendar.Calendar.from_ical(file.read_bytes()) for file in files]
    return [str(event["TRANSP"]) for calendar in calendars for event in calendar.events]


def test_khal_keeps_a_whole_plan_free_or_not_as_it_is_said(tmp_path: Path) -> None:
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


def test_a_missing_program_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it with: apt install it"):
        need("no-such-program", "apt install it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install it"):
        need("no-such-program", "apt install it")
