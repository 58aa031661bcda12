"""A small plan, built by hand, with text that has broken calendar files before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pe_plan.calendars.events import events
from pe_plan.calendars.ics import to_ics
from pe_plan.calendars.ledger import Event, block_uid, publish
from pe_plan.model import Block, Entry, Plan, Resource, Round, Session, Topic
from tests import support_plan as made

NOW = datetime(2026, 1, 2, 8, 30, tzinfo=UTC)
PLAN_ID = "5b0c1d8e-0000-4000-8000-000000000001"
# On both sides of a switch: Berlin skips 02:00-03:00 on 29 March, Lord Howe goes back by half
# an hour on 5 April, Kolkata has no switch but half an hour, Monrovia had seconds until 1972.
STARTS = tuple(
    datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for zone, wall in [
        ("Africa/Monrovia", "1971-06-01T19:00"),
        ("Europe/Berlin", "2026-03-27T19:00"),
        ("Europe/Berlin", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-03-30T19:00"),
        ("Australia/Lord_Howe", "2026-04-03T19:00"),
        ("Australia/Lord_Howe", "2026-04-06T19:00"),
        ("Asia/Kolkata", "2026-04-07T19:15"),
    ]
)
HOSTILE = (
    "first line\nsecond; with, marks \\ and C:\\New\\new, \\\\, \\; \\, \\n\r\n"
    "<script>alert(1)</script> &lt;b&gt; AT&T ls > out 2 < 3 \x1b[31m\x00bell\x07\u2028"
    "emoji 👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻 "
    + "日本語のテキストは三バイトずつ" * 6
    + " שלום עולם، مرحبا بالعالم "
    + "\\" * 151
    + ";" * 80
    + "\nBEGIN:VEVENT\nX-EVIL:1"
)


def topic(id: str, **more: object) -> Topic:
    """A topic with every text that an event shows."""
    link = Resource(title="A book", url=f"https://example.org/{id}?a=1&b=2")
    texts = {"learn": f"read about {id}", "practise": f"build {id}", "prove": f"explain {id}"}
    texts |= {"title": f"{id.title()} in full", "short": id.title()}
    own = {"self_check": f"you can draw {id}", "resources": (link,)}
    return made.topic(id, **texts | own | more)


ROADMAP = made.roadmap(
    made.phase(
        "net", topic("dns"), topic("tcp", learn=HOSTILE), title="Networks, wires; and waves"
    ),
    made.phase("linux", topic("boot"), title="Linux"),
    title="A test; with, marks",
    rounds=(Round(id="pe", title="PE round", count=1, covers="Linux, networking"),),
)
PROFILE = made.profile(remind=10)


def study(topic: str, activity: str = "learn", phase: str = "net", **more: object) -> Session:
    return session("study", topic=topic, activity=activity, phase=phase, **more)


def session(kind: str, **more: object) -> Session:
    return made.session(**{"id": "", "kind": kind} | more)


def block(n: int, title: str, *sessions: Session, start: datetime | None = None) -> Block:
    """A block at the n-th of STARTS, with the sessions one after another."""
    begins = start or STARTS[n]
    return made.block(begins, *sessions, title=title, uid=block_uid(PLAN_ID, begins, ()))


def plan(*blocks: Block) -> Plan:
    return made.plan(*blocks, id=PLAN_ID)


PLAN = plan(
    block(0, "Old times", study("dns")),
    block(1, "Tcp: learn", session("review", topic="dns", phase="net", minutes=15), study("tcp")),
    block(2, "👩‍💻 " + "日本語" * 12 + "; \\never, \\\\" * 3, study("dns", "prove", part=2)),
    block(3, "Mock interview: PE round", session("mock", round="pe"), study("boot", phase="linux")),
    block(4, "Recall: Linux", session("review", phase="linux"), session("warm-up")),
    block(5, "Flex", session("flex")),
    block(6, "Catch-up", session("catch-up")),
)


EVENTS = events(PLAN, ROADMAP, PROFILE)
LEDGER = publish(EVENTS, (), NOW)
BEGIN = b"\r\nBEGIN:VEVENT\r\n"
LATER = NOW + timedelta(days=30)


def file_of(shown: tuple[Event, ...] = EVENTS, ledger: tuple[Entry, ...] = LEDGER) -> bytes:
    (data,) = to_ics(shown, ledger, name="A plan; with, marks")
    return data


def event_of(made: Plan, n: int = 0) -> Event:
    return events(made, ROADMAP, PROFILE)[n]


def gist(event: Event) -> tuple[object, ...]:
    end = event.start + timedelta(minutes=event.minutes)
    return event.uid, event.start, end, event.summary, event.description, event.categories
