"""A calendar that the plan was imported into, and what its owner did with the events there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
from msgspec.structs import replace

from pe_plan.model import Block, Plan
from tests.support_cli import Ran, contents, ran
from tests.support_replan import on, planned, state

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = "2026-01-06"  # the first evening is over
NOTHING = "Nothing was moved, deleted or ticked."


def begun(folder: Path) -> Path:
    """The folder, with the default plan of which the first evening is done."""
    return planned(folder, ("2026-01-05", "done"))


def berlin(text: str) -> datetime:
    """The instant of a time on the learner's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def of_day(folder: Path, *days: str) -> list[Block]:
    """The one block of each day."""
    plan = state(folder).plan
    found = [b for day in days for b in plan.blocks if f"{b.start.astimezone(BERLIN):%F}" == day]
    assert len(found) == len(days), days
    return found


def nameless(plan: Plan) -> Plan:
    """The plan whatever its blocks are called."""
    return replace(plan, blocks=tuple(replace(block, uid="") for block in plan.blocks))


def diary(
    folder: Path,
    *,
    moved: Mapping[str, str | tuple[str, int]] | None = None,
    titled: Mapping[str, str] | None = None,
    gone: Collection[str] = (),
    cancelled: Collection[str] = (),
    of: str = "study-plan/plan.ics",
    bump: int = 1,
) -> str:
    """A file of one of the plan's calendars as its owner changed it: by uid, to where and how long
    events were moved, what stands before their titles, which are gone. Each change adds `bump` to
    SEQUENCE."""
    moved, titled = moved or {}, titled or {}
    calendar = icalendar.Calendar.from_ical((folder / of).read_bytes())
    for event in calendar.events:
        uid = str(event["UID"])
        if uid in gone:
            calendar.subcomponents.remove(event)
            continue
        if uid in moved:
            to = moved[uid]
            start, minutes = to if isinstance(to, tuple) else (to, None)
            length = event.end - event.start if minutes is None else timedelta(minutes=minutes)
            event["DTSTART"] = icalendar.vDatetime(berlin(start))
            event["DTEND"] = icalendar.vDatetime(berlin(start) + length)
        if uid in titled:
            event["SUMMARY"] = icalendar.vText(titled[uid] + str(event["SUMMARY"]))
        if uid in cancelled:
            event["STATUS"] = icalendar.vText("CANCELLED")
        if uid in {*moved, *titled, *cancelled}:
            event["SEQUENCE"] = int(event["SEQUENCE"]) + bump
    (folder / "mine.ics").write_bytes(calendar.to_ical())
    return "mine.ics"


def synced(folder: Path, *words: str, day: str = TUESDAY, command: str = "sync") -> str:
    """What `sync` says on one line, written without a question."""
    done = ran(command, *words, "--yes", folder=folder, around=on(day))
    assert (done.code, done.err) == (0, ""), done
    return " ".join(done.out.split())


def looked(folder: Path, *words: str, day: str = TUESDAY, command: str = "sync") -> Ran:
    """The command, which has to leave the folder as it was."""
    before = contents(folder)
    done = ran(command, *words, folder=folder, around=on(day))
    assert contents(folder) == before
    return done
