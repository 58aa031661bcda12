"""What a calendar says of a plan's events. Imported only where a calendar is read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SANE = 1_000_000  # a SEQUENCE that no calendar has honestly come to


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An event of this plan as a calendar has it now: `start` in UTC (None for one that lasts whole
    days), its length in minutes as it is there, its title, its SEQUENCE (0 where it has none), and
    whether it is cancelled."""

    uid: str
    start: datetime | None
    minutes: int
    summary: str
    sequence: int = 0
    cancelled: bool = False
