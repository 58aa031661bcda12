"""Every command but those that change a plan: flags in, one call, one outcome out.

What a command needs is imported by it: none waits for another's libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pe_plan.cli import options
from pe_plan.cli.options import STUDY_PLAN
from pe_plan.errors import Exit, PePlanError, Problem, printable

if TYPE_CHECKING:
    from pe_plan.inputs.answers import Answers

# ── Plan ──────────────────────────────────────────────────────────────────────────────────────


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
    from pe_plan.app import capacity, generate
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import capacity as screens

    places = generate.Places(folder=plan, roadmap=roadmap, profile=profile)
    found = capacity.capacity(answers, places, clock.circumstances(), clock.typed())
    output.show(found, screens.capacity, as_json=as_json, plain=plain)


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
    from pe_plan.app import generate
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import generate as screens
    from pe_plan.model import DoesNotFit

    around = clock.circumstances()
    places = generate.Places(folder=plan, roadmap=roadmap, profile=profile)
    made = generate.generate(
        answers, places, formats=formats, force=force, dry_run=dry_run, around=around
    )
    if isinstance(made, DoesNotFit):
        output.remark(screens.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    output.display(screens.summary(made), plain=plain)
    output.remark(screens.behind(made, around.now, clock.typed()))


# ── Live with it ──────────────────────────────────────────────────────────────────────────────


def today(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show today's sessions, or the next ones, and what to do in them."""
    from pe_plan.app import look
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import look as screens

    found = look.today(plan, as_of, clock.circumstances(zone=False))
    output.show(found, screens.today, as_json=as_json, plain=plain)


def week(
    number: options.WeekNumber = None,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show one week of the plan: this one, or week N."""
    from pe_plan.app import look
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import look as screens

    found = look.week(plan, number, as_of, clock.circumstances(zone=False))
    output.show(found, screens.week, as_json=as_json, plain=plain)


def topic(
    name: options.TopicName,
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show all about a topic: why, how much, what to do, when."""
    from pe_plan.app import look
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import status as screens

    found = look.topic(plan, name, as_of, clock.circumstances(zone=False))
    output.show(found, screens.topic, as_json=as_json, plain=plain)


def status(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show where you stand, and what is left to fall back on."""
    from pe_plan.app import look
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import status as screens

    found = look.status(plan, as_of, clock.circumstances(zone=False))
    output.show(found, screens.status, as_json=as_json, plain=plain)


# ── Write down what happened ──────────────────────────────────────────────────────────────────


def done(
    names: options.Names = None,
    *,
    on: options.On = None,
    minutes: options.MinutesDone = None,
    mastered: options.Mastered = False,
    all_until: options.AllUntil = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Mark sessions as done: today's, or those that you name."""
    from pe_plan.app import record
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import record as screens

    made = record.done(
        plan,
        tuple(names or ()),
        on=on,
        minutes=minutes,
        mastered=mastered,
        all_until=all_until,
        as_of=as_of,
        around=clock.circumstances(zone=False),
    )
    output.say(screens.done(made))


def review(
    topic: options.Recalled,
    answer: options.Answer,
    *,
    on: options.OnToday = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Say how well you recalled a topic."""
    from pe_plan.app import record
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import record as screens

    around = clock.circumstances(zone=False)
    made = record.review(plan, topic, answer, on=on, as_of=as_of, around=around)
    output.say(screens.review(made))


def mock(
    round: options.Round,
    score: options.Score,
    *,
    note: options.Note = "",
    on: options.OnToday = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Say how a mock interview went."""
    from pe_plan.app import record
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import record as screens

    around = clock.circumstances(zone=False)
    made = record.mock(plan, round, score, note=note, on=on, as_of=as_of, around=around)
    output.say(screens.mock(made))


def undo(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take back the last change, be it a mark or a whole re-plan."""
    from pe_plan.app import log
    from pe_plan.cli import clock, output
    from pe_plan.cli.screens import record as screens

    gone = log.undo(plan, as_of=as_of, around=clock.circumstances(zone=False))
    if gone.plan:
        output.display(screens.undone_plan(gone, gone.plan, plan), plain=plain)
    else:
        output.say(screens.undone(gone))


def log(
    *,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Show what was recorded, and the plans that you accepted."""
    from pe_plan.app import log
    from pe_plan.cli import output
    from pe_plan.cli.screens import record as screens

    output.show(log.log(plan), screens.log, as_json=as_json, plain=plain)


# ── Documents and roadmaps ────────────────────────────────────────────────────────────────────


def export(
    kind: options.Format,
    folder: options.EventFolder = None,
    *,
    output: options.Output = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Print or write one document of the plan, or its events as files to sync."""
    from pe_plan.app import export
    from pe_plan.cli import clock
    from pe_plan.cli.output import deliver, say
    from pe_plan.cli.screens.generate import synced

    to_folder = kind == export.VDIR
    if kind in export.KINDS and (to_folder != (folder is not None) or (to_folder and output)):
        what, hint = "takes no folder", "name a file with -o FILE"
        if to_folder:
            what = "takes one folder and nothing else"
            hint = "write it like `pe-plan export vdir DIR`"
        where = f"export {printable(kind)}"
        raise PePlanError(Exit.USAGE, [Problem(where=where, what=what, hint=hint)])
    if to_folder and folder:
        say([synced(export.export_vdir(plan, folder, clock.circumstances(zone=False)))])
    else:
        deliver(export.export(plan, kind, clock.circumstances()), output)


roadmap = typer.Typer(
    help="Look at a roadmap, or check one of your own.", no_args_is_help=True, rich_markup_mode=None
)


@roadmap.command()
def show(file: options.RoadmapFile = None, *, plain: options.Plain = False) -> None:
    """Show phases and topics with their names, as commands take them."""
    from pe_plan.app import folder
    from pe_plan.cli import output
    from pe_plan.cli.screens import roadmap as screens

    output.display(screens.show(folder.roadmap(file)), plain=plain)


@roadmap.command()
def check(file: options.RoadmapFile = None, *, as_json: options.Json = False) -> None:
    """Check a roadmap file and list everything that is wrong with it."""
    import json

    from pe_plan.app import folder
    from pe_plan.cli.output import say
    from pe_plan.cli.screens.roadmap import line

    found = folder.roadmap(file)
    sound = {"schema": 1, "roadmap": found.id, "problems": []}
    say([json.dumps(sound) if as_json else f"{line(found)}. No mistakes found."])
