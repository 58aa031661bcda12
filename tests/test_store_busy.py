"""plan.toml keeps what else is in the learner's calendar: busy times, pinned and dropped blocks."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError
from pe_plan.model import Pin, Profile, State
from pe_plan.store import busy_rows, decode, encode, words
from tests.support_states import instants, stretches
from tests.support_store import EVENING, among_others, block, lasting, state

NEW = (
    *("busy", "calendars", "margin", "ignore_all_day", "lenient", "free"),
    *("pins", "dropped"),
)
TEXT = encode(among_others()).decode()


def refusal(raw: str) -> str:
    """What is said of a damaged file."""
    with pytest.raises(PePlanError) as raised:
        decode(raw.encode(), "plan.toml")
    assert raised.value.code is Exit.STATE
    return str(raised.value)


def changed(**said: object) -> State:
    """The learner with something else said."""
    known = among_others()
    return replace(known, profile=replace(known.profile, **said))


# ── What is kept ──────────────────────────────────────────────────────────────────────────────


def test_all_of_it_comes_back_and_a_person_can_read_it() -> None:
    assert decode(TEXT.encode(), "plan.toml") == among_others()
    head = TEXT.partition("[plan]")[0]
    assert head.endswith(
        """
abroad = ''
calendars = '''
/home/eva/work.ics
/home/eva/Grüße | 'n' more.ics
'''
# start minutes
busy = '''
2026-01-05T18:00:00Z 90
2026-01-06T18:00:00Z 1500
'''
# start minutes
dropped = '''
2026-01-08T18:00:00Z 120
'''
# uid start minutes, then start and minutes of its home
pins = '''
b-1@pe-plan.invalid 2026-01-06T18:00:00Z 120 2026-01-03T18:00:00Z 60
b-9@pe-plan.invalid 2026-01-03T18:00:00Z 25 2026-01-03T18:00:00Z 25
'''

"""
    )
    for line in ("margin = 15", "ignore_all_day = true", "lenient = true", "free = true"):
        assert line in head.splitlines()


def test_of_what_there_is_nothing_not_a_line_is_written() -> None:
    plain = tomllib.loads(encode(state()).decode())["profile"]
    assert plain.keys() & set(NEW) == set()
    whole = tomllib.loads(TEXT)["profile"]
    assert whole.keys() - plain.keys() == set(NEW)


@pytest.mark.parametrize("key", NEW)
def test_each_may_stand_alone(key: str) -> None:
    known = state()
    name = key.replace("margin", "busy_margin")
    said = {name: getattr(among_others().profile, name)}
    alone = replace(known, profile=replace(known.profile, **said))
    assert decode(encode(alone), "plan.toml") == alone
    assert {*tomllib.loads(encode(alone).decode())["profile"]} & {*NEW} == {key}


@pytest.mark.parametrize(
    "path",
    [
        "",
        " ",
        "-",
        "a | b",
        "'''",
        "it's",
        "C:\\x0a\\work.ics",
        "a\nb",
        "\x7f\t\r",
        "Grüße \u2028🙂",
    ],
)
def test_a_path_is_kept_to_the_letter(path: str) -> None:
    for paths in ((path,), (path, path), ("x", path)):
        known = changed(calendars=paths)
        assert decode(encode(known), "plan.toml") == known


def test_a_path_that_is_no_text_is_not_written() -> None:
    with pytest.raises(ValueError, match="expected a path that is a text, got"):
        encode(changed(calendars=("/home/eva/caf\udce9.ics",)))


def test_parts_of_a_minute_are_not_written() -> None:
    for seconds in (1, 59.5, 90 * 60 - 0.001):
        with pytest.raises(ValueError, match="expected whole minutes"):
            encode(changed(busy=((EVENING, EVENING + timedelta(seconds=seconds)),)))


# ── Many rows at once, and one by one ─────────────────────────────────────────────────────────


@given(stretches())
def test_the_short_way_writes_and_reads_what_the_long_one_does(
    found: tuple[busy_rows.Stretch, ...],
) -> None:
    rows = list(busy_rows.stretch_rows(found))
    spelled = [f"{words.instant(a)} {(b - a) // timedelta(minutes=1)}" for a, b in found]
    assert rows == spelled
    assert tuple(map(busy_rows.read_stretch, rows)) == found
    if not any(start.microsecond for start, _ in found):
        assert busy_rows.read_stretches("".join(f"{row}\n" for row in rows)) == found


SOUND = "2026-01-05T18:00:00Z 90"
ODD = (
    *("", " ", SOUND[:-3], SOUND[:-2], f" {SOUND}", f"{SOUND} ", f"{SOUND} 5", SOUND[:-1] + "٣"),
    *("2026-01-05T18:00:00 90", "2026-01-05 18:00:00Z 90", "2026-01-05T18:00:00Z  90"),
    *("2026-01-05T18:00Z 90", "20260105T180000Z 90", "2026-W01-1T18:00:00Z 90", "90 " + SOUND[:-3]),
    *("2026-01-05T18:00:00+00:00 90", "2026-01-05T18:00:00Z -90", "2026-01-05T18:00:00Z 9.0"),
    *("2026-01-05T18:00:00Z9 0", "2026-01-05T18:00:00Z\t90", "2026-02-30T18:00:00Z 90"),
    *("2026-01-05T24:00:00Z 90", f"2026-01-05T18:00:00Z {9 * 10**20}", "2026-01-05T18:00:00Z 1_0"),
)


def long_way(rows: list[str]) -> object:
    return tuple(map(busy_rows.read_stretch, rows))


@given(st.lists(st.sampled_from([SOUND, *ODD]) | st.text("0129-T:Z \n", max_size=24)))
def test_the_short_way_takes_nothing_that_the_long_one_refuses(rows: list[str]) -> None:
    text = "".join(f"{row}\n" for row in rows)
    try:
        short = busy_rows.read_stretches(text)
    except (ValueError, OverflowError):
        return
    assert short == long_way(text.splitlines())


@pytest.mark.parametrize("row", ODD)
def test_an_odd_row_among_many_is_told_with_its_place(row: str) -> None:
    sound = "2026-01-05T18:00:00Z 90\n2026-01-06T18"
    assert sound in TEXT
    said = refusal(TEXT.replace(sound, sound.replace("\n", f"\n{row}\n"), 1))
    assert said.startswith("plan.toml: profile.busy[1]: ")


# ── Damage ────────────────────────────────────────────────────────────────────────────────────

PINNED = "b-1@pe-plan.invalid 2026-01-06T18:00:00Z 120 2026-01-03T18:00:00Z 60"
PINS = "a pinned block lasts from 25 minutes to a day, not"
DAMAGED = [
    ("margin = 15", "margin = -15", "profile.margin: expected a whole number, got -15"),
    ("margin = 15", "margin = 241", "profile.margin: expected at most 240 minutes, got 241"),
    ("lenient = true", "lenient = 1", "profile.lenient: expected true or false, got 1"),
    ("margin = 15", "margins = 15", "profile.margins: unknown key; did you mean 'margin'?"),
    ("busy = '''", "busy = [] # '''", "not TOML: "),
    ("05T18:00:00Z 90", "05T18:00:00Z ten", "profile.busy[0]: expected a whole number, got 'ten'"),
    ("05T18:00:00Z 90", "05T18:00:00 90", "profile.busy[0]: expected an instant like 2026-01-05T"),
    ("06T18:00:00Z 1500", "06T18:00:00Z", "profile.busy[1]: expected 2 words, got 1 in '2026-"),
    ("05T18:00:00Z 90", f"05T18:00:00Z {'9' * 30}", "profile.busy[0]: a number is out of range in"),
    ("2026-01-05T18:00:00Z 90", "0001-01-05T18:00:00Z 90", "profile.busy: reaches beyond the"),
    ("Z 1500", "Z 4193700000", "profile.busy: reaches beyond the calendar of some time"),
    (
        "05T18:00:00Z 90",
        "05T18:00:00Z 0",
        "profile.busy: the stretch from 2026-01-05T18:00:00Z lasts no time",
    ),
    (
        "05T18:00:00Z 90",
        "05T18:00:00Z 1441",
        "profile.busy: the stretch from 2026-01-06T18:00:00Z does not come after the one before",
    ),
    (
        "2026-01-08T18:00:00Z 120\n",
        "2026-01-08T18:00:00Z 120\n2026-01-07T18:00:00Z 120\n",
        "profile.dropped: the stretch from 2026-01-07T18:00:00Z does not come after the one before",
    ),
    ("b-9@", "b-1@", "profile.pins: 'b-1@pe-plan.invalid' stands there 2 times"),
    ("b-9@", "b|9@", "profile.pins[1]: expected a name of letters, digits and .@+-, got 'b|9@"),
    ("Z 25 2026", "Z 20 2026", f"profile.pins[1]: {PINS} 20"),
    ("Z 25 2026", "Z 1441 2026", f"profile.pins[1]: {PINS} 1441"),
    ("03T18:00:00Z 25\n", "03T18:00:00Z 0\n", "profile.pins[1]: its home lasts from 1 minute to a"),
    ("03T18:00:00Z 60\n", "03T18:00:00Z\n", "profile.pins[0]: expected 5 words, got 4 in 'b-1@"),
    ("2026-01-03T18:00:00Z 60\n", "9999-01-03T18:00:00Z 60\n", "profile.pins[0]: '9999-01-03T18"),
    (PINNED, "b-2" + PINNED[3:], "plan.blocks: 'b-1@pe-plan.invalid' is pinned, and profile.pins"),
    (
        PINNED,
        PINNED.replace("120", "90"),
        "plan.blocks: 'b-1@pe-plan.invalid' does not stand where",
    ),
    (PINNED, PINNED.replace("T18", "T19", 1), "plan.blocks: 'b-1@pe-plan.invalid' does not stand"),
    ("b-0@pe-plan.invalid - |", "b-0@pe-plan.invalid pinned |", "'b-0@pe-plan.invalid' is pinned"),
]


@pytest.mark.parametrize(("sound", "broken", "message"), DAMAGED)
def test_damage_is_told_with_its_place(sound: str, broken: str, message: str) -> None:
    assert sound in TEXT
    said = refusal(TEXT.replace(sound, broken, 1))
    assert message in said
    assert all(line.startswith("plan.toml: ") for line in said.splitlines())


def typed(path: str, value: object) -> str:
    document = tomllib.loads(TEXT)
    document["profile"][path] = value
    return tomli_w.dumps(document)


@pytest.mark.parametrize("key", NEW)
def test_a_value_of_any_other_type_is_a_problem_and_no_traceback(key: str) -> None:
    now = tomllib.loads(TEXT)["profile"][key]
    for value in (True, 3, 1.5, "x", date(2026, 1, 5), EVENING, ["x"], [["x"]], {}, {"x": 1}):
        if type(value) is not type(now):
            refusal(typed(key, value))


@given(st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=6))
def test_no_scratch_is_a_traceback(at: int, length: int, scratch: bytes) -> None:
    raw = TEXT.encode()
    begin = raw.index(b"margin") + at % (raw.index(b"[plan]") - raw.index(b"margin"))
    try:
        found = decode(raw[:begin] + scratch + raw[begin + length :], "plan.toml")
    except PePlanError:
        return
    assert decode(encode(found), "plan.toml") == found


# ── What is no contradiction ──────────────────────────────────────────────────────────────────


def test_stretches_may_touch_and_a_pin_may_outlive_its_block() -> None:
    touching = (lasting(EVENING, 30), lasting(EVENING + timedelta(minutes=30), 30))
    known = changed(busy=touching, dropped=touching)
    assert decode(encode(known), "plan.toml") == known


def held_elsewhere(as_of: date, status: str = "planned") -> State:
    """The pinned block has a pin an hour later."""
    known = among_others()
    first, second = known.plan.blocks
    sessions = tuple(replace(session, status=status) for session in second.sessions)
    blocks = (first, replace(second, sessions=sessions))
    pins = (replace(known.profile.pins[0], start=second.start + timedelta(hours=1)),)
    profile: Profile = replace(known.profile, pins=pins)
    return replace(known, profile=profile, plan=replace(known.plan, as_of=as_of, blocks=blocks))


def test_what_is_over_or_was_worked_on_stays_where_it_took_place() -> None:
    day = block(1).start.date()
    for harmless in (held_elsewhere(day + timedelta(days=1)), held_elsewhere(day, "done")):
        assert decode(encode(harmless), "plan.toml") == harmless
    with pytest.raises(ValueError, match="does not stand where"):
        encode(held_elsewhere(day))


@given(instants, st.integers(0, 3000))
def test_a_pin_of_any_length_is_kept_or_refused(start: object, minutes: int) -> None:
    pin = Pin(uid="b-9", start=start, minutes=minutes, home=start, home_minutes=minutes)
    held = changed(pins=(*among_others().profile.pins, pin))
    if 25 <= minutes <= 1440:
        assert decode(encode(held), "plan.toml") == held
    else:
        with pytest.raises(ValueError, match=r"profile\.pins\[2\]"):
            encode(held)


# ── Who waits for it ──────────────────────────────────────────────────────────────────────────

_LOADED = """\
import json, sys
from pathlib import Path
from pe_plan.store import read
read(Path(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def loaded(tmp_path) -> Iterator[object]:
    def of(known: State) -> set[str]:
        (tmp_path / "plan.toml").write_bytes(encode(known))
        command = [sys.executable, "-c", _LOADED, str(tmp_path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return {"pe_plan.store.busy_rows", "pe_plan.model.pins"} & set(json.loads(said))

    return of


def test_a_plan_without_other_events_loads_nothing_for_them(loaded) -> None:
    assert loaded(state()) == set()
    alone = replace(state().profile, calendars=("work.ics",))
    assert loaded(replace(state(), profile=alone)) == {"pe_plan.store.busy_rows"}
    assert loaded(among_others()) == {"pe_plan.store.busy_rows", "pe_plan.model.pins"}
