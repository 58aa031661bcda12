"""Blocks of the future while their agendas change, and the work that waits for a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Block, Kind, Session
from pe_plan.planning.settling import AGAIN, Names, free_id

NEW = "#"  # before the series of a session that gets the next number of it at last
_SMALLEST_REVIEW = 15  # a phase's recall may be split, but not into crumbs


class Sheet(Struct, kw_only=True):
    """The open time of a block: `pieces` fill it (their starts follow from their order). `week` is
    the plan week's place, from 0. A `lost` sheet has no time any more, only its work; `block` is
    None for new time (`spare` time goes again if it is not needed); `head` are the sessions before
    it that are settled."""

    start: datetime
    minutes: int
    day: date
    week: int
    block: Block | None
    pieces: tuple[Session, ...]
    head: tuple[Session, ...] = ()
    lost: bool = False
    final: bool = False
    catch_up: bool = False
    spare: bool = False

    @property
    def free(self) -> int:
        """Minutes of flex and catch-up."""
        return 0 if self.lost else sum(s.minutes for s in self.pieces if s.is_free)

    @property
    def work(self) -> tuple[Session, ...]:
        """The pieces that are not free time."""
        return tuple(piece for piece in self.pieces if not piece.is_free)

    def fill(self, work: Iterable[Session]) -> None:
        """Take these pieces as the agenda, and free time for the rest."""
        pieces = tuple(work)
        rest = self.minutes - sum(piece.minutes for piece in pieces)
        if rest:
            kind: Kind = "catch-up" if self.catch_up and rest >= SHORTEST else "flex"
            pieces += (Session(id="", kind=kind, start=self.start, minutes=rest),)
        self.pieces = pieces

    def on(self, block: Block, names: Names) -> Block:
        """Its block as the sheet says it is by now, under its old title."""
        sessions = (*self.head, *self.sessions(names))
        start = block.start if self.head else self.start
        minutes = sum(session.minutes for session in sessions)
        same = (start, minutes, sessions) == (block.start, block.minutes, block.sessions)
        return block if same else replace(block, start=start, minutes=minutes, sessions=sessions)

    def sessions(self, names: Names) -> tuple[Session, ...]:
        """The pieces in their times, under their names."""
        start = self.start
        timed: list[Session] = []
        for piece in self.pieces:
            timed.append(replace(_named(piece, start, names), start=start))
            start += timedelta(minutes=piece.minutes)
        return tuple(timed)


def again_of(session: Session) -> Session:
    """A session that was missed, to be held again."""
    return replace(session, id=AGAIN + session.id, made_up=True)


def _named(piece: Session, start: datetime, names: Names) -> Session:
    if piece.is_free:
        return replace(piece, id=free_id(piece.kind, start))
    if piece.id.startswith(AGAIN):
        return replace(piece, id=names.again(piece.id.lstrip(AGAIN)))
    if piece.id.startswith(NEW):
        id, number = names.numbered(piece.id.removeprefix(NEW))
        return replace(piece, id=id, part=number, parts=max(number, piece.parts))
    return piece


class Work(Struct, kw_only=True):
    """Something to do for `minutes`, like `like`; `names` are the ids that its
    pieces may take, each with its part number and whether it is free (from one that is spent, a
    new one is made)."""

    like: Session
    minutes: int
    names: list[tuple[str, int, bool]] = field(default_factory=list)

    def cut(self, minutes: int) -> Session:
        """A piece of it."""
        self.minutes -= minutes
        id, part, free = self.names[0]
        if len(self.names) > 1:
            self.names.pop(0)
        else:
            self.names[0] = (id, part, False)
        return replace(self.like, id=id if free else AGAIN + id, part=part, minutes=minutes)


class Queue:
    """Work in its order. Neighbours of one topic and activity are one, to be cut anew. `requires`
    maps topics to those that come before them."""

    def __init__(self, requires: Mapping[str, Sequence[str]]) -> None:
        self._requires = requires
        self.waiting: list[Work] = []

    def __bool__(self) -> bool:
        return bool(self.waiting)

    @property
    def minutes(self) -> int:
        """What waits, in all."""
        return sum(work.minutes for work in self.waiting)

    def add(self, session: Session, *, made_up: bool = False, spent: bool = False) -> None:
        """Let a session wait for a place; the id of one that was missed is `spent`."""
        if session.minutes <= 0:
            return
        like = replace(session, made_up=session.made_up or made_up)
        name = (session.id, session.part, not spent)
        last = self.waiting[-1] if self.waiting else None
        if last and like.kind == "study" and _alike(last.like, like):
            last.minutes += like.minutes
            last.names.append(name)
        else:
            self.waiting.append(Work(like=like, minutes=like.minutes, names=[name]))

    def take(self, minutes: int) -> list[Session]:
        """Pieces for a stretch of free time, in order; what does not fit may be passed by later
        work that does not build on it."""
        taken: list[Session] = []
        passed: list[Session] = []
        for work in list(self.waiting):
            if not minutes:
                break
            piece = 0 if self._builds_on(work.like, passed) else portion(work, minutes)
            if piece:
                taken.append(work.cut(piece))
                minutes -= piece
            if work.minutes:
                passed.append(work.like)
            else:
                self.waiting.remove(work)
        return taken

    def _builds_on(self, session: Session, passed: Iterable[Session]) -> bool:
        needed = self._requires.get(session.topic or "", ())
        return any(
            other.topic is not None and (other.topic == session.topic or other.topic in needed)
            for other in passed
        )


def portion(work: Work, minutes: int) -> int:
    """How much of the work fits into so many minutes: all of it, or a part that leaves neither
    side under the shortest session; mocks and reviews of a topic stay whole."""
    if work.minutes <= minutes:
        return work.minutes
    recall = work.like.recalls_phase
    if work.like.kind != "study" and not recall:
        return 0
    least = _SMALLEST_REVIEW if recall else SHORTEST
    part = min(minutes, work.minutes - least) // STEP * STEP
    return part if part >= least else 0


def _alike(one: Session, other: Session) -> bool:
    return (one.kind, one.topic, one.activity, one.made_up) == (
        other.kind,
        other.topic,
        other.activity,
        other.made_up,
    )
