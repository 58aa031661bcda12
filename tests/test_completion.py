"""What the shell offers when Tab is pressed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support_cli import surroundings, typed
from tests.support_programs import need

CALLED_PE_PLAN = """\
import sys
sys.argv[0] = "pe-plan"
from pe_plan.cli import main
main()
"""
# What bash does at a Tab, with the words of the line as bash parts them.
IN_BASH = """\
eval "$(_PE_PLAN_COMPLETE=source_bash pe-plan)"
IFS=' ' read -r -a COMP_WORDS <<<"$LINE"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_pe_plan_completion pe-plan
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """A folder with a program called pe-plan."""
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "pe-plan"
    program.write_text(f"#!{sys.executable}\n{CALLED_PE_PLAN}")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ge", ["generate"]),
        ("generate --skill lin", ["linux=new", "linux=some", "linux=solid", "linux=strong"]),
        ("generate --skill t", ["troubleshooting=", "tcpip=", "tls=", "tradeoffs="]),
        ("generate --skill al", ["all=new", "all=some", "all=solid", "all=strong"]),
        ("generate --skill nobody", []),
        # bash makes words of their own of "=" and of what follows it.
        ("generate --skill dns =", ["new", "some", "solid", "strong"]),
        ("generate --skill dns = s", ["some", "solid", "strong"]),
        ("generate --skill = dns = so", ["some", "solid"]),
        ("generate --start = 2", []),
        ("generate --tz Europe/Berl", ["Europe/Berlin"]),
        ("generate --skill dns = some --tz Asia/Kolk", ["Asia/Kolkata"]),
    ],
)
def test_bash_offers_phases_topics_levels_and_zones(line, offered, programs):
    done = subprocess.run(
        [need("bash", "sudo apt-get install bash"), "-c", IN_BASH],
        cwd=programs,
        env=surroundings(
            LINE=f"pe-plan {line}", PATH=f"{programs}{os.pathsep}{os.environ['PATH']}"
        ),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", offered)


@pytest.mark.parametrize(
    ("begun", "offered"),
    [
        ("fee", ["feed=new", "feed=some", "feed=solid", "feed=strong"]),
        (
            "c",
            ["coding=", "culture=", "concurrency=", "cdn=", "capacity=", "caching=", "containers="],
        ),
        ("dns=so", ["dns=some", "dns=solid"]),
    ],
)
def test_other_shells_offer_a_skill_as_one_word(begun, offered, tmp_path):
    done = typed(
        folder=tmp_path,
        code=CALLED_PE_PLAN,
        _PE_PLAN_COMPLETE="complete_fish",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_ARGS=f"pe-plan generate --skill {begun}",
    )
    assert done.out.split() == offered
