"""The final weeks: one full loop, a recall of every phase, warm-up, further mocks, then flex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, product

from pe_plan.model import STEP, Phase, Roadmap, Round, Unplaced
from pe_plan.planning.allocation import LOOP_MOCK, RECALL_LEAST
from pe_plan.planning.drafts import WARM_UP, Agenda, Draft, Piece, filled

RECALL_MOST = 15
_SMALLEST_RECALL = 15  # a phase's recall may be split, but not into crumbs


def final_minutes(roadmap: Roadmap) -> int:
    """Minutes that the final weeks must hold: the full loop and the least recall of each topic."""
    return LOOP_MOCK * len(full_loop(roadmap)) + RECALL_LEAST * len(roadmap.topics)


def full_loop(roadmap: Roadmap) -> list[Round]:
    """Every round as often as the roadmap counts it, in interview order."""
    return [round_ for round_ in roadmap.rounds for _ in range(round_.count)]


def fill_final(
    drafts: Sequence[Draft],
    loop: Sequence[Round],
    phases: Sequence[Phase],
    warm_ups: Iterator[str],
    *,
    warm_up_every: int,
) -> tuple[list[Agenda], list[Unplaced]]:
    """The agendas of the final weeks' slots, and what did not fit."""
    board = _Board(drafts)
    unplaced = board.loop(loop)
    unplaced += board.recall([(phase.id, len(phase.topics)) for phase in phases])
    board.warm_up(warm_ups, warm_up_every)
    board.further_mocks(loop)
    return board.agendas(), unplaced


class _Board:
    """The slots of the final weeks with what stands in them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._pieces: list[list[Piece]] = [[] for _ in drafts]
        self._left = [draft.slot.minutes for draft in drafts]

    def loop(self, rounds: Sequence[Round]) -> list[Unplaced]:
        """One mock a block where the blocks suffice, else as many as it takes; only then in blocks
        shorter than a mock."""
        places: list[int] = []
        for shortest, a_block in product((LOOP_MOCK, 0), range(1, len(rounds) + 1)):
            places = self._places(len(rounds), a_block, shortest)
            if len(places) == len(rounds):
                break
        for round_, k in zip(rounds, places, strict=False):
            self._put(k, Piece(kind="mock", minutes=self._mock_length(k), round=round_.id))
        return [
            Unplaced(kind="mock", minutes=LOOP_MOCK, round=round_.id)
            for round_ in rounds[len(places) :]
        ]

    def _places(self, count: int, a_block: int, shortest: int) -> list[int]:
        places: list[int] = []
        for k, draft in enumerate(self._drafts):
            fitting = max(draft.slot.minutes // LOOP_MOCK, int(draft.slot.minutes >= shortest))
            places += [k] * min(fitting, a_block)
        return places[:count]

    def _mock_length(self, k: int) -> int:
        return min(LOOP_MOCK, self._left[k])

    def _put(self, k: int, piece: Piece) -> None:
        self._pieces[k].append(piece)
        self._left[k] -= piece.minutes

    def recall(self, phases: Sequence[tuple[str, int]]) -> list[Unplaced]:
        """One recall a phase over all its topics, 5 to 15 minutes each, split where it must be."""
        topics = sum(count for _, count in phases)
        if not topics:
            return []
        each = sum(self._left) // topics // STEP * STEP
        each = min(max(each, RECALL_LEAST), RECALL_MOST)
        unplaced: list[Unplaced] = []
        for phase, count in phases:
            wanted = each * count
            for k, left in enumerate(self._left):
                minutes = min(left, wanted)
                if minutes >= min(_SMALLEST_RECALL, wanted) > 0:
                    self._put(k, Piece(kind="review", minutes=minutes, phase=phase))
                    wanted -= minutes
            if wanted:
                unplaced.append(Unplaced(kind="review", minutes=wanted, phase=phase))
        return unplaced

    def warm_up(self, topics: Iterator[str], every: int) -> None:
        """A problem a week (or every second), where a block of the week has room for it."""
        weeks = list(dict.fromkeys(draft.week for draft in self._drafts))
        for week in weeks[::every]:
            members = [k for k, draft in enumerate(self._drafts) if draft.week == week]
            k = max(members, key=lambda k: (self._left[k], -k))
            if self._left[k] >= WARM_UP and (topic := next(topics, None)):
                self._put(k, Piece(kind="warm-up", minutes=WARM_UP, topic=topic))

    def further_mocks(self, rounds: Sequence[Round]) -> None:
        """More mocks in blocks without one, but none on the last day."""
        last_day = max((draft.slot.day for draft in self._drafts), default=None)
        again = cycle(rounds)
        for k, draft in enumerate(self._drafts):
            has_mock = any(piece.kind == "mock" for piece in self._pieces[k])
            if (
                rounds
                and not has_mock
                and self._left[k] >= LOOP_MOCK
                and draft.slot.day != last_day
            ):
                self._put(k, Piece(kind="mock", minutes=LOOP_MOCK, round=next(again).id))

    def agendas(self) -> list[Agenda]:
        """Every slot's agenda; what is left of it is flex."""
        for k, left in enumerate(self._left):
            if left:
                self._put(k, Piece(kind="flex", minutes=left))
        return [
            filled(draft, pieces) for draft, pieces in zip(self._drafts, self._pieces, strict=True)
        ]
