"""A small plan to keep a log of, and any log of it that Hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st
from msgspec import Struct

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.model import (
    ANSWERS,
    Accepted,
    Block,
    Plan,
    Progress,
    Record,
    Session,
    State,
    TopicPlan,
    Week,
)
from pe_plan.tracking.progress import progress
from tests import support_plan as made
from tests.support_cli import Ran, contents, ran
from tests.support_plan import MONDAY

ENTERED = datetime(2026, 1, 5, 20, tzinfo=UTC)
TOPICS = ("boot", "dns", "http")
ROUNDS = ("coding", "pe")
PROFILE = made.profile()


def day(n: int) -> date:
    """The nth day of the plan, from 0."""
    return MONDAY + timedelta(days=n)


def study(topic: str, activity: str, part: int = 1, minutes: int = 60, **more: object) -> Session:
    about = {"topic": topic, "activity": activity, "part": part} | more
    return _session(f"{topic}.{activity}.{part}", minutes, **about)


def review(topic: str, part: int = 1, **more: object) -> Session:
    more = {"kind": "review", "topic": topic, "part": part} | more
    return _session(f"{topic}.review.{part}", 15, **more)


def mock(round: str, part: int = 1, **more: object) -> Session:
    return _session(f"{round}.mock.{part}", 45, kind="mock", round=round, part=part, **more)


def flex(n: int) -> Session:
    return _session(f"flex.2026010{n}T1900Z", 30, kind="flex", phase=None)


def _session(id: str, minutes: int, **more: object) -> Session:
    about = {"phase": "linux", "start": ENTERED} | more
    return made.session(id, minutes=minutes, **about)


def evening(n: int, *sessions: Session) -> Block:
    """The block of the nth day, at 19:00 in Berlin, filled by the sessions in turn."""
    start = made.EVENING + timedelta(days=n)
    return made.block(start, *sessions, uid=f"b-{n}", title=sessions[0].id)


def plan(*blocks: Block, early: Sequence[Session] = ()) -> Plan:
    week = Week(n=1, starts=MONDAY, kind="study", phase="linux", capacity=720)
    usual = {"level": "some", "depth": Fraction(1), "minutes": 120}
    topics = tuple(TopicPlan(id=id, **usual) for id in TOPICS)
    about = {"finish": day(13), "weeks": (week,), "topics": topics, "early": tuple(early)}
    return made.plan(*blocks, **about)


PLAN = plan(
    evening(0, study("boot", "learn"), study("dns", "learn", 1, 45)),
    evening(1, study("boot", "practise", 1, 120)),
    evening(2, review("boot"), study("dns", "learn", 2, 75), flex(7)),
    evening(3, mock("coding"), study("dns", "prove", 1, 35)),
    evening(7, review("boot", 2), review("dns"), study("http", "learn", 1, 85)),
    evening(8, mock("pe"), mock("coding", 2), flex(9)),
    early=[study("http", "prove", 1, 25, start=ENTERED, status="done")],
)
SESSIONS = (*PLAN.sessions, *PLAN.early)


def record(change: int, kind: str, n: int = 0, **about: object) -> Record:
    """A line about the nth day."""
    return Record(change=change, entered=ENTERED, on=day(n), kind=kind, **about)


def done(change: int, session: str, n: int = 0, minutes: int | None = None) -> Record:
    return record(change, "done", n, session=session, minutes=minutes)


def undo(change: int, undone: int) -> Record:
    return record(change, "undo", undone=undone)


def accepted(change: int, *, begins: bool = False) -> Accepted:
    when = {"entered": ENTERED, "as_of": MONDAY, "finish": day(13)}
    return Accepted(change=change, revision=change - 1, begins=begins, **when)


BEGINNING = accepted(1, begins=True)


_IDS = st.sampled_from([*(session.id for session in SESSIONS), "gone.learn.1"])
_ABOUT = {
    "done": {"session": _IDS, "minutes": st.none() | st.integers(1, 1440) | st.integers(1, 60)},
    "mastered": {"topic": st.sampled_from(TOPICS)},
    "review": {
        "topic": st.sampled_from(TOPICS),
        "answer": st.sampled_from(ANSWERS),
        "session": st.none() | _IDS,
    },
    "mock": {"round": st.sampled_from(ROUNDS), "score": st.integers(1, 5), "session": _IDS},
}


@st.composite
def changes(draw: st.DrawFn, change: int) -> tuple[Record, ...]:
    """The lines of one command: any but an undo, about sessions in the plan and such as left it."""
    kinds = draw(st.lists(st.sampled_from(("done", "done", *_ABOUT)), min_size=1, max_size=4))
    return tuple(
        record(change, kind, draw(st.integers(0, 13)), **draw(st.fixed_dictionaries(_ABOUT[kind])))
        for kind in kinds
    )


@st.composite
def logs(draw: st.DrawFn) -> tuple[Record, ...]:
    """What several commands wrote, none of which was taken back."""
    count = draw(st.integers(0, 6))
    return tuple(line for change in range(2, 2 + count) for line in draw(changes(change)))


class Learner(Struct, frozen=True, kw_only=True):
    """Somebody who types commands in a folder, on one day or another."""

    folder: Path

    def types(self, *words: str, on: str = "2026-01-05", at: str = "21:00") -> Ran:
        """The command at that time in UTC."""
        now = datetime.fromisoformat(f"{on}T{at}:00+00:00")
        around = Circumstances(now=now, zone="Europe/Berlin", fresh_id="7c1f")
        return ran(*words, folder=self.folder, around=around)

    def hears(self, *words: str, on: str = "2026-01-05", at: str = "21:00") -> list[str]:
        """What the command says, which has to go well."""
        done = self.types(*words, on=on, at=at)
        assert (done.code, done.err) == (0, "")
        return done.out.splitlines()

    def is_refused(self, *words: str, on: str = "2026-01-05", code: int = 3) -> list[str]:
        """The complaint about a command that leaves the folder as it was."""
        before = contents(self.folder)
        tried = self.types(*words, on=on)
        assert (tried.code, tried.out) == (code, "")
        assert contents(self.folder) == before
        return tried.err.splitlines()

    @property
    def files(self) -> dict[str, bytes | None]:
        """What is in the plan's folder."""
        return contents(self.folder / "study-plan")

    @property
    def state(self) -> State:
        """What the plan's folder remembers."""
        found = store.read(self.folder / "study-plan")
        assert found is not None
        return found

    @property
    def told(self) -> Progress:
        """What the log says."""
        return progress(self.state.plan, self.state.log, self.state.accepted)

    def change(self, state: State) -> None:
        """Put another state into the plan's folder."""
        store.write(self.folder / "study-plan", {store.STATE: store.encode(state)})
