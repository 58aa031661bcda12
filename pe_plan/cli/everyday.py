"""The commands of every day, as plain functions: today, status, done.

Typed alone, as they mostly are, they run without typer, which would take half of their time. With
anything beside them they come from their module of the command line, and end here all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

STUDY_PLAN = Path("study-plan")
FOLDER = "PE_PLAN_DIR"  # the environment names another


def done(
    plan: Path,
    names: Sequence[str] = (),
    *,
    on: str | None = None,
    minutes: str | None = None,
    mastered: bool = False,
    all_until: str | None = None,
    as_of: str | None = None,
) -> None:
    """Mark sessions, and say what comes next."""
    from pe_plan.app import recording
    from pe_plan.cli import outside, recorded, screen

    made = recording.done(
        plan,
        tuple(names),
        on=on,
        minutes=minutes,
        mastered=mastered,
        all_until=all_until,
        as_of=as_of,
        around=outside.circumstances(zone=False),
    )
    screen.say(recorded.done(made))
