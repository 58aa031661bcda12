"""What the log says of the accepted plan, and which of its sessions a learner speaks of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime

from msgspec.structs import replace

from pe_plan.model import STEP, Accepted, Block, Plan, Progress, Record, Session

Log = Iterable[Record]
DayOf = Callable[[datetime], date]  # the day on the learner's wall clock


# ── What counts of the log ────────────────────────────────────────────────────────────────────


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


def _folded(plan: Plan, told: list[Record], *, latest: int) -> Progress:
    sessions = {session.id: session for session in (*plan.sessions, *plan.early)}
    done: dict[str, int] = {}
    spent: dict[str, int] = {}
    days: dict[str, date] = {}
    mastered: dict[str, date] = {}
    for line in told:
        if line.kind == "mastered" and line.topic:
            mastered[line.topic] = min(mastered.get(line.topic, line.on), line.on)
        if (session := sessions.get(line.session or "")) is None:
            continue
        id = session.id
        given = session.minutes if line.minutes is None else credit(line.minutes)
        done[id] = min(done.get(id, 0) + given, session.minutes)
        days[id] = max(days.get(id, line.on), line.on)
        if line.minutes is not None:
            spent[id] = spent.get(id, 0) + line.minutes
    for id, session in sessions.items():
        # Study of a topic that is known needs no doing. What was missed was planned again.
        tested_out = session.kind == "study" and session.topic in mastered
        if tested_out and session.status != "missed" and done.get(id, 0) < session.minutes:
            day = mastered[session.topic or ""]
            done[id], days[id] = session.minutes, max(days.get(id, day), day)
    answers = [
        (line.topic, line.on, line.answer, line.change > latest)
        for line in told
        if line.kind == "review" and line.topic and line.answer
    ]
    answers.sort(key=lambda answer: answer[1])
    return Progress(done=done, spent=spent, days=days, answers=tuple(answers), mastered=mastered)


def credit(told: int) -> int:
    """The minutes that count of those told: the nearest multiple of five."""
    return (told + STEP // 2) // STEP * STEP


def marked(plan: Plan, progress: Progress) -> Plan:
    """The plan as it is to be shown: every session that is fully done has the status "done"."""

    def shown(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
        return tuple(
            replace(session, status="done")
            if session.status == "planned" and not is_open(session, progress)
            else session
            for session in sessions
        )

    blocks = tuple(replace(block, sessions=shown(block.sessions)) for block in plan.blocks)
    return replace(plan, blocks=blocks, early=shown(plan.early))


# ── Which sessions are meant ──────────────────────────────────────────────────────────────────


def is_open(session: Session, progress: Progress) -> bool:
    """Whether some of the session's work is still to do; of a missed one nothing is, since that
    was planned again."""
    return session.status == "planned" and progress.done.get(session.id, 0) < session.minutes


def is_unmarked(session: Session, progress: Progress) -> bool:
    """Whether there is work in it of which nothing was said. Who said that a part of it was done
    has said it all."""
    return session.status == "planned" and not session.is_free and session.id not in progress.days


def up_to(day: date, plan: Plan, progress: Progress, day_of: DayOf) -> Iterator[Session]:
    """The unmarked sessions up to and including that day."""
    for block in plan.blocks:
        if day_of(block.start) > day:
            return
        yield from (session for session in block.sessions if is_unmarked(session, progress))


def next_of_topic(
    topic: str, plan: Plan, progress: Progress, taken: Collection[str] = ()
) -> Session | None:
    """The topic's earliest open session that is not in `taken`, study before all else."""
    found = [s for s in plan.sessions if s.topic == topic and is_open(s, progress)]
    found.sort(key=lambda session: session.kind != "study")
    return next((session for session in found if session.id not in taken), None)


def open_study(topic: str, plan: Plan, progress: Progress) -> tuple[Session, ...]:
    """The topic's study that is still to do."""
    return tuple(s for s in plan.sessions if studies(s, topic) and is_open(s, progress))


def studies(session: Session, topic: str) -> bool:
    """Whether it is study of that topic."""
    return session.topic == topic and session.kind == "study"


def carrier(missed: Session, plan: Plan, progress: Progress) -> Session | None:
    """The session that now carries the work of a missed one: the next open one of its kind."""
    same = (s for s in plan.sessions if _about(s) == _about(missed))
    return next((session for session in same if is_open(session, progress)), None)


def _about(session: Session) -> tuple[str | None, ...]:
    subject = session.topic or session.round or session.phase
    return (session.kind, subject, session.activity)


def upcoming(
    day: date, plan: Plan, progress: Progress, day_of: DayOf
) -> tuple[Block, Session] | None:
    """The first block from `day` on with work of which nothing was said, and the first such
    session in it."""
    ahead = (block for block in plan.blocks if day_of(block.start) >= day)
    found = ((block, s) for block in ahead for s in block.sessions if is_unmarked(s, progress))
    return next(found, None)
