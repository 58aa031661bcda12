"""What messages repeat of a bad value is short, true and safe to print."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.errors import QUOTED, nearest, printable, quoted


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("O'Neill", "'O'Neill'"),
        ("a\x1b[2J\n\u202e", r"'a\x1b[2J\n\u202e'"),
        ("s" * 40, f"'{'s' * 40}'"),
        ("s" * 41, f"'{'s' * 39}…'"),
        ("C:\\plan", "'C:\\plan'"),
        (True, "true"),
        (-12, "-12"),
        (10**15, "a huge number"),
        (0.5, "0.5"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "a date with a time"),  # noqa: DTZ001
        ({"a": 1}, "a table"),
        ([1], "a list"),
    ],
)
def test_a_value_is_repeated_as_people_know_it(value, said):
    assert quoted(value) == said


def test_a_number_that_python_refuses_to_print_is_no_crash():
    assert quoted(-(16**9999)) == "a huge number"


@given(st.text(st.characters()), st.integers(1, 60))
def test_whatever_was_given_can_be_printed(text, most):
    assert printable(text, most).isprintable()
    assert len(printable(text, most)) <= most
    if text.isprintable() and len(text) <= most:
        assert printable(text, most) == text


def test_the_nearest_name_is_proposed_else_what_to_do_instead_else_every_name():
    known = ("md", "ics", "json")
    assert nearest("JSN", known) == nearest("JSN", known, "look") == "did you mean 'json'?"
    assert nearest("pdf", known, "look") == "look"
    assert nearest("pdf", known) == "use one of: ics, json, md"
    assert nearest("pdf", ()) == ""
    assert nearest("", ["", "md"]) == "use one of: md", "an empty name is never proposed"
    assert nearest("", [""]) == ""
    assert nearest("talk", ["talk\x1b"]) == r"did you mean 'talk\x1b'?"
    assert len(nearest("a" * 9999, ["a" * 60])) < 2 * QUOTED
