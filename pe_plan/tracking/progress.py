"""What the log says of the accepted plan, and which of its sessions a learner speaks of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    STEP,
    Accepted,
    Block,
    Plan,
    Profile,
    Progress,
    Record,
    Roadmap,
    Session,
    State,
)

Log = Sequence[Record]


def live(log: Log, accepted: Sequence[Accepted]) -> frozenset[int]:
    """The numbers of the changes that were not taken back; to take back is no change itself."""
    made = {line.change for line in log if line.kind != "undo"}
    plans = {plan.change for plan in accepted}
    return frozenset((made | plans) - {line.undone for line in log})


def last_change(log: Log, accepted: Sequence[Accepted]) -> int | None:
    """The change that an undo takes back, None where nothing but the first plan is left."""
    last = max(live(log, accepted), default=None)
    return None if accepted and last == accepted[0].change else last


def told(log: Log, accepted: Sequence[Accepted]) -> list[Record]:
    """The lines that count: nothing undone, nothing of an earlier beginning."""
    counting = live(log, accepted)
    begun = (line.change for line in accepted if line.begins and line.change in counting)
    began = max(begun, default=0)
    return [line for line in log if line.change in counting and line.change > began]


def progress(plan: Plan, log: Log, accepted: Sequence[Accepted]) -> Progress:
    """What counts of the log for `plan`, the last of `accepted` that is live.

    Lines about sessions that the plan does not hold count for nothing; answers always do. Lines
    about different sessions may stand in any order.
    """
    lines, plans = told(log, accepted), live(log, accepted) & {line.change for line in accepted}
    latest = max(plans, default=0)
    sessions = {session.id: session for session in (*plan.sessions, *plan.early)}
    done, spent = dict[str, int](), dict[str, int]()
    days, mastered = dict[str, date](), dict[str, date]()
    for line in lines:
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
        for line in sorted(lines, key=lambda line: line.on)
        if line.kind == "review" and line.topic and line.answer
    ]
    return Progress(done=done, spent=spent, days=days, answers=tuple(answers), mastered=mastered)


def credit(told: int) -> int:
    """The minutes that count of those told: the nearest multiple of five."""
    return (told + STEP // 2) // STEP * STEP


def marked(plan: Plan, progress: Progress) -> Plan:
    """The plan as it is to be shown: every session that is fully done has the status "done"."""

    def shown(session: Session) -> Session:
        whole = session.status == "planned" and not is_open(session, progress)
        return replace(session, status="done") if whole else session

    blocks = (replace(block, sessions=tuple(map(shown, block.sessions))) for block in plan.blocks)
    return replace(plan, blocks=tuple(blocks), early=tuple(map(shown, plan.early)))


def is_open(session: Session, progress: Progress) -> bool:
    """Whether some of the session's work is still to do; of a missed one nothing is, since that
    was planned again."""
    return session.status == "planned" and progress.done.get(session.id, 0) < session.minutes


def open_minutes(session: Session, progress: Progress) -> int:
    """What is still to do of the session's work; free time asks for nothing."""
    if session.is_free or not is_open(session, progress):
        return 0
    return session.minutes - progress.done.get(session.id, 0)


def is_unmarked(session: Session, progress: Progress) -> bool:
    """Whether there is work in it of which nothing was said. Who said that a part of it was done
    has said it all."""
    return session.status == "planned" and not session.is_free and session.id not in progress.days


def next_of_topic(
    topic: str, plan: Plan, progress: Progress, taken: Collection[str] = ()
) -> Session | None:
    """The topic's earliest open session that is not in `taken`, study before all else."""
    its = (s for s in plan.sessions if s.topic == topic and s.id not in taken)
    ahead = (session for session in its if is_open(session, progress))
    return min(ahead, key=lambda session: session.kind != "study", default=None)


def carrier(missed: Session, plan: Plan, progress: Progress) -> Session | None:
    """The session that now carries the work of a missed one: the next open one of its kind."""

    def about(session: Session) -> tuple[str | None, ...]:
        subject = session.topic or session.round or session.phase
        return (session.kind, subject, session.activity)

    same = (session for session in plan.sessions if about(session) == about(missed))
    return next((session for session in same if is_open(session, progress)), None)


class Situation(Struct, frozen=True, kw_only=True):
    """An accepted plan and what was done of it, as the learner looks at it on a day."""

    state: State
    roadmap: Roadmap
    progress: Progress
    day: date

    @classmethod
    def of(cls, state: State, roadmap: Roadmap, day: date) -> Situation:
        """How things stand on that day."""
        told = progress(state.plan, state.log, state.accepted)
        return Situation(state=state, roadmap=roadmap, progress=told, day=day)

    @property
    def plan(self) -> Plan:
        """The accepted plan."""
        return self.state.plan

    @property
    def profile(self) -> Profile:
        """The learner."""
        return self.state.profile

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Those of the plan, and those that were done before their time."""
        return (*self.plan.sessions, *self.plan.early)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins on the learner's wall clock."""
        return datetime.combine(day, time(), self.profile.zone).astimezone(UTC)

    def unmarked(self, until: date) -> list[Session]:
        """The sessions up to and including that day of which nothing was said."""
        past = (b for b in self.plan.blocks if self.profile.day_of(b.start) <= until)
        return [s for block in past for s in block.sessions if is_unmarked(s, self.progress)]

    def is_past(self, block: Block) -> bool:
        """Whether its day is over."""
        return self.profile.day_of(block.start) < self.day
