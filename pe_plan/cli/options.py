"""The options of the commands. Their values are text: all of it is checked together later."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial, wraps
from inspect import Parameter, Signature, isclass, signature
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Struct, convert
from msgspec.structs import fields
from typer import Argument, Option

if TYPE_CHECKING:
    from pe_plan.inputs.answers import Answers

STUDY_PLAN = Path("study-plan")


def _one_of(*words: str) -> Callable[[str], Iterator[str]]:
    """Offers these words."""
    return lambda incomplete: (word for word in words if word.startswith(incomplete))


def _skills(incomplete: str) -> Iterator[str]:
    """all=, phases and topics of the bundled roadmap; levels once it is clear whose."""
    from pe_plan.app import folder
    from pe_plan.model import LEVELS

    who, equals, level = incomplete.partition("=")
    if not equals:
        roadmap = folder.roadmap(None)
        known = ["all", *(phase.id for phase in roadmap.phases), *(t.id for t in roadmap.topics)]
        names = [name for name in known if name.startswith(who)]
        if len(names) != 1:
            yield from (f"{name}=" for name in names)
            return
        who = names[0]
    yield from (f"{who}={each}" for each in LEVELS if each.startswith(level))


def offer_levels() -> bool:
    """Whether bash stood behind `--skill WHO=`, which it hands over in three words so that typer
    cannot see it, and was offered the levels."""
    from pe_plan.model import LEVELS

    at = os.environ.get("COMP_CWORD", "")
    words = os.environ.get("COMP_WORDS", "").split("\n")[: int(at) + 1 if at.isdecimal() else 0]
    begun = words.pop() if words[-1:] != ["="] and words else ""
    if words[-1:] != ["="] or "--skill" not in words[-4:-2]:
        return False
    offered = list(_one_of(*LEVELS)(begun))
    sys.stdout.write("".join(f"{level}\n" for level in offered))
    return bool(offered)


def _zones(incomplete: str) -> Iterator[str]:
    """IANA time zones."""
    from zoneinfo import available_timezones

    return _one_of(*sorted(available_timezones()))(incomplete)


# Whether a path can be read is for the reader to say, with its own message and exit code.
_path = partial(Option, metavar="FILE", readable=False)
_place = partial(Argument, readable=False)
_date = partial(Option, metavar="DATE")
_minutes = partial(Option, metavar="MINUTES")


def _choice(of: Callable[..., Any], words: str, help: str) -> Any:  # noqa: ANN401
    return of(metavar=words, help=help, autocompletion=_one_of(*words.split("|")))


# What is typed for each parameter of a command.
_TYPED: Mapping[str, Any] = {
    "plan": _path(
        "--plan", metavar="DIR", envvar="PE_PLAN_DIR", help="The folder that the plan lives in."
    ),
    "roadmap": _path(help="A roadmap of your own. Default: Meta Production Engineer."),
    "profile": _path(help="These options as TOML; typed ones win."),
    "file": _path("--output", "-o", help="Write it to a new file. Default: print it."),
    "toml": _place(metavar="FILE"),
    "target": _place(metavar="[DIR]", help="The folder for vdir.", show_default=False),
    "plain": Option("--plain", help="No colours and no boxes."),
    "as_json": Option("--json", help="Print the result as JSON."),
    "formats": Option(
        "--format",
        metavar="LIST",
        help="What to write: md, ics, json.",
        autocompletion=_one_of("md", "ics", "json"),
    ),
    "kind": _choice(
        Argument, "md|ics|json|vdir", "Which document; vdir is a folder with a file for each event."
    ),
    "force": Option("--force", help="Plan anew over a plan that is there; it is kept."),
    "show_only": Option("--dry-run", help="Show the plan, write nothing."),
    "as_of": _date("--as-of", help="Stand on this day instead of today."),
    "number": Argument(metavar="N", help="Which plan week."),
    "name": Argument(metavar="NAME", help="Which topic; its beginning will do."),
    # What happened.
    "names": Argument(
        metavar="NAME...",
        help="Topics (their next session) or sessions; a beginning will do. Default: today's.",
        show_default=False,
    ),
    "on": _date("--on", help="When it was. Default: its own day, if past."),
    "day": _date("--on", help="When it was. Default: today."),
    "worked": Option("--minutes", metavar="N", help="How long you worked on it, if not all of it."),
    "mastered": Option("--mastered", help="The topics need no more study: you know them."),
    "all_until": _date(help="Mark every session up to that day, each on its own."),
    "topic": Argument(metavar="TOPIC", help="What you recalled."),
    "answer": _choice(Argument, "again|hard|good|easy", "How it went."),
    "round": Argument(metavar="ROUND", help="Which interview round."),
    "score": Argument(metavar="SCORE", help="1 to 5, the best."),
    "note": Option(metavar="TEXT", help="What to remember of it."),
    # What changes.
    "assume": _choice(
        Option, "missed|done", "What past sessions were that nobody marked. Default: ask."
    ),
    "restart": Option("--restart", help="Begin again from --start; the log is kept."),
    "dry_run": Option("--dry-run", help="Show the change, write nothing."),
    "yes": Option("--yes", "-y", help="Write the change without asking."),
    "paths": Argument(
        metavar="PATH...",
        help="Your calendar as a file (.ics), an export (.zip), or a folder of .ics files.",
    ),
    "deleted": _choice(
        Option, "missed|keep", "What became of blocks that are not in it. Default: ask."
    ),
    "block": Argument(
        metavar="BLOCK", help='A day, a "2026-01-13 19:00", or the name of a topic or session.'
    ),
    "at": Option(metavar="WHEN", help='"2026-01-14 07:00". Default: where it stands.'),
    "minutes": Option("--minutes", metavar="N", help="How long it takes. Default: as before."),
    # What the learner says.
    "start": _date(
        help="First day, like 2026-01-05. Default: today if it is a Monday, else the next."
    ),
    "hours": Option(metavar="H", help="Hours a week. Default: as before, or the roadmap's pace."),
    "skill": Option(
        metavar="WHO=LEVEL",
        help="Your level (new, some, solid, strong) in all, a phase or a topic; repeatable.",
        autocompletion=_skills,
    ),
    "when": Option(metavar="WINDOW", help='When you study: "mon-thu 19:00-21:00"; repeatable.'),
    "off": Option(
        metavar="DAYS",
        help="Days off, besides those there are: 2026-03-02..2026-03-08; repeatable.",
    ),
    "tz": Option(
        metavar="ZONE",
        help="Your time zone, like Europe/Berlin. Default: as before, or this machine's.",
        autocompletion=_zones,
    ),
    "interview": _date(help="Plan up to the eve of this day, whatever the window."),
    "no_interview": Option("--no-interview", help="Plan without an interview."),
    "finish_early": Option(help="Use all hours even if it ends before the window."),
    "overrun": Option(help="Rather end after the window than trim anything."),
    "remind": _minutes(help="Remind me so long before each block."),
    "no_remind": Option("--no-remind", help="Do not remind me."),
    "busy": Option(
        metavar="PATH",
        help="A calendar whose events take time: .ics, .zip or a folder; repeatable.",
    ),
    "no_busy": Option("--no-busy", help="Forget the busy calendars that you named before."),
    "busy_margin": _minutes(help="Time to keep free beside every busy event."),
    "ignore_all_day": Option(help="Events of whole days take no time."),
    "lenient": Option(help="Leave out events of busy calendars that are broken."),
    "free": Option(help="Show your blocks as free time in the calendar."),
}
# What the learner says is a text, but for these.
_KINDS: Mapping[Any, Collection[str]] = {
    list[str] | None: ("skill", "when", "off", "busy"),
    bool | None: ("finish_early", "overrun", "ignore_all_day", "lenient", "free"),
    bool: ("no_interview", "no_remind", "no_busy"),
}
_BUSY = ("busy", "no_busy", "busy_margin", "ignore_all_day", "lenient")
_ENDS = ("interview", "no_interview")
_HOW = ("finish_early", "overrun", "remind", "no_remind")
_ABOUT = ("start", "hours", "skill", "when", "off", "tz", *_ENDS)
_CHANGED = ("hours", "when", "off", "skill", *_ENDS, "tz", *_HOW, *_BUSY, "free")
# What a command takes of the learner, in the order of its help, in which options of its own may
# stand: for a first plan, for a look at the time there is, for a plan again.
First = Annotated["Answers", *_ABOUT, *_HOW, *_BUSY, "free"]
Time = Annotated["Answers", *_ABOUT, *_BUSY]
Again = Annotated["Answers", "as_of", *_CHANGED, "assume", "restart", "start"]


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """The command as typer takes it: instead of a parameter that is a Struct, its fields; instead
    of `answers`, what the command takes of the learner. All are named, and typed as told above."""
    order: tuple[str, ...] = ()
    own: dict[str, Parameter] = {}
    gathered: dict[str, tuple[Callable[..., object], Iterable[str]]] = {}
    for name, given in signature(command, eval_str=True).parameters.items():
        kind = given.annotation
        if name == "answers":
            order = kind.__metadata__
        elif isclass(kind) and issubclass(kind, Struct):
            gathered[name] = kind, kind.__struct_fields__
            own |= {each.name: _typed(each.name, each.type, each.default) for each in fields(kind)}
        else:
            own[name] = _typed(name, kind, given.default)
    if order:
        gathered["answers"] = _answers, [name for name in order if name not in own]
    every = [own.get(name) or _said(name) for name in dict.fromkeys((*order, *own))]

    @wraps(command)
    def whole(**typed: Any) -> None:  # noqa: ANN401
        for name, (make, parts) in gathered.items():
            typed[name] = make(**{part: typed.pop(part) for part in parts})
        command(**typed)

    vars(whole)["__signature__"] = Signature(every)
    whole.__annotations__ = {each.name: each.annotation for each in every}
    return whole


def _typed(name: str, kind: object, default: object) -> Parameter:
    annotation = getitem(Annotated, (kind, _TYPED[name]))
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _said(name: str) -> Parameter:
    kind = next((kind for kind, names in _KINDS.items() if name in names), str | None)
    return _typed(name, kind, False if kind is bool else None)


def _answers(**typed: Any) -> Answers:  # noqa: ANN401
    from pe_plan.inputs.answers import Answers

    return convert({name: value for name, value in typed.items() if value is not None}, Answers)
