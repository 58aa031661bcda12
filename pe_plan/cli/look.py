"""The commands that look: today, week, topic, status."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.options import STUDY_PLAN

_Number = Annotated[str | None, typer.Argument(metavar="N", help="Which plan week.")]
_Topic = Annotated[str, typer.Argument(metavar="NAME", help="Which topic; its beginning will do.")]


def today(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show today's sessions, or the next ones, and what to do in them."""
    from pe_plan.app import look as use
    from pe_plan.cli import output, outside
    from pe_plan.cli.screens import look as screens

    found = use.today(plan, as_of, outside.circumstances(zone=False))
    output.show(found, screens.today, as_json=as_json, plain=plain)


def week(
    number: _Number = None,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show one week of the plan: this one, or week N."""
    from pe_plan.app import look as use
    from pe_plan.cli import output, outside
    from pe_plan.cli.screens import look as screens

    found = use.week(plan, number, as_of, outside.circumstances(zone=False))
    output.show(found, screens.week, as_json=as_json, plain=plain)


def topic(
    name: _Topic,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show all about a topic: why, how much, what to do, when."""
    from pe_plan.app import look as use
    from pe_plan.cli import output, outside
    from pe_plan.cli.screens import status as screens

    found = use.topic(plan, name, as_of, outside.circumstances(zone=False))
    output.show(found, screens.topic, as_json=as_json, plain=plain)


def status(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show where you stand, and what is left to fall back on."""
    from pe_plan.app import look as use
    from pe_plan.cli import output, outside
    from pe_plan.cli.screens import status as screens

    found = use.status(plan, as_of, outside.circumstances(zone=False))
    output.show(found, screens.status, as_json=as_json, plain=plain)
