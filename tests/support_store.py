"""A plain state for the tests of the store, and its parts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from pe_plan import model
from pe_plan.model import Pin
from tests import support_plan as made
from tests.support_plan import EVENING
from tests.support_plan import MONDAY as STARTS


def session(id: str, minutes: int, **more: object) -> model.Session:
    about = {"phase": "linux", "topic": "boot", "activity": "learn"} | more
    return made.session(id, minutes=minutes, **about)


def block(n: int, title: str = "TCP/IP stack: practise 3") -> model.Block:
    review = {"kind": "review", "activity": None, "part": 2, "parts": 5, "made_up": True}
    both = (session(f"boot.review.{n}", 15, **review), session(f"boot.learn.{n}", 105))
    uid = f"b-{n}@pe-plan.invalid"
    return made.block(EVENING + timedelta(days=n), *both, uid=uid, title=title)


def entry(n: int) -> model.Entry:
    same = {name: getattr(block(n), name) for name in ("uid", "start", "minutes")}
    told = {"summary": block(n).title, "sequence": 1, "fingerprint": "9f86d081884c7d65"}
    return model.Entry(**same | told, changed=EVENING, removed=n % 2 == 1)


def record(change: int, kind: str, **about: object) -> model.Record:
    return model.Record(change=change, entered=EVENING, on=STARTS, kind=kind, **about)


def accepted(change: int, **about: object) -> model.Accepted:
    values = {"as_of": STARTS, "revision": 0, "begins": True, "finish": date(2026, 9, 6)} | about
    return model.Accepted(change=change, entered=EVENING, **values)


LOG = (
    record(2, "done", session="boot.review.0", minutes=20),
    record(2, "done", session="boot.learn.0"),
    record(3, "review", topic="boot", answer="hard", session="boot.review.0"),
    record(3, "mastered", topic="boot"),
    record(5, "mock", round="coding", score=4, note="two pointers | and 'hashing'"),
    record(6, "undo", undone=4),
)
ACCEPTED = (
    accepted(1),
    accepted(
        4, revision=1, begins=False, retitled=3, moved=1, added=2, removed=4, reason="3 h missed"
    ),
)


def state(*, blocks: int = 2, revision: int = 0) -> model.State:
    windows = (model.Window(weekday=0, start=1140, end=1440),)
    profile = made.profile(
        windows=windows,
        days_off=(model.Days(first=STARTS, last=STARTS),),
        skills={"linux": "solid", "all": "some"},
    )
    days = {"starts": STARTS, "ends": date(2026, 2, 22), "weeks": 7, "roadmap_weeks": (6, 8)}
    told = {"title": "Linux | and more", "why": "mixed levels: 36 of 40 h"}
    phase = model.PhasePlan(id="linux", minutes=4800, **days, **told)
    early = session("boot.prove.1", 60, start=EVENING + timedelta(days=9), status="done")
    plan = made.plan(
        *map(block, range(blocks)),
        revision=revision,
        windows=windows,
        weeks=(model.Week(n=1, starts=STARTS, kind="study", phase="linux", capacity=720),),
        phases=(phase,),
        topics=(model.TopicPlan(id="boot", level="some", depth=Fraction(937, 1000), minutes=300),),
        unplaced=(model.Unplaced(kind="mock", minutes=45, round="coding"),),
        early=(early,),
    )
    ledger, roadmap = tuple(map(entry, range(blocks))), "0123456789abcdef"
    told = {"log": LOG, "accepted": ACCEPTED, "roadmap": roadmap}
    return model.State(profile=profile, plan=plan, ledger=ledger, **told)


def among_others() -> model.State:
    """The same learner with other events around, one block pinned and one deleted."""
    plain = state()
    first, second = plain.plan.blocks
    home = EVENING - timedelta(days=2)
    profile = replace(
        plain.profile,
        busy=(lasting(EVENING, 90), lasting(EVENING + timedelta(days=1), 1500)),
        calendars=("/home/eva/work.ics", "/home/eva/Grüße | 'n' more.ics"),
        busy_margin=15,
        ignore_all_day=True,
        lenient=True,
        free=True,
        pins=(
            Pin(uid=second.uid, start=second.start, minutes=120, home=home, home_minutes=60),
            Pin(uid="b-9@pe-plan.invalid", start=home, minutes=25, home=home, home_minutes=25),
        ),
        dropped=(lasting(EVENING + timedelta(days=3), 120),),
    )
    blocks = (first, replace(second, pinned=True))
    return replace(plain, profile=profile, plan=replace(plain.plan, blocks=blocks))


def lasting(start: datetime, minutes: int) -> tuple[datetime, datetime]:
    """The stretch of so many minutes."""
    return start, start + timedelta(minutes=minutes)
