"""What a learner sees who looks: today, week, topic, status, plainly and on a terminal; and what
scripts read of it, the shape of which is kept, with sums that are right."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pe_plan import store
from tests.support_cli import contents, loaded, on_a_terminal, refused
from tests.support_replan import NINTH, said, state
from tests.support_shapes import faults, kept_view

LOOKS = (("today",), ("week",), ("topic", "dns"), ("topic", "syscalls"), ("status",))
NOT_TO_LOOK = {"icalendar", "pydantic", "recurring_ical_events", "rich", "unittest", "asyncio"}
NOT_TODAY = NOT_TO_LOOK | {
    *("fsrs", "dateutil", "tzlocal", "json", "pe_plan.planning", "pe_plan.calendars"),
    *("pe_plan.app.generate", "pe_plan.documents.markdown"),
}


def seen(day, *words, folder):
    """What the command shows plainly on that day."""
    return said(day, *words, "--plain", folder=folder).out


def lines(text, start):
    return [line for line in text.splitlines() if line.startswith(start)]


def flat(*words, folder):
    """All that is shown as one line."""
    return " ".join(seen(*words, folder=folder).split())


# ── Today ─────────────────────────────────────────────────────────────────────────────────────
def test_today_shows_its_sessions_with_tasks_self_check_and_resources(folder):
    text = seen("2026-01-06", "today", folder=folder)
    assert text.splitlines()[:4] == [
        "Today: Tue 6 Jan, week 1 of 35, Systems Coding (Python/C++)",
        "",
        "Time         What                                         State",
        "19:00–21:00  Learn File I/O, processes, signals (2 of 3)  open",
    ]
    for label in ("Learn ", "Self-check ", "Read", "Done?"):
        assert lines(text, label), label
    assert not lines(text, "Practise ")  # it has sessions of its own, on other days
    assert "https://man7.org/linux/man-pages/man7/signal-safety.7.html" in text


def test_what_is_done_is_said_in_words_and_a_part_of_it_in_minutes(folder):
    for done, states in ((("leetcode",), ["open", "done"]), ((), ["done", "done"])):
        said("2026-01-05", "done", *done, folder=folder)
        text = seen("2026-01-05", "today", folder=folder)
        assert [line.split()[-1] for line in lines(text, "19:")] == states
    assert lines(text, "All done")
    assert not lines(text, "Done?")
    said("2026-01-06", "done", "syscalls.learn.2", "--minutes", "45", folder=folder)
    assert "45 of 120 min done" in seen("2026-01-06", "today", folder=folder)


def test_a_day_without_sessions_shows_the_next_one_and_after_the_last_there_is_none(folder):
    for day, start in (
        ("2026-01-09", "Nothing today. Next: Sat 10 Jan, week 1"),
        ("2025-12-29", "Nothing today. Next: Mon 5 Jan, week 1"),
        ("2026-09-07", "Your plan ended on Sunday 6 September 2026."),
    ):
        assert (text := seen(day, "today", folder=folder)).startswith(start)
    assert "good luck" in text


def test_past_sessions_are_mentioned_once_and_only_while_unmarked(folder):
    assert not lines(seen("2026-01-05", "today", folder=folder), "Earlier")
    (line,) = lines(seen("2026-01-06", "today", folder=folder), "Earlier")
    assert line.startswith("Earlier  2 earlier sessions are not marked yet: `pe-plan done`")
    said("2026-01-06", "done", "--all-until", "2026-01-05", folder=folder)
    assert not lines(seen("2026-01-06", "today", folder=folder), "Earlier")


def test_reviews_and_mocks_come_with_the_command_that_records_them(folder):
    plan, profile = state(folder).plan, state(folder).profile
    review = next(s for s in plan.sessions if s.kind == "review" and s.topic)
    mock = next(s for s in plan.sessions if s.kind == "mock")
    for session, command in (
        (review, f"`pe-plan review {review.topic} again|hard|good|easy`"),
        (mock, f"`pe-plan mock {mock.round} 1-5`"),
    ):
        assert command in flat(str(profile.day_of(session.start)), "today", folder=folder)


def test_an_activity_too_short_for_sessions_is_done_with_its_neighbour(folder):
    told = state(folder)
    first = told.plan.blocks[0]
    alone = tuple(
        replace(s, minutes=60, start=first.start + timedelta(minutes=60 * n))
        for n, s in enumerate(first.sessions)
    )
    plan = replace(told.plan, blocks=(replace(first, sessions=alone),))
    (folder / "study-plan/state.json").write_bytes(store.encode(replace(told, plan=plan)))
    text = seen("2026-01-05", "today", folder=folder)
    assert [len(lines(text, label)) for label in ("Learn  ", "Practise  ", "Prove  ")] == [2, 2, 2]


# ── Week ──────────────────────────────────────────────────────────────────────────────────────
def test_a_week_is_a_table_of_its_sessions_in_order(behind):
    text = seen(NINTH, "week", folder=behind)
    assert text.startswith("Week 9 of 35, 2–8 March 2026: Linux Internals\n\nDay ")
    days = re.findall(r"^(\w{3} \d) Mar ", text, re.MULTILINE)
    assert days == ["Mon 2", "Tue 3", "Wed 4", "Thu 5", "Sat 7"]
    past, ahead = text.split("Earlier")[0].split("Wed 4 Mar")
    assert ("not marked" in past, "open" in past) == (True, False)
    assert ("not marked" in ahead, "open" in ahead) == (False, True)
    assert seen(NINTH, "week", "9", folder=behind) == text
    assert "done" in seen(NINTH, "week", "8", folder=behind)


@pytest.mark.parametrize("number", ["0", "36", "-1", "x", "1.5", "9" * 5000, "²"])
def test_a_week_that_there_is_not(number, folder):
    (line,) = refused("week", "--", number, folder=folder)
    assert line.endswith("; this plan has weeks 1 to 35")


# ── Topic ─────────────────────────────────────────────────────────────────────────────────────
def test_a_topic_by_the_beginning_of_its_name(behind):
    text = seen(NINTH, "topic", "sysc", folder=behind)
    assert text.startswith("File I/O, process management, signal handling in code (syscalls)\n")
    for label in ("Phase", "Why", "Effort", "Learn", "Practise", "Prove", "Self-check", "Read"):
        assert lines(text, label), label
    assert "12.25 of 12.25 h done, at level “some”" in text
    assert "must know; asked in Coding and Production engineering" in text
    assert lines(text, "Reviewed") == ["Reviewed  hard on Sat 28 Feb"]
    assert re.search(r"recall today \d\d %, next due", text)
    assert "Learn (1 of 3)" in text


def test_what_a_topic_builds_on_and_how_far_that_is(behind):
    (line,) = lines(seen(NINTH, "topic", "process", folder=behind), "After")
    assert re.search(r"\((done|not begun|\d+ % done)\)", line)


@pytest.mark.parametrize(
    ("name", "said_of_it"),
    [
        ("sys", "'sys': could be syscalls, utils; type a little more of it"),
        ("dnss", "'dnss': no topic is called so; did you mean"),
        ("", "'': no topic is called so; use one of: "),
    ],
)
def test_a_name_that_is_none_or_several(name, said_of_it, folder):
    (line,) = refused("topic", name, folder=folder)
    assert line.startswith(said_of_it)


# ── Status ────────────────────────────────────────────────────────────────────────────────────
def test_status_on_the_first_day_is_on_track_and_then_ahead(folder):
    text = seen("2026-01-05", "status", folder=folder)
    assert text.startswith("On track · Mon 5 Jan, week 1 of 35\n")
    assert "Systems Coding (Python/C++)  0 %" in text
    assert not lines(text, "Balance")
    said("2026-01-05", "done", "syscalls", "syscalls", "syscalls", folder=folder)
    assert seen("2026-01-05", "status", folder=folder).startswith("3.5 h ahead · ")


def test_status_behind_tells_by_how_much_what_is_due_and_the_way_on(behind):
    text = seen(NINTH, "status", folder=behind)
    assert text.startswith("4 h behind · Wed 4 Mar, week 9 of 35\n")
    assert lines(text, "Systems Coding (Python/C++)  100 %")
    (coding,) = lines(text, "Coding ")
    assert re.fullmatch(r"Coding +9\d % +9\d % +4", coding)
    assert lines(text, "Next mock  Production engineering, Sat 28 Mar")
    assert lines(text, "Earlier")
    due = r"Reviews \d+ due: .+ \(recall \d\d %, (planned for|open since) \w{3} \d+ \w{3}\)"
    assert re.search(due, flat("2026-03-14", "status", folder=behind))


# ── All of them ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_looking_changes_nothing_and_may_stand_on_another_day(words, behind):
    before = contents(behind)
    shown = seen(NINTH, *words, folder=behind)
    assert seen("2026-01-01", *words, "--as-of", NINTH, folder=behind) == shown
    assert contents(behind) == before


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_what_cannot_be_shown(words, folder):
    (line,) = refused(*words, "--as-of", "soon", folder=folder)
    assert line == "--as-of: expected a date like 2026-01-05, got 'soon'"


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_on_a_terminal_nothing_is_wider_but_addresses_and_all_words_are_there(words, behind):
    shown = on_a_terminal(*words, "--as-of", NINTH, folder=behind)
    assert shown.code == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.out)
    plain = seen(NINTH, *words, folder=behind)
    everything = (*text.split("\n"), *plain.split("\n"))
    assert all(len(line) <= 80 or "https://" in line for line in everything)
    assert set(re.findall(r"\w+", plain)) <= set(re.findall(r"\w+", text))
    assert len(re.findall(r"[#-]{20}", text)) == (6 if words == ("status",) else 0)
    assert "##" not in plain


@pytest.mark.parametrize(
    ("word", "unwanted"), [("today", NOT_TODAY), ("week", NOT_TODAY), ("status", NOT_TO_LOOK)]
)
def test_whoever_looks_waits_for_no_library_that_is_not_needed(word, unwanted, folder):
    modules = loaded(word, "--as-of", "2026-01-07", folder=folder)
    assert "pe_plan.app.look" in modules
    assert modules & unwanted == set()


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


def test_what_is_done_of_the_next_mock_is_told_as_on_its_day(eva):
    mock = next(session for session in eva.state.plan.sessions if session.kind == "mock")
    eva.hears("done", mock.id, "--minutes", "20", on="2026-01-12")
    found = json.loads("\n".join(eva.hears("status", "--json", on="2026-01-12")))
    assert (found["next_mock"]["id"], found["next_mock"]["done_minutes"]) == (mock.id, 20)
