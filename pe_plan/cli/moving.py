"""The commands for blocks that the learner puts elsewhere: sync, pin, unpin."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.again import Assume, DryRun, Yes
from pe_plan.cli.completion import one_of
from pe_plan.cli.everyday import STUDY_PLAN

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


def sync(
    paths: _Paths,
    *,
    deleted: _Deleted = None,
    as_of: options.AsOf = None,
    assume: Assume = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take up what you moved, deleted or ticked in your calendar."""
    from pe_plan.app.request import Request
    from pe_plan.app.sync import sync as use
    from pe_plan.cli import outside
    from pe_plan.cli.prompts import Learner

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run, deleted=deleted)
    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    learner.told(use(asked, paths, plan, outside.circumstances(zone=False), learner))


def pin(
    block: _Block,
    *,
    at: _At = None,
    minutes: _Minutes = None,
    as_of: options.AsOf = None,
    assume: Assume = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Hold a block where it stands, or at another time."""
    from pe_plan.app import pins
    from pe_plan.app.request import Request
    from pe_plan.cli import outside
    from pe_plan.cli.prompts import Learner

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    held = pins.Held(block=" ".join(block), at=at, minutes=minutes)
    learner.told(pins.pin(held, asked, plan, outside.circumstances(zone=False), learner))


def unpin(
    block: _Block,
    *,
    as_of: options.AsOf = None,
    assume: Assume = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Let a pinned block go back to where the plan wants it."""
    from pe_plan.app import pins
    from pe_plan.app.request import Request
    from pe_plan.cli import outside
    from pe_plan.cli.prompts import Learner

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    typed, around = " ".join(block), outside.circumstances(zone=False)
    learner.told(pins.unpin(typed, asked, plan, around, learner))
