"""plan.toml keeps any state exactly, and damage to it is told, never a traceback."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta, timezone
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError
from pe_plan.model import State
from pe_plan.store import decode, encode
from tests.support_states import states, texts
from tests.support_store import block, entry, session, state

PLAIN = encode(state()).decode()


def refusal(raw: bytes | str, hint: str = "") -> str:
    """What is said of a damaged file."""
    with pytest.raises(PePlanError) as raised:
        decode(raw.encode() if isinstance(raw, str) else raw, "plan.toml", lambda: hint)
    assert raised.value.code is Exit.STATE
    return str(raised.value)


# ── The round trip ────────────────────────────────────────────────────────────────────────────


@given(states)
def test_any_state_comes_back_as_it_was(any_state: State) -> None:
    assert decode(encode(any_state), "plan.toml") == any_state


@given(states)
def test_the_same_state_gives_the_same_bytes(any_state: State) -> None:
    assert encode(decode(encode(any_state), "plan.toml")) == encode(any_state)


def test_neither_the_order_of_skills_nor_the_zone_of_an_instant_counts() -> None:
    skills = dict(reversed(state().profile.skills.items()))
    east = timezone(timedelta(hours=1))
    ledger = tuple(replace(one, changed=one.changed.astimezone(east)) for one in state().ledger)
    same = replace(state(), profile=replace(state().profile, skills=skills), ledger=ledger)
    assert same == state()
    assert encode(same).decode() == PLAIN


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n", "'''", '"""', "\\"])
@pytest.mark.parametrize("end", ["", "'", "''", "'''", '"', "\\", "\x00", "\x1b[2J"])
def test_the_roadmap_is_kept_to_the_letter(start: str, newline: str, end: str) -> None:
    text = f"{start}title = 'x'{newline}# Grüße 🙂 \u202e{newline}{newline}{end}"
    assert decode(encode(state(roadmap=text)), "plan.toml").roadmap == text


def test_an_editor_that_changes_newlines_or_adds_a_mark_does_no_harm() -> None:
    assert decode(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode(), "x") == state()


def test_a_person_can_read_it() -> None:
    lines = PLAIN.splitlines()
    assert lines[2] == "schema = 3"
    assert "2026-01-05T18:00:00Z 120 b-0@pe-plan.invalid - | TCP/IP stack: practise 3" in lines
    assert "  15 review linux boot - - 2/5 planned made-up boot.review.0" in lines
    assert "2 2026-01-05T18:00:00Z 2026-01-05 done boot.review.0 20" in lines
    assert PLAIN.endswith("[roadmap]\ntext = '''\nid = 'pe'\n'''\n")


def test_a_state_that_could_not_be_read_back_is_not_written() -> None:
    plan = state().plan
    for blocks in ((block(1), block(1)), (replace(block(1), minutes=125),)):
        with pytest.raises(ValueError, match="b-1@"):
            encode(replace(state(), plan=replace(plan, blocks=blocks)))
    naive = replace(entry(0), changed=entry(0).changed.replace(tzinfo=None))
    with pytest.raises(ValueError, match="without a zone"):
        encode(replace(state(), ledger=(naive,)))


@given(texts)
def test_what_is_no_word_is_refused_or_comes_back_as_it_was(text: str) -> None:
    plan = state().plan
    (topic,), (phase,) = plan.topics, plan.phases
    for changed in (
        replace(plan, topics=(replace(topic, id=text),)),
        replace(plan, phases=(replace(phase, why=text),)),
    ):
        odd = replace(state(), plan=changed)
        with suppress(ValueError):
            assert decode(encode(odd), "plan.toml") == odd


@pytest.mark.parametrize("text", ["", "-", " ", "a b", "a|b", "a\n", "%20;", "ä", "."])
def test_a_name_that_would_break_its_row_is_not_written(text: str) -> None:
    broken = replace(entry(0), fingerprint=text)
    with pytest.raises(ValueError, match="expected a name"):
        encode(replace(state(), ledger=(broken,)))


# ── Damage ────────────────────────────────────────────────────────────────────────────────────

DAMAGED = [
    ("schema = 3", "schema = ", "not TOML: Invalid value (at line 3, column 10)"),
    ("schema = 3\n", "", "schema: expected a whole number; is this a pe-plan file?"),
    ("schema = 3", "schema = true", "schema: expected a whole number; is this a pe-plan file?"),
    ("schema = 3", "schema = 0", "schema: there never was a schema 0"),
    ("[calendar]", "[calender]", "calender: unknown key; did you mean 'calendar'?"),
    ("[calendar]", "[calender]", "calendar: missing"),
    ("finish_early = false", "finish_early = 0", "finish_early: expected true or false, got 0"),
    ("minutes_per_week = 720", "minutes_per_week = -5", "expected a whole number, got -5"),
    ("start = 2026-01-05", "start = 2026-02-30", "not TOML: Invalid date or datetime"),
    ("start = 2026-01-05", "start = 'soon'", "start: expected a date like 2026-01-05, got 'soon'"),
    ("Europe/Berlin", "Mars/Base", "profile.timezone: no time zone is called 'Mars/Base'"),
    ("Europe/Berlin", "../../etc", "profile.timezone: no time zone is called '../../etc'"),
    ("linux solid", "linux so-so", "profile.skills[1]: expected one of new, some, solid,"),
    ("linux solid", "all new", "profile.skills: 'all' stands there 2 times"),
    ("mon 19:00", "monday 19:00", "profile.windows[0]: expected one of mon, tue, wed,"),
    ("mon 19:00", "mon 19:70", "expected a time from 00:00 to 24:00, got '19:70'"),
    ("'inside'", '"outside"', "plan.verdict: expected one of inside, early, late, got 'outside'"),
    ("study linux 720", "study linux ٣", "plan.weeks[0]: expected a whole number, got '٣'"),
    ("1 2026-01-05 study", "1 20260105 study", "expected a date like 2026-01-05, got '20260105'"),
    ("study linux 720", "rest linux 720", "plan.weeks[0]: expected one of study, catch-up,"),
    ("937/1000", "937/0", "plan.topics[0]: expected a depth like 3/4, got '937/0'"),
    ("937/1000", "0.937", "plan.topics[0]: expected a depth like 3/4, got '0.937'"),
    ("T18:00:00Z 120 b-0", "T18:00:00Z ten b-0", "plan.blocks[0]: expected a whole number"),
    ("T18:00:00Z 120 b-0", "T18:00:00 120 b-0", "plan.blocks[0]: expected an instant like 2026"),
    ("  15 review", "  15  review", "plan.blocks[1]: expected 10 words, got 11 in '15  review"),
    ("  15 review", "  20 review", "plan.blocks: the sessions of 'b-0@pe-plan.invalid' do not"),
    ("  15 review", f"  {'9' * 30} review", "plan.blocks[1]: a number is out of range in '"),
    ("T18:00:00Z 120 b-0", f"T18:00:00Z {'9' * 30} b-0", "plan.blocks: the sessions of 'b-0@"),
    ("15 review", "15 rehearsal", "plan.blocks[1]: expected one of study, review, warm-up,"),
    ("planned made-up", "open made-up", "expected one of planned, done, missed, got 'open'"),
    ("b-1@pe-plan", "b-0@pe-plan", "plan.blocks: 'b-0@pe-plan.invalid' stands there 2 times"),
    ("b-1@pe-plan", "b-0@pe-plan", "calendar.ledger: 'b-0@pe-plan.invalid' stands there 2 times"),
    ("- boot.learn.1\n", "- boot.learn.0\n", "plan.blocks: 'boot.learn.0' stands there 2 times"),
    (" removed | ", " gone | ", "calendar.ledger[1]: expected one of removed, -, got 'gone'"),
    ("text = '''", "text = 3 # '''", "not TOML: "),
    ("left_out = [", "left_out = [3,", "plan.left_out: expected a list of texts, got 3 in it"),
    ("weeks = '''", "weeks = [] # '''", "not TOML: "),
    ("blocks = '''\n", "blocks = '''\n\n", "plan.blocks[0]: expected ' | ' and a text in ''"),
    ("abroad = ''", "abroad = []", "profile.abroad: expected a text of rows, got a list"),
    ("boot some", "%62;oot some", "plan.topics[0]: expected a name of letters, digits and .@+-,"),
    ("boot some", "- some", "plan.topics[0]: expected a name of letters, digits and .@+-, got '-'"),
    (" mixed levels:", " mixed|levels:", "plan.phases[0]: expected a reason without |, got 'mix"),
    ("start = 2026", f"start = 0x{'f' * 9000} # 2026", "a date like 2026-01-05, got a huge"),
]


@pytest.mark.parametrize(("sound", "broken", "message"), DAMAGED)
def test_damage_is_told_with_its_place(sound: str, broken: str, message: str) -> None:
    text = PLAIN.replace('"inside"', "'inside'")
    assert sound in text
    said = refusal(text.replace(sound, broken))
    assert message in said
    assert all(line.startswith("plan.toml: ") for line in said.splitlines())


def test_all_the_damage_is_told_at_once_and_the_way_back_once() -> None:
    text = PLAIN.replace("linux solid", "linux so-so").replace("937/1000", "x")
    assert refusal(text, "plan.toml.1 is older").splitlines() == [
        "plan.toml: profile.skills[1]: expected one of new, some, solid, strong, got 'so-so'",
        "plan.toml: plan.topics[0]: expected a depth like 3/4, got 'x'; plan.toml.1 is older",
    ]


def test_much_damage_is_cut_short() -> None:
    text = encode(state(blocks=40)).decode().replace(" planned ", " plumbed ")
    said = refusal(text).splitlines()
    assert len(said) == 11
    assert said[-1] == "plan.toml: and 70 more like these"


def test_control_characters_of_a_damaged_file_do_not_reach_the_terminal() -> None:
    said = refusal(
        PLAIN.replace(
            "skills = '''\nall some\nlinux solid\n'''", 'skills = "linux \\u001b[2J\\u202e"'
        )
    )
    assert "profile.skills[0]: expected one of new," in said
    assert said.isprintable()


def test_not_utf_8() -> None:
    raw = PLAIN.encode("utf-8").replace(b"practise", b"pr\xe4ctise", 1)
    line = raw[: raw.index(b"\xe4")].count(b"\n") + 1
    assert refusal(raw) == f"plan.toml: not UTF-8 (at line {line})"


NO_PLAN = [
    b"",
    b"\n",
    b"\0\n",
    b"\xff\xfe\n",
    b"x=" + b"[" * 9999 + b"\n",
    b"x=" + b"9" * 9999 + b"\n",
]


@pytest.mark.parametrize("raw", NO_PLAN)
def test_what_is_no_plan_at_all(raw: bytes) -> None:
    assert refusal(raw).startswith("plan.toml: ")


def test_no_beginning_of_the_file_passes_for_the_whole() -> None:
    raw = PLAIN.encode()
    for length in range(0, len(raw), 3):
        refusal(raw[:length])
    # The opening quotes of the roadmap, cut off after two: an empty text, to TOML.
    refusal(raw[: raw.index(b"'''") + 2])


def test_a_newer_file_is_refused() -> None:
    assert refusal(PLAIN.replace("schema = 3", "schema = 4") + "[new]\n", "restore") == (
        "plan.toml: written by a newer pe-plan (schema 4); this one reads up to 3; upgrade pe-plan"
    )


def places(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from places(value, (*path, key))


@pytest.mark.parametrize("path", tuple(places(tomllib.loads(PLAIN))), ids=".".join)
def test_a_value_of_any_other_type_is_a_problem_and_no_traceback(path: tuple[str, ...]) -> None:
    day = date(2026, 1, 5)
    for value in (True, 3, 1.5, "x", day, state().ledger[0].start, ["x"], [["x"]], {}, {"x": 1}):
        document = tomllib.loads(PLAIN)
        table = document
        for key in path[:-1]:
            table = table[key]
        if type(table[path[-1]]) is not type(value):
            table[path[-1]] = value
            refusal(tomli_w.dumps(document))


def tolerated(raw: bytes) -> None:
    """Read it, or say what is wrong; whatever is read can be written."""
    try:
        found = decode(raw, "plan.toml")
    except PePlanError:
        return
    assert decode(encode(found), "plan.toml") == found


@given(st.integers(0, len(PLAIN)), st.integers(0, 40), st.binary(max_size=6))
def test_no_scratch_in_the_file_is_a_traceback(at: int, length: int, scratch: bytes) -> None:
    raw = PLAIN.encode()
    tolerated(raw[:at] + scratch + raw[at + length :])


TABLES = [table for table in tomllib.loads(PLAIN).values() if isinstance(table, dict)]
TEXTS = [text for table in TABLES for text in table.values() if isinstance(text, str)]
WORDS = sorted({word for text in TEXTS for word in text.split()})
ODD = st.sampled_from(["0", "-1", "9" * 30, "9" * 5000, "٣", "1_0", "2026-W01-1", "%", "%;", "|"])


@given(st.sampled_from(WORDS), texts | ODD)
def test_no_word_in_a_row_is_a_traceback(word: str, other: str) -> None:
    document = tomllib.loads(PLAIN)

    for table in document.values():
        if isinstance(table, dict):
            texts = {key: value for key, value in table.items() if isinstance(value, str)}
            table.update({key: text.replace(word, other) for key, text in texts.items()})
    tolerated(tomli_w.dumps(document).encode())


def test_sessions_before_the_first_block() -> None:
    head = "2026-01-05T18:00:00Z 120 b-0@pe-plan.invalid - | TCP/IP stack: practise 3\n"
    assert "plan.blocks[0]: a session stands before the first block" in refusal(
        PLAIN.replace(head, "", 1)
    )


def edit(change: Callable[[State], State]) -> None:
    with pytest.raises(ValueError, match="do not fill"):
        encode(change(state()))


def test_a_gap_between_sessions_is_no_filled_block() -> None:
    late = session("late", 105, block(0).start + timedelta(minutes=20))
    gap = replace(block(0), sessions=(block(0).sessions[0], late))
    edit(lambda old: replace(old, plan=replace(old.plan, blocks=(gap,))))
    edit(lambda old: replace(old, plan=replace(old.plan, blocks=(replace(gap, sessions=()),))))
