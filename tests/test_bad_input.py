"""Bad input gets every problem at once, each on one line, and nothing is written."""

from __future__ import annotations

import json
import os
import re
import shlex
from functools import partial
from pathlib import Path

import icalendar
import pytest
from markdown_it import MarkdownIt

from tests.support_cli import contents, on_a_terminal, ran, refused, typed
from tests.support_roadmap import SMALL, one_mistake_each

FIRST = ("generate", "--start", "2026-01-05", "--tz", "Europe/Berlin")


def small(folder: Path, *changes: tuple[str, str]) -> str:
    """A small roadmap with the changes, written to r.toml."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "r.toml").write_bytes(text.encode())
    return "r.toml"


REFUSED = """\
$ --skill tcpp=solid
--skill: there is no phase or topic 'tcpp'; did you mean 'tcpip'?
$ --when 'mon 19:00-21:00' --hours 5
--hours: 5 h a week is more than the windows hold, which is 2 h; lower the hours, add windows for 3 h, or give only one of the two
$ --format pdf
--format: unknown format 'pdf'; use one of: ics, json, md
$ --format md,jsn
--format: unknown format 'jsn'; did you mean 'json'?
$ --format ''
--format: unknown format ''; use one of: ics, json, md
$ --roadmap nowhere.toml
nowhere.toml: there is no such file
$ --profile nowhere.toml
nowhere.toml: there is no such file
"""  # noqa: E501
CASES = [tuple(case.splitlines()) for case in REFUSED.removeprefix("$ ").split("\n$ ")]


@pytest.mark.parametrize(("flags", "said"), CASES, ids=[flags for flags, _ in CASES])
def test_a_flag_is_refused_with_what_is_wrong_and_what_to_do(flags, said, tmp_path):
    assert refused("generate", *shlex.split(flags), folder=tmp_path) == [said]


def test_the_windows_that_a_refusal_proposes_are_taken(tmp_path):
    (said,) = refused(*FIRST, "--when", "sun 22:00-01:00", folder=tmp_path)
    windows = re.findall(r"'([^']+)'", said.partition("write two windows")[2])
    words = [word for window in windows for word in ("--when", window)]

    made = ran(*FIRST, *words, "--when", "sat 9:00-16:00", "--dry-run", folder=tmp_path)
    assert made.code == 0
    assert "Week     mon 00:00–01:00, sat 09:00–16:00, sun 22:00–24:00\n" in made.out


def test_everything_wrong_with_flags_profile_and_roadmap_is_told_in_one_run(tmp_path):
    roadmap = small(tmp_path, ("weight = 40", "weight = 41"), ('"Second"', '"a\\u001b[31mb"'))
    (tmp_path / "me.toml").write_text(
        'hours = "many"\nsart = 2026-01-05\nwhen = ["mon 25:00-26:00", "tue 9:00-10:00"]\n'
    )
    before = contents(tmp_path)

    tried = typed(
        *("generate", "--hours", "ten", "--start", "2026-02-30", "--format", "pdf,md"),
        *("--tz", "Berlin", "--profile", "me.toml", "--roadmap", roadmap, "--interview", "x"),
        folder=tmp_path,
    )

    assert tried.err.splitlines() == [
        "--format: unknown format 'pdf'; use one of: ics, json, md",
        "r.toml: phases[1].title: holds the control character U+001B at position 1; take it out",
        (
            "r.toml: phases[0]: the weights of its topics add up to 101; "
            "weights are percentages of the phase: make it 100"
        ),
        "--start: there is no 30 February 2026; its days are 2026-02-01 to 2026-02-28",
        "--hours: expected a number of hours like 12 or 7.5, got 'ten'",
        "--tz: there is no time zone 'Berlin'; did you mean 'Europe/Berlin'?",
        "--interview: expected a date like 2026-01-05, got 'x'",
        "me.toml: unknown key 'sart'; did you mean 'start'?",
        "me.toml: hours: expected a number of hours like 12 or 7.5, got 'many'",
        "me.toml: when[0]: there is no time 25:00; times go from 00:00 to 24:00",
    ]
    assert (tried.code, tried.out, contents(tmp_path)) == (3, "", before)


def test_a_roadmap_that_cannot_be_read_is_one_problem_beside_the_others(tmp_path):
    said = refused("generate", "--roadmap", "x.toml", "--hours", "ten", folder=tmp_path)
    assert said == [
        "x.toml: there is no such file",
        "--hours: expected a number of hours like 12 or 7.5, got 'ten'",
    ]


def test_an_interview_tomorrow_gets_a_plan_of_what_fits(tmp_path):
    made = ran(*FIRST, "--hours", "12", "--interview", "2026-01-06", folder=tmp_path)
    assert made.code == 0
    assert "Left out" in made.out
    (event,) = icalendar.Calendar.from_ical((tmp_path / "study-plan/plan.ics").read_bytes()).events
    assert event.start.date().isoformat() == "2026-01-05"


@pytest.mark.parametrize(
    "words", [("plan",), ("generate", "--hourz", "3"), ("generate", "now"), ("export",)]
)
def test_an_unknown_command_or_option_is_a_usage_error(words, tmp_path):
    assert "Error: " in refused(*words, folder=tmp_path, code=2)[-1]


UNREADABLE = {
    "not UTF-8": (
        SMALL.encode().replace(b"Second", b"Sec\xffond"),
        "line 37: the byte 0xff is not UTF-8; save the file as UTF-8",
    ),
    "broken TOML": (
        SMALL.encode().replace(b"weight = 40", b"weight = = 40"),
        (
            "line 21, column 10: not TOML: Invalid value; "
            "texts stand in quotes, lists in [ ], and each key once"
        ),
    ),
}


@pytest.mark.parametrize("file", UNREADABLE)
def test_a_file_that_is_no_toml_is_one_problem(file, tmp_path):
    raw, said = UNREADABLE[file]
    (tmp_path / "r.toml").write_bytes(raw)
    assert refused("generate", "--roadmap", "r.toml", folder=tmp_path) == [f"r.toml: {said}"]
    assert refused("generate", "--profile", "r.toml", folder=tmp_path) == [f"r.toml: {said}"]


@pytest.mark.parametrize(("old", "new", "said"), one_mistake_each()[::6])
def test_a_mistake_in_a_roadmap_is_told_by_generate_and_by_check(old, new, said, tmp_path):
    roadmap = small(tmp_path, (old, new))
    for words in (("generate", "--roadmap"), ("roadmap", "check"), ("roadmap", "show")):
        assert refused(*words, roadmap, folder=tmp_path) == [f"r.toml: {said}"]


def test_under_json_the_problems_are_one_object_on_stderr(tmp_path):
    roadmap = small(tmp_path, ("weight = 40", "weight = 39"), ('"Second"', '""'))
    (line,) = refused("roadmap", "check", roadmap, "--json", folder=tmp_path)
    assert json.loads(line) == {
        "schema": 1,
        "exit": 3,
        "problems": [
            {
                "where": "r.toml: phases[1].title",
                "what": "expected a text, got an empty one",
                "hint": "write a few words",
            },
            {
                "where": "r.toml: phases[0]",
                "what": "the weights of its topics add up to 99",
                "hint": "weights are percentages of the phase: make it 100",
            },
        ],
    }


@pytest.mark.parametrize("file", ["a folder", "a pipe", "a circle of links", "missing"])
@pytest.mark.parametrize("option", ["--roadmap", "--profile"])
def test_what_is_no_file_is_refused_without_waiting_for_it(file, option, tmp_path):
    path = tmp_path / "odd"
    {
        "a folder": path.mkdir,
        "a pipe": partial(os.mkfifo, path),
        "a circle of links": partial(path.symlink_to, path),
        "missing": lambda: None,
    }[file]()
    before = sorted(tmp_path.iterdir())
    tried = typed("generate", option, "odd", folder=tmp_path)
    assert (tried.code, tried.out) == (3, "")
    (line,) = tried.err.splitlines()
    assert re.fullmatch(
        r"odd: (this is not a file|there is no such file|cannot be read .*)", line
    ), line
    assert sorted(tmp_path.iterdir()) == before


def test_text_that_markup_would_read_comes_through_everywhere(tmp_path):
    odd = "A | b <script>c</script> [/b] #35; 🦊 שלום"
    title = odd.replace('"', '\\"')
    roadmap = small(
        tmp_path,
        ('"A small roadmap"', f'"{title}"'),
        ('"First"', f'"{title}"'),
        ('"Two"', f'"{title}"'),
        ('"Some lines."', f'"{title}"'),
    )

    shown = on_a_terminal(*FIRST, "--roadmap", roadmap, folder=tmp_path, columns=200)

    assert (shown.code, shown.out.count(odd)) == (0, 2), "as heading and as phase"
    listed = on_a_terminal("roadmap", "show", roadmap, folder=tmp_path, columns=200)
    assert (listed.code, listed.out.count(odd)) == (0, 3)
    plan = tmp_path / "study-plan"
    page = MarkdownIt().enable("table").render((plan / "plan.md").read_text("utf-8"))
    assert "<script" not in page
    assert page.count("A | b &lt;script&gt;c&lt;/script&gt; [/b] #35; 🦊 שלום") > 5
    calendar = icalendar.Calendar.from_ical((plan / "plan.ics").read_bytes())
    assert calendar["NAME"].replace("\\;", ";") == odd
    assert any(str(event["SUMMARY"]).startswith(odd) for event in calendar.events)
    assert ran("export", "json", folder=tmp_path).out.count(odd) > 2
