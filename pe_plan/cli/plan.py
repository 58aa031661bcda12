"""The commands that make a plan and its documents: generate, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pe_plan.cli import options
from pe_plan.cli.everyday import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.app import Circumstances, Generated
    from pe_plan.model import DoesNotFit


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
    from pe_plan.inputs.profile import Answers

    answers = Answers(
        start=start,
        hours=hours,
        skill=tuple(skill or ()),
        when=tuple(when or ()),
        off=tuple(off or ()),
        tz=tz,
        interview=interview,
        remind=remind,
        finish_early=finish_early,
        overrun=overrun,
    )
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
    from pe_plan.cli import outside, screen, telling
    from pe_plan.errors import Exit
    from pe_plan.model import DoesNotFit

    if isinstance(made, DoesNotFit):
        screen.remark(telling.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    screen.show(telling.summary(made), plain=plain)
    screen.remark(telling.behind(made, around.now, outside.typed()))


def export(
    kind: options.Format,
    *,
    output: options.Output = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Print or write one document of the plan."""
    from pe_plan import app as use
    from pe_plan.cli import outside

    outside.deliver(use.export(plan, kind, outside.circumstances()), output)
