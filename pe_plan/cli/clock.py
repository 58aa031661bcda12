"""What only the shell may touch: the clock, the machine's zone, fresh ids, the words typed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pe_plan.app.context import Circumstances


def circumstances(*, zone: bool = True) -> Circumstances:
    """The present instant, and for who may make a first plan the machine's time zone and a fresh
    plan id: to find those takes as long as the interpreter takes to start."""
    from pe_plan.app.context import Circumstances

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
    from zoneinfo import ZoneInfo

    from tzlocal import get_localzone_name

    now = datetime.now(UTC)
    try:
        name = get_localzone_name()
        same = now.astimezone(ZoneInfo(name)).utcoffset() == now.astimezone().utcoffset()
    except (LookupError, OSError, ValueError):
        return None
    return name if same else None
