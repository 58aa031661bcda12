"""Whatever pe-plan tells a person to type exists."""

from __future__ import annotations

import ast
import re

import pytest
import typer

from pe_plan.cli.shell import command_line
from tests.support_cli import CHECKOUT, ran

COMMAND = re.compile(r"[`']pe-plan ([a-z]+)(?: [a-z]+)?")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


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
