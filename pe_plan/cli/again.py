"""The command that plans again: replan."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pe_plan.cli import options
from pe_plan.cli.completion import complete_zone
from pe_plan.cli.everyday import STUDY_PLAN

if TYPE_CHECKING:
    from pe_plan.app.replanning import Replanned, Unmarked
    from pe_plan.errors import PePlanError, Problem
    from pe_plan.model import DoesNotFit


def complete_assume(incomplete: str) -> Iterator[str]:
    """Missed and done."""
    yield from (word for word in ("missed", "done") if word.startswith(incomplete))


Hours = Annotated[
    str | None, typer.Option(metavar="H", help="Hours a week from now on. Default: as before.")
]
Off = Annotated[
    list[str] | None,
    typer.Option(metavar="DAYS", help="Days off besides those there are; repeatable."),
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Your time zone from now on, like Europe/Berlin.",
        autocompletion=complete_zone,
    ),
]
Assume = Annotated[
    str | None,
    typer.Option(
        metavar="missed|done",
        help="What past sessions were that nobody marked. Default: ask.",
        autocompletion=complete_assume,
    ),
]
Restart = Annotated[
    bool, typer.Option("--restart", help="Begin again from --start; the log is kept.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write the change without asking.")]


def replan(
    *,
    as_of: options.AsOf = None,
    hours: Hours = None,
    when: options.When = None,
    off: Off = None,
    skill: options.Skill = None,
    interview: options.Interview = None,
    tz: Zone = None,
    finish_early: options.FinishEarly = False,
    overrun: options.Overrun = False,
    remind: options.Remind = None,
    assume: Assume = None,
    restart: Restart = False,
    start: options.Start = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: options.Json = False,
    plan: options.PlanFolder = STUDY_PLAN,
    plain: options.Plain = False,
) -> None:
    """Plan again from what happened; name only what has changed."""
    from pe_plan.app.replanning import Wanted
    from pe_plan.app.replanning import replan as use
    from pe_plan.cli import outside
    from pe_plan.inputs.wishes import Answers

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
    wanted = Wanted(answers=answers, as_of=as_of, assume=assume, restart=restart, dry_run=dry_run)
    learner = _Learner(assume=assume, agreed=yes, silent=yes or dry_run, json=as_json, plain=plain)
    made = use(wanted, plan, outside.circumstances(zone=False), learner)
    _tell(made, learner)


def _tell(made: Replanned | DoesNotFit, learner: _Learner) -> None:
    from pe_plan.cli import changed_json, screen, telling
    from pe_plan.errors import Exit
    from pe_plan.model import DoesNotFit

    if isinstance(made, DoesNotFit):
        screen.remark([changed_json.ways_out(made)] if learner.json else telling.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    if learner.json:
        with screen.printing():
            sys.stdout.write(changed_json.change(made))
        return
    from pe_plan.cli import changed

    known = made.outcome == "unchanged" or learner.showed
    screen.show(
        [*(() if known else changed.change(made)), *changed.outcome(made)], plain=learner.plain
    )


_ANSWERED_BY = {
    "--assume": "say --assume missed or --assume done",
    "--yes": "say --yes to write it, --dry-run to look first",
}


class _Learner:
    """Who answers: by flags, or on a terminal."""

    def __init__(
        self, *, assume: str | None, agreed: bool, silent: bool, json: bool, plain: bool
    ) -> None:
        self.assume = assume
        self.agreed = agreed
        self.silent = silent  # the change will be written, or not, without a question
        self.json = json
        self.plain = plain
        self.showed = False

    def past(self, waiting: Unmarked) -> frozenset[str]:
        """Those that were done, by the flag, else asked for all together or one by one."""
        all_of_them = frozenset(session.id for session in waiting.sessions)
        if self.assume:
            return all_of_them if self.assume == "done" else frozenset()
        if not self._at_a_terminal():
            raise self._unanswered(len(waiting.sessions))
        from pe_plan.cli import changed, screen

        screen.show(changed.unmarked(waiting), plain=self.plain)
        said = _asked("Were they [m]issed or [d]one, or say [o]ne by one? [m] ", "mdo", "--assume")
        if said == "o":
            return frozenset(
                session.id
                for n, session in enumerate(waiting.sessions)
                if _asked(
                    f"{changed.one_of(waiting, n)}: [m]issed or [d]one? [m] ", "md", "--assume"
                )
                == "d"
            )
        return all_of_them if said == "d" else frozenset()

    def agrees(self, made: Replanned) -> bool:
        """The flag, or the answer to what is shown."""
        if self.agreed:
            return True
        if not self._at_a_terminal():
            raise _usage([_not_agreed()])
        from pe_plan.cli import changed, screen

        screen.show(changed.change(made), plain=self.plain)
        self.showed = True
        return _asked("Write this? [Y/n] ", "yn", "--yes") == "y"

    def _at_a_terminal(self) -> bool:
        return (
            not self.json and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
        )

    def _unanswered(self, number: int) -> PePlanError:
        from pe_plan.documents.words import count
        from pe_plan.errors import Problem

        what = f"{count(number, 'past session')} not marked, and no terminal to ask what they were"
        hint = "say --assume missed or --assume done, or mark them with `pe-plan done` first"
        problems = [Problem(where="--assume", what=what, hint=hint)]
        return _usage(problems if self.silent else [*problems, _not_agreed()])


def _usage(problems: list[Problem]) -> PePlanError:
    from pe_plan.errors import Exit, PePlanError

    return PePlanError(Exit.USAGE, problems)


def _not_agreed() -> Problem:
    from pe_plan.errors import Problem

    what = "no terminal to ask whether to write the change"
    return Problem(where="--yes", what=what, hint=_ANSWERED_BY["--yes"])


def _asked(question: str, letters: str, flag: str) -> str:
    """One of the letters, the first where only Enter is pressed; asked until it is one."""
    while True:
        sys.stdout.write(question)
        sys.stdout.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            raise
        if not line:
            from pe_plan.errors import Problem

            sys.stdout.write("\n")
            sys.stdout.flush()
            raise _usage([Problem(where=flag, what="no answer", hint=_ANSWERED_BY[flag])])
        said = line.strip().casefold()[:1] or letters[0]
        if said in letters:
            return said
