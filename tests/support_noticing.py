"""A calendar read back, event by event, beside the plan of `support_log`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from pe_plan.model import Block, Entry, Pin, Plan, Progress, Seen
from pe_plan.tracking.placing import Row, Situation
from pe_plan.tracking.readback import Noticed, noticed
from tests.support_log import ENTERED, PLAN, PROFILE, day

TODAY = day(1)
FIRST, SECOND, THIRD, FOURTH, FIFTH, LAST = PLAN.blocks
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def event(block: Block, by: timedelta = timedelta(), **changed: object) -> Seen:
    """The block's event as it was published, moved and changed so."""
    values: dict[str, object] = {
        "uid": block.uid,
        "start": block.start + by,
        "minutes": block.minutes,
        "summary": block.title,
        "sequence": 2,
    }
    return Seen(**values | changed)


def entry(block: Block, sequence: int = 2) -> Entry:
    return Entry(
        uid=block.uid,
        start=block.start,
        minutes=block.minutes,
        summary=block.title,
        sequence=sequence,
        fingerprint="0" * 16,
        changed=ENTERED,
    )


def situation(
    as_of: date = TODAY, plan: Plan = PLAN, done: Iterable[str] = (), pins: Iterable[Pin] = ()
) -> Situation:
    """The plan on a day, with sessions that are done on their own days."""
    sessions = {session.id: session for session in plan.sessions}
    told = Progress(
        done={id: sessions[id].minutes for id in done},
        days={id: sessions[id].start.date() for id in done},
    )
    return Situation(
        plan=plan, profile=replace(PROFILE, pins=tuple(pins)), progress=told, as_of=as_of
    )


def read(*changed: Seen, without: Iterable[Block] = (), here: Situation | None = None) -> Noticed:
    """What a calendar says in which all else is as it was published."""
    here = here or situation()
    other = {each.uid for each in (*changed, *without)}
    rest = [event(block) for block in here.plan.blocks if block.uid not in other]
    return noticed([*rest, *changed], map(entry, here.plan.blocks), here)


def says_nothing(found: Noticed) -> bool:
    return not (found.replans or found.done)


def why(found: Noticed) -> list[tuple[str, str]]:
    """Nothing but what is left as it is, and why."""
    assert says_nothing(found), found
    return [(left.uid, left.why) for left in found.left]


def uids(rows: Iterable[Row]) -> list[str]:
    return [row.uid for row in rows]


def pin(block: Block, by: timedelta, minutes: int = 60) -> Pin:
    return Pin(
        uid=block.uid,
        start=block.start + by,
        minutes=minutes,
        home=block.start,
        home_minutes=block.minutes,
    )
