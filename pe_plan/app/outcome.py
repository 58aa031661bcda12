"""What a command that shows something returns."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from pe_plan.model import Roadmap, State

T = TypeVar("T")


class Outcome(Struct, Generic[T], frozen=True, kw_only=True):
    """What a command found. `json` is the very value that `--json` prints and the screen puts
    into words; `state` and `roadmap` are what it speaks of, for titles that only people need."""

    json: T
    state: State
    roadmap: Roadmap
