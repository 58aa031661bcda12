"""The plan as JSON says what else is in the learner's calendar, in the learner's own time."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from pe_plan.documents.plan_json import to_json
from pe_plan.model import Pin, Profile
from tests import support_documents as given

SCHEMA = json.loads((Path(__file__).parent / "plan.schema.json").read_text("utf-8"))
CALM: dict[str, object] = {
    "busy": [],
    "calendars": [],
    "busy_margin": 0,
    "ignore_all_day": False,
    "lenient": False,
    "free": False,
    "pins": [],
    "dropped": [],
}
EVENING = datetime(2026, 3, 28, 18, tzinfo=UTC)  # the night in which the clocks are turned


def said(**about: object) -> dict[str, Any]:
    """What the document says of the learner; it has the kept shape."""
    state = given.state()
    profile: Profile = replace(state.profile, **about)
    document = json.loads(to_json(replace(state, profile=profile), given.roadmap()))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)] == []
    return {key: document["profile"][key] for key in CALM}


def test_who_said_nothing_of_it_has_none_of_it() -> None:
    assert said() == CALM


@pytest.mark.parametrize("key", ["busy", "dropped"])
def test_stretches_begin_and_end_at_the_offset_of_their_day(key: str) -> None:
    stretches = (
        (EVENING, EVENING + timedelta(hours=12)),
        (EVENING + timedelta(days=1), EVENING + timedelta(days=1, minutes=45)),
    )
    assert said(**{key: stretches}) == CALM | {
        key: [
            {"start": "2026-03-28T19:00:00+01:00", "end": "2026-03-29T08:00:00+02:00"},
            {"start": "2026-03-29T20:00:00+02:00", "end": "2026-03-29T20:45:00+02:00"},
        ]
    }


def test_times_are_those_of_the_zone_lived_in_then() -> None:
    abroad = ((date(2026, 3, 29), "America/New_York"),)
    stretches = tuple((start, start + timedelta(hours=1)) for start in (EVENING,))
    later = ((EVENING + timedelta(days=2), EVENING + timedelta(days=2, hours=1)),)
    found = said(abroad=abroad, busy=stretches, dropped=later)
    assert found["busy"] == [
        {"start": "2026-03-28T14:00:00-04:00", "end": "2026-03-28T15:00:00-04:00"}
    ]
    assert found["dropped"][0]["start"] == "2026-03-30T20:00:00+02:00"


def test_pins_say_where_the_block_is_and_where_it_was_at_home() -> None:
    pin = Pin(uid="b-1@x", start=EVENING, minutes=90, home=EVENING + timedelta(2), home_minutes=60)
    assert said(pins=(pin,))["pins"] == [
        {
            "uid": "b-1@x",
            "start": "2026-03-28T19:00:00+01:00",
            "minutes": 90,
            "home": {"start": "2026-03-30T20:00:00+02:00", "minutes": 60},
        }
    ]


def test_where_the_busy_times_come_from_and_how_they_are_read() -> None:
    paths = ("/home/eva/work.ics", '/home/eva/"Grüße"\\\n.zip')
    found = said(calendars=paths, margin=15, ignore_all_day=True, lenient=True, free=True)
    assert found == CALM | {
        "calendars": list(paths),
        "busy_margin": 15,
        "ignore_all_day": True,
        "lenient": True,
        "free": True,
    }


def test_pinned_blocks_are_told() -> None:
    state = given.state()
    first, *others = state.plan.blocks
    plan = replace(state.plan, blocks=(replace(first, pinned=True), *others))
    document = json.loads(to_json(replace(state, plan=plan), given.roadmap()))
    assert [block["pinned"] for block in document["blocks"]] == [True] + [False] * len(others)
