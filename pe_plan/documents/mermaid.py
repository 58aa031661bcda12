"""The phases as a Mermaid gantt chart.

In a task's name ':' ends the name, '#' and ';' decode, '%%{' starts a directive, and a first word
such as 'title' or 'section' makes it vanish. So every name begins with our own words, and
characters that mean something are replaced by ones that look alike.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from pe_plan.documents.escape import fold
from pe_plan.model import Plan

_LONGEST = 44
_FEW_MONTHS, _FEW_YEARS = 90, 800  # days
_LOOK_ALIKE = str.maketrans(':;#<>"`\\{}', "∶,♯‹›”’/()")
_RUNS = (("catch-up", "Catch-up", "Catch-up"), ("final", "Final", "Mocks and recall"))


def gantt(plan: Plan) -> str:
    """A fenced chart of the phases, the catch-up weeks and the final weeks."""
    lines = ["```mermaid", "gantt", "  dateFormat YYYY-MM-DD", *_axis(plan), "  section Study"]
    for number, phase in enumerate(plan.phases, 1):
        lines.append(_bar(f"{number} · {task_name(phase.title)}", phase.starts, phase.ends))
    runs = [(kind, list(run)) for kind, run in groupby(plan.weeks, attrgetter("kind"))]
    for kind, section, name in _RUNS:
        spans = [(run[0].starts, run[-1].starts + timedelta(6)) for of, run in runs if of == kind]
        if spans:
            lines.append(f"  section {section}")
        lines += [_bar(name, first, max(first, min(last, plan.finish))) for first, last in spans]
    return "\n".join([*lines, "```"])


def task_name(raw: str) -> str:
    """`raw` as it may stand inside a task's name, shortened to what a chart can show."""
    text = fold(raw).translate(_LOOK_ALIKE)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _axis(plan: Plan) -> tuple[str, ...]:
    length = (plan.finish - plan.weeks[0].starts).days if plan.weeks else 0
    if length < _FEW_MONTHS:
        return ("  axisFormat %d %b", "  tickInterval 1week")
    if length < _FEW_YEARS:
        return ("  axisFormat %b %Y", "  tickInterval 1month")
    return ("  axisFormat %Y",)


def _bar(name: str, first: date, last: date) -> str:
    return f"  {name} :{first}, {(last - first).days + 1}d"
