"""Blocks while they are being filled: how their time is held before study gets the rest, and how
agendas become blocks, with times, ids, part numbers and titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.model import SHORTEST, Block, Roadmap, Session, Unplaced
from pe_plan.planning.availability import Slot, totals
from pe_plan.planning.memory import REVIEW, Sitting
from pe_plan.planning.study import Study, room

WARM_UP = 30
# A session that has no time, part number and id so far.
piece = partial(Session, id="", start=datetime(2000, 1, 1, tzinfo=UTC))
Naming = Callable[[datetime], str]  # the UTC start at which a block is first planned -> its uid


class Draft(Struct, kw_only=True):
    """A slot in one plan week, with the minutes held in it (`reviews` counts those held), the
    `parts` of study that come into it, and the pieces that fill it."""

    slot: Slot
    week: int
    checkpoint: int = 0
    flex: int = 0
    warm_up: int = 0
    reviews: int = 0
    parts: Sequence[Study] = ()
    pieces: list[Session] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Minutes that no piece fills so far."""
        return self.slot.minutes - sum(each.minutes for each in self.pieces)

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
        held = self.checkpoint + self.flex + self.warm_up + self.reviews * REVIEW
        return self.slot.minutes - held

    def sitting(self, room: int, spare: int = 0) -> Sitting:
        """The draft as reviews see it."""
        return Sitting(day=self.slot.day, week=self.week, room=room, spare=spare)


class Spare:
    """How many shortest sessions the drafts can hold beyond one for each topic. Flex, warm-up and
    reviews yield to that: no topic is crowded out."""

    def __init__(self, drafts: Sequence[Draft], topics: int) -> None:
        self.sessions = room([draft.study for draft in drafts]) - topics

    def allows(self, draft: Draft, minutes: int) -> bool:
        """Hold nothing yet, but say whether `minutes` of the draft can be had, and book them."""
        loss = room([draft.study]) - room([max(draft.rest - minutes, 0)])
        if minutes > draft.rest or loss > self.sessions:
            return False
        self.sessions -= loss
        return True


# ── Agendas become blocks ─────────────────────────────────────────────────────────────────────


def compose(
    drafts: Iterable[Draft], roadmap: Roadmap, uid: Naming, before: Iterable[Session] = ()
) -> tuple[Block, ...]:
    """The blocks in order of time; part numbers go on after those of the sessions `before`."""
    drafts = sorted(drafts, key=lambda draft: draft.slot.start)
    parts = Counter(series(each) for draft in drafts for each in draft.pieces)
    seen: Counter[str] = Counter()
    for session in before:
        seen[series(session)] = max(seen[series(session)], session.part)
    parts.update(seen)
    titles, phase_of = Titles(roadmap), roadmap.phase_of
    blocks: list[Block] = []
    for draft in drafts:
        sessions: list[Session] = []
        for each in timed(draft.pieces, draft.slot.start):
            seen[own := series(each)] += 1
            phase = each.phase or phase_of.get(each.topic or "")
            session = replace(each, id=free_id(each.kind, each.start), phase=phase)
            if not each.is_free:
                id = f"{own}.{seen[own]}"
                session = replace(session, id=id, part=seen[own], parts=parts[own])
            sessions.append(session)
        blocks.append(block_of(uid(draft.slot.start), sessions, titles.of_block(sessions)))
    return tuple(blocks)


def timed(pieces: Iterable[Session], start: datetime) -> Iterator[Session]:
    """The pieces one after the other, from `start` on."""
    for each in pieces:
        yield replace(each, start=start)
        start += timedelta(minutes=each.minutes)


def block_of(uid: str, sessions: Sequence[Session], title: str) -> Block:
    """The block of these sessions."""
    return Block(
        uid=uid,
        start=sessions[0].start,
        minutes=sum(session.minutes for session in sessions),
        title=title,
        sessions=tuple(sessions),
    )


def series(session: Session) -> str:
    """What a session's part number counts within: dns.learn."""
    subject = session.topic or session.round or session.phase
    return ".".join(filter(None, (subject, session.activity or session.kind)))


def free_id(kind: str, start: datetime) -> str:
    """Free time is named by its start, which stays its own."""
    return f"{kind}.{start:%Y%m%dT%H%MZ}"


def is_checkpoint(work: Session | Unplaced) -> bool:
    """Whether it is the mock at a phase's end."""
    return work.kind == "mock" and work.phase is not None


def not_placed(work: Session) -> Unplaced:
    """What is said of work that finds no place."""
    return Unplaced(kind=work.kind, minutes=work.minutes, phase=work.phase, round=work.round)


def studied(sessions: Iterable[Session]) -> Counter[str]:
    """The minutes of study in each topic."""
    return totals((each.topic or "", each.minutes) for each in sessions if each.kind == "study")


class Titles:
    """Short, scannable block titles without totals, which would change with every re-plan."""

    def __init__(self, roadmap: Roadmap) -> None:
        self._topics = {topic.id: topic.short for topic in roadmap.topics}
        self._phases = {phase.id: phase.title for phase in roadmap.phases}
        self._rounds = {round_.id: round_.title for round_ in roadmap.rounds}

    def of_block(self, sessions: Iterable[Session]) -> str:
        """The main session's: mocks and phase recalls first, then the longest study."""
        main = min(sessions, key=_importance)
        if main.round:
            return f"Mock: {self._rounds[main.round]}"
        if main.recalls_phase:
            return f"Recall: {self._phases[main.phase or '']}"
        if main.is_free:
            return "Catch-up" if main.kind == "catch-up" else "Flex"
        topic = self._topics[main.topic or ""]
        if main.kind == "study":
            return f"{topic}: {main.activity}" + (f" {main.part}" if main.parts > 1 else "")
        return f"{topic}: warm-up" if main.kind == "warm-up" else f"Review: {topic}"


def _importance(session: Session) -> tuple[int, int]:
    order = ("mock", "recall", "study", "catch-up", "warm-up", "review", "flex")
    return order.index("recall" if session.recalls_phase else session.kind), -session.minutes
