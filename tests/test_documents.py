"""The plan as Markdown, as a chart and as JSON: complete, unbroken by what a roadmap says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.documents.markdown import to_markdown
from pe_plan.documents.mermaid import gantt, task_name
from pe_plan.documents.plan_json import to_json
from pe_plan.documents.words import clock, hours, listed, span
from pe_plan.model import Roadmap, State
from tests import support_documents as given

TEXTS = ("Plain words", given.HOSTILE)


def page(
    text: str = "Plain words", profile: dict[str, object] | None = None, **plan: object
) -> str:
    """The plan in Markdown, all of it saying `text`, with something of it changed."""
    state = given.state(text)
    made, learner = replace(state.plan, **plan), replace(state.profile, **profile or {})
    return to_markdown(replace(state, plan=made, profile=learner), given.roadmap(text))


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", TEXTS)
def test_every_session_has_one_checkbox_and_every_block_one_line(text):
    plan = given.plan(text)
    items = [token.content for token in given.tokens(page(text)) if token.type == "inline"]
    boxes = [item[:3] for item in items if re.match(r"\[[ x]\] ", item)]
    assert (len(boxes), boxes.count("[x]")) == (len(plan.sessions), 1)
    block = r"\*\*\w{3} \d+ \w{3}, \d\d:\d\d–\d\d:\d\d\*\*"
    assert sum(bool(re.match(block, item)) for item in items) == len(plan.blocks)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("html", [True, False])
def test_hostile_text_changes_no_structure(text, html):
    def skeleton(text: str) -> list[tuple[str, str]]:
        parsed = given.markdown(html).parse(page(text))
        return [(token.type, token.tag) for token in parsed if token.type != "fence"]

    assert skeleton(text) == skeleton("Plain words")
    rendered = given.markdown(html).render(page(text))
    assert "<script" not in rendered
    assert "<img" not in rendered
    assert 'href="javascript' not in rendered.lower()


@pytest.mark.parametrize("text", TEXTS)
def test_every_link_inside_the_document_finds_its_card(text):
    parsed = given.tokens(page(text))
    targets = {str(t.attrs["href"]) for t in parsed if t.type == "link_open"}
    headings = {b.content for a, b in pairwise(parsed) if a.type == "heading_open"}
    inside = {target[1:] for target in targets if target.startswith("#")}
    assert inside == {"dns", "tls", "bgp"}
    assert inside <= headings


def test_topics_stand_in_the_order_of_study_each_once_in_full():
    text = page()
    assert re.findall(r"^#### (.+)$", text, re.MULTILINE) == ["tls", "dns", "bgp"]
    for field in ("Note", "Learn", "Practise", "Prove", "Self-check", "Tools", "Read"):
        assert text.count(f"- **{field}:** ") == 3


def test_bad_news_comes_first_and_left_out_before_all():
    paragraphs = page().split("\n\n")
    assert [p.split(":")[0] for p in paragraphs[1:4]] == [
        "**Left out, because the time is short",
        "**Eased",
        "**Shortened to fit",
    ]
    assert "to 67 % [Plain words tls](#tls)" in paragraphs[3]
    assert "bgp" not in paragraphs[3]


@pytest.mark.parametrize(
    ("verdict", "interview", "words"),
    [
        ("inside", None, "lies inside the roadmap's window of 1 to 3 months"),
        ("early", None, "lies before the start of the roadmap's window"),
        ("late", None, "lies past the end of the roadmap's window"),
        ("inside", date(2026, 4, 27), "on the eve of your interview on Monday 27 April 2026."),
        ("early", date(2026, 4, 30), "before your interview on Thursday 30 April 2026."),
    ],
)
def test_the_verdict_in_words(verdict, interview, words):
    assert words in page(verdict=verdict, profile={"interview": interview})


def test_what_is_not_so_is_not_said():
    state = given.state()
    whole = tuple(replace(topic, depth=1) for topic in state.plan.topics)  # type: ignore[arg-type]
    calm = {"topics": whole, "minutes_per_week": state.profile.minutes_per_week}
    text = page(**calm, left_out=(), unplaced=())
    assert not re.search("Left out|Eased|Shortened|Did not fit|left out", text)


def test_every_kind_of_week_and_session_is_named():
    text = page()
    assert re.findall(r"^### Week (\d · .+)$", text, re.MULTILINE) == [
        "1 · 16–22 March 2026 · Plain words net",
        "2 · 23–29 March 2026 · Plain words net",
        "3 · 30 March – 5 April 2026 · Off",
        "4 · 6–12 April 2026 · Catch-up",
        "5 · 13–19 April 2026 · Plain words far",
        "6 · 20–26 April 2026 · Final week",
    ]
    weeks = text.split("\n## ")[1].split("\n### ")[1:]
    assert [week.count("- [") for week in weeks] == [2, 3, 0, 1, 1, 2]
    assert re.findall(r"- \[(.)\] 60 min · (.+)", text) == [
        ("x", "learn [Plain words dns](#dns), 1 of 2"),
        (" ", "flex"),
        (" ", "review [Plain words dns](#dns) (missed)"),
        (" ", "prove [Plain words tls](#tls) (made up)"),
        (" ", "mock interview: Plain words, checkpoint of Plain words net"),
        (" ", "catch-up"),
        (" ", "warm-up: [Plain words dns](#dns)"),
        (" ", "recall Plain words net"),
        (" ", "mock interview: Plain words"),
    ]


def test_link_dates_are_said_once_and_where_they_differ():
    text = page()
    assert text.count("not known") == 1
    assert text.count("(link last checked 2 Jan 2026)") == 1


def test_times_follow_the_wall_clock_across_the_clock_change():
    text = page()
    for when in ("Mon 23 Mar, 19:00–21:00", "Sat 28 Mar, 23:00–24:00", "Mon 6 Apr, 19:00–20:00"):
        assert f"**{when}**" in text
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert clock(night.astimezone(given.BERLIN), 60) == "01:30–03:30"


def test_words():
    assert span(date(2025, 12, 29), date(2026, 1, 4)) == "29 December 2025 – 4 January 2026"
    assert span(date(2026, 1, 5), date(2026, 1, 5)) == "5 January 2026"
    assert [hours(m) for m in (720, 990, 255, 0, 61)] == ["12", "16.5", "4.25", "0", "1"]
    assert [listed(w) for w in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip


def test_what_was_done_early_stands_ticked_in_its_week():
    state = given.state()
    early = given.session("e", state.plan.blocks[1].start, topic="tls", activity="learn")
    done = replace(early, status="done")
    part = replace(early, id="f", status="missed")
    text = page(early=(part, done))
    week = text.split("### Week 2 ")[1].split("### ")[0]
    assert week.rstrip().split("\n")[-3:] == [
        "- **Done before its time**",
        "  - [ ] 60 min · learn [Plain words tls](#tls) (missed)",
        "  - [x] 60 min · learn [Plain words tls](#tls)",
    ]
    assert text.count("Done before its time") == 1


def test_what_is_past_keeps_the_zone_that_it_was_in():
    state = given.state()
    moved = {"timezone": "Asia/Tokyo", "abroad": ((date(2026, 3, 29), "Europe/Berlin"),)}
    text = page(profile=moved)
    for when in ("Mon 23 Mar, 19:00–21:00", "Sat 28 Mar, 23:00–24:00", "Tue 7 Apr, 02:00–03:00"):
        assert f"**{when}**" in text
    learner = replace(state.profile, **moved)
    rows = json.loads(to_json(replace(state, profile=learner), given.roadmap()))["sessions"]
    assert [row["start"][-6:] for row in rows[4:6]] == ["+01:00", "+09:00"]


# ── The chart ─────────────────────────────────────────────────────────────────────────────────
@forall(
    st.one_of(
        given.NASTY, st.sampled_from(("title x", "section y", "excludes z", "%%{init: {}}%%"))
    )
)
def test_the_chart_keeps_its_lines(title):
    plan = given.plan()
    phases = tuple(replace(phase, title=title) for phase in plan.phases)
    lines = gantt(replace(plan, phases=phases)).split("\n")
    assert (lines[0], lines[-1]) == ("```mermaid", "```")
    for line in lines[5:-1]:
        assert re.fullmatch(
            r"  (section (Study|Catch-up|Final)"
            r"|(\d+ · [^:;#{}<>`\"\\\n]*|Catch-up|Mocks and recall) :\d{4}-\d\d-\d\d, \d+d)",
            line,
        )
    assert sum(line.startswith("  section") for line in lines) == 3
    assert len(task_name(title)) <= 44


def test_bars_last_as_long_as_their_phases():
    chart = gantt(given.plan())
    assert "  1 · Plain words net :2026-03-16, 14d" in chart
    assert "  Mocks and recall :2026-04-20, 7d" in chart


# ── Both ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("write", [to_json, to_markdown])
@pytest.mark.parametrize("text", TEXTS)
def test_same_input_same_text(write: Callable[[State, Roadmap], str], text: str) -> None:
    first = write(given.state(text), given.roadmap(text))
    assert first == write(given.state(text), given.roadmap(text))
    assert first.endswith("\n")
    assert not first.endswith("\n\n")
    assert "\r" not in first
