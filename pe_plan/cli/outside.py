"""What only the shell may touch: the clock, the machine's zone, and where output goes."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from pe_plan.app import Circumstances
from pe_plan.cli.screen import printing
from pe_plan.errors import Exit, PePlanError, Problem


def circumstances() -> Circumstances:
    """The present instant, the machine's time zone and a fresh plan id."""
    return Circumstances(now=datetime.now(UTC), zone=_machine_zone(), fresh_id=str(uuid4()))


def typed() -> list[str]:
    """The command line as it can be typed again: by its name where that finds it."""
    named = shutil.which("pe-plan") or sys.argv[0].endswith("__main__.py")
    return ["pe-plan" if named else sys.argv[0], *sys.argv[1:]]


def _machine_zone() -> str | None:
    """The IANA name of the machine's zone, None where it has none that is known."""
    from tzlocal import get_localzone_name

    try:
        name = get_localzone_name()
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return None
    return name


def deliver(parts: tuple[bytes, ...], output: Path | None) -> None:
    """Print a document, or write its parts to `output`, the second as name-2 and so on."""
    if output is None and len(parts) == 1:
        with printing():
            sys.stdout.buffer.write(parts[0])
        return
    if output is None:
        hint = "name a file with -o, and the others get -2, -3 and so on"
        what = f"the calendar is so large that it takes {len(parts)} files"
        raise PePlanError(Exit.OUTPUT, [Problem(where="export ics", what=what, hint=hint)])
    from pe_plan import store

    names = [
        output.name if n == 1 else f"{output.stem}-{n}{output.suffix}"
        for n in range(1, len(parts) + 1)
    ]
    store.write(output.parent, dict(zip(names, parts, strict=True)))
