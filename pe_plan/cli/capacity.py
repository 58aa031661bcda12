"""The command that looks at the free time before anything is planned: capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe_plan.cli import options
from pe_plan.cli.options import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.inputs.answers import Answers


@options.learner(*options.TIME)
def capacity(
    *,
    answers: Answers,
    roadmap: options.OwnRoadmap = None,
    profile: options.ProfileFile = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show your free hours week by week, before you plan."""
    from pe_plan.app.capacity import capacity as use
    from pe_plan.app.commands import Places
    from pe_plan.cli import output, outside
    from pe_plan.cli.screens import capacity as screens

    places = Places(folder=plan, roadmap=roadmap, profile=profile)
    found = use(answers, places, outside.circumstances(), outside.typed())
    output.show(found, screens.capacity, as_json=as_json, plain=plain)
