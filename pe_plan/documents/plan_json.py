"""The plan as JSON for scripts. `tests/plan.schema.json` fixes the shape, which only ever grows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pe_plan.model import Block, Plan, Profile, Roadmap, Session, State, TopicPlan, Window, clock

if TYPE_CHECKING:
    from pe_plan.model import Pin

SCHEMA = 1

_Json = Mapping[str, object]


def to_json(state: State, roadmap: Roadmap) -> str:
    """The whole plan; instants carry the learner's UTC offset on that day."""
    plan, profile = state.plan, state.profile
    document = {
        "schema": SCHEMA,
        "plan": {
            "id": plan.id,
            "roadmap": plan.roadmap,
            "as_of": _day(plan.as_of),
            "revision": plan.revision,
        },
        "profile": _profile(profile, plan),
        "window": {
            "earliest": _day(plan.earliest),
            "latest": _day(plan.latest),
            "finish": _day(plan.finish),
            "verdict": plan.verdict,
        },
        **_outline(plan),
        "topics": _topics(plan, roadmap),
        "blocks": [block_row(block, profile) for block in plan.blocks],
        "sessions": _sessions(plan, profile),
        "trimmed": [{"topic": t.id, "depth": _depth(t)} for t in plan.trimmed],
        "left_out": list(plan.left_out),
        "unplaced": [
            {"kind": u.kind, "phase": u.phase, "round": u.round, "minutes": u.minutes}
            for u in plan.unplaced
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _profile(profile: Profile, plan: Plan) -> _Json:
    return {
        "start": _day(profile.start),
        "hours_per_week": _hours(profile.minutes_per_week),
        "planned_hours_per_week": _hours(plan.minutes_per_week),
        "timezone": profile.timezone,
        "windows": [_window(window) for window in plan.windows],
        "days_off": _days_off(profile),
        "busy": _stretches(profile.busy, profile),
        "interview": profile.interview and _day(profile.interview),
        "skills": {topic.id: topic.level for topic in plan.topics},
        "calendars": list(profile.calendars),
        "busy_margin": profile.busy_margin,
        "ignore_all_day": profile.ignore_all_day,
        "lenient": profile.lenient,
        "free": profile.free,
        "pins": [_pin(pin, profile) for pin in profile.pins],
        "dropped": _stretches(profile.dropped, profile),
    }


def _stretches(
    stretches: Sequence[tuple[datetime, datetime]], profile: Profile
) -> list[dict[str, str]]:
    return [
        {"start": _instant(start, profile), "end": _instant(end, profile)}
        for start, end in stretches
    ]


def _pin(pin: Pin, profile: Profile) -> _Json:
    """Where a block is pinned, and its place in the weekly windows that stays empty."""
    return {
        "uid": pin.uid,
        "start": _instant(pin.start, profile),
        "minutes": pin.minutes,
        "home": {"start": _instant(pin.home, profile), "minutes": pin.home_minutes},
    }


def _days_off(profile: Profile) -> list[str]:
    days = {
        days.first + timedelta(days=n)
        for days in profile.days_off
        for n in range((days.last - days.first).days + 1)
    }
    return [_day(day) for day in sorted(days)]


def _window(window: Window) -> _Json:
    return {"weekday": window.weekday, "from": clock(window.start), "to": clock(window.end)}


def _outline(plan: Plan) -> _Json:
    weeks = [
        {
            "n": week.n,
            "starts": _day(week.starts),
            "kind": week.kind,
            "phase": week.phase,
            "capacity": week.capacity,
        }
        for week in plan.weeks
    ]
    phases = [
        {
            "id": phase.id,
            "title": phase.title,
            "weeks": phase.weeks,
            "roadmap_weeks": list(phase.roadmap_weeks),
            "starts": _day(phase.starts),
            "ends": _day(phase.ends),
            "minutes": phase.minutes,
        }
        for phase in plan.phases
    ]
    return {"weeks": weeks, "phases": phases}


def _topics(plan: Plan, roadmap: Roadmap) -> list[_Json]:
    known = {topic.id: topic for topic in roadmap.topics}
    phase_of = roadmap.phase_of
    return [
        {
            "id": given.id,
            "phase": phase_of[given.id],
            "title": known[given.id].title,
            "level": given.level,
            "priority": known[given.id].priority,
            "depth": _depth(given),
            "minutes": given.minutes,
            "requires": list(known[given.id].requires),
        }
        for given in plan.topics
    ]


def _sessions(plan: Plan, profile: Profile) -> list[_Json]:
    """In order of time, those that were done early at the time where they stood."""
    held = [(session, block.uid, False) for block in plan.blocks for session in block.sessions]
    early = [(session, _block_at(session.start, plan), True) for session in plan.early]
    rows = sorted((*held, *early), key=lambda row: row[0].start)
    return [_session(session, block, profile, early=early) for session, block, early in rows]


def _block_at(instant: datetime, plan: Plan) -> str | None:
    """The block whose time holds the instant, if it is still there."""
    return next((b.uid for b in plan.blocks if b.start <= instant < b.end), None)


def block_row(block: Block, profile: Profile) -> _Json:
    """A block without its sessions."""
    return {
        "uid": block.uid,
        "start": _instant(block.start, profile),
        "minutes": block.minutes,
        "title": block.title,
        "pinned": block.pinned,
    }


def session_row(session: Session, plan: Plan, profile: Profile) -> _Json:
    """One session of the plan."""
    early = any(each.id == session.id for each in plan.early)
    return _session(session, _block_at(session.start, plan), profile, early=early)


def _session(session: Session, block: str | None, profile: Profile, *, early: bool) -> _Json:
    return {
        "id": session.id,
        "block": block,
        "kind": session.kind,
        "phase": session.phase,
        "topic": session.topic,
        "activity": session.activity,
        "round": session.round,
        "part": session.part,
        "parts": session.parts,
        "start": _instant(session.start, profile),
        "minutes": session.minutes,
        "status": session.status,
        "made_up": session.made_up,
        "early": early,
    }


def _day(day: date) -> str:
    return day.isoformat()


def _instant(instant: datetime, profile: Profile) -> str:
    return instant.astimezone(profile.zone_at(instant)).isoformat(timespec="seconds")


def _hours(minutes: int) -> float:
    return round(minutes / 60, 3)


def _depth(topic: TopicPlan) -> float:
    return round(float(topic.depth), 3)
