"""The command that plans again: replan."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.completion import complete_zone, one_of
from pe_plan.cli.everyday import STUDY_PLAN

Hours = Annotated[
    str | None, typer.Option(metavar="H", help="Hours a week from now on. Default: as before.")
]
Off = Annotated[
    list[str] | None,
    typer.Option(metavar="DAYS", help="Days off besides those there are; repeatable."),
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Your time zone from now on, like Europe/Berlin.",
        autocompletion=complete_zone,
    ),
]
NoBusy = Annotated[
    bool, typer.Option("--no-busy", help="Forget the busy calendars that you named before.")
]
Assume = Annotated[
    str | None,
    typer.Option(
        metavar="missed|done",
        help="What past sessions were that nobody marked. Default: ask.",
        autocompletion=one_of("missed", "done"),
    ),
]
Restart = Annotated[
    bool, typer.Option("--restart", help="Begin again from --start; the log is kept.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write the change without asking.")]


def replan(
    *,
    as_of: options.AsOf = None,
    hours: Hours = None,
    when: options.When = None,
    off: Off = None,
    skill: options.Skill = None,
    interview: options.Interview = None,
    tz: Zone = None,
    finish_early: options.FinishEarly = False,
    overrun: options.Overrun = False,
    remind: options.Remind = None,
    busy: options.Busy = None,
    no_busy: NoBusy = False,
    busy_margin: options.BusyMargin = None,
    ignore_all_day: options.IgnoreAllDay = False,
    lenient: options.Lenient = False,
    free: options.Free = None,
    assume: Assume = None,
    restart: Restart = False,
    start: options.Start = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Plan again from what happened; name only what has changed."""
    answers = options.answers(locals())
    from pe_plan.app.replan import replan as use
    from pe_plan.app.request import Request
    from pe_plan.cli import outside
    from pe_plan.cli.prompts import Learner

    asked = Request(answers=answers, as_of=as_of, assume=assume, restart=restart, dry_run=dry_run)
    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    learner.told(use(asked, plan, outside.circumstances(zone=False), learner))
