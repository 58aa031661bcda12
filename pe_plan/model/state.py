"""Everything a plan folder remembers, and what a calendar was told and says."""

from __future__ import annotations

from datetime import datetime

from pe_plan.model.learner import Profile
from pe_plan.model.log import Accepted, Record
from pe_plan.model.plan import Plan
from pe_plan.model.words import Count, Instant, OfDay, Value

SCHEMA = 4  # of state.json; what was called plan.toml had 1 to 3
SANE = 1_000_000  # a SEQUENCE that no calendar has honestly come to


class Entry(Value, frozen=True, kw_only=True):
    """A published event's line in the ledger: `changed` is the instant at which its exported
    content last changed, `removed` says that it left the plan."""

    uid: str
    start: Instant
    minutes: OfDay
    summary: str
    sequence: Count
    fingerprint: str
    changed: Instant
    removed: bool = False


class Seen(Value, frozen=True, kw_only=True):
    """An event of this plan as a calendar has it now: `start` in UTC (None for one that lasts whole
    days), its length in minutes as it is there, its title, its SEQUENCE (0 where it has none), and
    whether it is cancelled."""

    uid: str
    start: datetime | None
    minutes: int
    summary: str
    sequence: int = 0
    cancelled: bool = False


class State(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Everything a plan folder remembers. `roadmap` is the hash of the roadmap that the plan was
    made from; `log` and `accepted` are only ever added to, in the order of their changes."""

    schema: int = SCHEMA
    profile: Profile
    plan: Plan
    ledger: tuple[Entry, ...]
    roadmap: str
    log: tuple[Record, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def next_change(self) -> int:
        """The number of the next change."""
        used = [line.change for line in self.log] + [line.change for line in self.accepted]
        return max(used, default=0) + 1
