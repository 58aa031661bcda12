"""The plan on a CalDAV server, by way of `export vdir` and vdirsyncer, as the README says.

Radicale keeps the calendar and vdirsyncer, with the README's configuration, carries events both
ways. All tests share one life, in which each goes on from wherever the others left it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pe_plan.model import Block
from tests.support_cli import CHECKOUT
from tests.support_programs import memory, need
from tests.support_radicale import Kept, Server, radicale, shown
from tests.support_replan import FIRST_DAY, GENERATE, blocks, calendar, said, state
from tests.support_sync import NOTHING

README = (CHECKOUT / "README.md").read_text("utf-8")
_PATIENCE = 60  # seconds
_URL = "https://cloud.example.org/dav/"


class Vdirsyncer:
    """vdirsyncer with the README's configuration and `home` as its home, where the plan folder
    stands, too; only the server's address is another."""

    def __init__(self, home: Path, server: Server) -> None:
        self.home = home
        self.program = need("vdirsyncer", "python -m pip install vdirsyncer")
        (text,) = re.findall(r"^```ini\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
        assert text.count(_URL) == 1
        place = home / ".config" / "vdirsyncer"
        place.mkdir(parents=True)
        (place / "config").write_text(text.replace(_URL, f"http://127.0.0.1:{server.port}/"))

    def __call__(self, *words: str) -> str:
        """What the command says, which has to work; questions are answered by nobody."""
        environment = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [self.program, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, said
        return said


def dragged(server: Server, there: Kept, start: datetime) -> None:
    """Move an event on the server, as a person does in a calendar, who never sees its text."""
    end = start + (there.event.end - there.event.start)
    text = re.sub(r"DTSTART:\w+", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", there.text)
    text = re.sub(r"DTEND:\w+", f"DTEND:{end:%Y%m%dT%H%M%SZ}", text)
    number = there.event.sequence + 1
    server.ask("PUT", there.href, re.sub(r"SEQUENCE:\d+", f"SEQUENCE:{number}", text))


def later(there: Kept, **by: float) -> datetime:
    """When the event would begin so much later."""
    return there.event.start + timedelta(**by)


EVENTS = "study-plan/events"


class Route:
    """A learner at home, with a plan, vdirsyncer and a calendar on a server."""

    def __init__(self, home: Path, server: Server) -> None:
        self.home = home
        self.server = server
        self.vdirsyncer = Vdirsyncer(home, server)
        self.day = date.fromisoformat(FIRST_DAY)

    def types(self, *words: str) -> str:
        """What pe-plan says on that day."""
        return said(str(self.day), *words, folder=self.home).out

    def replans(self, days: int, *words: str) -> None:
        """The learner comes back so many days later; what is not marked was missed."""
        self.day += timedelta(days)
        self.types("replan", "--assume", "missed", "--yes", *words)

    def week_off(self) -> str:
        """A week soon to come."""
        monday = self.day + timedelta(28 - self.day.weekday())
        return f"{monday}..{monday + timedelta(6)}"

    def puts(self) -> str:
        """The plan into the calendar: what the export says."""
        told = self.types("export", "vdir", EVENTS)
        self.vdirsyncer("sync")
        return told

    def on_server(self) -> dict[str, Kept]:
        """The server's events by uid, each there once."""
        found = self.server.kept()
        by_uid = {each.event.uid: each for each in found}
        assert len(by_uid) == len(found)
        return by_uid

    def future(self, n: int) -> Block:
        """The n-th of the blocks that are still to come."""
        all_of_them = blocks(self.home).values()
        ahead = [block for block in all_of_them if block.start.date() > self.day]
        return sorted(ahead, key=lambda block: block.start)[n]

    def agrees(self) -> None:
        """The server has the plan's events, each once, as `export ics` has them, and no other."""
        there = {uid: each.event for uid, each in self.on_server().items()}
        assert {(uid, event.start, event.summary) for uid, event in there.items()} == {
            (block.uid, block.start, block.title) for block in blocks(self.home).values()
        }
        assert there == {event.uid: event for event in shown(self.types("export", "ics"))}


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Route]:
    """A plan on the server, after the README's first steps."""
    with memory(tmp_path_factory.mktemp("route")) as home, radicale(home) as server:
        made = Route(home, server)
        made.types(*GENERATE)
        made.types("export", "vdir", EVENTS)
        assert '"plan"' in made.vdirsyncer("discover", "study")
        made.vdirsyncer("sync")
        yield made


def test_the_first_steps_bring_every_event_to_the_server(route):
    assert len(route.on_server()) > 150
    route.agrees()


def test_nothing_changes_where_nothing_changed(route):
    before = {uid: each.etag for uid, each in route.on_server().items()}
    assert route.puts() == f"Events in {EVENTS}: all {len(before)} as they were.\n"
    assert {uid: each.etag for uid, each in route.on_server().items()} == before


EVENINGS = ("--when", "tue-thu 20:00-22:00", "--when", "sat 09:00-13:00")


def test_every_re_plan_arrives_and_touches_no_other_event(route):
    added = moved = removed = 0
    off = ("--off", route.week_off())
    for days, *words in ((16,), (1, *off), (11, "--hours", "10"), (2, *EVENINGS)):
        before, ours = route.on_server(), blocks(route.home)
        route.replans(days, *words)
        route.puts()
        route.agrees()
        after, now = route.on_server(), blocks(route.home)
        raised = {uid for uid in after if uid in before and after[uid].event != before[uid].event}
        touched = {uid for uid in after if uid in before and after[uid].etag != before[uid].etag}
        assert touched == raised, words
        added += len(after.keys() - before.keys())
        removed += len(before.keys() - after.keys())
        moved += sum(now[uid].start != ours[uid].start for uid in now.keys() & ours.keys())
    assert added
    assert moved
    assert removed


def test_an_event_moved_on_the_server_goes_back_where_nobody_tells_the_plan(route):
    block = route.future(3)
    dragged(route.server, route.on_server()[block.uid], later(route.on_server()[block.uid], days=1))
    route.vdirsyncer("sync")
    there = route.on_server()[block.uid]
    assert there.event.start > block.start
    file = route.home / EVENTS / f"{block.uid}.ics"
    assert f"DTSTART:{there.event.start:%Y%m%dT%H%M%SZ}".encode() in file.read_bytes()
    assert ": 1 written, " in route.puts()
    route.agrees()


def test_where_both_sides_changed_an_event_the_plan_s_stays(route):
    before = route.on_server()
    route.replans(7)
    route.types("export", "vdir", EVENTS)
    now = calendar(route.home)
    changed = min(uid for uid in now.keys() & before.keys() if now[uid] != before[uid].event)
    dragged(route.server, before[changed], later(before[changed], days=1))
    route.vdirsyncer("sync")
    route.agrees()


def test_an_event_that_left_the_plan_goes_though_it_was_moved_meanwhile(route):
    """vdirsyncer brings such an event back, under a name of its own."""
    before = route.on_server()
    route.replans(1, "--off", route.week_off())
    gone = min(before.keys() - blocks(route.home).keys())
    dragged(route.server, before[gone], later(before[gone], days=1))
    route.puts()
    assert gone in route.on_server(), "vdirsyncer keeps what was changed over what was deleted"
    route.puts()
    route.agrees()


def test_an_event_deleted_on_the_server_comes_back_where_nobody_tells_the_plan(route):
    block = route.future(5)
    route.server.ask("DELETE", route.on_server()[block.uid].href)
    route.vdirsyncer("sync")
    assert not (route.home / EVENTS / f"{block.uid}.ics").exists()
    assert ": 1 written, " in route.puts()
    route.agrees()


def test_a_folder_lost_comes_back_from_the_server_and_is_no_second_one(route):
    for path in (route.home / EVENTS).iterdir():
        path.unlink()
    for path in sorted((route.home / ".local/share/vdirsyncer").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    route.vdirsyncer("discover", "study")
    route.vdirsyncer("sync")
    before = {uid: each.etag for uid, each in route.on_server().items()}
    route.puts()
    route.agrees()
    assert {uid: each.etag for uid, each in route.on_server().items()} == before


def test_an_event_moved_on_the_server_is_taken_up_and_kept(route):
    block = route.future(8)
    there = route.on_server()[block.uid]
    place = later(there, days=1).replace(hour=4, minute=0)
    dragged(route.server, there, place)
    route.vdirsyncer("sync")
    route.types("sync", EVENTS, "--assume", "missed", "--yes")
    route.puts()
    route.agrees()
    assert route.on_server()[block.uid].event.start == place
    (pin,) = (pin for pin in state(route.home).profile.pins if pin.uid == block.uid)
    assert (pin.start, pin.home) == (place, block.start)

    route.replans(2)
    assert blocks(route.home)[block.uid].pinned
    assert blocks(route.home)[block.uid].start == place
    route.puts()
    route.agrees()
    before = {uid: each.etag for uid, each in route.on_server().items()}
    route.vdirsyncer("sync")
    assert NOTHING in route.types("sync", EVENTS, "--yes")
    route.puts()
    assert {uid: each.etag for uid, each in route.on_server().items()} == before


def test_an_event_deleted_on_the_server_is_taken_up_as_missed(route):
    block = route.future(8)
    route.server.ask("DELETE", route.on_server()[block.uid].href)
    route.vdirsyncer("sync")
    route.types("sync", EVENTS, "--deleted", "missed", "--assume", "missed", "--yes")
    assert block.uid not in blocks(route.home)
    route.puts()
    route.agrees()
    assert block.start not in {each.event.start for each in route.on_server().values()}


def test_the_configuration_for_google_is_one_that_vdirsyncer_reads(route):
    (other,) = re.findall(r"^```toml\n(\[storage .*?)^```$", README, re.DOTALL | re.MULTILINE)
    ours = (route.home / ".config/vdirsyncer/config").read_text()
    file = route.home / "google"
    file.write_text(ours.partition("[storage study_there]")[0] + other)
    read = json.loads(route.vdirsyncer("-c", str(file), "showconfig"))
    there = next(one for one in read["storages"] if one["instance_name"] == "study_there")
    assert there["type"] == "google_calendar"
    assert {"token_file", "client_id", "client_secret"} < there.keys()
