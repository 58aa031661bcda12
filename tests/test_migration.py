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

STATES = Path(__file__).parent / "states"
FIRST, SECOND = ((STATES / f"{schema}.toml").read_bytes() for schema in (1, 2))
TEXT = FIRST.decode()
NOW = Circumstances(now=datetime(2026, 3, 2, 21, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)
LATER = Circumstances(now=datetime(2026, 7, 5, 21, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)


@pytest.fixture(params=[FIRST, SECOND], ids=["schema 1", "schema 2"])
def old(request: pytest.FixtureRequest) -> bytes:
    """A plan.toml of an older schema."""
    found: bytes = request.param
    return found


@pytest.fixture
def kept(old: bytes) -> str:
    """The name under which it is kept: a number above all that its log speaks of."""
    return "plan.toml.1" if old == FIRST else "plan.toml.7"


@pytest.fixture
def place(old: bytes, tmp_path: Path) -> Path:
    """A folder with that plan, whatever mode the checkout has."""
    (tmp_path / "study-plan").mkdir()
    (tmp_path / "study-plan" / "plan.toml").write_bytes(old)
    return tmp_path / "study-plan"


def test_nothing_was_logged_and_the_plan_is_the_first_accepted() -> None:
    state = decode(FIRST, "plan.toml")
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
    head, _, rest = FIRST.decode().partition("ledger = [")
    ledgerless = f"{head}ledger = []\n{rest[rest.index('[roadmap]') :]}"
    (first,) = decode(ledgerless.encode(), "plan.toml").accepted
    assert first.entered == datetime(2026, 3, 2, tzinfo=UTC)


def test_what_came_with_the_third_schema_may_be_absent() -> None:
    now = encode(decode(SECOND, "plan.toml"))
    assert now == SECOND.replace(b"schema = 2\n", b"schema = 3\n")


def test_to_look_changes_nothing(place: Path) -> None:
    before = contents(place)
    for words in (("today",), ("status",), ("export", "md")):
        assert ran(*words, folder=place.parent, around=NOW).code == 0
    assert contents(place) == before


def test_the_first_write_keeps_it_and_later_ones_do_not(place: Path, old: bytes, kept: str) -> None:
    state = read(place)
    assert state
    for _ in range(3):
        write(place, {"plan.toml": encode(state)})
    assert set(contents(place)) == {"plan.toml", kept}
    assert (place / kept).read_bytes() == old
    assert read_kept(place, kept) == read(place) == state


def test_it_is_kept_once_and_over_nothing(place: Path, old: bytes) -> None:
    (place / "plan.toml.7").write_bytes(b"mine")
    write(place, {"plan.toml": encode(decode(old, ""))}, keep_as="plan.toml.8")
    assert set(contents(place)) == {"plan.toml", "plan.toml.7", "plan.toml.8"}
    (place / "plan.toml").write_bytes(old)
    write(place, {"plan.toml": encode(decode(old, ""))})
    assert (place / "plan.toml.7").read_bytes() == b"mine"
    assert (place / "plan.toml.9").read_bytes() == old


def test_one_that_is_damaged_is_kept_as_well(place: Path, old: bytes) -> None:
    damaged = old.replace(b"verdict", b"verdikt")
    (place / "plan.toml").write_bytes(damaged)
    write(place, {"plan.toml": encode(decode(old, ""))})
    assert (place / "plan.toml.1").read_bytes() == damaged


def test_documents_alone_keep_nothing(place: Path) -> None:
    write(place, {"plan.md": b"words"})
    assert set(contents(place)) == {"plan.toml", "plan.md"}


def test_the_first_mark_of_a_learner_keeps_it(place: Path, old: bytes, kept: str) -> None:
    before = read(place)
    marked = ran("done", "--all-until", "2026-07-05", folder=place.parent, around=LATER)
    assert (marked.code, marked.err) == (0, "")
    state = read(place)
    assert before
    assert state
    new = state.log[len(before.log) :]
    assert {record.change for record in new} == {before.next_change}
    assert set(contents(place)) == {"plan.toml", kept}
    assert (place / kept).read_bytes() == old


@forks
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_kill_on_the_way_never_loses_the_old_file(place: Path, old: bytes, kept: str) -> None:
    known = decode(old, "")

    def migrated() -> None:
        with locked(place, patience=0):
            write(place, {"plan.toml": encode(known)})

    turned = []
    for _ in kills(migrated):
        raw = (place / "plan.toml").read_bytes()
        turned.append(raw != old)
        assert read(place) == known
        assert raw == old or (place / kept).read_bytes() == old
        assert {path.name for path in place.glob("plan.toml.*")} <= {kept}
        shutil.rmtree(place)
        place.mkdir()
        (place / "plan.toml").write_bytes(old)
    assert turned == sorted(turned)
    assert set(turned) == {False, True}


LATER_ON_1 = [
    ("[log]\nrecords = ''\n", "plan.toml: log: unknown key"),
    ("[profile]\nabroad = ''\n", "plan.toml: profile.abroad: unknown key"),
    ("[plan]\nearly = ''\n", "plan.toml: plan.early: unknown key"),
]
LATER_ON_2 = [
    (f"[profile]\n{key} = {value}\n", f"plan.toml: profile.{key}: unknown key")
    for value, keys in (
        ("''", ("busy", "calendars", "pins", "dropped")),
        ("false", ("ignore_all_day", "lenient", "free")),
        ("15", ("margin",)),
    )
    for key in keys
]


@pytest.mark.parametrize(
    ("text", "added", "said"),
    [
        *((FIRST.decode(), *later) for later in (*LATER_ON_1, *LATER_ON_2)),
        *((SECOND.decode(), *later) for later in LATER_ON_2),
    ],
)
def test_what_came_later_is_no_part_of_an_old_file(text: str, added: str, said: str) -> None:
    table = added.partition("\n")[0]
    more = text.replace(f"{table}\n", added) if table in text else f"{text}{added}"
    with pytest.raises(PePlanError, match=said) as raised:
        decode(more.encode(), "plan.toml")
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


def test_a_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    newer = encode(decode(FIRST, "")).replace(b"schema = 3\n", b"schema = 4\n[new]\nkey = 1\n")
    (tmp_path / "study-plan").mkdir()
    (tmp_path / "study-plan/plan.toml").write_bytes(newer)
    commands = ("today", "status", "done", "undo", "log", "replan")
    for words in (*((command,) for command in commands), ("export", "ics")):
        (said,) = refused(*words, folder=tmp_path, code=4)
        assert said == (
            "study-plan/plan.toml: written by a newer pe-plan (schema 4); "
            "this one reads up to 3; upgrade pe-plan"
        )
