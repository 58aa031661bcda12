"""Everything a plan folder remembers."""

from __future__ import annotations

from dataclasses import dataclass

from pe_plan.model.calendar import Entry
from pe_plan.model.learner import Profile
from pe_plan.model.log import Accepted, Record
from pe_plan.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything a plan folder remembers. `roadmap` is the TOML text the plan was made from; `log`
    and `accepted` are only ever added to, in the order of their changes."""

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
