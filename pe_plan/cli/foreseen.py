"""The free hours of every week as parts of a screen, whether they are enough, and what to type
next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby

from pe_plan.app.capacity import Foreseen
from pe_plan.cli.parts import Bars, Facts, Heading, Lines, Part
from pe_plan.cli.screens.generate import runs, windows_in_words
from pe_plan.documents.words import count, hours, listed, long_date, short_date, span, weekday
from pe_plan.model import DoesNotFit, Plan
from pe_plan.planning.capacity import FreeWeek

_YEAR = 54  # weeks: in more than these, dates name their year
_OURS = ("--json", "--plain")  # what `generate` or a look back needs not
_PLACES = {"inside": "inside", "early": "before", "late": "past"}


def capacity(found: Foreseen, typed: Sequence[str]) -> tuple[Part, ...]:
    """One line for each week, weeks alike in a row together; then the sums."""
    weeks, total = found.capacity.weeks, found.capacity.total
    when = span(weeks[0].starts, weeks[-1].ends)
    heading = f"Free to study, {when}: {hours(total)} h in {count(len(weeks), 'week')}"
    advice, words = next_step(found, typed)
    parts = (
        Heading(text=heading),
        Bars(rows=tuple(_rows(weeks))),
        Facts(rows=(*_facts(found), ("Next", advice))),
    )
    return (*parts, Lines(rows=(f"  {shlex.join(words)}",))) if words else parts


# ── Week by week ──────────────────────────────────────────────────────────────────────────────


def _rows(weeks: Sequence[FreeWeek]) -> Iterator[tuple[str, float, str]]:
    runs_of_weeks = _alike(weeks)
    names = [_numbers(run) for run in runs_of_weeks]
    widest, longest = max(map(len, names)), max(len(hours(week.free)) for week in weeks)
    for name, run in zip(names, runs_of_weeks, strict=True):
        week = run[0]
        label = f"{name:>{widest}}  {_dates(week, run[-1], len(weeks))}"
        told = f"{hours(week.free):>{longest}} of {_offered(week, len(run))}"
        yield label, week.free / max(week.offered, 1), told


def _alike(weeks: Sequence[FreeWeek]) -> list[list[FreeWeek]]:
    """Weeks in a row of which the same is to be said."""
    groups = groupby(weeks, key=lambda week: (week.offered, week.free, week.room, week.is_whole))
    return [list(group) for _, group in groups]


def _numbers(run: Sequence[FreeWeek]) -> str:
    return f"{run[0].n}–{run[-1].n}" if len(run) > 1 else f"{run[0].n}"


def _dates(first: FreeWeek, last: FreeWeek, weeks: int) -> str:
    if weeks > _YEAR:
        return f"{short_date(first.starts):>11} – {short_date(last.ends)}"
    return f"{weekday(first.starts)[4:]:>6} – {weekday(last.ends)[4:]}"


def _offered(week: FreeWeek, number: int) -> str:
    """What is offered, and in words how it stands."""
    each = " each" if number > 1 else ""
    mark = "" if week.room == "open" else f", {week.room}"
    return f"{hours(week.offered)} h{each}{mark}"


# ── All together ──────────────────────────────────────────────────────────────────────────────


def _facts(found: Foreseen) -> Iterator[tuple[str, str]]:
    weeks = found.capacity.weeks
    yield "Average", f"{hours(found.capacity.average)} h a week{_aside(found)}"
    for room, label in (("tight", "Tight"), ("none", "None"), ("off", "Off")):
        if numbers := [week.n for week in weeks if week.room == room]:
            yield label, _named(numbers)
    yield "Realistic", realistic(found)
    yield "Enough?", enough(found)
    assumed = " (assumed; say yours with --when)" if found.reading.week_assumed else ""
    yield "Week", windows_in_words(found.windows) + assumed
    machine = " (this machine's; say another with --tz)" if found.reading.zone_found else ""
    yield "Zone", found.reading.profile.timezone + machine
    yield from (("Note", note) for note in found.reading.notes)


def _aside(found: Foreseen) -> str:
    """Which weeks say nothing of what is usual."""
    weeks, counted = found.capacity.weeks, found.capacity.counted
    named = (
        ("weeks off", any(week.room == "off" for week in weeks)),
        ("the short last one", not weeks[-1].is_whole and weeks[-1] not in counted),
    )
    words = listed([name for name, is_so in named if is_so])
    return f", {words} aside" if words else ""


def _named(numbers: Sequence[int]) -> str:
    word = "week" if len(numbers) == 1 else "weeks"
    return f"{word} {listed(runs(numbers))}"


def realistic(found: Foreseen) -> str:
    """How many hours a week can be counted on, and what that means."""
    held = found.capacity
    if not held.counted:
        return "none: every week is off"
    if not held.realistic:
        return "none that you can count on: more than one week in ten has no free time"
    told, usual, of = f"{hours(held.realistic)} h a week", held.held, len(held.counted)
    if usual == of:
        return f"{told}: every week has that much free{_aside(found)}"
    return f"{told}: nine weeks in ten have that much free ({usual} of {of}{_aside(found)})"


def enough(found: Foreseen) -> str:
    """What a plan would make of these hours."""
    plan, offered = found.capacity.plan, hours(found.reading.profile.minutes_per_week)
    if isinstance(plan, DoesNotFit):
        return _not_enough(plan, offered)
    topics = len(found.roadmap.topics)
    ends = f"the plan ends on {long_date(plan.finish)}, {_place(plan, found)}"
    if plan.left_out:
        return f"only in part: {len(plan.left_out)} of {topics} topics are left out; {ends}"
    if plan.trimmed:
        return f"only in part: {len(plan.trimmed)} of {topics} topics are shortened; {ends}"
    if plan.minutes_per_week < found.reading.profile.minutes_per_week:
        return f"yes: {ends}, and needs {hours(plan.minutes_per_week)} of your {offered} h a week"
    return f"yes: with {offered} h a week {ends}" if plan.verdict != "late" else f"no: {ends}"


def _place(plan: Plan, found: Foreseen) -> str:
    if found.reading.profile.interview:
        return "the eve of your interview" if plan.verdict == "inside" else "before your interview"
    least, most = found.roadmap.window_months
    return f"{_PLACES[plan.verdict]} the roadmap's {least}–{most} months"


def _not_enough(ways: DoesNotFit, offered: str) -> str:
    needs = [
        f"{what} {hours(minutes)} h"
        for what, minutes in (("the core needs", ways.core_minutes), ("all", ways.full_minutes))
        if minutes is not None
    ]
    if not needs and ways.finish is None:
        return "no: there is no time to study before the end"
    ends = f"; with {offered} h it would end on {long_date(ways.finish)}" if ways.finish else ""
    return f"no: {' and '.join(needs) + ' a week' if needs else 'no week is long enough'}{ends}"


# ── What to type ──────────────────────────────────────────────────────────────────────────────


def next_step(found: Foreseen, typed: Sequence[str]) -> tuple[str, list[str]]:
    """Why, and the command to type; none where only the learner knows more time."""
    ways = found.capacity.plan
    if not isinstance(ways, DoesNotFit):
        return _offering(found), _again(typed, "generate")
    if (core := ways.core_minutes) is None or core > ways.held:
        return "name more time, for example --when 'sat,sun 09:00-13:00'", []
    return f"look at {hours(core)} h a week:", _again(typed, "capacity", core)


def _offering(found: Foreseen) -> str:
    """Why not to type what is realistic, where that is less than what is offered."""
    held = found.capacity
    if not held.realistic or all(week.free == week.offered for week in held.counted):
        return "make the plan:"
    kept, less = hours(held.offered), hours(held.realistic)
    return (
        f"keep the {kept} h: a plan takes only what is free of them, while --hours {less} would "
        "shorten the windows before the busy times come off"
    )


def _again(typed: Sequence[str], command: str, minutes: int | None = None) -> list[str]:
    """The command line as typed, for another command, perhaps at other hours."""
    words = [word for word in typed if word not in _OURS]
    words[words.index("capacity", 1)] = command
    if minutes is None:
        return words
    for at, word in enumerate(words):
        if word == "--hours":
            words[at + 1] = hours(minutes)
        elif word.startswith("--hours="):
            words[at] = f"--hours={hours(minutes)}"
    named = any(word.startswith("--hours") for word in words)
    return words if named else [*words, "--hours", hours(minutes)]
