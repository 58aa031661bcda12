"""Every command: flags in, one call, one outcome out. `options.spread` gives them to typer.

What a command needs is imported by it: none waits for another's libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from msgspec import Struct

from pe_plan.cli import clock, options, output
from pe_plan.cli.options import STUDY_PLAN
from pe_plan.errors import Exit, printable, refusal

if TYPE_CHECKING:
    from pe_plan.app.context import Outcome
    from pe_plan.app.replan import Listen

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Standing(Struct, frozen=True, kw_only=True):
    """On which day to stand, and in which plan."""

    as_of: str | None = None
    plan: Path = STUDY_PLAN

    def write(self, put: Callable[..., T], *what: object, **how: object) -> T:
        """Put something into the plan's log."""
        around = clock.circumstances(zone=False)
        return put(self.plan, *what, **how, as_of=self.as_of, around=around)


class View(Standing, frozen=True, kw_only=True):
    """And how to show what is to be seen there."""

    as_json: bool = False
    plain: bool = False

    def show(
        self,
        find: Callable[..., Outcome[S]],
        screen: Callable[[Outcome[S]], Iterable[output.Part]],
        *of: object,
    ) -> None:
        """What there is to find of it."""
        found = find(self.plan, *of, self.as_of, clock.circumstances(zone=False))
        output.show(found.json, screen(found), as_json=self.as_json, plain=self.plain)


class Change(Struct, frozen=True, kw_only=True):
    """From which day a plan is to change, who agrees to that, and how to show it."""

    as_of: str | None = None
    assume: str | None = None
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    plan: Path = STUDY_PLAN
    plain: bool = False

    def carry_out(self, listen: Listen | None, **asked: Any) -> None:  # noqa: ANN401
        """Plan again as it was asked, with the learner's word where only they know; `listen` finds
        out what they said otherwise than by flags."""
        from pe_plan.app.replan import Request, replan
        from pe_plan.cli.prompts import Learner

        request = Request(as_of=self.as_of, assume=self.assume, dry_run=self.dry_run, **asked)
        learner = Learner(request, agreed=self.yes, json=self.as_json, plain=self.plain)
        learner.told(replan(request, self.plan, clock.circumstances(zone=False), learner, listen))


def capacity(
    answers: options.Time,
    *,
    roadmap: Path | None = None,
    profile: Path | None = None,
    plan: Path = STUDY_PLAN,
    as_json: bool = False,
    plain: bool = False,
) -> None:
    """Show your free hours week by week, before you plan."""
    from pe_plan.app import capacity, generate
    from pe_plan.cli.screens import capacity as screens

    places = generate.Places(folder=plan, roadmap=roadmap, profile=profile)
    found = capacity.capacity(answers, places, clock.circumstances(), clock.typed())
    output.show(found.json, screens.capacity(found), as_json=as_json, plain=plain)


def generate(
    answers: options.First,
    *,
    roadmap: Path | None = None,
    profile: Path | None = None,
    plan: Path = STUDY_PLAN,
    formats: str = "md,ics",
    force: bool = False,
    show_only: bool = False,
    plain: bool = False,
) -> None:
    """Make your plan and its calendar."""
    from pe_plan.app import generate
    from pe_plan.cli.screens import generate as screens
    from pe_plan.model import DoesNotFit

    around = clock.circumstances()
    places = generate.Places(folder=plan, roadmap=roadmap, profile=profile)
    made = generate.generate(
        answers, places, formats=formats, force=force, dry_run=show_only, around=around
    )
    if isinstance(made, DoesNotFit):
        output.remark(screens.ways_out(made))
        raise typer.Exit(Exit.DOES_NOT_FIT)
    output.display(screens.summary(made), plain=plain)
    output.remark(screens.behind(made, around.now, clock.typed()))


def today(view: View) -> None:
    """Show today's sessions, or the next ones, and what to do in them."""
    from pe_plan.app import look
    from pe_plan.cli.screens import look as screens

    view.show(look.today, screens.today)


def week(view: View, number: str | None = None) -> None:
    """Show one week of the plan: this one, or week N."""
    from pe_plan.app import look
    from pe_plan.cli.screens import look as screens

    view.show(look.week, screens.week, number)


def topic(view: View, name: str) -> None:
    """Show all about a topic: why, how much, what to do, when."""
    from pe_plan.app import look
    from pe_plan.cli.screens import look as screens

    view.show(look.topic, screens.topic, name)


def status(view: View) -> None:
    """Show where you stand, and what is left to fall back on."""
    from pe_plan.app import look
    from pe_plan.cli.screens import look as screens

    view.show(look.status, screens.status)


# ── Write down what happened ──────────────────────────────────────────────────────────────────


def done(
    names: list[str] | None = None,
    *,
    on: str | None = None,
    worked: str | None = None,
    mastered: bool = False,
    all_until: str | None = None,
    standing: Standing,
) -> None:
    """Mark sessions as done: today's, or those that you name."""
    from pe_plan.app import record
    from pe_plan.cli.screens import record as screens

    marks = {"on": on, "minutes": worked, "mastered": mastered, "all_until": all_until}
    made = standing.write(record.done, tuple(names or ()), **marks)
    output.say(screens.done(made))


def review(topic: str, answer: str, *, day: str | None = None, standing: Standing) -> None:
    """Say how well you recalled a topic."""
    from pe_plan.app import record
    from pe_plan.cli.screens import record as screens

    output.say(screens.review(standing.write(record.review, topic, answer, on=day)))


def mock(
    round: str, score: str, *, note: str = "", day: str | None = None, standing: Standing
) -> None:
    """Say how a mock interview went."""
    from pe_plan.app import record
    from pe_plan.cli.screens import record as screens

    output.say(screens.mock(standing.write(record.mock, round, score, note=note, on=day)))


def undo(standing: Standing, *, plain: bool = False) -> None:
    """Take back the last change, be it a mark or a whole re-plan."""
    from pe_plan.app import log
    from pe_plan.cli.screens import record as screens

    gone = standing.write(log.undo)
    if gone.plan:
        facts = output.Facts(tuple(screens.undone_plan(gone, gone.plan, standing.plan)))
        output.display([facts], plain=plain)
    else:
        output.say(screens.undone(gone))


def log(*, as_json: bool = False, plan: Path = STUDY_PLAN, plain: bool = False) -> None:
    """Show what was recorded, and the plans that you accepted."""
    from pe_plan.app import log
    from pe_plan.cli.screens import record as screens

    found = log.log(plan)
    output.show(found.json, screens.log(found), as_json=as_json, plain=plain)


def replan(answers: options.Again, change: Change, *, restart: bool = False) -> None:
    """Plan again from what happened; name only what has changed."""
    change.carry_out(None, answers=answers, restart=restart)


def sync(paths: list[str], *, deleted: str | None = None, change: Change) -> None:
    """Take up what you moved, deleted or ticked in your calendar."""
    from pe_plan.app import heard

    change.carry_out(partial(heard.calendars, paths), deleted=deleted)


def pin(
    block: list[str], *, at: str | None = None, minutes: str | None = None, change: Change
) -> None:
    """Hold a block where it stands, or at another time."""
    from pe_plan.app import heard

    change.carry_out(partial(heard.pin, " ".join(block), at, minutes))


def unpin(block: list[str], change: Change) -> None:
    """Let a pinned block go back to where the plan wants it."""
    from pe_plan.app import heard

    change.carry_out(partial(heard.unpin, " ".join(block)))


def export(
    kind: str, target: Path | None = None, *, file: Path | None = None, plan: Path = STUDY_PLAN
) -> None:
    """Print or write one document of the plan, or its events as files to sync."""
    from pe_plan.app import export
    from pe_plan.cli.screens.generate import synced

    to_folder, around = kind == export.VDIR, clock.circumstances(zone=False)
    if kind in export.KINDS and (to_folder != (target is not None) or (to_folder and file)):
        what, hint = "takes no folder", "name a file with -o FILE"
        if to_folder:
            what = "takes one folder and nothing else"
            hint = "write it like `pe-plan export vdir DIR`"
        raise refusal(f"export {printable(kind)}", what, hint, Exit.USAGE)
    if to_folder and target:
        output.say([synced(export.export_vdir(plan, target, around))])
    else:
        output.deliver(export.export(plan, kind, around), file)


def show(toml: Path | None = None, *, plain: bool = False) -> None:
    """Show phases and topics with their names, as commands take them."""
    from pe_plan.app import folder
    from pe_plan.cli.screens import look as screens

    output.display(screens.roadmap(folder.roadmap(toml)), plain=plain)


def check(toml: Path | None = None, *, as_json: bool = False) -> None:
    """Check a roadmap file and list everything that is wrong with it."""
    import json

    from pe_plan.app import folder
    from pe_plan.cli.screens.look import in_a_line

    found = folder.roadmap(toml)
    sound = {"schema": 1, "roadmap": found.id, "problems": []}
    output.say([json.dumps(sound) if as_json else f"{in_a_line(found)}. No mistakes found."])
