"""The options of the commands. Their values are text: all of it is checked together later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from pe_plan.cli.completion import (
    complete_document,
    complete_format,
    complete_skill,
    complete_zone,
    one_of,
)

STUDY_PLAN = Path("study-plan")
FOLDER = "PE_PLAN_DIR"  # the environment names another

# Whether a path can be read is for the reader to say, with its own message and exit code.
PlanFolder = Annotated[
    Path,
    Option(
        "--plan",
        metavar="DIR",
        envvar=FOLDER,
        help="The folder that the plan lives in.",
        readable=False,
    ),
]
RoadmapFile = Annotated[Path | None, Argument(metavar="FILE", readable=False)]
OwnRoadmap = Annotated[
    Path | None,
    Option(
        metavar="FILE",
        help="A roadmap of your own. Default: Meta Production Engineer.",
        readable=False,
    ),
]
ProfileFile = Annotated[
    Path | None,
    Option(metavar="FILE", help="These options as TOML; typed ones win.", readable=False),
]
Output = Annotated[
    Path | None,
    Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write it to a new file. Default: print it.",
        readable=False,
    ),
]
Plain = Annotated[bool, Option("--plain", help="No colours and no boxes.")]
Json = Annotated[bool, Option("--json", help="Print the result as JSON.")]
Formats = Annotated[
    str,
    Option(
        "--format",
        metavar="LIST",
        help="What to write: md, ics, json.",
        autocompletion=complete_document,
    ),
]
Format = Annotated[
    str,
    Argument(
        metavar="md|ics|json|vdir",
        help="Which document; vdir is a folder with a file for each event.",
        autocompletion=complete_format,
    ),
]
EventFolder = Annotated[
    Path | None,
    Argument(metavar="[DIR]", help="The folder for vdir.", readable=False, show_default=False),
]
Force = Annotated[bool, Option("--force", help="Plan anew over a plan that is there; it is kept.")]
DryRun = Annotated[bool, Option("--dry-run", help="Show the plan, write nothing.")]
AsOf = Annotated[
    str | None, Option("--as-of", metavar="DATE", help="Stand on this day instead of today.")
]
WeekNumber = Annotated[str | None, Argument(metavar="N", help="Which plan week.")]
TopicName = Annotated[str, Argument(metavar="NAME", help="Which topic; its beginning will do.")]

# ── What happened ─────────────────────────────────────────────────────────────────────────────

Names = Annotated[
    list[str] | None,
    Argument(
        metavar="NAME...",
        help="Topics (their next session) or sessions; a beginning will do. Default: today's.",
        show_default=False,
    ),
]
On = Annotated[
    str | None, Option("--on", metavar="DATE", help="When it was. Default: its own day, if past.")
]
OnToday = Annotated[str | None, Option("--on", metavar="DATE", help="When it was. Default: today.")]
MinutesDone = Annotated[
    str | None,
    Option("--minutes", metavar="N", help="How long you worked on it, if not all of it."),
]
Mastered = Annotated[
    bool, Option("--mastered", help="The topics need no more study: you know them.")
]
AllUntil = Annotated[
    str | None, Option(metavar="DATE", help="Mark every session up to that day, each on its own.")
]
Recalled = Annotated[str, Argument(metavar="TOPIC", help="What you recalled.")]
Answer = Annotated[
    str,
    Argument(
        metavar="again|hard|good|easy",
        help="How it went.",
        autocompletion=one_of("again", "hard", "good", "easy"),
    ),
]
Round = Annotated[str, Argument(metavar="ROUND", help="Which interview round.")]
Score = Annotated[str, Argument(metavar="SCORE", help="1 to 5, the best.")]
Note = Annotated[str, Option(metavar="TEXT", help="What to remember of it.")]

# ── What changes ──────────────────────────────────────────────────────────────────────────────

Assume = Annotated[
    str | None,
    Option(
        metavar="missed|done",
        help="What past sessions were that nobody marked. Default: ask.",
        autocompletion=one_of("missed", "done"),
    ),
]
Restart = Annotated[bool, Option("--restart", help="Begin again from --start; the log is kept.")]
DryChange = Annotated[bool, Option("--dry-run", help="Show the change, write nothing.")]
Yes = Annotated[bool, Option("--yes", "-y", help="Write the change without asking.")]
Calendars = Annotated[
    list[str],
    Argument(
        metavar="PATH...",
        help="Your calendar as a file (.ics), an export (.zip), or a folder of .ics files.",
    ),
]
Deleted = Annotated[
    str | None,
    Option(
        metavar="missed|keep",
        help="What became of blocks that are not in it. Default: ask.",
        autocompletion=one_of("missed", "keep"),
    ),
]
Block = Annotated[
    list[str],
    Argument(
        metavar="BLOCK", help='A day, a "2026-01-13 19:00", or the name of a topic or session.'
    ),
]
At = Annotated[
    str | None, Option(metavar="WHEN", help='"2026-01-14 07:00". Default: where it stands.')
]
MinutesLong = Annotated[
    str | None, Option("--minutes", metavar="N", help="How long it takes. Default: as before.")
]

# ── What the learner says ─────────────────────────────────────────────────────────────────────

_Text, _Texts, _Switch = str | None, list[str] | None, bool | None
_LEARNER: Mapping[str, Any] = {
    "start": Annotated[
        _Text,
        Option(
            metavar="DATE",
            help="First day, like 2026-01-05. Default: today if it is a Monday, else the next.",
        ),
    ],
    "hours": Annotated[
        _Text, Option(metavar="H", help="Hours a week. Default: as before, or the roadmap's pace.")
    ],
    "skill": Annotated[
        _Texts,
        Option(
            metavar="WHO=LEVEL",
            help="Your level (new, some, solid, strong) in all, a phase or a topic; repeatable.",
            autocompletion=complete_skill,
        ),
    ],
    "when": Annotated[
        _Texts,
        Option(metavar="WINDOW", help='When you study: "mon-thu 19:00-21:00"; repeatable.'),
    ],
    "off": Annotated[
        _Texts,
        Option(
            metavar="DAYS",
            help="Days off, besides those there are: 2026-03-02..2026-03-08; repeatable.",
        ),
    ],
    "tz": Annotated[
        _Text,
        Option(
            metavar="ZONE",
            help="Your time zone, like Europe/Berlin. Default: as before, or this machine's.",
            autocompletion=complete_zone,
        ),
    ],
    "interview": Annotated[
        _Text,
        Option(metavar="DATE", help="Plan up to the eve of this day, whatever the window."),
    ],
    "no_interview": Annotated[bool, Option("--no-interview", help="Plan without an interview.")],
    "finish_early": Annotated[
        _Switch, Option(help="Use all hours even if it ends before the window.")
    ],
    "overrun": Annotated[_Switch, Option(help="Rather end after the window than trim anything.")],
    "remind": Annotated[
        _Text, Option(metavar="MINUTES", help="Remind me so long before each block.")
    ],
    "no_remind": Annotated[bool, Option("--no-remind", help="Do not remind me.")],
    "busy": Annotated[
        _Texts,
        Option(
            metavar="PATH",
            help="A calendar whose events take time: .ics, .zip or a folder; repeatable.",
        ),
    ],
    "no_busy": Annotated[
        bool, Option("--no-busy", help="Forget the busy calendars that you named before.")
    ],
    "busy_margin": Annotated[
        _Text, Option(metavar="MINUTES", help="Time to keep free beside every busy event.")
    ],
    "ignore_all_day": Annotated[_Switch, Option(help="Events of whole days take no time.")],
    "lenient": Annotated[
        _Switch, Option(help="Leave out events of busy calendars that are broken.")
    ],
    "free": Annotated[_Switch, Option(help="Show your blocks as free time in the calendar.")],
}
_BUSY = ("busy", "no_busy", "busy_margin", "ignore_all_day", "lenient")
_ENDS = ("interview", "no_interview")
_HOW = ("finish_early", "overrun", "remind", "no_remind")
# In the order of the help: for a first plan, for a look at the time there is, for a plan again.
FIRST = tuple(_LEARNER)
TIME = ("start", "hours", "skill", "when", "off", "tz", *_ENDS, *_BUSY)
AGAIN = ("hours", "when", "off", "skill", *_ENDS, "tz", *_HOW, *_BUSY, "free")


def learner(*order: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command options of the learner, and what was typed with them as its `answers`. They
    stand in the help in that `order`, which may name options of the command's own; those that it
    does not name come last."""

    def giving(command: Callable[..., None]) -> Callable[..., None]:
        command.__annotations__.pop("answers")  # which need not be imported yet
        own = dict(signature(command, eval_str=True).parameters)
        del own["answers"]
        names = [name for name in order if name not in own]
        options = {name: own.get(name) or _option(name) for name in (*order, *own)}

        @wraps(command)
        def given(**typed: Any) -> None:  # noqa: ANN401
            from pe_plan.inputs.answers import Answers

            said: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name in names
                if (value := typed.pop(name)) is not None
            }
            command(answers=Answers(**said), **typed)

        vars(given)["__signature__"] = Signature(list(options.values()))
        given.__annotations__ = {name: each.annotation for name, each in options.items()}
        return given

    return giving


def _option(name: str) -> Parameter:
    default = False if _LEARNER[name].__origin__ is bool else None
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=_LEARNER[name])
