"""The free hours of every week, whether they are enough, and what to type next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pe_plan.app.capacity import Fits, Foreseen, Lacks
from pe_plan.cli.output import Bars, Facts, Heading, Lines, Part
from pe_plan.cli.screens.generate import PLACES, dates, runs, week_in_words
from pe_plan.documents.words import count, hours, listed, long_date, span
from pe_plan.planning.capacity import FreeWeek, counted

_YEAR = 54  # weeks: in more than these, dates name their year


def capacity(found: Foreseen) -> Iterator[Part]:
    """One line for each week, weeks alike in a row together; then the sums."""
    json = found.json
    when, weeks = span(json.starts, json.ends), count(len(json.weeks), "week")
    yield Heading(f"Free to study, {when}: {hours(json.total)} h in {weeks}")
    yield Bars(tuple(_rows(json.weeks)))
    yield Facts((*_facts(found), ("Next", _advice(found))))
    if json.next:
        yield Lines((f"  {json.next}",))


def _rows(weeks: Sequence[FreeWeek]) -> Iterator[tuple[str, float, str]]:
    """Weeks in a row of which the same is to be said share a line."""
    groups = groupby(weeks, key=lambda week: (week.offered, week.free, week.room, week.is_whole))
    alike = [list(group) for _, group in groups]
    names = [f"{run[0].n}–{run[-1].n}" if len(run) > 1 else f"{run[0].n}" for run in alike]
    widest, longest = max(map(len, names)), max(len(hours(week.free)) for week in weeks)
    years = len(weeks) > _YEAR
    for name, run in zip(names, alike, strict=True):
        week, each = run[0], " each" if len(run) > 1 else ""
        mark = "" if week.room == "open" else f", {week.room}"
        when = dates(week.starts, run[-1].ends, years=years, width=11 if years else 6)
        told = f"{hours(week.free):>{longest}} of {hours(week.offered)} h{each}{mark}"
        yield f"{name:>{widest}}  {when}", week.free / max(week.offered, 1), told


def _facts(found: Foreseen) -> Iterator[tuple[str, str]]:
    json = found.json
    yield "Average", f"{hours(json.average)} h a week{_aside(json.weeks)}"
    for room, label in (("tight", "Tight"), ("none", "None"), ("off", "Off")):
        if numbers := [week.n for week in json.weeks if week.room == room]:
            yield label, f"{'week' if len(numbers) == 1 else 'weeks'} {listed(runs(numbers))}"
    yield "Realistic", _realistic(found)
    plan = json.plan
    yield "Enough?", _enough(found, plan) if isinstance(plan, Fits) else _lacking(found, plan)
    yield "Week", week_in_words(found.windows, found.reading)
    machine = " (this machine's; say another with --tz)" if found.reading.zone_found else ""
    yield "Zone", json.timezone + machine
    yield from (("Note", note) for note in json.notes)


def _aside(weeks: Sequence[FreeWeek]) -> str:
    """Which weeks say nothing of what is usual."""
    names = ["weeks off"] if any(week.room == "off" for week in weeks) else []
    if not weeks[-1].is_whole and weeks[-1] not in counted(weeks):
        names.append("the short last one")
    return f", {listed(names)} aside" if names else ""


def _realistic(found: Foreseen) -> str:
    """How many hours a week can be counted on, and what that means."""
    json = found.json
    if not json.weeks_counted:
        return "none: every week is off"
    if not json.realistic:
        return "none that you can count on: more than one week in ten has no free time"
    told, aside = f"{hours(json.realistic)} h a week", _aside(json.weeks)
    if json.weeks_held == json.weeks_counted:
        return f"{told}: every week has that much free{aside}"
    usual = f"{json.weeks_held} of {json.weeks_counted}"
    return f"{told}: nine weeks in ten have that much free ({usual}{aside})"


def _enough(found: Foreseen, plan: Fits) -> str:
    """What a plan would make of these hours."""
    offered, topics = found.json.offered, len(found.roadmap.topics)
    least, most = found.roadmap.window_months
    where = f"{PLACES[plan.verdict]} the roadmap's {least}–{most} months"
    if found.reading.profile.interview:
        where = f"{'the eve of' if plan.verdict == 'inside' else 'before'} your interview"
    ends = f"the plan ends on {long_date(plan.finish)}, {where}"
    for gone, what in ((plan.left_out, "left out"), (plan.trimmed, "shortened")):
        if gone:
            return f"only in part: {len(gone)} of {topics} topics are {what}; {ends}"
    if plan.uses < offered:
        return f"yes: {ends}, and needs {hours(plan.uses)} of your {hours(offered)} h a week"
    if plan.verdict == "late":
        return f"no: {ends}"
    return f"yes: with {hours(offered)} h a week {ends}"


def _lacking(found: Foreseen, plan: Lacks) -> str:
    known = (("the core needs", plan.needs_core), ("all", plan.needs_full))
    needs = [f"{what} {hours(minutes)} h" for what, minutes in known if minutes is not None]
    if not needs and plan.finish is None:
        return "no: there is no time to study before the end"
    ends = ""
    if plan.finish:
        ends = f"; with {hours(found.json.offered)} h it would end on {long_date(plan.finish)}"
    return f"no: {' and '.join(needs) + ' a week' if needs else 'no week is long enough'}{ends}"


def _advice(found: Foreseen) -> str:
    """Why to type what is next; without it, only the learner knows more time."""
    json = found.json
    if json.next is None:
        return "name more time, for example --when 'sat,sun 09:00-13:00'"
    if isinstance(json.plan, Lacks):
        return f"look at {hours(json.plan.needs_core or 0)} h a week:"
    if not json.realistic or all(week.free == week.offered for week in counted(json.weeks)):
        return "make the plan:"
    return (
        f"keep the {hours(json.offered)} h: a plan takes only what is free of them, while --hours "
        f"{hours(json.realistic)} would shorten the windows before the busy times come off"
    )
