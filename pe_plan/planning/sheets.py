"""Blocks of the future while their agendas change, and the work that waits for a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import SHORTEST, STEP, Block, Roadmap, Session
from pe_plan.planning.blocks import free_id, piece, series, timed
from pe_plan.planning.scheduling import SMALLEST_RECALL

AGAIN = "+"  # before the id of a session of which this is a further piece, to be named at last
NEW = "#"  # before the series of a session that gets the next number of it at last

Requires = Mapping[str, Sequence[str]]  # topic -> topics that come before it

_alike = attrgetter("kind", "topic", "activity", "made_up")


class Names:
    """Session ids that are free: what is planned again gets the old name with a number."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._used = {session.id for session in sessions}

    def named(self, session: Session) -> Session:
        """The session under its own name: "dns.learn.2+2" after "dns.learn.2", or the next of its
        series, "dns.review.3"."""
        if session.is_free:
            return replace(session, id=free_id(session.kind, session.start))
        if session.id.startswith(AGAIN):
            id, _ = self._next(session.id.lstrip(AGAIN).partition("+")[0] + "+", 2)
            return replace(session, id=id)
        if session.id.startswith(NEW):
            id, number = self._next(session.id.removeprefix(NEW) + ".", 1)
            return replace(session, id=id, part=number, parts=max(number, session.parts))
        return session

    def _next(self, base: str, first: int) -> tuple[str, int]:
        number = next(n for n in count(first) if f"{base}{n}" not in self._used)
        self._used.add(f"{base}{number}")
        return f"{base}{number}", number


def new(piece: Session, roadmap: Roadmap) -> Session:
    """A session for a piece, to be named and timed at last."""
    phase = piece.phase or roadmap.phase_of.get(piece.topic or "")
    return replace(piece, id=NEW + series(piece), phase=phase)


def made_up(
    sessions: Iterable[Session], phase: str | None, stayed: Collection[str] = ()
) -> tuple[Session, ...]:
    """The sessions, with study of other phases than this as made up, but for what `stayed`."""
    return tuple(
        replace(each, made_up=True)
        if each.kind == "study" and each.phase != phase and each.id not in stayed
        else each
        for each in sessions
    )


class Sheet(Struct, kw_only=True):
    """The open time of a block: `pieces` fill it (their starts follow from their order). `week` is
    the plan week's place, from 0. A `lost` sheet has no time any more, only its work; `block` is
    None for new time (`spare` time goes again if it is not needed); `head` are the sessions before
    it that are settled."""

    start: datetime
    minutes: int
    day: date
    week: int
    block: Block | None = None
    pieces: tuple[Session, ...] = ()
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
        return tuple(each for each in self.pieces if not each.is_free)

    @property
    def reviews(self) -> tuple[Session, ...]:
        """The reviews of topics among them."""
        return tuple(each for each in self.pieces if each.reviews_topic)

    def fill(self, work: Iterable[Session]) -> None:
        """Take these pieces as the agenda, and free time for the rest."""
        self.pieces = tuple(work)
        if rest := self.minutes - sum(each.minutes for each in self.pieces):
            late = self.catch_up and rest >= SHORTEST
            self.pieces += (piece(kind="catch-up" if late else "flex", minutes=rest),)

    def take_up(self, queue: Queue) -> None:
        """Take what waits into the free time."""
        if taken := queue.take(self.free):
            self.fill([*self.work, *taken])

    def on(self, block: Block, names: Names) -> Block:
        """Its block as the sheet says it is by now, under its old title."""
        sessions = (*self.head, *self.sessions(names))
        start = block.start if self.head else self.start
        minutes = sum(session.minutes for session in sessions)
        same = (start, minutes, sessions) == (block.start, block.minutes, block.sessions)
        return block if same else replace(block, start=start, minutes=minutes, sessions=sessions)

    def sessions(self, names: Names) -> tuple[Session, ...]:
        """The pieces in their times, under their names."""
        return tuple(names.named(each) for each in timed(self.pieces, self.start))


class Work(Struct, kw_only=True):
    """Something to do for `minutes`, like `like`; `names` are the ids that its pieces may take,
    each with its part number and whether it is free (from one that is spent, a new one is made)."""

    like: Session
    minutes: int
    names: list[tuple[str, int, bool]]

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

    def __init__(
        self, requires: Requires, sessions: Iterable[Session] = (), *, spent: bool = False
    ) -> None:
        self._requires = requires
        self.waiting: list[Work] = []
        for session in sessions:
            self.add(session, made_up=True, spent=spent)

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def add(self, session: Session, *, made_up: bool = False, spent: bool = False) -> None:
        """Let a session wait for a place; the id of one that was missed is `spent`."""
        if session.minutes <= 0:
            return
        like = replace(session, made_up=session.made_up or made_up)
        name = (session.id, session.part, not spent)
        last = self.waiting[-1] if self.waiting else None
        if last and like.kind == "study" and _alike(last.like) == _alike(like):
            last.minutes += like.minutes
            last.names.append(name)
        else:
            self.waiting.append(Work(like=like, minutes=like.minutes, names=[name]))

    def take(self, minutes: int) -> list[Session]:
        """Pieces for a stretch of free time, in order; what does not fit may be passed by later
        work that does not build on it."""
        taken: list[Session] = []
        passed: set[str | None] = set()
        for work in list(self.waiting):
            if not minutes:
                break
            topic = work.like.topic
            before = {topic, *self._requires.get(topic or "", ())} - {None}
            if before.isdisjoint(passed) and (portion := _portion(work, minutes)):
                taken.append(work.cut(portion))
                minutes -= portion
            if work.minutes:
                passed.add(topic)
            else:
                self.waiting.remove(work)
        return taken


def _portion(work: Work, minutes: int) -> int:
    """How much of the work fits into so many minutes: all of it, or a part that leaves neither
    side under the shortest session; mocks and reviews of a topic stay whole."""
    if work.minutes <= minutes:
        return work.minutes
    recall = work.like.recalls_phase
    if work.like.kind != "study" and not recall:
        return 0
    least = SMALLEST_RECALL if recall else SHORTEST
    part = min(minutes, work.minutes - least) // STEP * STEP
    return part if part >= least else 0
