"""What only the learner can answer: asked for on a terminal, or answered by flags."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from pe_plan.app.replan import Replanned, Request, Unsure, Word
from pe_plan.cli import output
from pe_plan.cli.output import Heading, Table
from pe_plan.cli.screens import generate
from pe_plan.cli.screens import replan as words
from pe_plan.documents.plan_json import encoded
from pe_plan.documents.words import count
from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.model import DoesNotFit

_ANSWERED_BY = {
    "--assume": "say --assume missed or --assume done",
    "--deleted": "say --deleted missed if you deleted them, --deleted keep to put them back",
    "--yes": "say --yes to write it, --dry-run to look first",
}


class Learner:
    """Who answers, by flags or on a terminal, and who is told what became of it."""

    def __init__(self, request: Request, *, agreed: bool, json: bool, plain: bool) -> None:
        self.assume = request.assume
        self.deleted = request.deleted
        self.agreed = agreed
        self.silent = agreed or request.dry_run  # written, or not, without a question
        self.json = json
        self.plain = plain
        self.showed = False

    def knows(self, unsure: Unsure) -> Word:
        """What became of missing blocks and what past sessions were: by the flags, else asked for
        all together or one by one."""
        if not self._at_a_terminal() and (problems := self._unanswered(unsure)):
            raise PePlanError(Exit.USAGE, problems if self.silent else [*problems, _not_agreed()])
        return Word(deleted=self._deleted(unsure), done=self._done(unsure))

    def _deleted(self, unsure: Unsure) -> frozenset[str]:
        uids = [row.uid for row in unsure.missing]
        if self.deleted or not uids:
            return frozenset(uids if self.deleted == "missed" else ())
        number = count(len(uids), "block")
        heading = Heading(text=f"Not in that calendar: {number}, deleted or never imported")
        table = words.missing(unsure)
        output.display((heading, table), plain=self.plain)
        question = "Did you [d]elete them, or shall they be [k]ept"
        return _picked(uids, table, question, "[k]ept or [d]eleted", letters="kd", flag="--deleted")

    def _done(self, unsure: Unsure) -> frozenset[str]:
        ids = [session.id for session in unsure.sessions]
        if self.assume or not ids:
            return frozenset(ids if self.assume == "done" else ())
        heading = Heading(text=f"Not marked yet: {count(len(ids), 'past session')}")
        table = words.unmarked(unsure)
        output.display((heading, table), plain=self.plain)
        question = "Were they [m]issed or [d]one"
        return _picked(ids, table, question, "[m]issed or [d]one", letters="md", flag="--assume")

    def agrees(self, made: Replanned) -> bool:
        """The flag, or the answer to what is shown."""
        if self.agreed:
            return True
        if not self._at_a_terminal():
            raise PePlanError(Exit.USAGE, [_not_agreed()])
        output.display(words.change(made), plain=self.plain)
        self.showed = True
        return asked("Write this? [Y/n] ", "yn", "--yes") == "y"

    def told(self, made: Replanned | DoesNotFit) -> None:
        """Show what was not shown before, and what became of it."""
        if isinstance(made, DoesNotFit):
            output.remark(
                [encoded(generate.misfit(made), None)] if self.json else generate.ways_out(made)
            )
            raise typer.Exit(Exit.DOES_NOT_FIT)
        if self.json:
            output.emit(made.json)
            return
        known = made.json.outcome == "unchanged" or self.showed
        change = () if known else words.change(made)
        output.display([*change, *words.outcome(made)], plain=self.plain)

    def _at_a_terminal(self) -> bool:
        return (
            not self.json and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
        )

    def _unanswered(self, unsure: Unsure) -> list[Problem]:
        """What no flag answers, and nobody is there to be asked."""
        found = []
        if unsure.missing and not self.deleted:
            number = len(unsure.missing)
            verb = "is" if number == 1 else "are"
            what = f"{count(number, 'block')} {verb} not in that calendar, and no terminal to ask"
            what += " whether you deleted them or they were never imported"
            found.append(_problem("--deleted", what))
        if unsure.sessions and not self.assume:
            what = f"{count(len(unsure.sessions), 'past session')} not marked, and no terminal to"
            what += " ask what they were"
            found.append(_problem("--assume", what, ", or mark them with `pe-plan done` first"))
        return found


def _picked(
    ids: Sequence[str], table: Table, question: str, of_one: str, *, letters: str, flag: str
) -> frozenset[str]:
    """Those for which the second letter was said, asked for all of them or one by one; the first
    is what Enter means."""
    first = letters[0]
    said = asked(f"{question}, or say [o]ne by one? [{first}] ", f"{letters}o", flag)
    if said != "o":
        return frozenset(ids if said == letters[1] else ())
    each = [f"{row[0]}, {row[-1]}: {of_one}? [{first}] " for row in table.rows]
    picked = zip(ids, each, strict=True)
    return frozenset(id for id, question in picked if asked(question, letters, flag) != first)


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
            sys.stdout.write("\n")
            sys.stdout.flush()
            raise PePlanError(Exit.USAGE, [_problem(flag, "no answer")])
        said = line.strip().casefold()[:1] or letters[0]
        if said in letters:
            return said


def _not_agreed() -> Problem:
    return _problem("--yes", "no terminal to ask whether to write the change")


def _problem(flag: str, what: str, otherwise: str = "") -> Problem:
    return Problem(where=flag, what=what, hint=_ANSWERED_BY[flag] + otherwise)
