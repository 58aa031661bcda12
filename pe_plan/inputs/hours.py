"""Hours and windows of the week that go together."""

from __future__ import annotations

from msgspec import Struct

from pe_plan.errors import Problem, printable
from pe_plan.inputs.values import MOST_HOURS, rounded, spoken
from pe_plan.inputs.week import DefaultWeek
from pe_plan.inputs.wishes import Side
from pe_plan.model import Window


class Weekly(Struct, frozen=True, kw_only=True):
    """The minutes and windows of a week to go on with, and what to say of them."""

    minutes: int
    windows: tuple[Window, ...]
    assumed: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def weekly(
    typed: Side, kept: Side, default_week: DefaultWeek, pace: int, *, remembered: bool
) -> Weekly:
    """The week of what was said; a kept value yields to a typed one. `pace` are the minutes where
    no side says any, and `remembered` tells a plan from a profile file."""
    offer = typed if "hours" in typed.said else kept
    frame = typed if typed.said.get("when") else kept
    windows = frame.said.get("when", ())
    total = sum(window.minutes for window in windows)
    if "hours" not in offer.said:
        return _alone(frame, windows, total) if windows else _assumed(default_week, pace)
    exact, written = offer.said["hours"], printable(str(offer.raw.get("hours")).strip())
    minutes, place = rounded(exact), offer.place("hours")
    taken = f"{place} {written} is taken as {spoken(minutes)}, in steps of 5 minutes"
    notes: tuple[str, ...] = (taken,) if minutes != exact else ()
    if not windows:
        return _assumed(default_week, minutes, place, notes)
    if minutes > total and offer is frame:
        what = f"{spoken(minutes)} a week is more than the windows hold, which is {spoken(total)}"
        more = f"add windows for {spoken(minutes - total)}"
        hint = f"lower the hours, {more}, or give only one of the two"
        problem = Problem(where=place, what=what, hint=hint)
        return Weekly(minutes=minutes, windows=windows, problems=(problem,))
    if minutes > total and offer is kept:
        hours = f"the {spoken(minutes)} of {kept.name}"
        note = f"--when is used ({spoken(total)} a week); {hours} yield to it"
        return Weekly(minutes=total, windows=windows, notes=(note,))
    if minutes > total:
        held = f"the windows of {kept.name} ({spoken(total)})"
        note = f"--hours {written} is used; {held} yield to it"
        return _assumed(default_week, minutes, place, (*notes, note))
    if frame is not offer and minutes < total:
        if frame is typed:
            hours = f"{spoken(minutes)} a week of {kept.name}"
            note = f"--when holds {spoken(total)}; each window is shortened to keep the {hours}"
            notes += (note,)
        elif remembered:
            held = f"your windows ({spoken(total)})"
            notes += (f"--hours {written} is used; {held} are each shortened to it",)
    return Weekly(minutes=minutes, windows=windows, notes=notes)


def _alone(frame: Side, windows: tuple[Window, ...], total: int) -> Weekly:
    """Windows without hours say the hours, too."""
    what = f"these windows hold {spoken(total)} a week, more than it has beside sleep"
    hint = f"narrow them, or say with --hours how much of them, at most {MOST_HOURS}"
    problem = Problem(where=frame.place("when"), what=what, hint=hint)
    problems = (problem,) if total > MOST_HOURS * 60 else ()
    return Weekly(minutes=total, windows=windows, problems=problems)


def _assumed(
    default_week: DefaultWeek,
    minutes: int,
    place: str = "the roadmap's pace",
    notes: tuple[str, ...] = (),
) -> Weekly:
    """The default week for so many minutes, where it holds them."""
    windows = default_week.order(minutes)
    total = sum(window.minutes for window in windows)
    what = f"{spoken(minutes)} is more than the default week holds, which is {spoken(total)}"
    hint = "say when you study, for example --when 'mon-sat 08:00-18:00'"
    problems = (Problem(where=place, what=what, hint=hint),) if minutes > total else ()
    return Weekly(minutes=minutes, windows=windows, assumed=True, notes=notes, problems=problems)
