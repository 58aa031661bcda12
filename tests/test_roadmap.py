"""The bundled roadmap says what was published; a bad roadmap gets every problem at once."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pe_plan.errors import PePlanError, Problem
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.model import Roadmap
from tests.support_cli import complaints
from tests.support_roadmap import (
    FREQUENTLY_ASKED,
    MISTAKES,
    NO_ADDRESSES,
    PUBLISHED,
    SMALL,
    TOLD_AT_ONCE,
    one_mistake_each,
)

BUNDLED = (Path(__file__).parents[1] / "data" / "meta-production-engineer.toml").read_bytes()


@pytest.fixture(scope="module")
def bundled() -> Roadmap:
    return read_roadmap(BUNDLED, "roadmap.toml")


def small(old: str = "", new: str = "") -> Roadmap:
    assert SMALL.count(old) >= 1
    return read_roadmap(SMALL.replace(old, new, 1).encode(), "r.toml")


def problems(raw: str | bytes) -> list[str]:
    told = complaints(
        lambda: read_roadmap(raw if isinstance(raw, bytes) else raw.encode(), "r.toml")
    )
    assert all(line.startswith("r.toml: ") for line in told)
    return [line.removeprefix("r.toml: ") for line in told]


# ── The bundled roadmap ───────────────────────────────────────────────────────────────────────
def test_phases_and_topics_are_the_published_ones_word_for_word(bundled):
    told = "\n\n".join(
        "\n".join(
            [
                phase.title,
                phase.subtitle,
                f"{phase.level} {phase.weeks[0]}–{phase.weeks[1]} weeks",
                *(f"• {topic.title}" for topic in phase.topics),
                f"= {''.join(phase.tools)}",
            ]
        )
        for phase in bundled.phases
    )
    assert told + "\n" == PUBLISHED


def test_questions_are_the_published_ones_word_for_word(bundled):
    told = [line for each in bundled.questions for line in (each.question, each.answer)]
    assert told == FREQUENTLY_ASKED.splitlines()


def test_head_of_the_bundled_roadmap(bundled):
    assert bundled.title == "Meta Production Engineer Roadmap"
    assert bundled.summary.startswith("Complete roadmap for Meta's Production Engineering role. ")
    assert (bundled.window_months, bundled.reference_hours) == ((6, 10), 12)
    rounds = [(round.id, round.count) for round in bundled.rounds]
    assert rounds == [("coding", 2), ("design", 1), ("pe", 1), ("behavioral", 1)]


def test_counts_of_topics_and_tools(bundled):
    listed = [tool for phase in bundled.phases for tool in phase.tools]
    assert len(bundled.topics) == 38
    assert (len(listed), len(set(listed))) == (21, 18)


def test_order_of_study_differs_from_the_published_one_where_it_should(bundled):
    orders = [list(phase.order) for phase in bundled.phases]
    assert orders[0] == ["syscalls", "logs", "sockets", "utils", "concurrency", "leetcode"]
    assert orders[3][:3] == ["capacity", "tradeoffs", "caching"]
    assert [topic.id for topic in bundled.topics if topic.alongside] == ["leetcode"]


def test_every_topic_can_be_studied_and_checked(bundled):
    for topic in bundled.topics:
        texts = (topic.learn, topic.practise, topic.prove, topic.self_check)
        assert all(len(text) > 30 for text in texts), topic.id
        assert not any("\n" in text or "  " in text for text in texts), topic.id
        assert all(text[-1] in ".?" and text.count("`") % 2 == 0 for text in texts), topic.id
        assert topic.resources, topic.id
        assert topic.rounds, topic.id
        assert len(topic.short) <= 36, topic.id


def test_topics_do_not_lean_on_shorthand_that_only_their_authors_know(bundled):
    texts = [t.learn + t.practise + t.prove + t.self_check + t.note for t in bundled.topics]
    assert not [text for text in texts if re.search(r"\bP[1-6]\b", text)]


def test_titles_that_the_world_has_left_behind_carry_a_note(bundled):
    notes = {topic.id: topic.note for topic in bundled.topics if topic.note}
    assert "15 February 2022" in notes["values"]
    assert "Twine in 2019" in notes["infra"]


# ── What is read ──────────────────────────────────────────────────────────────────────────────
def test_values_come_out_as_written():
    first, second = small().phases
    assert first.order == ("two", "one")
    assert [topic.id for topic in first.study_order] == ["two", "one"]
    assert first.topics[0].requires == ("two",)
    assert first.topics[1].resources[0].checked == date(2026, 1, 31)
    assert second.topics[0].resources == ()


def test_what_is_not_said_of_the_order_and_of_short_titles_follows():
    assert small().phases[1].order == ("three",), "the published one"
    assert [topic.short for topic in small().topics] == ["One", "Two", "Three"], "up to the dash"
    assert small('title = "Two"', 'title = "Two"\nshort = "2"').topics[1].short == "2"


def test_windows_line_ends_and_byte_order_mark_make_no_difference():
    raw = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert read_roadmap(raw, "r.toml") == small()


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |",
        "<script>alert(1)</script>",
        "[/b] #35; `x` * _ \\ %",
        "🧠👩🏽‍💻",
        "שלום עולם",
        "e\u0301",
    ],
)
def test_odd_text_is_kept_verbatim(text):
    quoted = json.dumps(text, ensure_ascii=False)
    assert small('"Two"', quoted).topics[1].title == text
    assert small('"Some lines."', quoted).topics[2].learn == text


def test_long_texts_may_have_lines():
    assert small('"Some lines."', '"one\\ntwo"').topics[2].learn == "one\ntwo"
    assert small('"Because."', '"one\\ntwo"').questions[0].answer == "one\ntwo"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "HTTPS://example.org:8443/a_(b)?c=d|e#f",
        "https://[2001:db8::1]/",
        "https://bücher.example/ü",
    ],
)
def test_web_addresses_are_taken(url):
    assert small("https://example.org/a", url).topics[1].resources[0].url == url


# ── What is refused ───────────────────────────────────────────────────────────────────────────
URL = "it begins with https:// or http:// and a host, and has no spaces"
TWO = "phases[0].topics[1]"


@pytest.mark.parametrize(("old", "new", "told"), one_mistake_each())
def test_one_mistake_gets_one_problem(old, new, told):
    assert old in SMALL
    assert problems(SMALL.replace(old, new, 1)) == [told]


@pytest.mark.parametrize("url", NO_ADDRESSES.splitlines())
def test_other_addresses_are_refused(url):
    [told] = problems(SMALL.replace("https://example.org/a", url))
    assert told.startswith(f"{TWO}.resources[0].url: expected a web address, got ")
    assert told.endswith(URL)


@pytest.mark.parametrize(
    "code", [0x00, 0x09, 0x0D, 0x1B, 0x7F, 0x9B, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069]
)
def test_control_characters_are_named_and_never_printed(code):
    [in_title] = problems(SMALL.replace('"Second"', f'"a\\u{code:04x}b"'))
    [in_text] = problems(SMALL.replace('"Some lines."', f'"a\\u{code:04x}b"'))
    assert f"holds the control character U+{code:04X} at position 1; take it out" in in_title
    assert f"holds the control character U+{code:04X} at position 1; take it out" in in_text
    [as_id] = problems(SMALL.replace('id = "second"', f'id = "a\\u{code:04x}b"'))
    assert (in_title + in_text + as_id).isprintable()


def test_every_problem_is_told_at_once():
    bad = SMALL
    for change in MISTAKES.splitlines():
        old, new = change.split(" => ")
        assert old in bad
        bad = bad.replace(old, new.replace("⏎", "\n"), 1)
    assert problems(bad) == TOLD_AT_ONCE.splitlines()


def test_a_name_that_is_proposed_is_fit_for_a_terminal():
    bad = SMALL.replace('id = "talk"', 'id = "talk\\u001b"')
    assert "there is no round 'talk'; did you mean 'talk\\x1b'?" in problems(bad)[-1]


def test_an_empty_file_is_told_what_belongs_in_it():
    assert [told.split(":")[0] for told in problems(b"")] == [
        "schema", "id", "title", "window_months", "reference_hours_per_week", "phases",
    ]  # fmt: skip


def test_phases_and_topics_are_counted():
    head, phase = (
        SMALL.split("[[phases]]")[0],
        "[[phases]]\nid = 'p'\ntitle = 'P'\nweeks = [1, 1]\n",
    )
    assert "phases: expected 1 to 200 of them, got 201" in problems(head + phase * 201)
    assert "phases: missing, expected a list of tables; begin each with [[phases]]" in problems(
        head
    )
    topic = "[[phases.topics]]\nid = 't'\ntitle = 'T'\nweight = 1\npriority = 1\nkind = 'k'\n"
    assert "phases[0].topics: expected 1 to 200 of them, got 201" in problems(
        head + phase + topic * 201
    )
    assert problems(head + phase) == [
        "phases[0].topics: missing, expected a list of tables; begin each with [[phases.topics]]"
    ]


def test_an_alongside_topic_may_be_all_that_a_phase_has():
    assert small('title = "Three"', 'title = "Three"\nalongside = true').topics[2].alongside


def test_a_long_circle_is_told_in_short():
    head = SMALL.split("[[phases]]")[0] + "[[phases]]\nid = 'p'\ntitle = 'P'\nweeks = [1, 1]\n"
    topics = "".join(
        f"[[phases.topics]]\nid = 't{n}'\ntitle = 'T'\nweight = 1\npriority = 1\nkind = 'k'\n"
        f"requires = ['t{(n + 1) % 100}']\n"
        for n in range(100)
    )
    [told] = problems(head + topics)
    assert "'t0' → 't1' → 't2' → 't3' → 't4' → 't5' → … → " in told
    assert told.endswith("'t99' → 't0'; take one of them out")


# ── What is no roadmap at all ─────────────────────────────────────────────────────────────────
HINT = "texts stand in quotes, lists in [ ], and each key once"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"title = \nid = 1", f"line 1, column 9: not TOML: Invalid value; {HINT}"),
        (b'title = "x', "end of document: not TOML: "),
        (b"a = 1\na = 2\n\n", "line 2, column 6: not TOML: Cannot overwrite a value; "),
        (b"a = 1\nb = '\xff'", "line 2: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (SMALL.encode("utf-16"), "line 1: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"a = " + b"9" * 5000, "a number in it is far too long; shorten it"),
        (b"a = " + b"[" * 20_000, "brackets stand too deep in each other; flatten them"),
        (b"# " + b"x" * 2_000_000, "is larger than 2 MB; shorten it"),
    ],
)
def test_where_a_file_that_is_no_toml_breaks(raw, told):
    [found] = problems(raw)
    assert found.startswith(told)


def test_near_names_are_not_looked_for_without_end():
    names = ",".join(f"'z{n}'" for n in range(500))
    told = problems(SMALL.replace('rounds = ["talk"]', f"rounds = [{names}]"))
    assert len(told) == 500
    assert told[-1].endswith("there is no round 'z499'; add it to [[rounds]]")


# ── Nothing but a PePlanError ─────────────────────────────────────────────────────────────────
LINES = SMALL.splitlines()
VALUES = ["", "1", "true", "nan", "-1", '"x"', "[]", "[[]]", "{}", "{a=[]}", "1979-05-27", "[1,2]"]


def refused(raw: bytes) -> tuple[Problem, ...]:
    """The problems of a file that may well be good; any other exception is a failure."""
    try:
        read_roadmap(raw, "r.toml")
    except PePlanError as error:
        return error.problems or (Problem(where="", what=""),)
    return ()


def assert_read_or_refused(raw: bytes) -> None:
    for problem in refused(raw):
        assert problem.where
        assert problem.what
        assert str(problem).isprintable()


@given(st.binary(max_size=200))
@example(b"\x00")
@example(b"a\x1b = 1")
def test_arbitrary_bytes(raw):
    assert_read_or_refused(raw)


@given(st.lists(st.tuples(st.integers(0, len(BUNDLED) - 1), st.binary(max_size=3)), max_size=4))
def test_bundled_roadmap_with_bytes_changed(changes):
    raw = bytearray(BUNDLED)
    for place, new in changes:
        raw[place : place + 1] = new
    assert_read_or_refused(bytes(raw))


@given(st.dictionaries(st.sampled_from(range(len(LINES))), st.sampled_from(VALUES), max_size=6))
def test_small_roadmap_with_values_changed(changes):
    lines = list(LINES)
    for n, value in changes.items():
        key, equals, _ = lines[n].partition(" = ")
        lines[n] = f"{key} = {value}" if equals else ""
    assert_read_or_refused("\n".join(lines).encode())


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1))
def test_printable_text_round_trips(text):
    quoted = json.dumps(text, ensure_ascii=False)
    assert tomllib.loads(f"t = {quoted}")["t"] == text
    if text.strip():
        assert small('"Some lines."', quoted).topics[2].learn == text
