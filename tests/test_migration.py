"""A plan of an older schema is read as it is, and kept when it is first written over."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pe_plan.app import Circumstances
from pe_plan.errors import Exit, PePlanError
from pe_plan.model import Accepted
from pe_plan.store import decode, encode, locked, read, read_kept, write
from tests.support_child import kills
from tests.support_cli import contents, ran, refused
from tests.support_folder import forks

OLD = (Path(__file__).parent / "states" / "1.toml").read_bytes()
TEXT = OLD.decode()
NOW = Circumstances(now=datetime(2026, 3, 2, 21, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a plan of schema 1, whatever mode the checkout has."""
    (tmp_path / "study-plan").mkdir()
    (tmp_path / "study-plan" / "plan.toml").write_bytes(OLD)
    return tmp_path / "study-plan"


def test_nothing_was_logged_and_the_plan_is_the_first_accepted() -> None:
    state = decode(OLD, "plan.toml")
    assert (state.log, state.plan.early, state.profile.abroad) == ((), (), ())
    assert {topic.trimmed for topic in state.plan.topics} == {0}
    assert state.accepted == (
        Accepted(
            change=1,
            entered=max(entry.changed for entry in state.ledger),
            as_of=date(2026, 3, 2),
            revision=1,
            begins=True,
            finish=date(2026, 12, 27),
        ),
    )
    assert state.next_change == 2
    assert decode(encode(state), "plan.toml") == state


def test_without_a_calendar_it_was_accepted_on_its_day() -> None:
    head, _, rest = TEXT.partition("ledger = [")
    ledgerless = f"{head}ledger = []\n{rest[rest.index('[roadmap]') :]}"
    (first,) = decode(ledgerless.encode(), "plan.toml").accepted
    assert first.entered == datetime(2026, 3, 2, tzinfo=UTC)


def test_to_look_changes_nothing(place: Path) -> None:
    before = contents(place)
    for words in (("today",), ("status",), ("export", "md")):
        assert ran(*words, folder=place.parent, around=NOW).code == 0
    assert contents(place) == before


def test_the_first_write_keeps_it_and_later_ones_do_not(place: Path) -> None:
    state = read(place)
    assert state
    for _ in range(3):
        write(place, {"plan.toml": encode(state)})
    assert set(contents(place)) == {"plan.toml", "plan.toml.1"}
    assert (place / "plan.toml.1").read_bytes() == OLD
    assert read_kept(place, "plan.toml.1") == read(place) == state


def test_it_is_kept_once_and_over_nothing(place: Path) -> None:
    (place / "plan.toml.7").write_bytes(b"mine")
    write(place, {"plan.toml": encode(decode(OLD, ""))}, keep_as="plan.toml.8")
    assert set(contents(place)) == {"plan.toml", "plan.toml.7", "plan.toml.8"}
    (place / "plan.toml").write_bytes(OLD)
    write(place, {"plan.toml": encode(decode(OLD, ""))})
    assert (place / "plan.toml.7").read_bytes() == b"mine"
    assert (place / "plan.toml.9").read_bytes() == OLD


def test_documents_alone_keep_nothing(place: Path) -> None:
    write(place, {"plan.md": b"words"})
    assert set(contents(place)) == {"plan.toml", "plan.md"}


def test_the_first_mark_of_a_learner_keeps_it(place: Path) -> None:
    marked = ran("done", folder=place.parent, around=NOW)
    assert (marked.code, marked.err) == (0, "")
    state = read(place)
    assert state
    assert {record.change for record in state.log} == {2}
    assert set(contents(place)) == {"plan.toml", "plan.toml.1"}
    assert (place / "plan.toml.1").read_bytes() == OLD


@forks
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_kill_on_the_way_never_loses_the_old_file(place: Path) -> None:
    old = decode(OLD, "")

    def migrated() -> None:
        with locked(place, patience=0):
            write(place, {"plan.toml": encode(old)})

    turned = []
    for _ in kills(migrated):
        raw = (place / "plan.toml").read_bytes()
        turned.append(raw != OLD)
        assert read(place) == old
        assert raw == OLD or (place / "plan.toml.1").read_bytes() == OLD
        assert not (place / "plan.toml.2").exists()
        shutil.rmtree(place)
        place.mkdir()
        (place / "plan.toml").write_bytes(OLD)
    assert turned == sorted(turned)
    assert set(turned) == {False, True}


def test_what_came_later_is_no_part_of_an_old_file() -> None:
    for added, said in (
        ("[log]\nrecords = ''\n", "plan.toml: log: unknown key"),
        ("[profile]\nabroad = ''\n", "plan.toml: profile.abroad: unknown key"),
        ("[plan]\nearly = ''\n", "plan.toml: plan.early: unknown key"),
    ):
        table = added.partition("\n")[0]
        text = TEXT.replace(f"{table}\n", added) if table in TEXT else f"{TEXT}{added}"
        with pytest.raises(PePlanError, match=said) as raised:
            decode(text.encode(), "plan.toml")
        assert raised.value.code is Exit.STATE


@pytest.mark.parametrize(
    ("sound", "broken", "message"),
    [
        ("weeks = [", "weeks = '' # [", "not TOML"),
        ("days_off = [", "days_off = [3,", "profile.days_off: expected a list of texts, got 3 in"),
        ("'dns new'", "'dns newer'", "profile.skills[0]: expected one of new, some, solid,"),
    ],
)
def test_damage_to_an_old_file_is_told_with_its_place(
    sound: str, broken: str, message: str
) -> None:
    assert sound in TEXT
    with pytest.raises(PePlanError) as raised:
        decode(TEXT.replace(sound, broken, 1).encode(), "plan.toml")
    assert message in str(raised.value)


def test_a_newer_file_is_left_as_it_is(place: Path) -> None:
    newer = encode(decode(OLD, "")).replace(b"schema = 2\n", b"schema = 3\n[new]\nkey = 1\n")
    (place / "plan.toml").write_bytes(newer)
    commands = ("today", "status", "done", "undo", "log", "replan")
    for words in (*((command,) for command in commands), ("export", "ics")):
        (said,) = refused(*words, folder=place.parent, code=4)
        assert said == (
            "study-plan/plan.toml: written by a newer pe-plan (schema 3); "
            "this one reads up to 2; upgrade pe-plan"
        )
