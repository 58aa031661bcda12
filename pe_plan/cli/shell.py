"""The command line as a whole: what it is called, and which commands there are."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from typer.exceptions import TyperException

from pe_plan import __version__
from pe_plan.cli import commands
from pe_plan.cli.options import offer_levels, spread
from pe_plan.errors import Exit, refusal

# In the order of the help: look ahead, plan, live with it, write down what happened, change it.
_COMMANDS = {
    command.__name__: command
    for command in (
        *(commands.capacity, commands.generate),
        *(commands.today, commands.week, commands.topic, commands.status),
        *(commands.done, commands.review, commands.mock, commands.undo, commands.log),
        *(commands.replan, commands.sync, commands.pin, commands.unpin),
        commands.export,
    )
}
_Group = partial(typer.Typer, no_args_is_help=True, rich_markup_mode=None)


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """The commands; where `words` (what was typed) begin with one, that one alone: building them
    all costs as much as half of what a short command does."""
    app = _Group(name="pe-plan", help=_root.__doc__, pretty_exceptions_enable=False)
    app.callback()(_root)
    every = [*_COMMANDS, "roadmap"]
    for name in words[:1] if words and words[0] in every else every:
        if name in _COMMANDS:
            app.command(name)(spread(_COMMANDS[name]))
            continue
        group = _Group(help="Look at a roadmap, or check one of your own.")
        for command in (commands.show, commands.check):
            group.command()(spread(command))
        app.add_typer(group, name=name)
    return app


def run(words: Sequence[str]) -> None:
    """Run what was typed, and leave. Misuse is told by typer, but under --json as one object."""
    if os.environ.get("_PE_PLAN_COMPLETE") == "complete_bash" and offer_levels():
        return
    commands = command_line(words)
    if "--json" not in words:
        commands()
        return
    try:
        code = commands(standalone_mode=False)
    except TyperException as misuse:
        what, hint = misuse.format_message(), "see `pe-plan --help`"
        raise refusal("the command line", what, hint, Exit.USAGE) from None
    if isinstance(code, int):
        sys.exit(code)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"pe-plan {__version__}")
        raise typer.Exit


_VERSION = typer.Option(
    "--version", callback=_version, is_eager=True, help="Print the version and leave."
)


def _root(*, version: Annotated[bool, _VERSION] = False) -> None:
    """Turn a roadmap into a dated study plan and a calendar you can live by."""
