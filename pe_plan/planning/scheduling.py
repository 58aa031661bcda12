"""Work and slots become agendas, in two passes for each phase.

The first holds checkpoint, flex, warm-up and reviews in the slots and so fixes the study time; the
second shares that out to the topics, whose true finishes then say which reviews are needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct, field

from pe_plan.model import SHORTEST, STEP, Phase, Roadmap, Round
from pe_plan.planning import reviews
from pe_plan.planning.drafts import WARM_UP, Agenda, Draft, Piece, Spare, filled
from pe_plan.planning.reviews import Memory, Sitting
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
    weeks_warm: int = 0
    warm_ups: int = 0
    activities: Mapping[str, Shares] = field(default_factory=dict)

    def go_on(
        self,
        memories: Sequence[Memory],
        alongside: Sequence[str],
        warm_ups: int,
        activities: Mapping[str, Shares],
    ) -> None:
        """Begin where a plan stands already."""
        self.memories, self.alongside = list(memories), list(alongside)
        self.weeks_warm, self.warm_ups = warm_ups * self.warm_up_every, warm_ups
        self.activities = activities

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
        limits = _week_limits(drafts)
        parts = self._share(phase, drafts)
        self._hold_reviews(drafts, spare, _finishes(drafts, parts), limits)
        parts = self._share(phase, drafts)
        sittings = [
            Sitting(
                day=draft.slot.day,
                week=draft.week,
                room=draft.reviews,
                spare=draft.idle // reviews.MINUTES,
            )
            for draft in drafts
        ]
        finished = _finishes(drafts, parts)
        recalls, self.memories = reviews.lay(sittings, self.memories, finished, limits)
        agendas = [
            self._agenda(phase, draft, recalled, studied)
            for draft, recalled, studied in zip(drafts, recalls, parts, strict=True)
        ]
        self.alongside += [topic.id for topic in phase.study_order if topic.alongside]
        return agendas

    def catch_up(self, drafts: Sequence[Draft]) -> list[Agenda]:
        """The agendas of catch-up weeks: reviews and warm-up go on, the rest is for catching up."""
        self._hold_warm_ups(drafts, Spare(drafts, 0))
        sittings = [
            Sitting(day=draft.slot.day, week=draft.week, room=draft.rest // reviews.MINUTES)
            for draft in drafts
        ]
        limits = _week_limits(drafts)
        recalls, self.memories = reviews.lay(sittings, self.memories, (), limits)
        agendas: list[Agenda] = []
        for draft, recalled in zip(drafts, recalls, strict=True):
            pieces = [*_recalls(recalled), *self._warm_up(draft)]
            rest = draft.slot.minutes - sum(piece.minutes for piece in pieces)
            if rest:
                pieces.append(Piece(kind="catch-up" if rest >= SHORTEST else "flex", minutes=rest))
            agendas.append((draft.slot, tuple(pieces)))
        return agendas

    def _hold(self, drafts: Sequence[Draft], spare: Spare) -> None:
        for draft in _last_of_weeks(drafts):
            flex = min(self.flex, draft.rest)
            if spare.allows(draft, flex):
                draft.flex = flex
        self._hold_warm_ups(drafts, spare)

    def _hold_warm_ups(self, drafts: Sequence[Draft], spare: Spare) -> None:
        """Half an hour in the longest block of the week, where it leaves room for more."""
        if not self.alongside:
            return
        for members in _by_week(drafts):
            self.weeks_warm += 1
            longest = max(members, key=lambda draft: draft.rest)
            due = self.weeks_warm % self.warm_up_every == 0
            if due and longest.rest >= WARM_UP + SHORTEST and spare.allows(longest, WARM_UP):
                longest.warm_up = WARM_UP

    def _hold_reviews(
        self,
        drafts: Sequence[Draft],
        spare: Spare,
        finished: Sequence[tuple[date, str]],
        limits: dict[int, int],
    ) -> None:
        sittings = [
            Sitting(day=draft.slot.day, week=draft.week, room=_room_for_reviews(draft, spare))
            for draft in drafts
        ]
        recalls, _ = reviews.lay(sittings, self.memories, finished, limits)
        for draft, recalled in zip(drafts, recalls, strict=True):
            draft.reviews = len(recalled)

    def _share(self, phase: Phase, drafts: Sequence[Draft]) -> list[list[Study]]:
        pieces = [draft.study for draft in drafts]
        weeks = [draft.week for draft in drafts]
        return share_out(pieces, weeks, phase.study_order, self.efforts, self.activities)

    def _warm_up(self, draft: Draft) -> list[Piece]:
        if not draft.warm_up:
            return []
        return [Piece(kind="warm-up", topic=self.next_warm_up(), minutes=draft.warm_up)]

    def _agenda(
        self,
        phase: Phase,
        draft: Draft,
        recalled: Sequence[str],
        studied: Sequence[Study],
    ) -> Agenda:
        pieces = [*_recalls(recalled), *self._warm_up(draft)]
        pieces += [
            Piece(kind="study", topic=topic, activity=activity, minutes=minutes)
            for topic, activity, minutes in studied
        ]
        if draft.checkpoint:
            round_ = checkpoint_round(phase, self.roadmap.rounds)
            pieces.append(
                Piece(
                    kind="mock" if round_ else "review",
                    minutes=draft.checkpoint,
                    phase=phase.id,
                    round=round_,
                )
            )
        # Review time that turned out not to be needed is flex; a first review may have taken some.
        flex = draft.slot.minutes - sum(piece.minutes for piece in pieces)
        if flex and (draft.flex or draft.reviews > len(recalled)):
            pieces.append(Piece(kind="flex", minutes=flex))
        return filled(draft, pieces)


def _recalls(topics: Sequence[str]) -> list[Piece]:
    return [Piece(kind="review", topic=topic, minutes=reviews.MINUTES) for topic in topics]


def _by_week(drafts: Sequence[Draft]) -> list[list[Draft]]:
    weeks: dict[int, list[Draft]] = {}
    for draft in drafts:
        weeks.setdefault(draft.week, []).append(draft)
    return list(weeks.values())


def _last_of_weeks(drafts: Sequence[Draft]) -> list[Draft]:
    return [members[-1] for members in _by_week(drafts)]


def _week_limits(drafts: Sequence[Draft]) -> dict[int, int]:
    """The greatest number of reviews in each week: a fifth of it, but always one."""
    return {
        members[0].week: max(
            sum(draft.slot.minutes for draft in members) // (reviews.WEEK_SHARE * reviews.MINUTES),
            1,
        )
        for members in _by_week(drafts)
    }


def _room_for_reviews(draft: Draft, spare: Spare) -> int:
    """How many reviews the draft can hold: no topic may lose its place, and what they leave is
    worth a session, or nothing, or lengthens flex."""
    for count in range(reviews.A_BLOCK, 0, -1):
        minutes = count * reviews.MINUTES
        rest = draft.rest - minutes
        tidy = rest == 0 or rest >= SHORTEST or (rest >= 0 and (draft.flex > 0 or count == 1))
        if draft.study and tidy and spare.allows(draft, minutes):
            return count
    return 0


def _finishes(drafts: Sequence[Draft], parts: Sequence[Sequence[Study]]) -> list[tuple[date, str]]:
    """The day on which each topic's study ends, in order of time."""
    last: dict[str, date] = {}
    for draft, studied in zip(drafts, parts, strict=True):
        for topic, _, _ in studied:
            last[topic] = draft.slot.day
    return sorted((day, topic) for topic, day in last.items())
