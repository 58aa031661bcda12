"""The command line as a whole: what it is called, and which commands there are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from pe_plan import __version__
from pe_plan.cli import changes, commands
from pe_plan.errors import Exit, PePlanError, Problem

# In the order of the help: look ahead, plan, live with it, write down what happened, change it.
_COMMANDS = {
    command.__name__: command
    for command in (
        *(commands.capacity, commands.generate),
        *(commands.today, commands.week, commands.topic, commands.status),
        *(commands.done, commands.review, commands.mock, commands.undo, commands.log),
        *(changes.replan, changes.sync, changes.pin, changes.unpin),
        commands.export,
    )
}
_GROUPS = {"roadmap": commands.roadmap}


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """The commands; where `words` (what was typed) begin with one, that one alone: building them
    all costs as much as half of what a short command does."""
    app = typer.Typer(
        name="pe-plan",
        help="Turn a roadmap into a dated study plan and a calendar you can live by.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    every = [*_COMMANDS, *_GROUPS]
    for name in words[:1] if words and words[0] in every else every:
        if name in _COMMANDS:
            app.command(name)(_COMMANDS[name])
        else:
            app.add_typer(_GROUPS[name], name=name)
    return app


def run(words: Sequence[str]) -> None:
    """Run what was typed, and leave. Misuse is told by typer, but under --json as one object."""
    commands = command_line(words)
    if "--json" not in words:
        commands()
        return
    try:
        code = commands(standalone_mode=False)
    except TyperException as misuse:
        what = misuse.format_message()
        problem = Problem(where="the command line", what=what, hint="see `pe-plan --help`")
        raise PePlanError(Exit.USAGE, [problem]) from None
    if isinstance(code, int):
        sys.exit(code)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"pe-plan {__version__}")
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Turn a roadmap into a dated study plan and a calendar you can live by."""
