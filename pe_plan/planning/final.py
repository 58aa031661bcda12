"""The final weeks: one full loop, a recall of every phase, warm-up, further mocks, then flex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, product

from msgspec import Struct

from pe_plan.model import STEP, Phase, Roadmap, Round, Session, Unplaced
from pe_plan.planning.allocation import LOOP_MOCK, RECALL_LEAST
from pe_plan.planning.blocks import WARM_UP, Agenda, Draft, filled, piece

RECALL_MOST = 15
SMALLEST_RECALL = 15  # a phase's recall may be split, but not into crumbs


class Close(Struct, frozen=True, kw_only=True):
    """What the final weeks hold, at the least: mocks of the `loop` and a recall of each of the
    phases `to_recall`. A plan that goes on has so many catch-up weeks still to come, and at least
    so many final ones; one that begins anew decides for itself (None)."""

    loop: Sequence[Round]
    to_recall: Sequence[Phase]
    catch_up: int | None = None
    final_weeks: int | None = None

    @property
    def minutes(self) -> int:
        """The full length of the mocks and the least recall of each topic."""
        topics = sum(len(phase.topics) for phase in self.to_recall)
        return LOOP_MOCK * len(self.loop) + RECALL_LEAST * topics


def full_close(roadmap: Roadmap) -> Close:
    """The end of a first plan: every round as often as the roadmap counts it, in interview order,
    and every phase."""
    loop = [round_ for round_ in roadmap.rounds for _ in range(round_.count)]
    return Close(loop=loop, to_recall=roadmap.phases)


def fill_final(
    drafts: Sequence[Draft], close: Close, warm_ups: Iterator[str], *, warm_up_every: int
) -> tuple[list[Agenda], list[Unplaced]]:
    """The agendas of the final weeks' slots, and what did not fit."""
    board = _Board(drafts)
    unplaced = board.loop(close.loop) + board.recall(close.to_recall)
    board.warm_up(warm_ups, warm_up_every)
    board.further_mocks(close.loop)
    return board.agendas(), unplaced


class _Board:
    """The slots of the final weeks with what stands in them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._pieces: list[list[Session]] = [[] for _ in drafts]
        self._left = [draft.slot.minutes for draft in drafts]

    def loop(self, rounds: Sequence[Round]) -> list[Unplaced]:
        """One mock a block where the blocks suffice, else as many as it takes; only then in blocks
        shorter than a mock."""
        places: list[int] = []
        for shortest, a_block in product((LOOP_MOCK, 0), range(1, len(rounds) + 1)):
            places = self._places(a_block, shortest)[: len(rounds)]
            if len(places) == len(rounds):
                break
        for round_, k in zip(rounds, places, strict=False):
            self._put(k, piece("mock", min(LOOP_MOCK, self._left[k]), round=round_.id))
        return [
            Unplaced(kind="mock", minutes=LOOP_MOCK, round=round_.id)
            for round_ in rounds[len(places) :]
        ]

    def _places(self, a_block: int, shortest: int) -> list[int]:
        places: list[int] = []
        for k, draft in enumerate(self._drafts):
            fitting = max(draft.slot.minutes // LOOP_MOCK, int(draft.slot.minutes >= shortest))
            places += [k] * min(fitting, a_block)
        return places

    def _put(self, k: int, session: Session) -> None:
        self._pieces[k].append(session)
        self._left[k] -= session.minutes

    def recall(self, phases: Sequence[Phase]) -> list[Unplaced]:
        """One recall a phase over all its topics, 5 to 15 minutes each, split where it must be."""
        topics = sum(len(phase.topics) for phase in phases)
        each = sum(self._left) // max(topics, 1) // STEP * STEP
        each = min(max(each, RECALL_LEAST), RECALL_MOST)
        unplaced: list[Unplaced] = []
        for phase in phases:
            wanted = each * len(phase.topics)
            for k, left in enumerate(self._left):
                minutes = min(left, wanted)
                if minutes >= min(SMALLEST_RECALL, wanted) > 0:
                    self._put(k, piece("review", minutes, phase=phase.id))
                    wanted -= minutes
            if wanted:
                unplaced.append(Unplaced(kind="review", minutes=wanted, phase=phase.id))
        return unplaced

    def warm_up(self, topics: Iterator[str], every: int) -> None:
        """A problem a week (or every second), where a block of the week has room for it."""
        weeks = list(dict.fromkeys(draft.week for draft in self._drafts))
        for week in weeks[::every]:
            members = [k for k, draft in enumerate(self._drafts) if draft.week == week]
            k = max(members, key=lambda k: (self._left[k], -k))
            if self._left[k] >= WARM_UP and (topic := next(topics, None)):
                self._put(k, piece("warm-up", WARM_UP, topic=topic))

    def further_mocks(self, rounds: Sequence[Round]) -> None:
        """More mocks in blocks without one, but none on the last day."""
        last_day = max((draft.slot.day for draft in self._drafts), default=None)
        again = cycle(rounds)
        for k, draft in enumerate(self._drafts):
            has_mock = any(each.kind == "mock" for each in self._pieces[k])
            able = self._left[k] >= LOOP_MOCK and draft.slot.day != last_day
            if rounds and able and not has_mock:
                self._put(k, piece("mock", LOOP_MOCK, round=next(again).id))

    def agendas(self) -> list[Agenda]:
        """Every slot's agenda; what is left of it is flex."""
        for k, left in enumerate(self._left):
            if left:
                self._put(k, piece("flex", left))
        return [filled(draft, own) for draft, own in zip(self._drafts, self._pieces, strict=True)]
