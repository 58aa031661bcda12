"""The commands about roadmaps: show, check."""

from __future__ import annotations

import typer

from pe_plan.cli import options

roadmap = typer.Typer(
    help="Look at a roadmap, or check one of your own.", no_args_is_help=True, rich_markup_mode=None
)


@roadmap.command()
def show(file: options.RoadmapFile = None, *, plain: options.Plain = False) -> None:
    """Show phases and topics with their names, as commands take them."""
    from pe_plan.app import roadmap
    from pe_plan.cli import output
    from pe_plan.cli.screens import roadmap as screens

    output.display(screens.show(roadmap(file)), plain=plain)


@roadmap.command()
def check(file: options.RoadmapFile = None, *, as_json: options.Json = False) -> None:
    """Check a roadmap file and list everything that is wrong with it."""
    from pe_plan.app import roadmap
    from pe_plan.cli.screens.roadmap import line

    found = roadmap(file)
    if as_json:
        from json import dumps

        typer.echo(dumps({"schema": 1, "roadmap": found.id, "problems": []}))
    else:
        typer.echo(f"{line(found)}. No mistakes found.")
