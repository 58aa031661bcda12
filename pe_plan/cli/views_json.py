"""A day and a week of the plan as JSON, with the field names of `export json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pe_plan.app.viewing import View
from pe_plan.documents.plan_json import SCHEMA, block_row, session_row
from pe_plan.model import Plan, Profile, Progress, Session, Topic

_Json = dict[str, Any]


def today(view: View) -> tuple[bytes, ...]:
    """The day that is shown (null after the last one), its sessions, and its topics in full."""
    day = view.days[0].isoformat() if view.days else None
    studied = {session.topic for session in view.sessions if session.kind == "study"}
    return encoded(
        {
            "as_of": view.as_of.isoformat(),
            "day": day,
            "week": view.week.n,
            **_held(view),
            "topics": [texts(topic) for id, topic in view.topics.items() if id in studied],
            "unmarked": [session.id for session in view.unmarked],
        }
    )


def week(view: View) -> tuple[bytes, ...]:
    """The week and its sessions."""
    found = view.week
    return encoded(
        {
            "as_of": view.as_of.isoformat(),
            "week": {
                "n": found.n,
                "starts": found.starts.isoformat(),
                "kind": found.kind,
                "phase": found.phase,
                "capacity": found.capacity,
            },
            **_held(view),
            "unmarked": [session.id for session in view.unmarked],
        }
    )


def encoded(document: _Json) -> tuple[bytes, ...]:
    """The document's bytes, with its schema before all."""
    text = json.dumps({"schema": SCHEMA} | document, ensure_ascii=False, indent=1)
    return ((text + "\n").encode(),)


def session_rows(
    sessions: tuple[Session, ...], plan: Plan, profile: Profile, progress: Progress
) -> list[_Json]:
    """Sessions as `export json` has them, with the minutes that are done."""
    rows = []
    for session in sessions:
        done = progress.done.get(session.id, session.minutes if session.status == "done" else 0)
        row = dict(session_row(session, plan, profile))
        if session.status == "planned" and done >= session.minutes:
            row["status"] = "done"
        rows.append(row | {"done_minutes": done})
    return rows


def texts(topic: Topic) -> _Json:
    """What the roadmap says of a topic."""
    return {
        "id": topic.id,
        "title": topic.title,
        "learn": topic.learn,
        "practise": topic.practise,
        "prove": topic.prove,
        "self_check": topic.self_check,
        "note": topic.note,
        "tools": list(topic.tools),
        "resources": [{"title": each.title, "url": each.url} for each in topic.resources],
    }


def _held(view: View) -> Mapping[str, Any]:
    return {
        "blocks": [block_row(block, view.profile) for block in view.blocks],
        "sessions": session_rows(view.sessions, view.plan, view.profile, view.progress),
    }
