"""What scripts read of today, week, topic and status: its shape is kept and its sums are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support_cli import ran
from tests.support_replan import NINTH, said, state
from tests.support_shapes import faults, kept_view

LOOKS = (("today",), ("week",), ("topic", "dns"), ("topic", "syscalls"), ("status",))


def read(day: str, *words: str, folder: Path) -> dict[str, Any]:
    """The JSON that the command prints."""
    found: dict[str, Any] = json.loads(said(day, *words, "--json", folder=folder).out)
    return found


def whole(day: str, folder: Path) -> dict[str, Any]:
    """The whole plan."""
    found: dict[str, Any] = json.loads(said(day, "export", "json", folder=folder).out)
    return found


@pytest.mark.parametrize("day", ["2025-12-29", "2026-01-05", NINTH, "2026-09-07"])
@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_the_shape_is_the_one_that_was_kept(words, day, behind):
    document = read(day, *words, folder=behind)
    assert faults(document, kept_view(words[0])) == []
    assert document["as_of"] == day


def test_today_holds_its_sessions_as_the_whole_plan_has_them(folder):
    said("2026-01-06", "done", "syscalls.learn.2", "--minutes", "45", folder=folder)
    found = read("2026-01-06", "today", folder=folder)
    plan = whole("2026-01-06", folder)
    rows = [row for row in plan["sessions"] if row["start"].startswith("2026-01-06")]
    assert [row | {"done_minutes": 45} for row in rows] == found["sessions"]
    assert found["blocks"] == [row for row in plan["blocks"] if row["start"][:10] == "2026-01-06"]
    assert [topic["id"] for topic in found["topics"]] == ["syscalls"]
    assert found["unmarked"] == [s.id for s in state(folder).plan.blocks[0].sessions]


def test_the_day_shown_is_null_after_the_last(folder):
    assert read("2026-01-09", "today", folder=folder)["day"] == "2026-01-10"
    after = read("2026-09-07", "today", folder=folder)
    assert (after["day"], after["sessions"]) == (None, [])


def test_what_is_done_has_that_status_everywhere(folder):
    said("2026-01-05", "done", folder=folder)
    views = [
        read("2026-01-05", *words, folder=folder)["sessions"]
        for words in (("today",), ("week", "1"), ("topic", "syscalls"))
    ]
    views.append(whole("2026-01-05", folder)["sessions"])
    for rows in views:
        status = {row["id"]: row["status"] for row in rows}
        assert status["syscalls.learn.1"] == "done"
        assert status.get("syscalls.learn.2", "planned") == "planned"


def test_the_figures_of_status_follow_from_each_other(behind):
    found = read("2026-03-14", "status", folder=behind)
    balance = found["balance"]
    assert balance["ahead"] == balance["done_after"] - balance["open_before"] < 0
    for phase in found["phases"]:
        assert phase["share"] == pytest.approx(
            phase["done"] / (phase["done"] + phase["open"]), abs=1e-4
        )
    for round_ in found["rounds"]:
        weights = sum(topic["weight"] for topic in round_["topics"])
        ready = sum(t["weight"] * t["done"] * t["recall"] for t in round_["topics"]) / weights
        assert round_["ready"] == pytest.approx(ready, abs=1e-3)
        assert round_["ready"] <= round_["done"]
    recall = {t["topic"]: t["recall"] for round_ in found["rounds"] for t in round_["topics"]}
    for due in found["reviews_due"]:
        assert due["recall"] == recall[due["topic"]] < 0.95
        assert due["since"] <= found["as_of"]
    assert found["rounds"][0]["mocks"] == [{"on": "2026-02-28", "score": 4}]


def test_a_review_done_today_is_not_due_today(behind):
    due = [row["topic"] for row in read("2026-03-14", "status", folder=behind)["reviews_due"]]
    assert due
    said("2026-03-14", "review", due[0], "good", folder=behind)
    left = [row["topic"] for row in read("2026-03-14", "status", folder=behind)["reviews_due"]]
    assert left == due[1:]


def test_a_session_done_early_is_told_where_it_stood(folder):
    said("2026-01-05", "done", folder=folder)
    said("2026-01-05", "done", "syscalls", folder=folder)
    said("2026-01-06", "replan", "--yes", folder=folder)
    assert [session.id for session in state(folder).plan.early] == ["syscalls.learn.2"]
    rows = read("2026-01-06", "today", folder=folder)["sessions"]
    early = next(row for row in rows if row["id"] == "syscalls.learn.2")
    assert (early["early"], early["status"], early["done_minutes"]) == (True, "done", 120)
    (row,) = [row for row in whole("2026-01-06", folder)["sessions"] if row["early"]]
    assert row | {"done_minutes": 120} == early
    page = said("2026-01-06", "export", "md", folder=folder).out.split("### Week 2")[0]
    assert "- **Done before its time**\n  - [x] 120 min · learn" in page
    assert "done early" in said("2026-01-06", "today", "--plain", folder=folder).out


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_a_refusal_is_one_object_on_stderr(words, tmp_path):
    done = ran(*words, "--json", folder=tmp_path)
    assert (done.code, done.out) == (4, "")
    found = json.loads(done.err)
    assert (found["schema"], found["exit"]) == (1, 4)
    assert len(found["problems"]) == 1
