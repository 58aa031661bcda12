"""The options of the commands. Their values are text: all of it is checked together later."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from pe_plan.cli.completion import (
    complete_document,
    complete_format,
    complete_skill,
    complete_zone,
)

if TYPE_CHECKING:
    from pe_plan.inputs.wishes import Answers

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
Start = Annotated[
    str | None,
    Option(
        metavar="DATE",
        help="First day, like 2026-01-05. Default: today if it is a Monday, else the next.",
    ),
]
Hours = Annotated[
    str | None, Option(metavar="H", help="Hours a week. Default: the roadmap's pace.")
]
Skill = Annotated[
    list[str] | None,
    Option(
        metavar="WHO=LEVEL",
        help="Your level (new, some, solid, strong) in all, a phase or a topic; repeatable.",
        autocompletion=complete_skill,
    ),
]
When = Annotated[
    list[str] | None,
    Option(metavar="WINDOW", help='When you study: "mon-thu 19:00-21:00"; repeatable.'),
]
Off = Annotated[
    list[str] | None,
    Option(metavar="DAYS", help="Days off: 2026-03-02..2026-03-08; repeatable."),
]
Zone = Annotated[
    str | None,
    Option(
        metavar="ZONE",
        help="Your time zone, like Europe/Berlin. Default: this machine's.",
        autocompletion=complete_zone,
    ),
]
Interview = Annotated[
    str | None,
    Option(metavar="DATE", help="Plan up to the eve of this day, whatever the window."),
]
FinishEarly = Annotated[
    bool, Option("--finish-early", help="Use all hours even if it ends before the window.")
]
Overrun = Annotated[
    bool, Option("--overrun", help="Rather end after the window than trim anything.")
]
Remind = Annotated[
    str | None, Option(metavar="MINUTES", help="Remind me so long before each block.")
]
Busy = Annotated[
    list[str] | None,
    Option(
        metavar="PATH",
        help="A calendar whose events take time: .ics, .zip or a folder; repeatable.",
    ),
]
BusyMargin = Annotated[
    str | None, Option(metavar="MINUTES", help="Time to keep free beside every busy event.")
]
IgnoreAllDay = Annotated[
    bool, Option("--ignore-all-day", help="Events of whole days take no time.")
]
Lenient = Annotated[
    bool, Option("--lenient", help="Leave out events of busy calendars that are broken.")
]
Free = Annotated[
    bool | None,
    Option("--free/--no-free", help="Show your blocks as free time in the calendar."),
]
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


def answers(typed: Mapping[str, object]) -> Answers:
    """What a command's parameters, by name, say of the learner."""
    from pe_plan.inputs.wishes import Answers

    said = {name: typed.get(name) for name in Answers.__struct_fields__}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.items()
        if value is not None
    }
    return Answers(**given)
