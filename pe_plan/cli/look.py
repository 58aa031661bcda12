"""The commands that look: today, week, topic, status."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.cli import everyday, options
from pe_plan.cli.everyday import STUDY_PLAN

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
    everyday.today(plan, as_of, as_json=as_json, plain=plain)


def week(
    number: _Number = None,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show one week of the plan: this one, or week N."""
    from pe_plan.app import viewing
    from pe_plan.cli import outside

    view = viewing.week(plan, number, as_of, outside.circumstances(zone=False))
    if as_json:
        from pe_plan.cli import views_json

        outside.deliver(views_json.week(view), None)
        return
    from pe_plan.cli import screen, views

    screen.show(views.week(view), plain=plain)


def topic(
    name: _Topic,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show all about a topic: why, how much, what to do, when."""
    from pe_plan.app import overview
    from pe_plan.cli import outside

    card = overview.topic(plan, name, as_of, outside.circumstances(zone=False))
    if as_json:
        from pe_plan.cli import survey_json

        outside.deliver(survey_json.topic(card), None)
        return
    from pe_plan.cli import screen, survey

    screen.show(survey.topic(card), plain=plain)


def status(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show where you stand, and what is left to fall back on."""
    everyday.status(plan, as_of, as_json=as_json, plain=plain)
