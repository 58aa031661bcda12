"""Every fault of a JSON document against its types, each with its key path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, field

from pe_plan.model.faults import faults_in

Level = Literal["new", "solid"]
CAPITALS = r"\A[A-Z]+\Z"
CAPITAL = partial(re.search, CAPITALS)


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(pattern=r"\A[a-z]+\Z", title="an id", description="of a to z")]
    minutes: Annotated[int, Meta(ge=5)]
    depth: Fraction = Fraction(1)


class Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    starts: date
    seen: datetime
    parts: Annotated[tuple[Part, ...], Meta(max_length=3)]
    verdict: Literal["inside", "late"] = "inside"
    abroad: tuple[tuple[date, str], ...] = ()
    skills: Mapping[str, Level] = field(default_factory=dict)
    remind: int | None = None
    main: Part | None = None
    free: bool = False
    zone: Annotated[str, Meta(pattern=CAPITALS, max_length=5, extra={"fits": CAPITAL})] = "UTC"


GOOD: dict[str, Any] = {
    "starts": "2026-01-05",
    "seen": "2026-01-05T18:00:00Z",
    "parts": [{"id": "a", "minutes": 5, "depth": "3/4"}, {"id": "b", "minutes": 10}],
    "verdict": "late",
    "abroad": [["2026-02-01", "Asia/Tokyo"]],
    "skills": {"all": "new"},
    "remind": None,
    "main": {"id": "a", "minutes": 5},
    "free": True,
    "zone": "UTC",
}


def fraction(_: type, value: Any) -> Fraction:
    return Fraction(value)


BRIEF = {"id": "a", "minutes": 4}
V, L = "expected one of: inside, late", "expected one of: new, solid"


def faults(**changes: object) -> list[str]:
    said = faults_in(Kept, GOOD | changes, fraction)
    return [f"{path}: {what}" for path, what in said]


def test_what_fits_has_no_fault():
    assert faults() == []
    assert faults(main=None, remind=7, abroad=[], skills={}) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"starts": "2026-02-30"}, "starts: expected a date, got '2026-02-30'"),
        ({"starts": 3}, "starts: expected a date, got 3"),
        ({"seen": "soon"}, "seen: expected a date with a time, got 'soon'"),
        ({"verdict": "lat"}, f"verdict: {V}, got 'lat'; did you mean 'late'?"),
        ({"verdict": []}, "verdict: expected one of: inside, late, got a list"),
        ({"parts": None}, "parts: expected a list of tables, got null"),
        ({"parts": [{"id": "a", "minutes": 5}] * 4}, "parts: expected 0 to 3 of them, got 4"),
        ({"parts": [7]}, "parts[0]: expected a table, got 7"),
        ({"parts": [{"id": "a"}]}, "parts[0].minutes: missing, expected a whole number from 5"),
        ({"parts": [{"id": "A", "minutes": 5}]}, "parts[0].id: expected an id, got 'A'"),
        ({"abroad": [["2026-02-01"]]}, "abroad[0]: expected 2 values, got 1"),
        ({"abroad": [["x", "UTC"]]}, "abroad[0][0]: expected a date, got 'x'"),
        ({"abroad": {}}, "abroad: expected a list of lists, got a table"),
        ({"skills": {"all": "nwe"}}, f"skills.all: {L}, got 'nwe'; did you mean 'new'?"),
        ({"skills": 1}, "skills: expected a table, got 1"),
        ({"remind": "7"}, "remind: expected a whole number, got '7'"),
        ({"remind": True}, "remind: expected a whole number, got true"),
        ({"main": BRIEF}, "main.minutes: expected a whole number from 5, got 4"),
        ({"main": GOOD["main"] | {"depth": "x"}}, "main.depth: expected a fraction, got 'x'"),
        ({"free": 1}, "free: expected true or false, got 1"),
        ({"zone": "utc"}, "zone: expected a text, got 'utc'"),
        ({"zone": "A\x1bZ"}, "zone: holds the control character U+001B at position 1"),
        ({"fre": 1}, "fre: no such key here; did you mean 'free'?"),
        ({"a\x1bb": 1}, "a\\x1bb: no such key here"),
    ],
)  # fmt: skip
def test_one_fault_is_told_with_its_path(changes, told):
    assert faults(**changes) == [told]


def test_every_fault_is_told():
    assert faults_in(Kept, {"parts": [{"id": 7}, []], "free": "no"}) == (
        ("starts", "missing, expected a date"),
        ("seen", "missing, expected a date with a time"),
        ("parts[0].id", "expected an id, got 7"),
        ("parts[0].minutes", "missing, expected a whole number from 5"),
        ("parts[1]", "expected a table, got a list"),
        ("free", "expected true or false, got 'no'"),
    )
    assert faults_in(Kept, []) == (("", "expected a table, got a list"),)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "other"]), values, max_size=3), st.booleans())
def test_there_is_a_fault_where_msgspec_finds_one_and_nowhere_else(changes, nested):
    raw = GOOD | ({"main": GOOD["main"] | changes} if nested else changes)
    try:
        msgspec.json.decode(msgspec.json.encode(raw), type=Kept, dec_hook=fraction)
    except msgspec.ValidationError:
        assert faults_in(Kept, raw, fraction)
    else:
        assert not faults_in(Kept, raw, fraction)
