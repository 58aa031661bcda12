"""What only the shell may touch: the clock, the machine's zone, and where output goes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pe_plan.app.around import Circumstances
from pe_plan.cli.output import printing
from pe_plan.errors import Exit, PePlanError, Problem


def circumstances(*, zone: bool = True) -> Circumstances:
    """The present instant, and for who may make a first plan the machine's time zone and a fresh
    plan id: to find those takes as long as the interpreter takes to start."""
    if not zone:
        return Circumstances(now=datetime.now(UTC))
    from uuid import uuid4

    return Circumstances(now=datetime.now(UTC), zone=_machine_zone(), fresh_id=str(uuid4()))


def typed() -> list[str]:
    """The command line as it can be typed again: by its name where that finds it."""
    import shutil

    named = shutil.which("pe-plan") or sys.argv[0].endswith("__main__.py")
    return ["pe-plan" if named else sys.argv[0], *sys.argv[1:]]


def _machine_zone() -> str | None:
    """The IANA name of the machine's zone, None where it has none that is known and true."""
    from tzlocal import get_localzone_name

    now = datetime.now(UTC)
    try:
        name = get_localzone_name()
        same = now.astimezone(ZoneInfo(name)).utcoffset() == now.astimezone().utcoffset()
    except (LookupError, OSError, ValueError):
        return None
    return name if same else None


def deliver(parts: tuple[bytes, ...], output: Path | None) -> None:
    """Print a document, or write its parts to new files: `output`, then name-2 and so on."""
    if output is None or str(output) == "-":
        _print(parts)
        return
    from pe_plan import store
    from pe_plan.store.files import HOLDER, LOCK

    names = [
        output.name if n == 1 else f"{output.stem}-{n}{output.suffix}"
        for n in range(1, len(parts) + 1)
    ]
    if ours := {LOCK, HOLDER} & {name.lower() for name in names}:
        what = "is a name that pe-plan itself needs"
        where = str(output.with_name(ours.pop()))
        hint = "choose another name"
        raise PePlanError(Exit.OUTPUT, [Problem(where=where, what=what, hint=hint)])
    taken = [output.parent / name for name in names if (output.parent / name).exists()]
    if taken:
        hint = "choose another name, or move it away"
        problems = [Problem(where=str(path), what="is there already", hint=hint) for path in taken]
        raise PePlanError(Exit.OUTPUT, problems)
    with store.locked(output.parent):
        store.write(output.parent, dict(zip(names, parts, strict=True)))


def _print(parts: tuple[bytes, ...]) -> None:
    if len(parts) > 1:
        hint = "name a file with -o, and the others get -2, -3 and so on"
        what = f"the calendar is so large that it takes {len(parts)} files"
        raise PePlanError(Exit.OUTPUT, [Problem(where="export ics", what=what, hint=hint)])
    with printing():
        sys.stdout.flush()
        sys.stdout.buffer.write(parts[0])
