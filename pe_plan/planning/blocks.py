"""Blocks while they are being filled: how their time is held before study gets the rest, and how
agendas become blocks, with times, ids, part numbers and titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SHORTEST, Activity, Block, Kind, Roadmap, Session
from pe_plan.planning.availability import Slot
from pe_plan.planning.memory import REVIEW, Sitting
from pe_plan.planning.study import room

WARM_UP = 30
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # until a session has its own

Agenda = tuple[Slot, tuple[Session, ...]]
Naming = Callable[[datetime], str]  # the UTC start at which a block is first planned -> its uid


def piece(
    kind: Kind,
    minutes: int,
    *,
    phase: str | None = None,
    topic: str | None = None,
    activity: Activity | None = None,
    round: str | None = None,
) -> Session:
    """A session that has no time, part number and id so far."""
    return Session(
        id="",
        kind=kind,
        start=_SOME_TIME,
        minutes=minutes,
        phase=phase,
        topic=topic,
        activity=activity,
        round=round,
    )


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


def filled(draft: Draft, pieces: Sequence[Session]) -> Agenda:
    """The draft with its pieces; a rest lengthens flex, else the warm-up, else its neighbour."""
    rest = draft.slot.minutes - sum(each.minutes for each in pieces)
    found = list(pieces) or [piece("flex", 0)]
    kinds = [each.kind for each in found]
    at = next((kinds.index(kind) for kind in ("flex", "warm-up") if kind in kinds), -1)
    found[at] = replace(found[at], minutes=found[at].minutes + rest)
    return draft.slot, tuple(found)


# ── Agendas become blocks ─────────────────────────────────────────────────────────────────────


def compose(
    agendas: Iterable[Agenda], roadmap: Roadmap, uid: Naming, before: Iterable[Session] = ()
) -> tuple[Block, ...]:
    """The blocks in order of time; part numbers go on after those of the sessions `before`."""
    agendas = sorted(agendas, key=lambda agenda: agenda[0].start)
    parts = Counter(series(each) for _, pieces in agendas for each in pieces)
    seen: Counter[str] = Counter()
    for session in before:
        seen[series(session)] = max(seen[series(session)], session.part)
    parts.update(seen)
    titles, phase_of = Titles(roadmap), roadmap.phase_of
    blocks: list[Block] = []
    for slot, pieces in agendas:
        start = slot.start
        sessions: list[Session] = []
        for each in pieces:
            own = series(each)
            seen[own] += 1
            session = replace(each, start=start, phase=each.phase or phase_of.get(each.topic or ""))
            if each.is_free:
                session = replace(session, id=free_id(each.kind, start))
            else:
                id = f"{own}.{seen[own]}"
                session = replace(session, id=id, part=seen[own], parts=parts[own])
            sessions.append(session)
            start += timedelta(minutes=each.minutes)
        blocks.append(block_of(uid(slot.start), sessions, titles.of_block(sessions)))
    return tuple(blocks)


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


def studied(sessions: Iterable[Session]) -> Counter[str]:
    """The minutes of study in each topic."""
    minutes: Counter[str] = Counter()
    for session in sessions:
        if session.kind == "study":
            minutes[session.topic or ""] += session.minutes
    return minutes


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
