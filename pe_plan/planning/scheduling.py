"""Work and slots become agendas, in two passes for each phase.

The first holds checkpoint, flex, warm-up and reviews in the slots and so fixes the study time; the
second shares that out to the topics, whose true finishes then say which reviews are needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from msgspec import Struct, field

from pe_plan.model import SHORTEST, STEP, Kind, Phase, Roadmap, Round, Session, Unplaced
from pe_plan.planning.blocks import WARM_UP, Agenda, Draft, Spare, filled, piece
from pe_plan.planning.final import Close, fill_final
from pe_plan.planning.memory import REVIEW, REVIEWS_A_BLOCK, Memory, lay, week_limits
from pe_plan.planning.study import Shares, Study, share_out

_FLEX_MOST = 90
_LIGHT_WEEK = 6 * 60  # under this, warm-up comes every second week


def flex_minutes(minutes_per_week: int) -> int:
    """A tenth of the week, 25 to 90 minutes."""
    tenth = (minutes_per_week + 5 * STEP) // (10 * STEP) * STEP
    return min(max(tenth, SHORTEST), _FLEX_MOST)


def warm_up_every(minutes_per_week: int) -> int:
    """A warm-up comes every so many weeks."""
    return 2 if minutes_per_week < _LIGHT_WEEK else 1


def checkpoint_round(phase: Phase, rounds: Sequence[Round]) -> str | None:
    """The round that most of the phase's weight is asked in, ties in roadmap order."""
    asked: Counter[str] = Counter()
    for topic in phase.topics:
        for round_ in topic.rounds:
            asked[round_] += topic.weight
    known = [round_.id for round_ in rounds if asked[round_.id]]
    return max(known, key=asked.__getitem__, default=None)


class Course(Struct, kw_only=True):
    """What runs through the weeks from phase to phase: memories, and the topics to warm up with.
    `flex` is the time kept free every study week, in minutes."""

    roadmap: Roadmap
    efforts: Mapping[str, Fraction]
    flex: int
    warm_up_every: int
    memories: list[Memory] = field(default_factory=list)
    alongside: list[str] = field(default_factory=list)
    warm_ups: int = 0
    weeks_warm: int = 0
    activities: Mapping[str, Shares] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weeks_warm = self.warm_ups * self.warm_up_every

    def next_warm_up(self) -> str:
        """The topics to warm up with, in turn; "" before a phase with one is over."""
        if not self.alongside:
            return ""
        self.warm_ups += 1
        return self.alongside[(self.warm_ups - 1) % len(self.alongside)]

    def study(self, phase: Phase, drafts: Sequence[Draft], checkpoint: int) -> list[Agenda]:
        """The agendas of a phase's blocks, its checkpoint (minutes) at the end of the last;
        afterwards its topics are known."""
        drafts[-1].checkpoint = min(checkpoint, drafts[-1].slot.minutes)
        spare = Spare(drafts, len(phase.topics))
        self._hold(drafts, spare)
        parts = self._share(phase, drafts)
        sittings = [draft.sitting(_room_for_reviews(draft, spare)) for draft in drafts]
        limits = _limits(drafts)
        recalls, _ = lay(sittings, self.memories, _finishes(drafts, parts), limits)
        for draft, recalled in zip(drafts, recalls, strict=True):
            draft.reviews = len(recalled)
        parts = self._share(phase, drafts)
        sittings = [draft.sitting(draft.reviews, draft.idle // REVIEW) for draft in drafts]
        finished = _finishes(drafts, parts)
        recalls, self.memories = lay(sittings, self.memories, finished, limits)
        agendas = [
            self._agenda(phase, draft, recalled, studied)
            for draft, recalled, studied in zip(drafts, recalls, parts, strict=True)
        ]
        self.alongside += [topic.id for topic in phase.study_order if topic.alongside]
        return agendas

    def catch_up(self, drafts: Sequence[Draft]) -> list[Agenda]:
        """The agendas of catch-up weeks: reviews and warm-up go on, the rest is for catching up."""
        self._hold_warm_ups(drafts, Spare(drafts, 0))
        sittings = [draft.sitting(draft.rest // REVIEW) for draft in drafts]
        recalls, self.memories = lay(sittings, self.memories, (), _limits(drafts))
        agendas: list[Agenda] = []
        for draft, recalled in zip(drafts, recalls, strict=True):
            pieces = self._upkeep(draft, recalled)
            rest = draft.slot.minutes - sum(each.minutes for each in pieces)
            if rest:
                pieces.append(piece("catch-up" if rest >= SHORTEST else "flex", rest))
            agendas.append((draft.slot, tuple(pieces)))
        return agendas

    def final(self, drafts: Sequence[Draft], close: Close) -> tuple[list[Agenda], list[Unplaced]]:
        """The agendas of the final weeks' slots, and what did not fit."""
        warm_ups = iter(self.next_warm_up, "")
        return fill_final(drafts, close, warm_ups, warm_up_every=self.warm_up_every)

    def _hold(self, drafts: Sequence[Draft], spare: Spare) -> None:
        for members in _by_week(drafts):
            flex = min(self.flex, members[-1].rest)
            if spare.allows(members[-1], flex):
                members[-1].flex = flex
        self._hold_warm_ups(drafts, spare)

    def _hold_warm_ups(self, drafts: Sequence[Draft], spare: Spare) -> None:
        """Half an hour in the longest block of the week, where it leaves room for more."""
        for members in _by_week(drafts) if self.alongside else ():
            self.weeks_warm += 1
            longest = max(members, key=lambda draft: draft.rest)
            due = self.weeks_warm % self.warm_up_every == 0
            if due and longest.rest >= WARM_UP + SHORTEST and spare.allows(longest, WARM_UP):
                longest.warm_up = WARM_UP

    def _share(self, phase: Phase, drafts: Sequence[Draft]) -> list[list[Study]]:
        pieces = [draft.study for draft in drafts]
        weeks = [draft.week for draft in drafts]
        return share_out(pieces, weeks, phase.study_order, self.efforts, self.activities)

    def _upkeep(self, draft: Draft, recalled: Sequence[str]) -> list[Session]:
        pieces = [piece("review", REVIEW, topic=topic) for topic in recalled]
        if draft.warm_up:
            pieces.append(piece("warm-up", draft.warm_up, topic=self.next_warm_up()))
        return pieces

    def _agenda(
        self, phase: Phase, draft: Draft, recalled: Sequence[str], studied: Sequence[Study]
    ) -> Agenda:
        pieces = self._upkeep(draft, recalled)
        pieces += [
            piece("study", minutes, topic=topic, activity=activity)
            for topic, activity, minutes in studied
        ]
        if draft.checkpoint:
            round_ = checkpoint_round(phase, self.roadmap.rounds)
            kind: Kind = "mock" if round_ else "review"
            pieces.append(piece(kind, draft.checkpoint, phase=phase.id, round=round_))
        # Review time that turned out not to be needed is flex; a first review may have taken some.
        flex = draft.slot.minutes - sum(each.minutes for each in pieces)
        if flex and (draft.flex or draft.reviews > len(recalled)):
            pieces.append(piece("flex", flex))
        return filled(draft, pieces)


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


def _finishes(drafts: Sequence[Draft], parts: Sequence[Sequence[Study]]) -> list[tuple[date, str]]:
    """The day on which each topic's study ends, in order of time."""
    last = {
        topic: draft.slot.day
        for draft, studied in zip(drafts, parts, strict=True)
        for topic, _, _ in studied
    }
    return sorted((day, topic) for topic, day in last.items())
