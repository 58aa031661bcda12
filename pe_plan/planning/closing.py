"""Mocks and phase recalls that were missed: into free time that holds them, else for a further
mock of the final weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pe_plan.model import Roadmap, Round, Session, Unplaced
from pe_plan.planning.final import full_loop
from pe_plan.planning.sheets import Queue, Sheet


def hold(
    sheets: Sequence[Sheet], owed: Iterable[Session], settled: Iterable[Session], roadmap: Roadmap
) -> list[Unplaced]:
    """Find a place for each of the owed mocks and recalls, not before its old one; what finds none
    is returned. Of the final weeks' mocks only the full loop counts: those `settled` as done and
    those still to come make it up, the others are further mocks, which give way and need no place.
    """
    able = [sheet for sheet in sheets if not sheet.lost]
    settled = tuple(settled)
    unplaced: list[Unplaced] = []
    for session in owed:
        if of_loop(session) and _complete(able, session.round, settled, roadmap):
            continue
        queue = Queue({})
        queue.add(session, made_up=True, spent=True)
        for sheet in able:
            if sheet.start >= session.start and (taken := queue.take(sheet.free)):
                sheet.fill([*sheet.work, *taken])
        if queue:
            _replace_further(able, queue, settled, roadmap)
        if queue:
            unplaced.append(
                Unplaced(
                    kind=session.kind,
                    minutes=queue.minutes,
                    phase=session.phase,
                    round=session.round,
                )
            )
    return unplaced


def further(
    sheets: Iterable[Sheet], settled: Iterable[Session], roadmap: Roadmap
) -> Iterator[tuple[Sheet, Session]]:
    """The mocks of the final weeks beyond the full loop."""
    wanted = {round_.id: round_.count for round_ in roadmap.rounds}
    seen = _held(settled)
    for sheet in sheets:
        for piece in sheet.work:
            if of_loop(piece) and not sheet.lost:
                seen[piece.round] += 1
                if seen[piece.round] > wanted.get(piece.round or "", 0):
                    yield sheet, piece


def _replace_further(
    sheets: Sequence[Sheet], queue: Queue, settled: Iterable[Session], roadmap: Roadmap
) -> None:
    """The last of them give way first; a mock is held shorter where there is less time."""
    for sheet, piece in reversed(list(further(sheets, settled, roadmap))):
        room = piece.minutes + sheet.free
        waiting = queue.waiting[0]
        if waiting.like.kind == "mock":
            waiting.minutes = min(waiting.minutes, room)
        if taken := queue.take(room):
            sheet.fill([p for p in sheet.work if p is not piece] + taken)
        if not queue:
            return


def _complete(
    sheets: Iterable[Sheet], round_: str | None, settled: Iterable[Session], roadmap: Roadmap
) -> bool:
    planned = sum(of_loop(p) and p.round == round_ for sheet in sheets for p in sheet.work)
    wanted = next((r.count for r in roadmap.rounds if r.id == round_), 0)
    return _held(settled)[round_] + planned >= wanted


def loop_left(settled: Iterable[Session], roadmap: Roadmap) -> list[Round]:
    """What of the full loop was not held so far."""
    held = _held(settled)
    left: list[Round] = []
    for round_ in full_loop(roadmap):
        held[round_.id] -= 1
        if held[round_.id] < 0:
            left.append(round_)
    return left


def _held(settled: Iterable[Session]) -> Counter[str | None]:
    return Counter(s.round for s in settled if of_loop(s) and s.status == "done")


def of_loop(session: Session) -> bool:
    """Whether it is a mock of the final weeks, and not a phase's checkpoint."""
    return session.kind == "mock" and session.phase is None
