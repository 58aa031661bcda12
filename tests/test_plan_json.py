"""The plan as JSON: complete, and what else is in the learner's calendar, in their own time. What
scripts read has the shape that its types have and that was kept."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from pe_plan.app.capacity import Capacity, Fits, Lacks
from pe_plan.app.look import Status, Today, TopicCard, WeekView
from pe_plan.documents.plan_json import to_json
from pe_plan.model import Pin, State
from tests import support_documents as given
from tests.support_shapes import comparable, either, faults, kept, kept_view, told

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


def written(state: State, text: str = "Plain words") -> dict[str, Any]:
    """The document; it has the kept shape."""
    document: dict[str, Any] = json.loads(to_json(state, given.roadmap(text)))
    assert faults(document, kept("plan")) == []
    return document


@pytest.mark.parametrize("text", ["Plain words", given.HOSTILE])
def test_any_title_stands_as_it_is(text):
    assert written(given.state(text), text)["topics"][0]["title"] == f"{text} dns"


def test_json_says_what_the_plan_says():
    state = given.state()
    document = written(state)
    starts = [block["start"] for block in document["blocks"]]
    assert starts[2:4] == ["2026-03-28T23:00:00+01:00", "2026-04-06T19:00:00+02:00"]
    assert [datetime.fromisoformat(s) for s in starts] == [b.start for b in state.plan.blocks]
    assert document["profile"]["hours_per_week"] == 16.5
    assert document["profile"]["planned_hours_per_week"] == 2.0
    assert document["profile"]["windows"][1] == {"weekday": 5, "from": "23:00", "to": "24:00"}
    assert document["profile"]["days_off"] == ["2026-03-30", "2026-03-31", "2026-04-01"]
    assert document["profile"]["skills"] == {"dns": "some", "tls": "new", "bgp": "solid"}
    assert document["trimmed"] == [
        {"topic": "tls", "depth": 0.667},
        {"topic": "bgp", "depth": 0.25},
    ]
    assert document["sessions"][1]["phase"] is None
    assert {s["block"] for s in document["sessions"]} == {b["uid"] for b in document["blocks"]}


def test_json_tells_early_sessions_at_their_time():
    state = given.state()
    start = state.plan.blocks[1].start
    early = tuple(
        given.session(id, at, topic="tls", status="done")
        for id, at in (("gone", start - timedelta(days=1)), ("e", start + timedelta(minutes=30)))
    )
    plan = replace(state.plan, early=early)
    rows = written(replace(state, plan=plan))["sessions"]
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    found = {row["id"]: row["block"] for row in rows if row["early"]}
    assert found == {"gone": None, "e": plan.blocks[1].uid}


def said(**about: object) -> dict[str, Any]:
    """What the document says of the learner."""
    state = given.state()
    document = written(replace(state, profile=replace(state.profile, **about)))
    return {key: document["profile"][key] for key in CALM}


def test_who_said_nothing_of_it_has_none_of_it():
    assert said() == CALM


@pytest.mark.parametrize("key", ["busy", "dropped"])
def test_stretches_begin_and_end_at_the_offset_of_their_day(key):
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


def test_times_are_those_of_the_zone_lived_in_then():
    abroad = ((date(2026, 3, 29), "America/New_York"),)
    stretches = tuple((start, start + timedelta(hours=1)) for start in (EVENING,))
    later = ((EVENING + timedelta(days=2), EVENING + timedelta(days=2, hours=1)),)
    found = said(abroad=abroad, busy=stretches, dropped=later)
    assert found["busy"] == [
        {"start": "2026-03-28T14:00:00-04:00", "end": "2026-03-28T15:00:00-04:00"}
    ]
    assert found["dropped"][0]["start"] == "2026-03-30T20:00:00+02:00"


def test_pins_say_where_the_block_is_and_where_it_was_at_home():
    pin = Pin(uid="b-1@x", start=EVENING, minutes=90, home=EVENING + timedelta(2), home_minutes=60)
    assert said(pins=(pin,))["pins"] == [
        {
            "uid": "b-1@x",
            "start": "2026-03-28T19:00:00+01:00",
            "minutes": 90,
            "home": {"start": "2026-03-30T20:00:00+02:00", "minutes": 60},
        }
    ]


def test_where_the_busy_times_come_from_and_how_they_are_read():
    paths = ("/home/eva/work.ics", '/home/eva/"Grüße"\\\n.zip')
    found = said(calendars=paths, busy_margin=15, ignore_all_day=True, lenient=True, free=True)
    assert found == CALM | {
        "calendars": list(paths),
        "busy_margin": 15,
        "ignore_all_day": True,
        "lenient": True,
        "free": True,
    }


def test_pinned_blocks_are_told():
    state = given.state()
    first, *others = state.plan.blocks
    plan = replace(state.plan, blocks=(replace(first, pinned=True), *others))
    document = written(replace(state, plan=plan))
    assert [block["pinned"] for block in document["blocks"]] == [True] + [False] * len(others)


VIEWS = (("today", Today), ("week", WeekView), ("topic", TopicCard), ("status", Status))


@pytest.mark.parametrize(
    ("kind", "shape"),
    [(kind, kept_view(name)) for name, kind in VIEWS],
)
def test_a_type_has_the_kept_shape(kind, shape):
    assert told(kind) == comparable(shape)


def test_what_comes_of_the_hours_is_a_plan_or_what_it_lacks():
    fits, lacks = (told(Capacity[kind]) for kind in (Fits, Lacks))  # type: ignore[valid-type]
    plans = either(fits["properties"].pop("plan"), lacks["properties"].pop("plan"))
    shape = comparable(kept("capacity"))
    assert shape["properties"].pop("plan") == plans
    assert fits == lacks == shape


@pytest.mark.parametrize("name", ["plan", "views", "capacity"])
def test_the_kept_shapes_allow_nothing_else(name):
    def objects(schema: Any) -> list[dict[str, Any]]:
        if isinstance(schema, list):
            return [found for each in schema for found in objects(each)]
        if not isinstance(schema, dict):
            return []
        own = [schema] if schema.get("type") == "object" else []
        return own + [found for each in schema.values() for found in objects(each)]

    for each in objects(kept(name)):
        assert each["additionalProperties"] is False or "propertyNames" in each
        assert sorted(each.get("required", [])) == sorted(each.get("properties", {}))
