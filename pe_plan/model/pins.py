"""Blocks that the learner put elsewhere. Imported by who deals with them: plans without a pin are
read without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """An exception to the weekly windows: the block `uid` takes place at `start` (UTC) for so many
    `minutes`, and the time of `home_minutes` from `home` on, which the plan once gave it, stays
    empty. One that is only held where it stands has its home there."""

    uid: str
    start: datetime
    minutes: int
    home: datetime
    home_minutes: int

    @property
    def end(self) -> datetime:
        """The instant at which the pinned block is over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def home_end(self) -> datetime:
        """The instant at which its home is over."""
        return self.home + timedelta(minutes=self.home_minutes)
