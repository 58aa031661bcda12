"""What the outside world says, as a command needs it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Circumstances(Struct, frozen=True, kw_only=True):
    """What the outside world says: the instant (UTC), the machine's zone if it is known and was
    asked for, a fresh id for a plan that needs one."""

    now: datetime
    zone: str | None = None
    fresh_id: str = ""
