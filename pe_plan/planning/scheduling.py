"""Work is laid into slots.

A phase in two passes: the first holds checkpoint, flex, warm-up and reviews in the slots and so
fixes the study time; the second shares that out to the topics, whose true finishes then say which
reviews are needed. The final weeks: one full loop, a recall of every phase, warm-up, further mocks,
then flex.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import cycle, groupby, product

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Kind, Phase, Roadmap, Round, Unplaced
from pe_plan.planning.allocation import LOOP_MOCK, RECALL_LEAST
from pe_plan.planning.availability import totals
from pe_plan.planning.blocks import WARM_UP, Draft, Spare, piece
from pe_plan.planning.memory import REVIEW, REVIEWS_A_BLOCK, Memory, Sitting, lay, week_limits
from pe_plan.planning.study import Shares, share_out

RECALL_MOST = 15
SMALLEST_RECALL = 15  # a phase's recall may be split, but not into crumbs
_FLEX_MOST = 90
_LIGHT_WEEK = 6 * 60  # under this, warm-up comes every second week


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


class Begun(Struct, frozen=True, kw_only=True):
    """What lies behind a plan that goes on: memories, the topics to warm up with, how often that
    was done, phases whose checkpoint is over, and the activities still open in topics begun; and
    how it is to `close`."""

    close: Close
    memories: Sequence[Memory] = ()
    alongside: Sequence[str] = ()
    warm_ups: int = 0
    checked: Collection[str] = ()
    activities: Mapping[str, Shares] = field(default_factory=dict)


def flex_minutes(minutes_per_week: int) -> int:
    """A tenth of the week, 25 to 90 minutes."""
    tenth = (minutes_per_week + 5 * STEP) // (10 * STEP) * STEP
    return min(max(tenth, SHORTEST), _FLEX_MOST)


def checkpoint_round(phase: Phase, rounds: Sequence[Round]) -> str | None:
    """The round that most of the phase's weight is asked in, ties in roadmap order."""
    asked = totals((round_, topic.weight) for topic in phase.topics for round_ in topic.rounds)
    known = [round_.id for round_ in rounds if asked[round_.id]]
    return max(known, key=asked.__getitem__, default=None)


class Course:
    """What runs through the weeks from phase to phase, at `minutes` a week: memories, and the
    topics to warm up with. It fills the drafts that it is given."""

    def __init__(
        self, roadmap: Roadmap, efforts: Mapping[str, Fraction], minutes: int, begun: Begun
    ) -> None:
        self._rounds, self._efforts, self._begun = roadmap.rounds, efforts, begun
        self._memories, self._alongside = list(begun.memories), list(begun.alongside)
        self._every = 2 if minutes < _LIGHT_WEEK else 1
        self._warm_ups = begun.warm_ups
        self._weeks_warm = begun.warm_ups * self._every

    def _next_warm_up(self) -> str:
        """The topics to warm up with, in turn; "" before a phase with one is over."""
        if not self._alongside:
            return ""
        self._warm_ups += 1
        return self._alongside[(self._warm_ups - 1) % len(self._alongside)]

    def study(self, phase: Phase, drafts: Sequence[Draft], checkpoint: int, flex: int) -> None:
        """Fill a phase's blocks, its checkpoint (minutes) at the end of the last, `flex` minutes
        kept free in each week; afterwards its topics are known."""
        drafts[-1].checkpoint = min(checkpoint, drafts[-1].slot.minutes)
        spare = Spare(drafts, len(phase.topics))
        for members in _by_week(drafts):
            kept_free = min(flex, members[-1].rest)
            if spare.allows(members[-1], kept_free):
                members[-1].flex = kept_free
        self._hold_warm_ups(drafts, spare)
        self._share(phase, drafts)
        sittings = [draft.sitting(_room_for_reviews(draft, spare)) for draft in drafts]
        recalls, _ = lay(sittings, self._memories, _finishes(drafts), _limits(drafts))
        for draft, topics in zip(drafts, recalls, strict=True):
            draft.reviews = len(topics)
        self._share(phase, drafts)
        sittings = [draft.sitting(draft.reviews, draft.idle // REVIEW) for draft in drafts]
        self._recall(drafts, sittings)
        for draft in drafts:
            self._fill(phase, draft)
        self._alongside += [topic.id for topic in phase.study_order if topic.alongside]

    def catch_up(self, drafts: Sequence[Draft]) -> None:
        """Fill catch-up weeks: reviews and warm-up go on, the rest is for catching up."""
        self._hold_warm_ups(drafts, Spare(drafts, 0))
        self._recall(drafts, [draft.sitting(draft.rest // REVIEW) for draft in drafts])
        for draft in drafts:
            if rest := draft.left:
                kind: Kind = "catch-up" if rest >= SHORTEST else "flex"
                draft.pieces.append(piece(kind=kind, minutes=rest))

    def final(self, drafts: Sequence[Draft]) -> list[Unplaced]:
        """Fill the final weeks; what did not fit."""
        warm_ups = iter(self._next_warm_up, "")
        return fill_final(drafts, self._begun.close, warm_ups, warm_up_every=self._every)

    def _hold_warm_ups(self, drafts: Sequence[Draft], spare: Spare) -> None:
        """Half an hour in the longest block of the week, where it leaves room for more."""
        for members in _by_week(drafts) if self._alongside else ():
            self._weeks_warm += 1
            longest = max(members, key=lambda draft: draft.rest)
            due = self._weeks_warm % self._every == 0
            if due and longest.rest >= WARM_UP + SHORTEST and spare.allows(longest, WARM_UP):
                longest.warm_up = WARM_UP

    def _share(self, phase: Phase, drafts: Sequence[Draft]) -> None:
        pieces, weeks = [draft.study for draft in drafts], [draft.week for draft in drafts]
        activities = self._begun.activities
        shared = share_out(pieces, weeks, phase.study_order, self._efforts, activities)
        for draft, parts in zip(drafts, shared, strict=True):
            draft.parts = parts

    def _recall(self, drafts: Sequence[Draft], sittings: Sequence[Sitting]) -> None:
        """Fill in reviews, and the warm-up that is held."""
        recalls, self._memories = lay(sittings, self._memories, _finishes(drafts), _limits(drafts))
        for draft, topics in zip(drafts, recalls, strict=True):
            draft.pieces = [piece(kind="review", minutes=REVIEW, topic=topic) for topic in topics]
            if draft.warm_up:
                topic = self._next_warm_up()
                draft.pieces.append(piece(kind="warm-up", minutes=draft.warm_up, topic=topic))

    def _fill(self, phase: Phase, draft: Draft) -> None:
        """Fill in study, checkpoint and flex; a rest lengthens the warm-up, else its neighbour."""
        # Review time that turned out not to be needed is flex; a first review may have taken some.
        flex = draft.flex or draft.reviews > len(draft.pieces) - bool(draft.warm_up)
        draft.pieces += [
            piece(kind="study", minutes=minutes, topic=topic, activity=activity)
            for topic, activity, minutes in draft.parts
        ]
        if minutes := draft.checkpoint:
            round_ = checkpoint_round(phase, self._rounds)
            kind: Kind = "mock" if round_ else "review"
            draft.pieces.append(piece(kind=kind, minutes=minutes, phase=phase.id, round=round_))
        if draft.left and (flex or not draft.pieces):
            draft.pieces.append(piece(kind="flex", minutes=draft.left))
        elif draft.left:
            kinds = [each.kind for each in draft.pieces]
            at = kinds.index("warm-up") if "warm-up" in kinds else -1
            longer = draft.pieces[at].minutes + draft.left
            draft.pieces[at] = replace(draft.pieces[at], minutes=longer)


def _by_week(drafts: Sequence[Draft]) -> list[list[Draft]]:
    return [list(members) for _, members in groupby(drafts, key=lambda draft: draft.week)]


def _limits(drafts: Sequence[Draft]) -> dict[int, int]:
    return week_limits((draft.week, draft.slot.minutes) for draft in drafts)


def _room_for_reviews(draft: Draft, spare: Spare) -> int:
    """How many reviews the draft can hold: no topic may lose its place, and what they leave is
    worth a session, or nothing, or lengthens flex."""
    for count in range(REVIEWS_A_BLOCK, 0, -1):
        rest = draft.rest - count * REVIEW
        tidy = rest == 0 or rest >= SHORTEST or (rest >= 0 and (draft.flex > 0 or count == 1))
        if draft.study and tidy and spare.allows(draft, count * REVIEW):
            return count
    return 0


def _finishes(drafts: Sequence[Draft]) -> list[tuple[date, str]]:
    """The day on which each topic's study ends, in order of time."""
    last = {topic: draft.slot.day for draft in drafts for topic, _, _ in draft.parts}
    return sorted((day, topic) for topic, day in last.items())


# ── The final weeks ───────────────────────────────────────────────────────────────────────────


def fill_final(
    drafts: Sequence[Draft], close: Close, warm_ups: Iterator[str], *, warm_up_every: int
) -> list[Unplaced]:
    """Fill the slots of the final weeks; what did not fit is returned."""
    unplaced = _hold_loop(drafts, close.loop) + _recall_phases(drafts, close.to_recall)
    for members in _by_week(drafts)[::warm_up_every]:
        roomiest = max(members, key=lambda draft: draft.left)
        if roomiest.left >= WARM_UP and (topic := next(warm_ups, None)):
            roomiest.pieces.append(piece(kind="warm-up", minutes=WARM_UP, topic=topic))
    again = cycle(close.loop)
    for draft in drafts:  # more mocks in blocks without one, but none on the last day
        without = draft.slot.day != drafts[-1].slot.day and draft.left >= LOOP_MOCK
        if close.loop and without and all(each.kind != "mock" for each in draft.pieces):
            draft.pieces.append(piece(kind="mock", minutes=LOOP_MOCK, round=next(again).id))
        if draft.left:
            draft.pieces.append(piece(kind="flex", minutes=draft.left))
    return unplaced


def _hold_loop(drafts: Sequence[Draft], rounds: Sequence[Round]) -> list[Unplaced]:
    """One mock a block where the blocks suffice, else as many as it takes; only then in blocks
    shorter than a mock."""
    places: list[Draft] = []
    for shortest, a_block in product((LOOP_MOCK, 0), range(1, len(rounds) + 1)):
        places = []
        for draft in drafts:
            length = draft.slot.minutes
            places += [draft] * min(max(length // LOOP_MOCK, int(length >= shortest)), a_block)
        if len(places) >= len(rounds):
            break
    for round_, draft in zip(rounds, places, strict=False):
        minutes = min(LOOP_MOCK, draft.left)
        draft.pieces.append(piece(kind="mock", minutes=minutes, round=round_.id))
    left_over = rounds[len(places) :]
    return [Unplaced(kind="mock", minutes=LOOP_MOCK, round=round_.id) for round_ in left_over]


def _recall_phases(drafts: Sequence[Draft], phases: Sequence[Phase]) -> list[Unplaced]:
    """One recall a phase over all its topics, 5 to 15 minutes each, split where it must be."""
    topics = sum(len(phase.topics) for phase in phases)
    each = sum(draft.left for draft in drafts) // max(topics, 1) // STEP * STEP
    each = min(max(each, RECALL_LEAST), RECALL_MOST)
    unplaced: list[Unplaced] = []
    for phase in phases:
        wanted = each * len(phase.topics)
        for draft in drafts:
            minutes = min(draft.left, wanted)
            if minutes >= min(SMALLEST_RECALL, wanted) > 0:
                draft.pieces.append(piece(kind="review", minutes=minutes, phase=phase.id))
                wanted -= minutes
        if wanted:
            unplaced.append(Unplaced(kind="review", minutes=wanted, phase=phase.id))
    return unplaced
