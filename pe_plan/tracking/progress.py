"""What the log says: which changes count, what is done of the accepted plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from pe_plan.model import STEP, Accepted, Plan, Progress, Record, Session

Log = Iterable[Record]


def live(log: Log, accepted: Iterable[Accepted]) -> frozenset[int]:
    """The numbers of the changes that were not taken back; to take back is no change itself."""
    lines = tuple(log)
    taken_back = {line.undone for line in lines}
    made = {line.change for line in lines if line.kind != "undo"}
    return frozenset((made | {plan.change for plan in accepted}) - taken_back)


def last_change(log: Log, accepted: Iterable[Accepted]) -> int | None:
    """The change that an undo takes back, None where nothing but the first plan is left."""
    plans = tuple(accepted)
    last = max(live(log, plans), default=None)
    return None if plans and last == plans[0].change else last


def progress(plan: Plan, log: Log, accepted: Iterable[Accepted]) -> Progress:
    """What counts of the log for `plan`, the last of `accepted` that is live.

    Lines about sessions that the plan does not hold count for nothing; answers always do. Lines
    about different sessions may stand in any order.
    """
    lines, plans = tuple(log), tuple(accepted)
    counting = live(lines, plans)
    plans = tuple(line for line in plans if line.change in counting)
    began = max((line.change for line in plans if line.begins), default=0)
    told = [line for line in lines if line.change in counting and line.change > began]
    return _folded(plan, told, latest=max((line.change for line in plans), default=0))


def marked(plan: Plan, progress: Progress) -> Plan:
    """The plan as it is to be shown: every session that is fully done has the status "done"."""

    def shown(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
        return tuple(_marked(session, progress) for session in sessions)

    blocks = tuple(replace(block, sessions=shown(block.sessions)) for block in plan.blocks)
    return replace(plan, blocks=blocks, early=shown(plan.early))


def credit(told: int) -> int:
    """The minutes that count of those told: the nearest multiple of five."""
    return (told + STEP // 2) // STEP * STEP


def is_open(session: Session, progress: Progress) -> bool:
    """Whether some of the session's work is still to do; of a missed one nothing is, since that
    was planned again."""
    return session.status == "planned" and progress.done.get(session.id, 0) < session.minutes


def _marked(session: Session, progress: Progress) -> Session:
    if session.status != "planned" or is_open(session, progress):
        return session
    return replace(session, status="done")


def _folded(plan: Plan, told: list[Record], *, latest: int) -> Progress:
    sessions = {session.id: session for session in (*plan.sessions, *plan.early)}
    done: dict[str, int] = {}
    spent: dict[str, int] = {}
    days: dict[str, date] = {}
    for line in told:
        session = sessions.get(line.session or "")
        if session is None:
            continue
        id = session.id
        given = session.minutes if line.minutes is None else credit(line.minutes)
        done[id] = min(done.get(id, 0) + given, session.minutes)
        days[id] = max(days.get(id, line.on), line.on)
        if line.minutes is not None:
            spent[id] = spent.get(id, 0) + line.minutes
    mastered = _mastered(told)
    for id, day in _tested_out(sessions.values(), mastered):
        if done.get(id, 0) < sessions[id].minutes:
            done[id] = sessions[id].minutes
            days[id] = max(days.get(id, day), day)
    answers = sorted(
        (
            (line.topic, line.on, line.answer, line.change > latest)
            for line in told
            if line.kind == "review" and line.topic and line.answer
        ),
        key=lambda answer: answer[1],
    )
    return Progress(done=done, spent=spent, days=days, answers=tuple(answers), mastered=mastered)


def _mastered(told: Iterable[Record]) -> dict[str, date]:
    """Topic -> the first day on which it was tested out."""
    days: dict[str, date] = {}
    for line in told:
        if line.kind == "mastered" and line.topic:
            days[line.topic] = min(days.get(line.topic, line.on), line.on)
    return days


def _tested_out(
    sessions: Iterable[Session], mastered: dict[str, date]
) -> Iterator[tuple[str, date]]:
    """The study that needs no more doing. What was missed was planned again, and is done there."""
    for session in sessions:
        if session.kind == "study" and session.status != "missed" and session.topic in mastered:
            yield session.id, mastered[session.topic]
