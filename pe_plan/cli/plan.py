"""The commands that make a plan and its documents: generate, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pe_plan.cli import options
from pe_plan.cli.options import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.app import Circumstances, Generated
    from pe_plan.errors import PePlanError
    from pe_plan.inputs.answers import Answers
    from pe_plan.model import DoesNotFit


@options.learner(*options.FIRST)
def generate(
    *,
    answers: Answers,
    roadmap: options.OwnRoadmap = None,
    profile: options.ProfileFile = None,
    plan: options.PlanFolder = STUDY_PLAN,
    formats: options.Formats = "md,ics",
    force: options.Force = False,
    dry_run: options.DryRun = False,
    plain: options.Plain = False,
) -> None:
    """Make your plan and its calendar."""
    from pe_plan import app as use
    from pe_plan.cli import outside

    around = outside.circumstances()
    made = use.generate(
        answers,
        use.Places(folder=plan, roadmap=roadmap, profile=profile),
        formats=formats,
        force=force,
        dry_run=dry_run,
        around=around,
    )
    _tell(made, around, plain=plain)


def _tell(made: Generated | DoesNotFit, around: Circumstances, *, plain: bool) -> None:
    from pe_plan.cli import output, outside, telling
    from pe_plan.errors import Exit
    from pe_plan.model import DoesNotFit

    if isinstance(made, DoesNotFit):
        output.remark(telling.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    output.display(telling.summary(made), plain=plain)
    output.remark(telling.behind(made, around.now, outside.typed()))


def export(
    kind: options.Format,
    folder: options.EventFolder = None,
    *,
    output: options.Output = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Print or write one document of the plan, or its events as files to sync."""
    from pe_plan import app as use
    from pe_plan.cli import outside, telling
    from pe_plan.cli.output import say

    to_folder = kind == "vdir"
    if kind in use.KINDS and (to_folder != (folder is not None) or (to_folder and output)):
        raise _export_misused(kind)
    if to_folder and folder:
        made = use.export_vdir(plan, folder, outside.circumstances(zone=False))
        say([telling.synced(made)])
    else:
        outside.deliver(use.export(plan, kind, outside.circumstances()), output)


def _export_misused(kind: str) -> PePlanError:
    from pe_plan.errors import Exit, PePlanError, Problem, printable

    what, hint = "takes no folder", "name a file with -o FILE"
    if kind == "vdir":
        what, hint = "takes one folder and nothing else", "write it like `pe-plan export vdir DIR`"
    return PePlanError(
        Exit.USAGE, [Problem(where=f"export {printable(kind)}", what=what, hint=hint)]
    )
