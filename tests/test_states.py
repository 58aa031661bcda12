"""Plans that were written long ago can be read for ever: see states/README.md."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from pe_plan.app import Circumstances
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.model import Days, Pin, State
from pe_plan.store import decode, encode
from pe_plan.store.decoding import SCHEMA
from tests.support_cli import ran

STATES = Path(__file__).parent / "states"
FROZEN = {
    1: "fdd3ee2499e0eb9bb1e6f1bdb676e339a2bb65d21f0cbf2800ee85b408907161",
    2: "7fd7ccb46bebbc1f915f8350a6973c79d7503c257c7ea4f71abde5a50172938b",
    3: "de8f0dbea87fc3e3ddb55091b4f5354129052a246b977a55020b4f2eb3a6b972",
}
LATER = Circumstances(now=datetime(2030, 1, 1, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)


def content(schema: int) -> bytes:
    return (STATES / f"{schema}.toml").read_bytes()


def decoded(schema: int) -> State:
    return decode(content(schema), f"{schema}.toml")


@pytest.fixture(params=FROZEN)
def folder(request, tmp_path: Path) -> Path:
    """A folder with a plan of long ago, and nothing beside it."""
    (tmp_path / "study-plan").mkdir()
    shutil.copy(STATES / f"{request.param}.toml", tmp_path / "study-plan" / "plan.toml")
    return tmp_path


def test_every_schema_so_far_has_its_file_and_none_was_edited():
    assert list(FROZEN) == list(range(1, SCHEMA + 1))
    assert {path.name for path in STATES.glob("*.toml")} == {f"{n}.toml" for n in FROZEN}
    for schema, hashed in FROZEN.items():
        assert hashlib.sha256(content(schema)).hexdigest() == hashed, "restore it, do not edit it"


def test_a_plan_of_now_is_written_back_byte_for_byte():
    assert encode(decoded(SCHEMA)) == content(SCHEMA)


def test_what_the_first_schema_said_is_still_understood():
    state = decoded(1)
    profile, plan = state.profile, state.plan
    assert (profile.start, profile.minutes_per_week, profile.remind) == (date(2026, 3, 2), 480, 10)
    assert profile.timezone == "Europe/Berlin"
    assert profile.days_off[0] == Days(first=date(2026, 4, 6), last=date(2026, 4, 12))
    skills = {"dns": "new", "linux": "solid", "networking": "solid", "troubleshooting": "strong"}
    assert profile.skills == skills
    assert (plan.revision, plan.finish, plan.verdict) == (1, date(2026, 12, 27), "inside")
    assert [phase.weeks for phase in plan.phases] == [10, 6, 5, 10, 2, 3]
    assert [week.n for week in plan.weeks if week.kind == "catch-up"] == [12, 19, 35, 41]
    assert len(plan.blocks) == 167
    assert sum(session.minutes for session in plan.sessions) == 20_040
    first = plan.blocks[0]
    assert (first.start, first.minutes) == (datetime(2026, 3, 2, 18, tzinfo=UTC), 120)
    assert [entry.start for entry in state.ledger if entry.removed] == [
        datetime(2026, 5, 12, 17, tzinfo=UTC)
    ]
    assert len(read_roadmap(state.roadmap.encode(), "roadmap").topics) == 38


def test_what_the_second_schema_added_is_understood():
    state = decoded(2)
    profile, plan, log, accepted = state.profile, state.plan, state.log, state.accepted
    assert profile.abroad == ((date(2026, 3, 2), "Europe/Berlin"),)
    assert profile.timezone == "America/New_York"
    assert [session.id for session in plan.early] == [
        *("http.learn.1", "http.learn.2", "http.practise.1", "http.prove.1")
    ]
    assert plan.early[0].start == datetime(2026, 5, 9, 7, 15, tzinfo=UTC)
    assert {topic.id: topic.trimmed for topic in plan.topics}["utils"] == 400
    assert Counter(session.status for session in plan.sessions) == {
        "planned": 312,
        "missed": 185,
        "done": 54,
    }
    kinds = Counter(record.kind for record in log)
    assert kinds == {"done": 57, "undo": 2, "review": 1, "mock": 1, "mastered": 1}
    (mock,) = (record for record in log if record.kind == "mock")
    assert (mock.round, mock.score, mock.on) == ("coding", 3, date(2026, 2, 10))
    assert mock.note == "too slow | 'edge cases' \\ next: plan aloud"
    assert (log[1].session, log[1].minutes) == ("syscalls.learn.1", 50)
    assert (log[-1].change, log[-1].undone) == (18, 17)
    assert [(line.change, line.begins, line.kept) for line in accepted] == [
        (1, True, None),
        (7, False, "plan.toml.1"),
        (15, False, "plan.toml.2"),
        (16, False, "plan.toml.3"),
        (17, False, "plan.toml.4"),
        (19, False, "plan.toml.6"),
    ]
    assert accepted[3].reason == "missed 71 sessions, --hours 9"
    assert (accepted[3].retitled, accepted[3].moved, accepted[3].finish) == (107, 28, plan.finish)


def test_what_the_third_schema_added_is_understood():
    state = decoded(3)
    profile, plan = state.profile, state.plan
    folder = "/home/eva/calendars"
    assert profile.calendars == (f"{folder}/work.ics", f"{folder}/choir.ics")
    assert (profile.busy_margin, profile.free) == (15, True)
    assert (profile.ignore_all_day, profile.lenient) == (False, False)
    assert len(profile.busy) == 35
    assert profile.busy[0] == stretch(datetime(2026, 1, 6, 16, 45, tzinfo=UTC), 120)
    assert stretch(datetime(2026, 4, 12, 22, tzinfo=UTC), 5 * 24 * 60) in profile.busy
    assert profile.dropped == (stretch(datetime(2026, 2, 10, 18, 45, tzinfo=UTC), 75),)
    elsewhere, here, dragged = profile.pins
    assert elsewhere == Pin(
        uid="f3f78c29-f7f2-5394-bb60-d5bad7eba275@pe-plan.invalid",
        start=datetime(2026, 1, 23, 16, 30, tzinfo=UTC),
        minutes=90,
        home=datetime(2026, 1, 22, 18, tzinfo=UTC),
        home_minutes=120,
    )
    assert (here.start, here.minutes) == (here.home, here.home_minutes)
    assert dragged.start == datetime(2026, 2, 15, 6, tzinfo=UTC)
    assert [(block.uid, block.start, block.minutes) for block in plan.blocks if block.pinned] == [
        (pin.uid, pin.start, pin.minutes) for pin in profile.pins
    ]
    busy = (*profile.busy, *profile.dropped)
    loose = [block for block in plan.blocks if not block.pinned]
    assert not any(a < block.end and block.start < b for a, b in busy for block in loose)


def stretch(start: datetime, minutes: int) -> tuple[datetime, datetime]:
    return start, start + timedelta(minutes=minutes)


def test_what_came_later_was_not_so_before():
    for schema in (1, 2):
        profile = decoded(schema).profile
        assert (profile.busy, profile.calendars, profile.pins, profile.dropped) == ((), (), (), ())
        flags = (profile.busy_margin, profile.ignore_all_day, profile.lenient, profile.free)
        assert flags == (0, False, False, False)


def test_every_document_can_be_made_from_it(folder):
    made = {kind: ran("export", kind, folder=folder) for kind in ("md", "json", "ics")}
    assert {(done.code, done.err) for done in made.values()} == {(0, "")}
    state = decode((folder / "study-plan/plan.toml").read_bytes(), "plan.toml")

    boxes = Counter(re.findall(r"- \[([ x])\]", made["md"].out))
    assert boxes.total() == len(state.plan.sessions) + len(state.plan.early)
    plan = json.loads(made["json"].out)
    assert [block["uid"] for block in plan["blocks"]] == [block.uid for block in state.plan.blocks]
    events = icalendar.Calendar.from_ical(made["ics"].out).events
    assert {(event["UID"], event.start) for event in events} == {
        (block.uid, block.start) for block in state.plan.blocks
    }


def test_it_can_be_planned_anew(folder):
    before = (folder / "study-plan/plan.toml").read_bytes()
    words = ("--start", "2026-03-02", "--hours", "8", "--tz", "Europe/Berlin", "--force")
    assert ran("generate", *words, folder=folder, around=LATER).code == 0
    (kept,) = (folder / "study-plan").glob("plan.toml.*")
    assert kept.read_bytes() == before
    after = decode((folder / "study-plan/plan.toml").read_bytes(), "plan.toml")
    assert after.plan.id == decode(before, "plan.toml").plan.id
