"""The shell: commands, and what they show. Only here are the clock, the environment and exit."""

from __future__ import annotations

import gc
import os
import sys

from pe_plan.cli.plan import app
from pe_plan.errors import PePlanError

__all__ = ["main"]


def main() -> None:
    """Run the command line; every error becomes its message and its exit code here."""
    gc.disable()  # a command lives for a moment, and looking for cycles takes a tenth of it
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if os.environ.get("_PE_PLAN_COMPLETE") == "complete_bash" and _offered():
        return
    try:
        app()
    except PePlanError as error:
        from pe_plan.cli.screen import complain

        complain(error, as_json="--json" in sys.argv)
        sys.exit(error.code)


def _offered() -> bool:
    """Whether bash was at the level of a skill, which typer cannot see, and got the levels."""
    from pe_plan.cli.completion import levels_in_bash

    levels = levels_in_bash(os.environ.get("COMP_WORDS", ""), os.environ.get("COMP_CWORD", "0"))
    sys.stdout.write("".join(f"{level}\n" for level in levels))
    return bool(levels)
