"""Slips of the hand, and what pe-plan says to them: all is as it was, with a way on."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from pe_plan.cli.prompts import asked
from tests.support_cli import contents, on_a_terminal, posix, ran

PLANNED_AGAIN = (
    "Nothing is left to mark there: what was not done was counted as missed and planned again. "
    "Name its topic to mark the next session of it."
)


# ── What there is to mark ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("did", "words", "said"),
    [
        ((), ("--on", "2026-01-06"), PLANNED_AGAIN),
        ((), ("--all-until", "2026-01-08"), PLANNED_AGAIN),
        ((), (), PLANNED_AGAIN),
        (
            ("--on", "2026-01-06"),
            ("--on", "2026-01-06"),
            "Nothing is left to mark there: all of it is marked.",
        ),
    ],
)
def test_what_was_counted_as_missed_is_not_said_to_be_marked(eva, did, words, said):
    if did:
        eva.hears("done", *did, on="2026-01-06")
    assert eva.types("replan", "--assume", "missed", "--yes", on="2026-01-09").code == 0
    before = eva.files
    assert eva.hears("done", *words, on="2026-01-09")[0] == said
    assert eva.files == before


@pytest.mark.parametrize(
    "words", [("--on", "2026-01-09"), ("--on", "2026-01-03"), ("--all-until", "2026-01-04")]
)
def test_days_without_sessions_have_nothing_to_mark(eva, words):
    before = eva.files
    said = eva.hears("done", *words, on="2026-01-10")[0]
    assert said == "Nothing to mark there: it has no sessions."
    assert eva.files == before


def test_today_is_not_all_done_while_a_part_of_it_is_left(eva):
    eva.hears("done", "syscalls", "--minutes", "20")
    eva.hears("done", "leetcode")
    seen = " ".join(" ".join(eva.hears("today", "--plain", "--as-of", "2026-01-05")).split())
    assert "All done" not in seen
    assert "The rest `pe-plan done syscalls.learn.1` marks what is left of it" in seen
    eva.hears("done", "syscalls.learn.1")
    seen = " ".join(eva.hears("today", "--plain", "--as-of", "2026-01-05"))
    assert "All done" in seen
    assert "The rest" not in seen


# ── Values ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "words",
    [
        ("done", "dns"),
        ("done", "dns", "--mastered"),
        ("mock", "pe", "3"),
        ("done",),
        ("review", "tls", "good"),
    ],
)
def test_a_wrong_year_is_noticed(eva, words):
    eva.hears("done", "tls", "--mastered")
    (said,) = eva.is_refused(*words, "--on", "2025-01-05")
    assert said == (
        "--on: 2025-01-05 lies long before your plan, which begins on 2026-01-05; "
        "is the year right?"
    )
    eva.hears("done", "http", "--mastered", "--on", "2025-12-06")


@pytest.mark.parametrize("name", [".pe-plan.lock", ".pe-plan.holder", ".PE-PLAN.LOCK"])
def test_no_document_takes_the_place_of_the_lock(eva, name):
    (said,) = eva.is_refused("export", "md", "-o", f"study-plan/{name}", code=5)
    assert said.endswith(": is a name that pe-plan itself needs; choose another name")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("log", "--json", "--bogus"), "No such option: --bogus"),
        (("week", "--json", "1", "2"), "Got unexpected extra argument(s) (2)"),
        (("bogus", "--json"), "No such command 'bogus'."),
        (("topic", "--json"), "Missing argument 'NAME'."),
    ],
)
def test_misuse_under_json_is_one_object(tmp_path, words, what):
    done = ran(*words, folder=tmp_path)
    assert (done.code, done.out) == (2, "")
    told = json.loads(done.err)
    assert (told["schema"], told["exit"]) == (1, 2)
    assert [problem["what"] for problem in told["problems"]] == [what]


def test_what_goes_well_under_json_leaves_as_ever(eva):
    assert ran("log", "--json", folder=eva.folder).code == 0
    assert ran("log", "--json", "--help", folder=eva.folder).out.startswith("Usage: ")
    none = ("replan", "--hours", "1", "--assume", "missed", "--dry-run", "--json")
    assert eva.types(*none).code == 6


# ── Terminals ─────────────────────────────────────────────────────────────────────────────────
@posix
@pytest.mark.parametrize(
    ("says", "flag", "way"),
    [
        ("\x04", "--assume", "say --assume missed or --assume done"),
        ("\n\x04", "--yes", "say --yes to write it, --dry-run to look first"),
    ],
)
def test_the_end_of_what_is_typed_has_a_line_of_its_own_and_a_way_on(eva, says, flag, way):
    before = contents(eva.folder)
    line = ("replan", "--as-of", "2026-01-09")
    done = on_a_terminal(*line, folder=eva.folder, says=says, TERM="dumb")
    assert done.code == 2
    assert done.out.splitlines()[-1] == f"{flag}: no answer; {way}"
    assert contents(eva.folder) == before


def test_an_interrupted_question_ends_its_line(monkeypatch, capsys):
    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(readline=interrupted))
    with pytest.raises(KeyboardInterrupt):
        asked("Write this? ", "yn", "--yes")
    assert capsys.readouterr().out == "Write this? \n"


@posix
@pytest.mark.parametrize("word", ["today", "status", "week"])
def test_on_a_narrow_terminal_nothing_is_cut_off(eva, word):
    words = (word, "--as-of", "2026-01-07")
    done = on_a_terminal(*words, folder=eva.folder, columns=40)
    assert done.code == 0
    assert "…" not in done.out
    assert "###" not in done.out
    assert "---" not in done.out
    if word != "status":
        assert "19:00–20:35" in done.out
