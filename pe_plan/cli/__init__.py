"""The shell: commands, and what they show. Only here are the clock, the environment and exit."""

from __future__ import annotations

import sys

from pe_plan.cli.plan import app
from pe_plan.errors import PePlanError

__all__ = ["main"]


def main() -> None:
    """Run the command line; every error becomes its message and its exit code here."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PePlanError as error:
        from pe_plan.cli.screen import complain

        complain(error, as_json="--json" in sys.argv)
        sys.exit(error.code)
