"""The commands that make a plan and its documents: generate, export."""

from __future__ import annotations

import typer

from pe_plan.cli import options
from pe_plan.cli.everyday import STUDY_PLAN


def generate(
    *,
    start: options.Start = None,
    hours: options.Hours = None,
    skill: options.Skill = None,
    when: options.When = None,
    off: options.Off = None,
    tz: options.Zone = None,
    interview: options.Interview = None,
    finish_early: options.FinishEarly = False,
    overrun: options.Overrun = False,
    remind: options.Remind = None,
    busy: options.Busy = None,
    busy_margin: options.BusyMargin = None,
    ignore_all_day: options.IgnoreAllDay = False,
    lenient: options.Lenient = False,
    free: options.Free = None,
    roadmap: options.OwnRoadmap = None,
    profile: options.ProfileFile = None,
    plan: options.PlanFolder = STUDY_PLAN,
    formats: options.Formats = "md,ics",
    force: options.Force = False,
    dry_run: options.DryRun = False,
    plain: options.Plain = False,
) -> None:
    """Make your plan and its calendar."""
    answers = options.answers(locals())
    from pe_plan.app.generate import Places
    from pe_plan.app.generate import generate as use
    from pe_plan.cli import outside, screen
    from pe_plan.cli.screens import generate as words
    from pe_plan.errors import Exit
    from pe_plan.model import DoesNotFit

    around = outside.circumstances()
    made = use(
        answers,
        Places(folder=plan, roadmap=roadmap, profile=profile),
        formats=formats,
        force=force,
        dry_run=dry_run,
        around=around,
    )
    if isinstance(made, DoesNotFit):
        screen.remark(words.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    screen.show(words.summary(made), plain=plain)
    screen.remark(words.behind(made, around.now, outside.typed()))


def export(
    kind: options.Format,
    folder: options.EventFolder = None,
    *,
    output: options.Output = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Print or write one document of the plan, or its events as files to sync."""
    from pe_plan.app.exporting import KINDS, export_vdir
    from pe_plan.app.exporting import export as use
    from pe_plan.cli import outside, screen
    from pe_plan.cli.screens.generate import synced
    from pe_plan.errors import Exit, PePlanError, Problem, printable

    to_folder = kind == "vdir"
    if kind in KINDS and (to_folder != (folder is not None) or (to_folder and output)):
        what = "takes one folder and nothing else" if to_folder else "takes no folder"
        hint = (
            "write it like `pe-plan export vdir DIR`" if to_folder else "name a file with -o FILE"
        )
        where = f"export {printable(kind)}"
        raise PePlanError(Exit.USAGE, [Problem(where=where, what=what, hint=hint)])
    if to_folder and folder:
        screen.say([synced(export_vdir(plan, folder, outside.circumstances(zone=False)))])
    else:
        outside.deliver(use(plan, kind, outside.circumstances()), output)
