"""A life of twenty re-plans and three undoings, in two calendars of other people.

A CalDAV server is kept as a client keeps it: what is in plan-changes.ics is put, event by event,
and what is new in plan-removed.ics deleted. Whatever was re-planned, it then has the plan's events,
each once, and no other.

khal imports plan.ics over the last one. An import takes nothing away, so khal has every event that
was ever published, each once: the plan's as they are, and those that left as plan-removed.ics
makes them, "[removed]" before their title. So its count is the plan's events plus the removed ones.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

from tests.support_programs import Khal, memory
from tests.support_radicale import Server, Shown, radicale
from tests.support_replan import FIRST_DAY, GENERATE, calendar, said, state


class Step(Struct, frozen=True):
    """A day on which the learner comes back: everything `until` then was done, the rest missed,
    and what they type beside `replan`, or `undo`."""

    day: str
    until: str = ""
    words: str = ""


LIFE = {
    "a missed evening": Step("2026-01-08", "2026-01-06"),
    "a missed week": Step("2026-01-26", "2026-01-18"),
    "fewer hours": Step("2026-02-02", "2026-02-01", "--hours 10"),
    "a week off": Step("2026-02-04", "", "--off 2026-02-16..2026-02-22"),
    "a missed Saturday": Step("2026-02-15", "2026-02-13"),
    "other evenings": Step(
        *("2026-03-02", "2026-02-28"),
        "--when tue-thu+19:00-21:00 --when sat+09:00-13:00 --when sun+10:00-12:00",
    ),
    "a journey": Step("2026-03-09", "2026-03-08", "--tz America/New_York"),
    "no journey after all": Step("2026-03-09", "", "undo"),
    "another journey": Step("2026-03-16", "2026-03-15", "--tz Europe/London"),
    "three weeks ill": Step("2026-04-06", "2026-03-15"),
    "days off here and there": Step(
        *("2026-04-07", "2026-04-06"),
        "--off 2026-04-16 --off 2026-05-01..2026-05-03 --off 2026-06-06",
    ),
    "the days off taken back": Step("2026-04-07", "", "undo"),
    "other days off": Step("2026-04-08", "", "--off 2026-04-16..2026-04-18"),
    "more is known": Step("2026-04-20", "2026-04-19", "--skill networking=solid"),
    "more hours": Step("2026-05-04", "2026-05-03", "--hours 14"),
    "a missed Monday": Step("2026-05-12", "2026-05-10"),
    "home again": Step("2026-05-18", "2026-05-17", "--tz Europe/Berlin"),
    "a reminder": Step("2026-05-19", "", "--remind 10"),
    "hardly any hours": Step("2026-05-25", "2026-05-24", "--hours 6 --overrun"),
    "that was too few": Step("2026-05-25", "", "undo"),
    "a missed month": Step("2026-06-22", "2026-05-24"),
    "a day off": Step("2026-06-23", "", "--off 2026-06-30"),
    "two missed evenings": Step("2026-07-02", "2026-06-30"),
}


@pytest.fixture
def home(tmp_path):
    """Where the programs keep their calendars."""
    with memory(tmp_path) as found:
        yield found


@pytest.fixture
def server(home):
    """A CalDAV server with an empty calendar."""
    with radicale(home) as found:
        yield found


class Life:
    """A learner with a plan and both calendars."""

    def __init__(self, folder: Path, home: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.gone: set[str] = set()  # the uids that were deleted from the server
        (home / "khal").mkdir()
        self.khal = Khal(home / "khal")

    def live(self, step: Step) -> None:
        """The step, as the learner types it."""
        if step.words == "undo":
            said(step.day, "undo", folder=self.folder)
            return
        if step.until:
            said(step.day, "done", "--all-until", step.until, folder=self.folder)
        words = [word.replace("+", " ") for word in step.words.split()]
        said(step.day, "replan", "--assume", "missed", "--yes", *words, folder=self.folder)

    def file(self, name: str) -> bytes:
        return (self.folder / "study-plan" / name).read_bytes()

    def sync(self) -> None:
        """Put what is new or changed, delete what is gone, one event at a time."""
        have = {event.uid for event in self.server.events()}
        new = set()
        if calendar(self.folder, "plan-changes.ics"):
            new = self.server.put(self.file("plan-changes.ics"))
        removed = calendar(self.folder, "plan-removed.ics").keys()
        assert self.gone <= removed, "what left once stays in the list"
        assert not new & self.gone, "no uid comes back"
        assert not new & have
        self.server.delete(removed - self.gone)
        self.gone |= removed

    def imported(self) -> list[tuple[str, str, str]]:
        """What khal has after importing both files: start, uid and title of each event."""
        place = self.folder / "study-plan"
        files = [str(place / name) for name in ("plan.ics", "plan-removed.ics")]
        there = [file for file in files if Path(file).exists()]
        self.khal("import", "--batch", "-a", "plan", *there)
        line = "{start-date} {start-time}|{uid}|{title}"
        listed = self.khal("list", "--day-format", "", "--format", line, "2026-01-01", "730d")
        rows = (row.split("|", 2) for row in listed.splitlines() if row)
        return sorted((start, uid, title) for start, uid, title in rows)


def in_berlin(event: Shown) -> tuple[str, str, str]:
    """An event as khal lists it."""
    start = event.start.astimezone(ZoneInfo("Europe/Berlin"))
    return f"{start:%Y-%m-%d %H:%M}", event.uid, event.summary


def test_after_every_re_plan_both_calendars_have_the_plan_s_events(tmp_path, home, server):
    life = Life(tmp_path, home, server)
    said(FIRST_DAY, *GENERATE, folder=tmp_path)
    server.put(life.file("plan.ics"))
    seen: dict[str, Shown] = {}
    changed = 0
    for name, step in LIFE.items():
        before = seen or calendar(tmp_path)
        life.live(step)
        life.sync()
        seen = calendar(tmp_path)
        changed += seen != before

        plan = state(tmp_path).plan
        there = server.events()
        assert sorted(there, key=lambda event: event.uid) == sorted(
            seen.values(), key=lambda event: event.uid
        ), name
        assert {(event.uid, event.start, event.end, event.summary) for event in there} == {
            (block.uid, block.start, block.end, block.title) for block in plan.blocks
        }, name
        for uid in before.keys() & seen.keys():
            rose = seen[uid].sequence - before[uid].sequence
            assert rose in (0, 1), name
            assert seen[uid] == before[uid] or rose == 1, name

        gone = calendar(tmp_path, "plan-removed.ics")
        assert all(event.summary.startswith("[removed] ") for event in gone.values())
        expected = [in_berlin(event) for event in (*seen.values(), *gone.values())]
        assert life.imported() == sorted(expected), name
    assert len([step for step in LIFE.values() if step.words != "undo"]) >= 20
    assert changed >= 20
