"""Blocks while they are being filled, and how their time is held before study gets the rest."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SHORTEST, Activity, Kind
from pe_plan.planning import reviews
from pe_plan.planning.availability import Slot
from pe_plan.planning.dividing import room

WARM_UP = 30


class Piece(Struct, frozen=True, kw_only=True):
    """A session without a time, a part number and an id."""

    kind: Kind
    minutes: int
    phase: str | None = None
    topic: str | None = None
    activity: Activity | None = None
    round: str | None = None


Agenda = tuple[Slot, tuple[Piece, ...]]


class Draft(Struct, kw_only=True):
    """A slot in one plan week, with the minutes held in it; `reviews` counts those held."""

    slot: Slot
    week: int
    checkpoint: int = 0
    flex: int = 0
    warm_up: int = 0
    reviews: int = 0

    @property
    def study(self) -> int:
        """Minutes left for study; a rest too short for a session is none."""
        rest = self.rest
        return rest if rest >= SHORTEST else 0

    @property
    def idle(self) -> int:
        """Minutes of flex, and of a rest too short for a session."""
        return self.flex + self.rest - self.study

    @property
    def rest(self) -> int:
        """Minutes not held."""
        held = self.checkpoint + self.flex + self.warm_up + self.reviews * reviews.MINUTES
        return self.slot.minutes - held


class Spare:
    """How many shortest sessions the drafts can hold beyond one for each topic. Flex, warm-up and
    reviews yield to that: no topic is crowded out."""

    __slots__ = ("sessions",)

    def __init__(self, drafts: Sequence[Draft], topics: int) -> None:
        self.sessions = room([draft.study for draft in drafts]) - topics

    def allows(self, draft: Draft, minutes: int) -> bool:
        """Hold nothing yet, but say whether `minutes` of the draft can be had, and book them."""
        loss = room([draft.study]) - room([max(draft.rest - minutes, 0)])
        if minutes > draft.rest or loss > self.sessions:
            return False
        self.sessions -= loss
        return True


def filled(draft: Draft, pieces: Sequence[Piece]) -> Agenda:
    """The draft with its pieces; a rest lengthens flex, else the warm-up, else its neighbour."""
    rest = draft.slot.minutes - sum(piece.minutes for piece in pieces)
    if not rest:
        return draft.slot, tuple(pieces)
    if not pieces:
        return draft.slot, (Piece(kind="flex", minutes=rest),)
    kinds = [piece.kind for piece in pieces]
    at = len(kinds) - 1
    for kind in ("warm-up", "flex"):
        at = kinds.index(kind) if kind in kinds else at
    longer = replace(pieces[at], minutes=pieces[at].minutes + rest)
    return draft.slot, (*pieces[:at], longer, *pieces[at + 1 :])
