"""What the calendar was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published event's line in the ledger: `changed` is the instant at which its exported
    content last changed, `removed` says that it left the plan."""

    uid: str
    start: datetime
    minutes: int
    summary: str
    sequence: int
    fingerprint: str
    changed: datetime
    removed: bool = False
