"""The commands that change a plan: replan, sync, pin, unpin."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.completion import complete_zone, one_of
from pe_plan.cli.everyday import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.app.replan import Command
    from pe_plan.app.request import Request

_Hours = Annotated[
    str | None, typer.Option(metavar="H", help="Hours a week from now on. Default: as before.")
]
_Off = Annotated[
    list[str] | None,
    typer.Option(metavar="DAYS", help="Days off besides those there are; repeatable."),
]
_Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Your time zone from now on, like Europe/Berlin.",
        autocompletion=complete_zone,
    ),
]
_NoBusy = Annotated[
    bool, typer.Option("--no-busy", help="Forget the busy calendars that you named before.")
]
_Assume = Annotated[
    str | None,
    typer.Option(
        metavar="missed|done",
        help="What past sessions were that nobody marked. Default: ask.",
        autocompletion=one_of("missed", "done"),
    ),
]
_Restart = Annotated[
    bool, typer.Option("--restart", help="Begin again from --start; the log is kept.")
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write the change without asking.")]
_Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Your calendar as a file (.ics), an export (.zip), or a folder of .ics files.",
    ),
]
_Deleted = Annotated[
    str | None,
    typer.Option(
        metavar="missed|keep",
        help="What became of blocks that are not in it. Default: ask.",
        autocompletion=one_of("missed", "keep"),
    ),
]
_Block = Annotated[
    list[str],
    typer.Argument(
        metavar="BLOCK",
        help='A day, a "2026-01-13 19:00", or the name of a topic or session.',
    ),
]
_At = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help='"2026-01-14 07:00". Default: where it stands.'),
]
_Minutes = Annotated[
    str | None, typer.Option(metavar="N", help="How long it takes. Default: as before.")
]


def replan(
    *,
    as_of: options.AsOf = None,
    hours: _Hours = None,
    when: options.When = None,
    off: _Off = None,
    skill: options.Skill = None,
    interview: options.Interview = None,
    tz: _Zone = None,
    finish_early: options.FinishEarly = False,
    overrun: options.Overrun = False,
    remind: options.Remind = None,
    busy: options.Busy = None,
    no_busy: _NoBusy = False,
    busy_margin: options.BusyMargin = None,
    ignore_all_day: options.IgnoreAllDay = False,
    lenient: options.Lenient = False,
    free: options.Free = None,
    assume: _Assume = None,
    restart: _Restart = False,
    start: options.Start = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Plan again from what happened; name only what has changed."""
    answers = options.answers(locals())
    from pe_plan.app.replan import replan as use
    from pe_plan.app.request import Request

    asked = Request(answers=answers, as_of=as_of, assume=assume, restart=restart, dry_run=dry_run)
    _carry_out(use, asked, plan, yes=yes, as_json=as_json, plain=plain)


def sync(
    paths: _Paths,
    *,
    deleted: _Deleted = None,
    as_of: options.AsOf = None,
    assume: _Assume = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take up what you moved, deleted or ticked in your calendar."""
    from pe_plan.app.request import Request
    from pe_plan.app.sync import sync as use

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run, deleted=deleted)
    _carry_out(partial(use, paths), asked, plan, yes=yes, as_json=as_json, plain=plain)


def pin(
    block: _Block,
    *,
    at: _At = None,
    minutes: _Minutes = None,
    as_of: options.AsOf = None,
    assume: _Assume = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Hold a block where it stands, or at another time."""
    from pe_plan.app.pins import Held
    from pe_plan.app.pins import pin as use
    from pe_plan.app.request import Request

    held = Held(block=" ".join(block), at=at, minutes=minutes)
    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    _carry_out(partial(use, held), asked, plan, yes=yes, as_json=as_json, plain=plain)


def unpin(
    block: _Block,
    *,
    as_of: options.AsOf = None,
    assume: _Assume = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Let a pinned block go back to where the plan wants it."""
    from pe_plan.app.pins import unpin as use
    from pe_plan.app.request import Request

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    _carry_out(partial(use, " ".join(block)), asked, plan, yes=yes, as_json=as_json, plain=plain)


def _carry_out(
    use: Command, asked: Request, plan: Path, *, yes: bool, as_json: bool, plain: bool
) -> None:
    """Plan again as it was asked, with the learner's word where only they know."""
    from pe_plan.cli import outside
    from pe_plan.cli.prompts import Learner

    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    learner.told(use(asked, plan, outside.circumstances(zone=False), learner))
