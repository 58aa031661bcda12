"""The commands that make and show a plan: generate, export, roadmap."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pe_plan import __version__
from pe_plan.cli.completion import complete_format, complete_skill, complete_zone

app = typer.Typer(
    name="pe-plan",
    help="Turn a roadmap into a dated study plan and a calendar you can live by.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
roadmaps = typer.Typer(
    help="Look at a roadmap, or check one of your own.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(roadmaps, name="roadmap")

PlanFolder = Annotated[
    Path,
    typer.Option(
        "--plan", metavar="DIR", envvar="PE_PLAN_DIR", help="The folder that the plan lives in."
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="No colours and no boxes.")]
STUDY_PLAN = Path("study-plan")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"pe-plan {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Turn a roadmap into a dated study plan and a calendar you can live by."""


@app.command()
def generate(
    *,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="First day, like 2026-01-05. Default: today if it is a Monday, else the next.",
        ),
    ] = None,
    hours: Annotated[
        str | None, typer.Option(metavar="H", help="Hours a week. Default: the roadmap's pace.")
    ] = None,
    skill: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO=LEVEL",
            help="Your level (new, some, solid, strong) in all, a phase or a topic; repeatable.",
            autocompletion=complete_skill,
        ),
    ] = None,
    when: Annotated[
        list[str] | None,
        typer.Option(metavar="WINDOW", help='When you study: "mon-thu 19:00-21:00"; repeatable.'),
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(metavar="DAYS", help="Days off: 2026-03-02..2026-03-08; repeatable."),
    ] = None,
    tz: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="Your time zone, like Europe/Berlin. Default: this machine's.",
            autocompletion=complete_zone,
        ),
    ] = None,
    interview: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Plan up to the eve of this day, whatever the window."),
    ] = None,
    finish_early: Annotated[
        bool,
        typer.Option("--finish-early", help="Use all hours even if it ends before the window."),
    ] = False,
    overrun: Annotated[
        bool, typer.Option("--overrun", help="Rather end after the window than trim anything.")
    ] = False,
    remind: Annotated[
        str | None,
        typer.Option(metavar="MINUTES", help="Remind me so long before each block."),
    ] = None,
    roadmap: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A roadmap of your own. Default: Meta Production Engineer."
        ),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="These options as TOML; typed ones win."),
    ] = None,
    plan: PlanFolder = STUDY_PLAN,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="LIST",
            help="What to write: md, ics, json.",
            autocompletion=complete_format,
        ),
    ] = "md,ics",
    force: Annotated[
        bool, typer.Option("--force", help="Plan anew over a plan that is there; it is kept.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan, write nothing.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Make your plan and its calendar."""
    from pe_plan import app as use
    from pe_plan.cli import screen, telling
    from pe_plan.cli.outside import circumstances, typed
    from pe_plan.errors import Exit
    from pe_plan.inputs.profile import Answers
    from pe_plan.model import DoesNotFit

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
    around = circumstances()
    made = use.generate(
        answers,
        folder=plan,
        roadmap_file=roadmap,
        profile_file=profile,
        formats=formats,
        force=force,
        dry_run=dry_run,
        around=around,
    )
    if isinstance(made, DoesNotFit):
        screen.remark(telling.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    screen.show(telling.summary(made), plain=plain)
    screen.remark(telling.behind(made, around.today(), typed()))


@app.command()
def export(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="md|ics|json", help="Which document.", autocompletion=complete_format
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there. Default: print it."),
    ] = None,
    plan: PlanFolder = STUDY_PLAN,
) -> None:
    """Print or write one document of the plan."""
    from pe_plan import app as use
    from pe_plan.cli.outside import circumstances, deliver

    deliver(use.export(plan, kind, circumstances()), output)


@roadmaps.command("show")
def show_roadmap(
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None, *, plain: Plain = False
) -> None:
    """Show phases and topics with their names, as commands take them."""
    from pe_plan import app as use
    from pe_plan.cli import screen, telling

    screen.show(telling.roadmap_parts(use.roadmap(file)), plain=plain)


@roadmaps.command("check")
def check_roadmap(
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check a roadmap file and list everything that is wrong with it."""
    from pe_plan import app as use
    from pe_plan.cli import telling

    found = use.roadmap(file)
    if as_json:
        from json import dumps

        typer.echo(dumps({"schema": 1, "roadmap": found.id, "problems": []}))
    else:
        typer.echo(f"{telling.roadmap_line(found)}. No mistakes found.")
