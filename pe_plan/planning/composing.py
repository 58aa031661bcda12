"""Agendas become blocks: sessions get times, ids and part numbers, blocks their titles and uids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from pe_plan.model import FREE, Block, Roadmap, Session
from pe_plan.planning.drafts import Agenda, Piece

Naming = Callable[[datetime], str]  # the UTC start at which a block is first planned -> its uid


def compose(
    agendas: Iterable[Agenda], roadmap: Roadmap, uid: Naming, before: Iterable[Session] = ()
) -> tuple[Block, ...]:
    """The blocks in order of time; part numbers go on after those of the sessions `before`."""
    agendas = sorted(agendas, key=lambda agenda: agenda[0].start)
    parts = Counter(series(piece) for _, pieces in agendas for piece in pieces)
    seen: Counter[tuple[str, ...]] = Counter()
    for session in before:
        seen[series(session)] = max(seen[series(session)], session.part)
    parts.update(seen)
    titles = Titles(roadmap)
    phase_of = roadmap.phase_of
    blocks: list[Block] = []
    for slot, pieces in agendas:
        start = slot.start
        sessions: list[Session] = []
        for piece in pieces:
            own = series(piece)
            seen[own] += 1
            sessions.append(
                Session(
                    id=_id(own, seen[own], start),
                    kind=piece.kind,
                    start=start,
                    minutes=piece.minutes,
                    phase=piece.phase or phase_of.get(piece.topic or ""),
                    topic=piece.topic,
                    activity=piece.activity,
                    round=piece.round,
                    part=seen[own] if _counted(piece) else 1,
                    parts=parts[own] if _counted(piece) else 1,
                )
            )
            start += timedelta(minutes=piece.minutes)
        blocks.append(
            Block(
                uid=uid(slot.start),
                start=slot.start,
                minutes=slot.minutes,
                title=titles.of_block(sessions),
                sessions=tuple(sessions),
            )
        )
    return tuple(blocks)


def studied(blocks: Iterable[Block]) -> Iterator[Session]:
    """The sessions of study in the blocks."""
    return (session for block in blocks for session in block.sessions if session.kind == "study")


def series(piece: Piece | Session) -> tuple[str, ...]:
    """What a piece's part number counts within."""
    subject = piece.topic or piece.round or piece.phase
    return tuple(word for word in (subject, piece.activity or piece.kind) if word)


def _counted(piece: Piece) -> bool:
    return piece.kind not in FREE


def _id(own: tuple[str, ...], number: int, start: datetime) -> str:
    """Sessions of a series are numbered; free time is named by its start, which stays its own."""
    if len(own) == 1:
        return f"{own[0]}.{start:%Y%m%dT%H%MZ}"
    return ".".join((*own, str(number)))


class Titles:
    """Short, scannable block titles without totals, which would change with every re-plan."""

    def __init__(self, roadmap: Roadmap) -> None:
        self._topics = {topic.id: topic.short for topic in roadmap.topics}
        self._phases = {phase.id: phase.title for phase in roadmap.phases}
        self._rounds = {round_.id: round_.title for round_ in roadmap.rounds}

    def of_block(self, sessions: Iterable[Session]) -> str:
        """The main session's: mocks and phase recalls first, then the longest study."""
        return self._of(min(sessions, key=_importance))

    def _of(self, session: Session) -> str:
        if session.round:
            return f"Mock: {self._rounds[session.round]}"
        if session.kind == "study":
            number = f" {session.part}" if session.parts > 1 else ""
            return f"{self._topics[session.topic or '']}: {session.activity}{number}"
        if session.kind == "warm-up":
            return f"{self._topics[session.topic or '']}: warm-up"
        if session.kind == "review" and session.topic:
            return f"Review: {self._topics[session.topic]}"
        if session.kind == "review":
            return f"Recall: {self._phases[session.phase or '']}"
        return "Catch-up" if session.kind == "catch-up" else "Flex"


def _importance(session: Session) -> tuple[int, int]:
    order = ("mock", "recall", "study", "catch-up", "warm-up", "review", "flex")
    return order.index("recall" if session.recalls_phase else session.kind), -session.minutes
