"""What is studied: of a roadmap all that the commands of every day need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to study from; `checked` is the day its link was last seen to work, if known."""

    title: str
    url: str
    checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The smallest plannable unit. `weight` is its percentage of the phase, `priority` 1 (must)
    to 3 (could), `requires` the ids of topics to finish first. `alongside` spreads it over its
    whole phase."""

    id: str
    title: str
    short: str
    weight: int
    priority: int
    kind: str
    rounds: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    alongside: bool = False
    learn: str = ""
    practise: str = ""
    prove: str = ""
    self_check: str = ""
    tools: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    note: str = ""
