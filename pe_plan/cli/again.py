"""The command that plans again: replan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.completion import one_of
from pe_plan.cli.options import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.inputs.answers import Answers

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


@options.learner("as_of", *options.AGAIN, "assume", "restart", "start")
def replan(
    *,
    answers: Answers,
    as_of: options.AsOf = None,
    assume: Assume = None,
    restart: Restart = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Plan again from what happened; name only what has changed."""
    from pe_plan.app.replanning import replan as use
    from pe_plan.app.wanted import Wanted
    from pe_plan.cli import outside
    from pe_plan.cli.asking import Learner, tell

    wanted = Wanted(answers=answers, as_of=as_of, assume=assume, restart=restart, dry_run=dry_run)
    learner = Learner(wanted, agreed=yes, json=as_json, plain=plain)
    made = use(wanted, plan, outside.circumstances(zone=False), learner)
    tell(made, learner)
