"""What only the learner can answer: asked for on a terminal, or answered by flags."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import typer
from msgspec import Struct

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
_NOT_AGREED = ("--yes", "no terminal to ask whether to write the change")


class _Question(Struct, frozen=True):
    """What is asked: the flag that answers it, with the word that picks; the question about all,
    and about one; the letters, of which the first is what Enter means and the second picks."""

    flag: str
    word: str
    of_all: str
    of_one: str
    letters: str


_GONE = "Did you [d]elete them, or shall they be [k]ept"
_DELETED = _Question("--deleted", "missed", _GONE, "[k]ept or [d]eleted", "kd")
_DONE = _Question("--assume", "done", "Were they [m]issed or [d]one", "[m]issed or [d]one", "md")


class Learner:
    """Who answers, by flags or on a terminal, and who is told what became of it."""

    def __init__(self, request: Request, *, agreed: bool, json: bool, plain: bool) -> None:
        self.request = request
        self.agreed = agreed
        self.json = json
        self.plain = plain
        self.showed = False

    def knows(self, unsure: Unsure) -> Word:
        """What became of missing blocks and what past sessions were: by the flags, else asked for
        all together or one by one."""
        if not self._at_a_terminal() and (problems := list(self._unanswered(unsure))):
            if not (self.agreed or self.request.dry_run):
                problems.append(_problem(*_NOT_AGREED))
            raise PePlanError(Exit.USAGE, problems)
        uids = [row.uid for row in unsure.missing]
        ids = [session.id for session in unsure.sessions]
        gone = f"Not in that calendar: {count(len(uids), 'block')}, deleted or never imported"
        past = f"Not marked yet: {count(len(ids), 'past session')}"
        deleted = self._picked(uids, self.request.deleted, _DELETED, gone, words.missing(unsure))
        done = self._picked(ids, self.request.assume, _DONE, past, words.unmarked(unsure))
        return Word(deleted=deleted, done=done)

    def _picked(
        self, ids: Sequence[str], said: str | None, about: _Question, heading: str, table: Table
    ) -> frozenset[str]:
        """Those that are picked by the flag, or by an answer about all of them or one by one."""
        if said or not ids:
            return frozenset(ids if said == about.word else ())
        output.display((Heading(heading), table), plain=self.plain)
        first, ends = about.letters[0], f"? [{about.letters[0]}] "
        question = f"{about.of_all}, or say [o]ne by one{ends}"
        answer = asked(question, f"{about.letters}o", about.flag)
        if answer != "o":
            return frozenset(ids if answer != first else ())
        each = [f"{row[0]}, {row[-1]}: {about.of_one}{ends}" for row in table.rows]
        answers = [asked(question, about.letters, about.flag) for question in each]
        return frozenset(id for id, one in zip(ids, answers, strict=True) if one != first)

    def agrees(self, made: Replanned) -> bool:
        """The flag, or the answer to what is shown."""
        if self.agreed:
            return True
        if not self._at_a_terminal():
            raise PePlanError(Exit.USAGE, [_problem(*_NOT_AGREED)])
        output.display(words.change(made), plain=self.plain)
        self.showed = True
        return asked("Write this? [Y/n] ", "yn", "--yes") == "y"

    def told(self, made: Replanned | DoesNotFit) -> None:
        """Show what was not shown before, and what became of it."""
        if isinstance(made, DoesNotFit):
            said = encoded(generate.misfit(made), None) if self.json else None
            output.remark([said] if said else generate.ways_out(made))
            raise typer.Exit(Exit.DOES_NOT_FIT)
        if self.json:
            output.emit(made.json)
            return
        known = made.json.outcome == "unchanged" or self.showed
        change = () if known else words.change(made)
        output.display([*change, *words.outcome(made)], plain=self.plain)

    def _at_a_terminal(self) -> bool:
        return not self.json and bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())

    def _unanswered(self, unsure: Unsure) -> Iterator[Problem]:
        """What no flag answers, and nobody is there to be asked."""
        gone, past = len(unsure.missing), len(unsure.sessions)
        if gone and not self.request.deleted:
            what = f"{count(gone, 'block')} {'is' if gone == 1 else 'are'} not in that calendar"
            what += ", and no terminal to ask whether you deleted them or they were never imported"
            yield _problem("--deleted", what)
        if past and not self.request.assume:
            what = f"{count(past, 'past session')} not marked"
            what += ", and no terminal to ask what they were"
            yield _problem("--assume", what, ", or mark them with `pe-plan done` first")


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


def _problem(flag: str, what: str, otherwise: str = "") -> Problem:
    return Problem(where=flag, what=what, hint=_ANSWERED_BY[flag] + otherwise)
