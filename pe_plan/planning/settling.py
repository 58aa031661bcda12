"""The past is settled: what was done stays, what was not becomes work that is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import Block, Plan, Profile, Progress, Session
from pe_plan.planning.memory import is_done

AGAIN = "+"  # before the id of a session of which this is a further piece, to be named at last


class Ahead(Struct, frozen=True, kw_only=True):
    """A block of the future, or what is left of today's: `head` are its sessions that are settled
    already, `open` those still to come (what was done before its time is free again)."""

    block: Block
    head: tuple[Session, ...]
    open: tuple[Session, ...]


class Settled(Struct, frozen=True, kw_only=True):
    """The plan on a day: `past` blocks, blocks `ahead`, sessions done `early`, and the work `owed`:
    sessions with the minutes of them that were not done, in the order in which they were due."""

    past: tuple[Block, ...]
    ahead: tuple[Ahead, ...]
    early: tuple[Session, ...]
    owed: tuple[Session, ...]


def settle(plan: Plan, progress: Progress, profile: Profile, as_of: date) -> Settled:
    """Everything before `as_of` is settled, and of what comes later whatever was worked on."""
    past: list[Block] = []
    ahead: list[Ahead] = []
    early: list[Session] = []
    owed: list[Session] = []
    for block in plan.blocks:
        if profile.day_of(block.start) < as_of:
            owed += _owed(block.sessions, progress)
            past.append(_settled(block, progress))
            continue
        count = _begun(block, progress, profile)
        owed += _owed(block.sessions[:count], progress)
        head = _settled(block, progress).sessions[:count]
        later = block.sessions[count:]
        early += [_status(s, progress) for s in later if progress.done.get(s.id)]
        rest = [piece for session in later for piece in _left(session, progress)]
        ahead.append(Ahead(block=block, head=head, open=tuple(rest)))
    return Settled(
        past=tuple(past),
        ahead=tuple(ahead),
        early=(*plan.early, *early),
        owed=tuple(owed),
    )


def _begun(block: Block, progress: Progress, profile: Profile) -> int:
    """How many sessions of the block are over: those up to the last one that was worked on in
    its time (or later), or that an earlier re-plan settled."""
    day = profile.day_of(block.start)
    over = [
        n
        for n, session in enumerate(block.sessions, 1)
        if session.status != "planned"
        or (progress.done.get(session.id) and progress.days.get(session.id, day) >= day)
    ]
    return max(over, default=0)


def _owed(sessions: Iterable[Session], progress: Progress) -> list[Session]:
    """What was not done of sessions that nobody settled before."""
    return [
        replace(session, minutes=session.minutes - progress.done.get(session.id, 0))
        for session in sessions
        if session.status == "planned" and not session.is_free and not is_done(session, progress)
    ]


def _settled(block: Block, progress: Progress) -> Block:
    sessions = tuple(_status(session, progress) for session in block.sessions)
    return block if sessions == block.sessions else replace(block, sessions=sessions)


def _status(session: Session, progress: Progress) -> Session:
    if session.status != "planned" or session.is_free:
        return session
    return replace(session, status="done" if is_done(session, progress) else "missed")


def _left(session: Session, progress: Progress) -> Iterator[Session]:
    """What is left of a session of the future: all, or what was not done of it before its time,
    and free time in the place of what was."""
    done = progress.done.get(session.id, 0)
    if not done:
        yield session
        return
    rest = 0 if is_done(session, progress) else session.minutes - done
    if rest:
        yield replace(session, id=AGAIN + session.id, minutes=rest)
    start = session.start + timedelta(minutes=rest)
    free = session.minutes - rest
    yield Session(id=free_id("flex", start), kind="flex", start=start, minutes=free)


def free_id(kind: str, start: datetime) -> str:
    """Free time is named by its start, which stays its own."""
    return f"{kind}.{start:%Y%m%dT%H%MZ}"


class Names:
    """Session ids that are free: what is planned again gets the old name with a number."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._used = {session.id for session in sessions}
        self._last: Counter[str] = Counter()

    def again(self, id: str) -> str:
        """A new id for a further piece of that session: "dns.learn.2+2" after "dns.learn.2"."""
        base = id.partition("+")[0]
        while True:
            self._last[base] += 1
            name = f"{base}+{self._last[base] + 1}"
            if name not in self._used:
                self._used.add(name)
                return name

    def numbered(self, series: str) -> tuple[str, int]:
        """The next id of a series, and its number: "dns.review.3"."""
        while True:
            self._last[series] += 1
            name = f"{series}.{self._last[series]}"
            if name not in self._used:
                self._used.add(name)
                return name, self._last[series]
