"""The commands that keep the log: done, review, mock, undo, log."""

from __future__ import annotations

from typing import Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.completion import one_of
from pe_plan.cli.options import STUDY_PLAN

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
    from pe_plan.app import recording
    from pe_plan.cli import output, outside, recorded

    made = recording.done(
        plan,
        tuple(names or ()),
        on=on,
        minutes=minutes,
        mastered=mastered,
        all_until=all_until,
        as_of=as_of,
        around=outside.circumstances(zone=False),
    )
    output.say(recorded.done(made))


def review(
    topic: _Topic,
    answer: _Answer,
    *,
    on: _OnToday = None,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
) -> None:
    """Say how well you recalled a topic."""
    from pe_plan.app import recording
    from pe_plan.cli import output, outside, recorded

    around = outside.circumstances(zone=False)
    output.say(
        recorded.review(recording.review(plan, topic, answer, on=on, as_of=as_of, around=around))
    )


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
    from pe_plan.app import recording
    from pe_plan.cli import output, outside, recorded

    around = outside.circumstances(zone=False)
    made = recording.mock(plan, round, score, note=note, on=on, as_of=as_of, around=around)
    output.say(recorded.mock(made))


def undo(
    *,
    as_of: options.AsOf = None,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Take back the last change, be it a mark or a whole re-plan."""
    from pe_plan.app import undoing
    from pe_plan.cli import output, outside, undone

    gone = undoing.undo(plan, as_of=as_of, around=outside.circumstances(zone=False))
    if gone.plan:
        output.display(undone.parts(gone, gone.plan, plan), plain=plain)
    else:
        output.say(undone.lines(gone))


def log(
    *,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Show what was recorded, and the plans that you accepted."""
    from pe_plan.app import recording
    from pe_plan.cli import logged, output, outside

    state, live = recording.logged(plan)
    if as_json:
        from json import dumps

        text = dumps(logged.log_json(state, live), ensure_ascii=False, indent=2)
        outside.deliver((f"{text}\n".encode(),), None)
    else:
        output.display(logged.log(state, live), plain=plain)
