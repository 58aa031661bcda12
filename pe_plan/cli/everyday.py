"""The commands of every day, as plain functions: today, status.

Typed alone, as they mostly are, they run without typer, which would take half of their time. With
anything beside them they come from their module of the command line, and end here all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STUDY_PLAN = Path("study-plan")
FOLDER = "PE_PLAN_DIR"  # the environment names another


def alone(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run the command if `words`, what was typed, is one of these and nothing else."""
    commands: dict[str, Callable[[Path], None]] = {"today": today, "status": status}
    if len(words) != 1 or words[0] not in commands:
        return False
    commands[words[0]](Path(environment.get(FOLDER) or STUDY_PLAN))
    return True


def today(
    plan: Path, as_of: str | None = None, *, as_json: bool = False, plain: bool = False
) -> None:
    """Show today's blocks, or the next ones."""
    from pe_plan.app import viewing
    from pe_plan.cli import outside

    view = viewing.today(plan, as_of, outside.circumstances(zone=False))
    if as_json:
        from pe_plan.cli import views_json

        outside.deliver(views_json.today(view), None)
        return
    from pe_plan.cli import screen, views

    screen.show(views.today(view), plain=plain)


def status(
    plan: Path, as_of: str | None = None, *, as_json: bool = False, plain: bool = False
) -> None:
    """Show where the learner stands."""
    from pe_plan.app import overview
    from pe_plan.cli import outside

    stand = overview.status(plan, as_of, outside.circumstances(zone=False))
    if as_json:
        from pe_plan.cli import survey_json

        outside.deliver(survey_json.status(stand), None)
        return
    from pe_plan.cli import screen, survey

    screen.show(survey.status(stand), plain=plain)
