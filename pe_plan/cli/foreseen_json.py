"""The free time of every week as JSON, lengths in minutes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from pe_plan.app.capacity import Foreseen
from pe_plan.cli.foreseen import next_step
from pe_plan.cli.views_json import encoded
from pe_plan.model import DoesNotFit, Plan, clock

_Json = dict[str, Any]


def capacity(found: Foreseen, typed: Sequence[str]) -> tuple[bytes, ...]:
    """The figures of `capacity`; `next` is what to type, null where more time has to be named."""
    held, profile = found.capacity, found.reading.profile
    words = next_step(found, typed)[1]
    return encoded(
        {
            "starts": held.weeks[0].starts.isoformat(),
            "ends": held.weeks[-1].ends.isoformat(),
            "offered": held.offered,
            "timezone": profile.timezone,
            "windows": [
                {"weekday": each.weekday, "from": clock(each.start), "to": clock(each.end)}
                for each in found.windows
            ],
            "weeks": [
                {
                    "n": week.n,
                    "starts": week.starts.isoformat(),
                    "ends": week.ends.isoformat(),
                    "offered": week.offered,
                    "free": week.free,
                    "verdict": week.room,
                }
                for week in held.weeks
            ],
            "total": held.total,
            "average": held.average,
            "realistic": held.realistic,
            "weeks_counted": len(held.counted),
            "weeks_held": held.held,
            "plan": _plan(held.plan),
            "notes": list(found.reading.notes),
            "next": shlex.join(words) if words else None,
        }
    )


def _plan(plan: Plan | DoesNotFit) -> _Json:
    """What would come of it: the plan's end, or what it lacks."""
    if isinstance(plan, DoesNotFit):
        return {
            "fits": False,
            "finish": plan.finish.isoformat() if plan.finish else None,
            "needs_core": plan.core_minutes,
            "needs_full": plan.full_minutes,
        }
    return {
        "fits": True,
        "finish": plan.finish.isoformat(),
        "verdict": plan.verdict,
        "uses": plan.minutes_per_week,
        "trimmed": [topic.id for topic in plan.trimmed],
        "left_out": list(plan.left_out),
    }
