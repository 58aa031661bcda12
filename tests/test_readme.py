"""What the README shows is what happens, and whatever pe-plan tells a person to type exists."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from pe_plan.cli.shell import command_line
from pe_plan.errors import Exit
from tests.support_calendars import calendar, timed
from tests.support_cli import CHECKOUT, ran

README = (CHECKOUT / "README.md").read_text("utf-8")
FIRST = ("generate", "--start", "2026-01-05", "--tz", "Europe/Berlin")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def typed_lines() -> Iterator[tuple[str, str]]:
    """Each line typed in a console block, and what the README shows under it."""
    for block in blocks("console"):
        assert block.startswith("$ ")
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            typed, _, shown = example.partition("\n")
            yield typed, shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder in which every console block was followed from the top; `cat FILE` is how the
    README shows a file to write."""
    place = tmp_path_factory.mktemp("reader")
    for typed, shown in typed_lines():
        words = shlex.split(typed)
        if words[0] == "cat":
            (place / words[1]).write_text(shown, "utf-8")
            continue
        assert words[0] == "pe-plan", typed
        done = ran(*words[1:], folder=place)
        assert done.code == 0, (typed, done.err)
        assert not shown or done.out.rstrip("\n") == shown.rstrip("\n"), typed
    return place


def test_every_console_block_does_what_is_shown(folder):
    assert sum(bool(shown) for _, shown in typed_lines()) >= 2
    assert (folder / "study-plan/plan.ics").exists()


def test_the_chart_and_the_evening_are_the_plans(folder):
    page = (folder / "study-plan/plan.md").read_text("utf-8")
    (chart,) = blocks("mermaid")
    assert chart in page
    evening = re.findall(r"^> (.*)$", README, re.MULTILINE)
    assert len(evening) > 2
    assert "\n".join(evening) in re.sub(r"\[([^]]+)\]\(#[^)]+\)", r"\1", page), "links aside"


def test_every_flag_of_the_table_works(folder):
    rows = re.findall(r"^\| .+ \| `(--.+)` \|$", README, re.MULTILINE)
    assert len(rows) >= 8
    (folder / "work.ics").write_bytes(calendar(timed("20260106T190000", "20260106T210000")))
    for row in rows:
        done = ran(*FIRST, *shlex.split(row), "--dry-run", folder=folder)
        assert done.code == 0, (row, done.err)


def test_every_command_in_a_sentence_exists(folder):
    for words in re.findall(r"`pe-plan ([^`]+)`", README):
        command = [word for word in words.split() if word.islower() and word[0] != "-"]
        done = ran(*(word for word in command if word != "json"), "--help", folder=folder)
        assert done.code == 0, words
        for option in re.findall(r"--[a-z-]+", words):
            assert option == "--help" or option in done.out + ran("--help", folder=folder).out


def test_its_links_lead_to_files_and_its_make_lines_to_targets():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (CHECKOUT / link).exists(), link
    targets = re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
    told = re.findall(r"^    make ([a-z]+)", README, re.MULTILINE)
    assert {"plan", "test"} <= set(told) <= set(targets)


def test_its_exit_codes_are_all_of_them():
    (told,) = re.findall(r"Exit codes: (.+?)\.$", " ".join(README.split()) + "\n", re.MULTILINE)
    assert [int(number) for number in re.findall(r"\d+", told)] == [int(code) for code in Exit]


COMMAND = re.compile(r"[`']pe-plan ([a-z]+)(?: [a-z]+)?")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+[a-z](?![\w-])")  # no beginning of several


def commands(command, path=""):
    """Every command by what is typed after pe-plan."""
    found = {path: command}
    for name, below in getattr(command, "commands", {}).items():
        found |= commands(below, f"{path} {name}".strip())
    return found


COMMANDS = commands(typer.main.get_command(command_line()))
OPTIONS = {
    option
    for command in COMMANDS.values()
    for each in command.params
    for option in (*each.opts, *each.secondary_opts)
} | {"--help"}


def told() -> list[tuple[str, str]]:
    """Every text in the code, and every comment of a data file, with the file's name."""
    texts = []
    for path in sorted((CHECKOUT / "pe_plan").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts += [(path.name, node.value)]
    for path in sorted((CHECKOUT / "data").glob("*.toml")):
        comments = re.findall(r"^#.*$", path.read_text("utf-8"), re.MULTILINE)
        texts.append((path.name, "\n".join(comments)))
    return texts


def test_the_code_names_only_options_and_commands_that_exist():
    named = 0
    for file, text in told():
        for option in OPTION.findall(text):
            named += 1
            assert option in OPTIONS, (file, text)
        for word in COMMAND.findall(text):
            named += 1
            assert word in COMMANDS, (file, text)
    assert named > 30


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_explains_itself_and_each_of_its_options(path, tmp_path):
    done = ran(*path.split(), "--help", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert re.match(rf"Usage: .*{path} \[OPTIONS\]", done.out)
    for each in COMMANDS[path].params:
        option = max(each.opts, key=len)
        if option.startswith("-"):
            assert option in done.out
            assert each.help, option
    assert max(map(len, done.out.splitlines())) <= 80
