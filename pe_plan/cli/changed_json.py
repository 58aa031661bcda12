"""A re-plan's change as one JSON object for scripts; the names are those of the plan's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from pe_plan.app.replanning import Replanned
from pe_plan.errors import Exit
from pe_plan.model import Block, DoesNotFit, Profile
from pe_plan.tracking.changes import Changed

_Json = Mapping[str, object]


def change(made: Replanned) -> str:
    """The change; `outcome` says whether it was written."""
    plan, found = made.state.plan, made.changes
    old, new = made.before.profile, made.state.profile
    document: dict[str, object] = {
        "schema": 1,
        "outcome": made.outcome,
        "plan": {
            "id": plan.id,
            "roadmap": plan.roadmap,
            "as_of": made.as_of.isoformat(),
            "revision": plan.revision,
        },
        "reason": made.reason,
        "retitled": [_pair(pair, old, new) for pair in found.retitled],
        "moved": [_pair(pair, old, new) for pair in found.moved],
        "added": [_block(block, new) for block in found.added],
        "removed": [_block(block, old) for block in found.removed],
        "kept": found.kept,
        "trimmed": [
            {
                "topic": trim.topic,
                "depth": _rounded(trim.after),
                "depth_before": _rounded(trim.before),
                "minutes": trim.minutes,
            }
            for trim in found.trimmed
        ],
        "window": {
            "earliest": plan.earliest.isoformat(),
            "latest": plan.latest.isoformat(),
            "finish": plan.finish.isoformat(),
            "verdict": plan.verdict,
        },
        "finish_before": found.finish[0].isoformat(),
        "cushion": {"minutes": found.cushion[1], "minutes_before": found.cushion[0]},
        "left_out": list(plan.left_out),
        "unplaced": [
            {"kind": u.kind, "phase": u.phase, "round": u.round, "minutes": u.minutes}
            for u in plan.unplaced
        ],
        "done": list(made.done),
        "notes": list(made.reading.notes),
        "files": list(made.written.files),
    }
    if made.noticed is not None:
        from pe_plan.cli.synced_json import noticed

        document["noticed"] = noticed(made.noticed, made)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def ways_out(verdict: DoesNotFit) -> str:
    """Why there is no plan, as an error with what would make one."""
    hours = {
        "core_hours": verdict.core_minutes and verdict.core_minutes / 60,
        "full_hours": verdict.full_minutes and verdict.full_minutes / 60,
        "held_hours": verdict.held / 60,
        "finish": verdict.finish and verdict.finish.isoformat(),
        "months_over": verdict.months_over,
    }
    problem = {
        "where": "replan",
        "what": "this does not fit into the roadmap's window",
        "hint": "offer more --hours, or say --overrun",
    }
    found = {"schema": 1, "exit": int(Exit.DOES_NOT_FIT), "problems": [problem], "ways_out": hours}
    return json.dumps(found, ensure_ascii=False)


def _pair(pair: Changed, old: Profile, new: Profile) -> _Json:
    return {**_block(pair.after, new), "before": _block(pair.before, old)}


def _block(block: Block, profile: Profile) -> _Json:
    return {
        "uid": block.uid,
        "start": _local(block.start, profile),
        "minutes": block.minutes,
        "title": block.title,
        "pinned": block.pinned,
        "sessions": [session.id for session in block.sessions],
    }


def _local(moment: datetime, profile: Profile) -> str:
    return moment.astimezone(profile.zone_at(moment)).isoformat()


def _rounded(depth: object) -> float:
    return round(float(depth), 4)  # type: ignore[arg-type]
