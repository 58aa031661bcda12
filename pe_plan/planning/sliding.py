"""Missed work finds its place on the grid: in free time nearby, else all later work slides.

No block changes its time here. `Sheets` are worked on in place; who tries, tries on copies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pe_plan.model import Session
from pe_plan.planning.sheets import Queue, Sheet

NEARBY = 2  # weeks after this one in which a small miss is made up

Stretch = tuple[int, int]  # sheets, from and up to
Requires = Mapping[str, Sequence[str]]  # topic -> topics that come before it


def absorb(
    sheets: Sequence[Sheet],
    owed: Sequence[Session],
    week: int,
    requires: Requires,
    *,
    nearby: bool,
) -> tuple[list[Stretch], int]:
    """Find places for the study that is `owed` in plan week `week` (from 0), and for the work of
    lost sheets: free time `nearby` if that may be and is enough, else all slides.

    Returns the stretches in which work slid, and the minutes that found no place before the final
    weeks.
    """
    stretches: list[Stretch] = []
    done = 0  # sheets before it have had their turn
    if owed and not (nearby and _nearby(sheets, 0, owed, week, requires, spent=True)):
        queue = Queue(requires)
        for session in owed:
            queue.add(session, made_up=True, spent=True)
        done = slide(sheets, 0, queue)
        stretches.append((0, done))
        if queue:
            return stretches, queue.minutes
    for first, stop in _lost(sheets):
        if first < done:
            continue
        lost = [piece for sheet in sheets[first:stop] for piece in sheet.work]
        study = [piece for piece in lost if piece.kind == "study"]
        week = sheets[stop - 1].week
        if nearby and _nearby(sheets, stop, study, week, requires, spent=False):
            continue
        queue = Queue(requires)
        done = slide(sheets, first, queue)
        stretches.append((first, done))
        if queue:
            return stretches, queue.minutes
    return stretches, 0


def slide(sheets: Sequence[Sheet], first: int, queue: Queue) -> int:
    """Let all work from sheet `first` on wait its turn behind what waits already, and take up free
    time, until nothing waits or the final weeks come. Returns where it stopped."""
    for k, sheet in enumerate(sheets[first:], first):
        if sheet.final or not (queue or sheet.lost):
            return k
        moving = [piece for piece in sheet.work if slides(piece)]
        for piece in moving:
            queue.add(piece, made_up=sheet.lost)
        if not sheet.lost:
            held = [piece for piece in sheet.work if not slides(piece)]
            room = sheet.minutes - sum(piece.minutes for piece in held)
            sheet.fill([*held, *queue.take(room)])
    return len(sheets)


def slides(piece: Session) -> bool:
    """Whether the piece moves when work slides: study, and what ends a phase."""
    return piece.kind in ("study", "mock") or piece.recalls_phase


def _nearby(
    sheets: Sequence[Sheet],
    first: int,
    owed: Sequence[Session],
    week: int,
    requires: Requires,
    *,
    spent: bool,
) -> bool:
    """Make the work up in the free time of this week and the next two, if all of it fits there."""
    queue = Queue(requires)
    for session in owed:
        queue.add(session, made_up=True, spent=spent)
    agendas: list[tuple[Sheet, list[Session]]] = []
    for sheet in sheets[first:]:
        if not queue or sheet.week > week + NEARBY:
            break
        if sheet.free and (taken := queue.take(sheet.free)):
            agendas.append((sheet, [*sheet.work, *taken]))
    if queue:
        return False
    for sheet, agenda in agendas:
        sheet.fill(agenda)
    return True


def _lost(sheets: Sequence[Sheet]) -> list[Stretch]:
    """The stretches of sheets that have lost their time."""
    found: list[Stretch] = []
    for k, sheet in enumerate(sheets):
        if not sheet.lost or sheet.final:
            continue
        if found and found[-1][1] == k:
            found[-1] = (found[-1][0], k + 1)
        else:
            found.append((k, k + 1))
    return found
