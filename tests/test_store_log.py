"""The log in plan.toml: every kind of line comes back, and none that contradicts the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError
from pe_plan.model import Record, State
from pe_plan.store import decode, encode
from tests.support_states import texts
from tests.support_store import EVENING, STARTS, accepted, record, session, state

PLAIN = encode(state()).decode()
ROWS = """\
records = '''
2 2026-01-05T18:00:00Z 2026-01-05 done boot.review.0 20
2 2026-01-05T18:00:00Z 2026-01-05 done boot.learn.0 -
3 2026-01-05T18:00:00Z 2026-01-05 review boot hard boot.review.0
3 2026-01-05T18:00:00Z 2026-01-05 mastered boot
5 2026-01-05T18:00:00Z 2026-01-05 mock coding 4 - | two pointers | and 'hashing'
6 2026-01-05T18:00:00Z 2026-01-05 undo 4
'''
# change entered as-of revision begins finish retitled moved added removed kept | reason
accepted = '''
1 2026-01-05T18:00:00Z 2026-01-05 0 begins 2026-09-06 0 0 0 0 -
4 2026-01-05T18:00:00Z 2026-01-05 1 - 2026-09-06 3 1 2 4 plan.toml.1 | 3 h missed
'''
"""


def test_the_log_is_written_for_people_too() -> None:
    assert ROWS in PLAIN
    assert "\nearly = '''\n2026-01-14T18:00:00Z 60 study linux boot learn - 1/1 done" in PLAIN


def with_note(note: str) -> State:
    log = (record(2, "mock", round="coding", score=3, note=note),)
    return replace(state(), log=log, accepted=(accepted(1, reason=note),))


@given(texts | st.text())
def test_a_note_may_say_anything(note: str) -> None:
    assert decode(encode(with_note(note)), "plan.toml") == with_note(note)


@pytest.mark.parametrize(
    "note", ["'''", "''''''", "\\", "\\x27", "\\\\n", " | ", " ", "-", "\n2 x", "\x7f", "ä\u2028"]
)
def test_a_note_keeps_to_its_row(note: str) -> None:
    raw = encode(with_note(note))
    assert raw.count(b"\n") == encode(with_note("plain")).count(b"\n")
    assert decode(raw, "plan.toml") == with_note(note)


UNFIT = [
    record(2, "done", session="boot.learn.0", topic="boot"),
    record(2, "done"),
    record(2, "mastered", topic="boot", minutes=5),
    record(2, "review", topic="boot"),
    record(2, "review", topic="boot", answer="fine"),
    record(2, "mock", round="coding"),
    record(2, "mock", round="coding", score=6),
    record(2, "undo"),
    record(2, "nap"),
]


@pytest.mark.parametrize("unfit", UNFIT, ids=lambda unfit: f"{unfit.kind}")
def test_a_record_that_its_row_could_not_say_is_not_written(unfit: Record) -> None:
    with pytest.raises(ValueError, match=r"says nothing of its|expected"):
        encode(replace(state(), log=(unfit,)))


DAMAGED = [
    ("done boot.review.0 20", "done boot.review.0", "log.records[0]: expected 6 words, got 5 in"),
    ("done boot.review.0 20", "slept", "log.records[0]: expected one of done, mastered, review,"),
    ("2 2026-01-05T18:00:00Z 2026-01-05 done boot.review.0 20", "2", "expected one of done, mas"),
    ("done boot.review.0 20", "done boot.review.0 x", "[0]: expected a whole number, got 'x'"),
    ("done boot.review.0 20", "done - 20", "log.records[0]: expected a name of letters,"),
    ("boot hard boot", "boot fine boot", "[2]: expected one of again, hard, good, easy, got 'fi"),
    ("coding 4 -", "coding 0 -", "log.records[4]: expected one of 1, 2, 3, 4, 5, got '0'"),
    ("undo 4", "undo 7", "log.records: change 6 takes back change 7, which is no earlier one"),
    ("undo 4", "undo 6", "log.records: change 6 takes back change 6, which is no earlier one"),
    ("undo 4", "undo", "log.records[5]: expected 5 words, got 4 in '6 2026-01-05T18:00:00Z"),
    ("\n5 2026", "\n1 2026", "log.records: the numbers of the changes do not rise from 1"),
    ("\n4 2026", "\n1 2026", "log.accepted: 'change 1' stands there 2 times"),
    ("\n1 2026", "\n0 2026", "log.accepted: the numbers of the changes do not rise from 1"),
    ("\n1 2026", "\n5 2026", "log.accepted: the numbers of the changes do not rise from 1"),
    ("0 begins", "0 starts", "log.accepted[0]: expected one of begins, -, got 'starts'"),
    (" 3 1 2 4 plan", " 3 1 2 plan", "log.accepted[1]: expected 11 words, got 10 in '4 2026-01"),
    ("plan.toml.1 |", "../plan.toml |", "log.accepted[1]: expected a name of letters"),
    ("boot.prove.1", "boot.learn.1", "plan.early: 'boot.learn.1' stands there 2 times"),
    ("60 study linux", "60 linux", "plan.early[0]: expected 10 words, got 9 in '60 linux boot"),
    ("2026-01-14T18:00:00Z 60", "soon 60", "plan.early[0]: expected an instant like 2026-01-05"),
    ("937/1000 300 0 0", "937/1000 300", "plan.topics[0]: expected 6 words, got 4 in 'boot some"),
    ("937/1000 300 0 0", "937/1000 300 -5 0", "plan.topics[0]: expected a whole number, got '-5'"),
]


@pytest.mark.parametrize(("sound", "broken", "message"), DAMAGED)
def test_damage_is_told_with_its_place(sound: str, broken: str, message: str) -> None:
    assert sound in PLAIN
    with pytest.raises(PePlanError) as raised:
        decode(PLAIN.replace(sound, broken).encode(), "plan.toml")
    assert raised.value.code is Exit.STATE
    assert message in str(raised.value)


def test_where_the_learner_lived_before() -> None:
    stays = ((STARTS, "Europe/Berlin"), (STARTS.replace(month=3), "America/New_York"))
    abroad = replace(state(), profile=replace(state().profile, abroad=stays))
    text = encode(abroad).decode()
    assert "abroad = '''\n2026-01-05 Europe/Berlin\n2026-03-05 America/New_York\n'''\n" in text
    assert decode(text.encode(), "plan.toml") == abroad
    for sound, broken, message in (
        ("2026-03-05 America", "2025-03-05 America", "profile.abroad: the days do not stand in"),
        ("New_York", "Nowhere", "profile.abroad[1]: no time zone is called 'America/Nowhere'"),
        ("2026-03-05 America/New_York", "2026-03-05", "profile.abroad[1]: expected 2 words, got"),
    ):
        with pytest.raises(PePlanError, match=message.replace("[", r"\[")):
            decode(text.replace(sound, broken).encode(), "plan.toml")


def test_a_history_that_contradicts_itself_is_not_written() -> None:
    plain = state()
    early = (session("boot.learn.0", 30, EVENING),)
    for broken, message in (
        (replace(plain, log=plain.log[::-1]), "do not rise"),
        (replace(plain, accepted=(accepted(1), accepted(1))), "'change 1' stands there 2 times"),
        (replace(plain, log=(record(2, "undo", undone=2),)), "no earlier one"),
        (replace(plain, plan=replace(plain.plan, early=early)), "plan.early"),
    ):
        with pytest.raises(ValueError, match=message):
            encode(broken)
