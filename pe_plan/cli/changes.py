"""The commands that change a plan: replan, sync, pin, unpin."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pe_plan.cli import options
from pe_plan.cli.options import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.app.replan import Listen, Request
    from pe_plan.inputs.answers import Answers


@options.learner("as_of", *options.AGAIN, "assume", "restart", "start")
def replan(
    *,
    answers: Answers,
    as_of: options.AsOf = None,
    assume: options.Assume = None,
    restart: options.Restart = False,
    dry_run: options.DryChange = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Plan again from what happened; name only what has changed."""
    from pe_plan.app.replan import Request

    asked = Request(answers=answers, as_of=as_of, assume=assume, restart=restart, dry_run=dry_run)
    _carry_out(None, asked, plan, yes=yes, as_json=as_json, plain=plain)


def sync(
    paths: options.Calendars,
    *,
    deleted: options.Deleted = None,
    as_of: options.AsOf = None,
    assume: options.Assume = None,
    dry_run: options.DryChange = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take up what you moved, deleted or ticked in your calendar."""
    from pe_plan.app import heard
    from pe_plan.app.replan import Request

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run, deleted=deleted)
    _carry_out(partial(heard.calendars, paths), asked, plan, yes=yes, as_json=as_json, plain=plain)


def pin(
    block: options.Block,
    *,
    at: options.At = None,
    minutes: options.MinutesLong = None,
    as_of: options.AsOf = None,
    assume: options.Assume = None,
    dry_run: options.DryChange = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Hold a block where it stands, or at another time."""
    from pe_plan.app import heard
    from pe_plan.app.replan import Request

    held = partial(heard.pin, " ".join(block), at, minutes)
    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    _carry_out(held, asked, plan, yes=yes, as_json=as_json, plain=plain)


def unpin(
    block: options.Block,
    *,
    as_of: options.AsOf = None,
    assume: options.Assume = None,
    dry_run: options.DryChange = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Let a pinned block go back to where the plan wants it."""
    from pe_plan.app import heard
    from pe_plan.app.replan import Request

    asked = Request(as_of=as_of, assume=assume, dry_run=dry_run)
    let_go = partial(heard.unpin, " ".join(block))
    _carry_out(let_go, asked, plan, yes=yes, as_json=as_json, plain=plain)


def _carry_out(
    listen: Listen | None, asked: Request, plan: Path, *, yes: bool, as_json: bool, plain: bool
) -> None:
    """Plan again as it was asked, with the learner's word where only they know."""
    from pe_plan.app.replan import replan
    from pe_plan.cli import clock
    from pe_plan.cli.prompts import Learner

    learner = Learner(asked, agreed=yes, json=as_json, plain=plain)
    learner.told(replan(asked, plan, clock.circumstances(zone=False), learner, listen))
