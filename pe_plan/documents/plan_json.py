"""The plan as JSON for scripts. `tests/plan.schema.json` fixes the shape, which only ever grows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pe_plan.model import Block, Plan, Profile, Roadmap, Session, State, TopicPlan, Window, clock

SCHEMA = 1

_Json = Mapping[str, object]


def to_json(state: State, roadmap: Roadmap) -> str:
    """The whole plan; instants carry the learner's UTC offset on that day."""
    plan, profile = state.plan, state.profile
    zone = profile.zone
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
        "blocks": [_block(block, zone) for block in plan.blocks],
        "sessions": [_session(s, block.uid, zone) for block in plan.blocks for s in block.sessions],
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
        "busy": [],
        "interview": profile.interview and _day(profile.interview),
        "skills": {topic.id: topic.level for topic in plan.topics},
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


def _block(block: Block, zone: ZoneInfo) -> _Json:
    return {
        "uid": block.uid,
        "start": _instant(block.start, zone),
        "minutes": block.minutes,
        "title": block.title,
        "pinned": block.pinned,
    }


def _session(session: Session, block: str, zone: ZoneInfo) -> _Json:
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
        "start": _instant(session.start, zone),
        "minutes": session.minutes,
        "status": session.status,
        "made_up": session.made_up,
    }


def _day(day: date) -> str:
    return day.isoformat()


def _instant(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")


def _hours(minutes: int) -> float:
    return round(minutes / 60, 3)


def _depth(topic: TopicPlan) -> float:
    return round(float(topic.depth), 3)
