"""Small values made by hand: each is told what matters of it, all else is as usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from pe_plan.model import Block, Phase, Plan, Profile, Roadmap, Session, Topic, Window

MONDAY = date(2026, 1, 5)
EVENING = datetime(2026, 1, 5, 18, tzinfo=UTC)  # 19:00 in Berlin


def profile(**about: object) -> Profile:
    """Who studies 12 hours a week in Berlin, of which one window is known."""
    windows = (Window(weekday=0, start=1140, end=1260),)
    usual = {"start": MONDAY, "minutes_per_week": 720, "windows": windows}
    return Profile(**usual | {"timezone": "Europe/Berlin"} | about)


def topic(id: str, **about: object) -> Topic:
    usual = {"title": id, "short": id, "weight": 50, "priority": 1, "kind": "concept"}
    return Topic(**{"id": id} | usual | about)


def phase(id: str, *topics: Topic, **about: object) -> Phase:
    """A phase whose topics are studied in this order."""
    usual = {"title": id, "subtitle": "", "level": "", "weeks": (1, 2)}
    order = tuple(topic.id for topic in topics)
    return Phase(**{"id": id, "topics": topics, "order": order} | usual | about)


def roadmap(*phases: Phase, **about: object) -> Roadmap:
    usual = {"schema": 1, "id": "small", "title": "Small", "summary": "", "rounds": ()}
    usual |= {"window_months": (6, 10), "reference_hours": 12, "phases": phases}
    return Roadmap(**usual | about)


def session(id: str, kind: str = "study", minutes: int = 60, **about: object) -> Session:
    return Session(**{"id": id, "kind": kind, "minutes": minutes, "start": EVENING} | about)


def block(start: datetime, *sessions: Session, **about: object) -> Block:
    """A block from that time on, filled by the sessions in turn."""
    placed, end = [], start
    for each in sessions:
        placed.append(replace(each, start=end))
        end += timedelta(minutes=each.minutes)
    minutes = (end - start) // timedelta(minutes=1)
    usual = {"uid": "b", "title": "A block", "minutes": minutes, "sessions": tuple(placed)}
    return Block(**{"start": start} | usual | about)


def plan(*blocks: Block, **about: object) -> Plan:
    """A plan of these blocks, without weeks, phases and topics unless they are named."""
    days = {"as_of": MONDAY, "earliest": MONDAY, "latest": date(2026, 11, 1)}
    usual = {"id": "plan", "roadmap": "small", "revision": 0, "minutes_per_week": 720}
    usual |= {"windows": profile().windows, "finish": date(2026, 9, 12), "verdict": "inside"}
    parts = {"weeks": (), "phases": (), "topics": (), "blocks": blocks}
    return Plan(**days | usual | parts | about)
