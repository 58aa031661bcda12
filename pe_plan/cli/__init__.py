"""The shell: commands, and what they show. Only here are the clock, the environment and exit."""

from __future__ import annotations

import gc
import os
import sys

from pe_plan.errors import PePlanError

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; every error becomes its message and its exit code here.

    It switches off the search for cycles, which would take a tenth of a command's time: who calls
    it and lives on, switches that on again."""
    gc.disable()
    # Streams that are closed swallow what is written; others replace what they cannot encode.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        from pe_plan.cli.shell import run

        run(sys.argv[1:])
    except PePlanError as error:
        from pe_plan.cli.output import complain

        complain(error, as_json="--json" in sys.argv)
        sys.exit(error.code)
    except BrokenPipeError:  # the reader has seen enough; typer leaves so, too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
