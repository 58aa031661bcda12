"""Who answers a re-plan's questions: flags, or a person on a terminal; and what they are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pe_plan.app.replanning import Replanned, Unsure, Word
    from pe_plan.app.wanted import Wanted
    from pe_plan.errors import PePlanError, Problem
    from pe_plan.model import DoesNotFit

_ANSWERED_BY = {
    "--assume": "say --assume missed or --assume done",
    "--deleted": "say --deleted missed if you deleted them, --deleted keep to put them back",
    "--yes": "say --yes to write it, --dry-run to look first",
}


class Learner:
    """Who answers: by flags, or on a terminal."""

    def __init__(self, wanted: Wanted, *, agreed: bool, json: bool, plain: bool) -> None:
        self.assume = wanted.assume
        self.deleted = wanted.deleted
        self.agreed = agreed
        self.silent = agreed or wanted.dry_run  # written, or not, without a question
        self.json = json
        self.plain = plain
        self.showed = False

    def knows(self, unsure: Unsure) -> Word:
        """What became of missing blocks and what past sessions were: by the flags, else asked for
        all together or one by one."""
        from pe_plan.app.replanning import Word

        if not self._at_a_terminal() and (problems := self._unanswered(unsure)):
            raise _usage(problems if self.silent else [*problems, _not_agreed()])
        return Word(deleted=self._deleted(unsure), done=self._done(unsure))

    def _deleted(self, unsure: Unsure) -> frozenset[str]:
        uids = [block.uid for block in unsure.missing]
        if self.deleted or not uids:
            return frozenset(uids if self.deleted == "missed" else ())
        from pe_plan.cli import output, synced

        output.display(synced.missing(unsure), plain=self.plain)
        return _picked(
            uids,
            ("Did you [d]elete them, or shall they be [k]ept", "kd"),
            lambda n: f"{synced.one_of(unsure, n)}: [k]ept or [d]eleted? [k] ",
            "--deleted",
        )

    def _done(self, unsure: Unsure) -> frozenset[str]:
        ids = [session.id for session in unsure.sessions]
        if self.assume or not ids:
            return frozenset(ids if self.assume == "done" else ())
        from pe_plan.cli import changed, output

        output.display(changed.unmarked(unsure), plain=self.plain)
        return _picked(
            ids,
            ("Were they [m]issed or [d]one", "md"),
            lambda n: f"{changed.one_of(unsure, n)}: [m]issed or [d]one? [m] ",
            "--assume",
        )

    def agrees(self, made: Replanned) -> bool:
        """The flag, or the answer to what is shown."""
        if self.agreed:
            return True
        if not self._at_a_terminal():
            raise _usage([_not_agreed()])
        from pe_plan.cli import changed, output

        output.display(changed.change(made), plain=self.plain)
        self.showed = True
        return asked("Write this? [Y/n] ", "yn", "--yes") == "y"

    def _at_a_terminal(self) -> bool:
        return (
            not self.json and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
        )

    def _unanswered(self, unsure: Unsure) -> list[Problem]:
        """What no flag answers, and nobody is there to be asked."""
        from pe_plan.documents.words import count
        from pe_plan.errors import Problem

        found = []
        if unsure.missing and not self.deleted:
            number = len(unsure.missing)
            verb = "is" if number == 1 else "are"
            what = f"{count(number, 'block')} {verb} not in that calendar, and no terminal to ask"
            what += " whether you deleted them or they were never imported"
            hint = _ANSWERED_BY["--deleted"]
            found.append(Problem(where="--deleted", what=what, hint=hint))
        if unsure.sessions and not self.assume:
            number = len(unsure.sessions)
            what = f"{count(number, 'past session')} not marked, and no terminal to ask"
            what += " what they were"
            hint = f"{_ANSWERED_BY['--assume']}, or mark them with `pe-plan done` first"
            found.append(Problem(where="--assume", what=what, hint=hint))
        return found


def tell(made: Replanned | DoesNotFit, learner: Learner) -> None:
    """Show what was not shown before, and what became of it."""
    from pe_plan.cli import changed_json, output, telling
    from pe_plan.errors import Exit
    from pe_plan.model import DoesNotFit

    if isinstance(made, DoesNotFit):
        output.remark([changed_json.ways_out(made)] if learner.json else telling.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    if learner.json:
        with output.printing():
            sys.stdout.write(changed_json.change(made))
        return
    from pe_plan.cli import changed

    known = made.outcome == "unchanged" or learner.showed
    output.display(
        [*(() if known else changed.change(made)), *changed.outcome(made)], plain=learner.plain
    )


def _picked(
    ids: Sequence[str], of_all: tuple[str, str], of_one: Callable[[int], str], flag: str
) -> frozenset[str]:
    """Those for which the second letter was said, asked for all of them or one by one; the first
    is what Enter means."""
    question, letters = of_all
    said = asked(f"{question}, or say [o]ne by one? [{letters[0]}] ", f"{letters}o", flag)
    if said != "o":
        return frozenset(ids if said == letters[1] else ())
    return frozenset(
        id for n, id in enumerate(ids) if asked(of_one(n), letters, flag) != letters[0]
    )


def asked(question: str, letters: str, flag: str) -> str:
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


def _usage(problems: list[Problem]) -> PePlanError:
    from pe_plan.errors import Exit, PePlanError

    return PePlanError(Exit.USAGE, problems)


def _not_agreed() -> Problem:
    from pe_plan.errors import Problem

    what = "no terminal to ask whether to write the change"
    return Problem(where="--yes", what=what, hint=_ANSWERED_BY["--yes"])
