"""A learner's life with a plan: days go by, some sessions are done, the plan is carried on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.calendars.events import events
from pe_plan.calendars.ledger import block_uid, publish
from pe_plan.model import (
    Accepted,
    Block,
    DoesNotFit,
    Entry,
    Plan,
    Profile,
    Progress,
    Record,
    Roadmap,
    Session,
)
from pe_plan.planning.pipeline import generate
from pe_plan.planning.replan import replan
from pe_plan.tracking.progress import progress
from tests.support_planning import ROADMAP, learner

WORK = ("study", "review", "warm-up", "mock")
PLAN_ID = "6f1d9c1e-0000-4000-8000-000000000000"


class Life(Struct, kw_only=True):
    """What a plan folder would hold, and the day that it is."""

    roadmap: Roadmap
    profile: Profile
    plan: Plan
    today: date
    ledger: tuple[Entry, ...] = ()
    log: list[Record] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    change: int = 0

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC) + timedelta(minutes=self.change)

    @property
    def progress(self) -> Progress:
        return progress(self.plan, self.log, self.accepted)

    def record(self, kind: str, on: date | None = None, **fields: object) -> None:
        self.change += 1
        when = {"change": self.change, "entered": self.now, "on": on or self.today}
        line = Record(kind=kind, **when, **fields)
        self.log.append(line)

    def accept(self, *, begins: bool = False) -> None:
        self.change += 1
        about = {name: getattr(self.plan, name) for name in ("as_of", "revision", "finish")}
        line = Accepted(change=self.change, entered=self.now, begins=begins, **about)
        self.accepted.append(line)
        shown = events(self.plan, self.roadmap, self.profile)
        self.ledger = publish(shown, self.ledger, self.now)

    def day(self, what: Session | Block) -> date:
        return self.profile.day_of(what.start)

    def open(self, first: date, last: date) -> list[Session]:
        """The sessions of these days that carry work and are not marked."""
        done = self.progress.done
        return [
            session
            for session in self.plan.sessions
            if session.status == "planned"
            and session.kind in WORK
            and done.get(session.id, 0) < session.minutes
            and first <= self.day(session) <= last
        ]

    def live(self, until: date, missed: Callable[[Session], bool] = lambda _: False) -> None:
        """Do everything before that day on its own day, but what was missed."""
        for session in self.open(date.min, until - timedelta(days=1)):
            if not missed(session):
                self.record("done", self.day(session), session=session.id)
        self.today = until

    def carried_on(self, profile: Profile | None = None) -> Plan | DoesNotFit:
        """What a re-plan today would make of it."""
        before = (self.profile, self.plan, self.progress)
        when = {"as_of": self.today, "revision": self.plan.revision + 1}
        return replan(self.roadmap, profile or self.profile, *before, **when, uid=self.uid)

    def uid(self, start: datetime) -> str:
        used = {entry.uid for entry in self.ledger} | {block.uid for block in self.plan.blocks}
        return block_uid(PLAN_ID, start, used)

    def take(self, plan: Plan, profile: Profile | None = None) -> None:
        """Accept a re-plan."""
        self.plan, self.profile = plan, profile or self.profile
        self.accept()


def born(roadmap: Roadmap, profile: Profile) -> Life | DoesNotFit:
    """A life with a first plan."""
    named = {"plan_id": PLAN_ID, "uid": lambda start: block_uid(PLAN_ID, start, ())}
    plan = generate(roadmap, profile, as_of=profile.start, revision=0, **named)
    if isinstance(plan, DoesNotFit):
        return plan
    life = Life(roadmap=roadmap, profile=profile, plan=plan, today=profile.start)
    life.accept(begins=True)
    return life


def some(sessions: Iterable[Session], seed: int, share: float) -> list[Session]:
    """About that share of the sessions, the same for the same seed."""
    chance = Random(seed)
    return [session for session in sessions if chance.random() < share]


def open_minutes(plan: Plan, done: Progress) -> Counter[str]:
    """Minutes of study that are still open, by topic: planned, and not credited."""
    found: Counter[str] = Counter()
    for session in plan.sessions:
        if session.kind == "study" and session.status == "planned":
            found[session.topic] += session.minutes - done.done.get(session.id, 0)
    return found


def done_minutes(plan: Plan, done: Progress) -> Counter[str]:
    """Minutes of study that are credited, by topic."""
    found: Counter[str] = Counter()
    for session in (*plan.sessions, *plan.early):
        if session.kind == "study":
            found[session.topic] += done.done.get(session.id, 0)
    return found


def agenda(block: Block) -> tuple[tuple[object, ...], ...]:
    """What a block is about, whatever has become of it."""
    return tuple(
        (s.id, s.kind, s.minutes, s.topic, s.activity, s.round, s.part) for s in block.sessions
    )


def plain(block: Block) -> Block:
    """The block without what became of its sessions, and of its pin."""
    return replace(
        block,
        pinned=False,
        sessions=tuple(replace(session, status="planned") for session in block.sessions),
    )


START = date(2026, 1, 5)


def life(*args: str, **answers: object) -> Life:
    """A life with the plan of 12 hours a week, or as asked."""
    found = _life(args or ("12",), tuple(answers.items()))
    return replace(found, log=[], accepted=[*found.accepted])


@cache
def _life(args: tuple[str, ...], answers: tuple[tuple[str, object], ...]) -> Life:
    return born(ROADMAP, learner(*args, **dict(answers)))


def on(day: int, week: int) -> date:
    """A day (0 is Monday) of a plan week, counted from 1."""
    return START + timedelta(weeks=week - 1, days=day)


def changed(before: Plan, after: Plan) -> list[tuple[Block, Block]]:
    """The blocks whose agenda is another one."""
    now = {block.uid: block for block in after.blocks}
    pairs = [(block, now[block.uid]) for block in before.blocks if block.uid in now]
    return [(was, is_) for was, is_ in pairs if agenda(was) != agenda(is_)]


def times(plan: Plan) -> list[tuple[object, ...]]:
    return [(block.uid, block.start, block.minutes) for block in plan.blocks]


def missed(lived: Life, first: date, last: date) -> Life:
    """Everything done up to `last` but what fell on these days; it is the day after."""
    lived.live(last + timedelta(days=1), lambda s: first <= lived.day(s) <= last)
    return lived
