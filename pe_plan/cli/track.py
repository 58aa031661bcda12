"""The commands that keep the log: done, review, mock, undo, log."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.app import record
from pe_plan.app import undo as undoing
from pe_plan.app.log import log as read
from pe_plan.cli import options, output, outside
from pe_plan.cli.completion import one_of
from pe_plan.cli.options import STUDY_PLAN
from pe_plan.cli.screens import record as said

_Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME...",
        help="Topics (their next session) or sessions; a beginning will do. Default: today's.",
        show_default=False,
    ),
]
_On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="When it was. Default: its own day, if past."),
]
_OnToday = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="When it was. Default: today.")
]
_Minutes = Annotated[
    str | None, typer.Option(metavar="N", help="How long you worked on it, if not all of it.")
]
_Mastered = Annotated[
    bool, typer.Option("--mastered", help="The topics need no more study: you know them.")
]
_AllUntil = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Mark every session up to that day, each on its own."),
]
_Topic = Annotated[str, typer.Argument(metavar="TOPIC", help="What you recalled.")]
_Answer = Annotated[
    str,
    typer.Argument(
        metavar="again|hard|good|easy",
        help="How it went.",
        autocompletion=one_of("again", "hard", "good", "easy"),
    ),
]
_Round = Annotated[str, typer.Argument(metavar="ROUND", help="Which interview round.")]
_Score = Annotated[str, typer.Argument(metavar="SCORE", help="1 to 5, the best.")]
_Note = Annotated[str, typer.Option(metavar="TEXT", help="What to remember of it.")]


def done(
    names: _Names = None,
    *,
    on: _On = None,
    minutes: _Minutes = None,
    mastered: _Mastered = False,
    all_until: _AllUntil = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Mark sessions as done: today's, or those that you name."""
    made = record.done(
        plan,
        tuple(names or ()),
        on=on,
        minutes=minutes,
        mastered=mastered,
        all_until=all_until,
        as_of=as_of,
        around=outside.circumstances(zone=False),
    )
    output.say(said.done(made))


def review(
    topic: _Topic,
    answer: _Answer,
    *,
    on: _OnToday = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Say how well you recalled a topic."""
    around = outside.circumstances(zone=False)
    output.say(said.review(record.review(plan, topic, answer, on=on, as_of=as_of, around=around)))


def mock(
    round: _Round,
    score: _Score,
    *,
    note: _Note = "",
    on: _OnToday = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Say how a mock interview went."""
    around = outside.circumstances(zone=False)
    made = record.mock(plan, round, score, note=note, on=on, as_of=as_of, around=around)
    output.say(said.mock(made))


def undo(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take back the last change, be it a mark or a whole re-plan."""
    gone = undoing.undo(plan, as_of=as_of, around=outside.circumstances(zone=False))
    if gone.plan:
        output.display(said.undone_plan(gone, gone.plan, plan), plain=plain)
    else:
        output.say(said.undone(gone))


def log(
    *,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Show what was recorded, and the plans that you accepted."""
    output.show(read(plan), said.log, as_json=as_json, plain=plain)
