"""What `generate` and `export` say: the plan on one screen, or why there is none."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from pe_plan.app.context import retyped
from pe_plan.app.export import Synced
from pe_plan.app.folder import Written
from pe_plan.app.generate import Generated
from pe_plan.cli.output import Facts, Heading, Part, Table
from pe_plan.documents.words import Titles, count, hours, listed, long_date, short_date, weekday
from pe_plan.errors import Exit, Problem, printable
from pe_plan.inputs.answers import Reading
from pe_plan.model import WEEKDAYS, DoesNotFit, Plan, Profile, Roadmap, Unplaced, Window, clock

_LISTED = 4  # names that a summary has room for
PLACES = {"inside": "inside", "early": "before", "late": "past"}  # of a plan and the window
_MANY = 5  # events that anybody deletes one by one


def summary(made: Generated) -> tuple[Part, ...]:
    """The plan on one screen."""
    plan = made.state.plan
    starts, per_week = plan.weeks[0].starts, hours(plan.minutes_per_week)
    length, when = count(len(plan.weeks), "week"), dates(starts, plan.finish, years=True)
    rows = []
    for phase in plan.phases:
        takes = dates(phase.starts, phase.ends, years=plan.finish - starts > timedelta(days=365))
        given = "–".join(map(str, phase.roadmap_weeks))
        rows.append((phase.title, takes, str(phase.weeks or "<1"), given, phase.why))
    columns = ("Phase", "Dates", ">Weeks", ">Roadmap", f"Work (÷ {per_week} h)")
    heading = Heading(f"{made.roadmap.title}: {length} at {per_week} h, {when}")
    return (heading, Table(columns, rows), Facts(tuple(_facts(made))))


def dates(first: date, last: date, *, years: bool, width: int = 1) -> str:
    """5 Jan – 11 Jan, or with their years."""
    begins, ends = (short_date(day) if years else weekday(day)[4:] for day in (first, last))
    return f"{begins:>{width}} – {ends}"


def _facts(made: Generated) -> Iterator[tuple[str, str]]:
    plan, profile = made.state.plan, made.state.profile
    if plan.left_out:
        yield "Left out", Titles(made.roadmap).topics(plan.left_out, _LISTED)
    kinds = (("catch-up", "catch-up in"), ("final", "final"), ("off", "off"))
    numbers = [(name, [w.n for w in plan.weeks if w.kind == kind]) for kind, name in kinds]
    special = [f"{name} {listed(runs(found))}" for name, found in numbers if found]
    yield "Weeks", "; ".join(special) or "all for study"
    yield "Finish", _finish(made)
    if plan.minutes_per_week < profile.minutes_per_week:
        needed, offered = hours(plan.minutes_per_week), hours(profile.minutes_per_week)
        use = "" if profile.interview else "; --finish-early uses them all and ends sooner"
        yield "Eased", f"needs {needed} of your {offered} h/week{use}"
    if plan.trimmed:
        yield "Trimmed", _trimmed(plan, made.roadmap)
    if plan.unplaced:
        yield "No room", unplaced_work(plan.unplaced, made.roadmap)
    yield "Week", week_in_words(plan.windows, made.reading)
    yield "Zone", _zone(made)
    if profile.calendars:
        yield "Busy", _busy(plan, profile)
    if profile.free:
        yield "Free", "your blocks show as free time in the calendar"
    for note in (*made.reading.notes, *_changed(made)):
        yield "Note", note
    if made.written.files:
        yield from delivered(made.written, made.folder, profile, first=True)
    else:
        yield "Written", "nothing, this was a dry run"


def _changed(made: Generated) -> list[str]:
    """What the plan before was told otherwise: an answer left out is not remembered."""
    before, now = made.before, made.state.profile
    if before is None:
        return []
    said = {"timezone": "the zone", "calendars": "the busy calendars"}
    said["free"] = "whether blocks show as free time"
    keys = ("start", "windows", "timezone", "days_off", "skills", "interview", "calendars")
    others = [k for k in (*keys, "busy_margin", "free") if getattr(before, k) != getattr(now, k)]
    changed = [said.get(key, f"the {key.replace('_', ' ')}") for key in others]
    return [f"unlike in the plan before: {listed(changed)}"] if changed else []


def runs(numbers: Sequence[int]) -> list[str]:
    """Three or more in a row together: 13, 34 and 35, 348–376."""
    said: list[str] = []
    for run in _in_a_row(numbers):
        said += map(str, run) if len(run) < 3 else [f"{run[0]}–{run[-1]}"]  # noqa: PLR2004
    return said


def _in_a_row(numbers: Iterable[int]) -> Iterator[list[int]]:
    """The numbers, each with those that follow it directly."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def _finish(made: Generated) -> str:
    plan, interview = made.state.plan, made.state.profile.interview
    day = long_date(plan.finish)
    if interview:
        relation = "the eve of" if plan.verdict == "inside" else "before"
        return f"{day}, {relation} your interview on {long_date(interview)}"
    least, most = made.roadmap.window_months
    window = dates(plan.earliest, plan.latest, years=True)
    return f"{day}, {PLACES[plan.verdict]} the roadmap's {least}–{most} months ({window})"


def _trimmed(plan: Plan, roadmap: Roadmap) -> str:
    ordered = sorted(plan.trimmed, key=lambda topic: topic.depth)
    return "; ".join(
        f"to {float(depth):.0%}: {Titles(roadmap).topics([topic.id for topic in topics], _LISTED)}"
        for depth, topics in groupby(ordered, key=lambda topic: topic.depth)
    )


def unplaced_work(unplaced: Sequence[Unplaced], roadmap: Roadmap) -> str:
    """What found no place, alike together: "mock interview Coding (2 × 45 min)"."""
    titles = Titles(roadmap)
    words = {"mock": "mock interview", "review": "recall"}
    alike = Counter(
        (f"{words[one.kind]} {titles.round(one.round) or titles.phase(one.phase)}", one.minutes)
        for one in unplaced
    )
    return ", ".join(
        f"{name} ({f'{number} × ' if number > 1 else ''}{minutes} min)"
        for (name, minutes), number in alike.items()
    )


def week_in_words(windows: Iterable[Window], reading: Reading) -> str:
    """Days in a row with the same hours together: "mon–thu 19:00–21:00, sat 09:00–13:00"."""
    days: dict[tuple[int, int], list[int]] = {}
    for window in sorted(windows, key=lambda window: window.weekday):
        days.setdefault((window.start, window.end), []).append(window.weekday)
    stretches = [(run[0], *times, run[-1]) for times in days for run in _in_a_row(days[times])]
    names = [day[:3] for day in WEEKDAYS]
    said = ", ".join(
        f"{names[first]}{f'–{names[last]}' if last > first else ''} {clock(start)}–{clock(end)}"
        for first, start, end, last in sorted(stretches)
    )
    return said + " (assumed; say yours with --when)" * reading.week_assumed


def _zone(made: Generated) -> str:
    zone = made.state.profile.timezone
    if not made.reading.zone_found:
        return zone
    if zone in ("UTC", "Etc/UTC"):
        return f"{zone}, as this machine names no other; elsewhere, say --tz Europe/Berlin or so"
    return f"{zone} (this machine's; say another with --tz)"


def _busy(plan: Plan, profile: Profile) -> str:
    """What other calendars take of the windows that the plan uses, and how they were read."""
    from pe_plan.app.busy import last_day, minutes_taken

    minutes, last = minutes_taken(plan, profile), last_day(profile)
    taken = f"{hours(minutes)} h of your windows are" if minutes else "none of your windows is"
    how = [f"with {profile.busy_margin} min beside each event"] * bool(profile.busy_margin)
    how += ["events of whole days aside"] * profile.ignore_all_day
    by = ", ".join((f"taken by {count(len(profile.calendars), 'calendar')}", *how))
    beyond = "" if plan.finish <= last else f"; what comes after {long_date(last)} is not read"
    return f"{taken} {by}; only their times are kept{beyond}"


def delivered(
    written: Written, folder: Path, profile: Profile, *, first: bool = False
) -> Iterator[tuple[str, str]]:
    """What was written, and what to do with it: a `first` calendar needs a place of its own."""
    yield "Written", f"{listed(written.files)} in {folder}"
    for name in written.kept:
        was = name.removeprefix(".history/").rpartition(".")[0]
        why = "that you edited" if was == "plan.md" else "that was there"
        yield "Kept", f"the {was} {why}, as {name}"
    if first and "plan.ics" in written.files:
        steps = "in Google Calendar create a calendar of its own, then Settings > Import & export:"
        yield "Import", f"{steps} {folder / 'plan.ics'} into that calendar"
    if not first and "plan-changes.ics" in written.files:
        steps = "into the same calendar as before: what is new or changed"
        yield "Import", f"{folder / 'plan-changes.ics'} {steps}"
    gone = [(profile.local(e.start), e.summary) for e in written.removed]
    if len(gone) > _MANY:
        many = f"{len(gone)} events of the last calendar are gone (see plan-removed.ics)"
        anew = "if you imported it, delete that calendar and import plan.ics anew"
        yield "Delete", f"{many}; {anew}"
    elif gone:
        few = "; ".join(f"{weekday(when.date())} {when:%H:%M} {title}" for when, title in gone)
        said = "if you imported the last calendar, these events are gone"
        yield "Delete", f"{said}: {few} (they are in plan-removed.ics, too)"


def behind(made: Generated, now: datetime, typed: Sequence[str]) -> list[str]:
    """One line for a start in the past: how much lies behind, and how to start next Monday."""
    profile, sessions = made.state.profile, made.state.plan.sessions
    today = now.astimezone(profile.zone).date()
    gone = sum(session.start.astimezone(profile.zone).date() < today for session in sessions)
    if not gone:
        return []
    past = f"{gone} of {len(sessions)}"
    monday = today + timedelta(days=-today.weekday() % 7)
    if profile.interview and profile.interview <= monday:
        return [f"{past} sessions lie before today"]
    words = retyped(typed, "--start", str(monday))
    if made.written.files and "--force" not in words:
        words.append("--force")
    command = shlex.join(words)
    return [f"{past} sessions lie before today; to begin on the next Monday: {command}"]


def synced(made: Synced) -> str:
    """What an export of single events did."""
    numbers = {"written": made.written, "deleted": made.deleted, "as they were": made.same}
    done = [f"{number} {what}" for what, number in numbers.items() if number]
    if not made.written and not made.deleted:
        done = [f"all {made.same} as they were"]
    return f"Events in {printable(str(made.folder), 200)}: {', '.join(done)}."


def ways_out(verdict: DoesNotFit) -> list[str]:
    """Why there is no plan, and what would make one."""
    if verdict.finish is None and verdict.core_minutes is None:
        what = "This does not fit: no study window lies before the end. Nothing was written."
        return [what, "Name more time, for example --when 'sat,sun 09:00-13:00'."]
    lines = ["This does not fit into the roadmap's window. Nothing was written. Ways out:"]
    core = "holds the core: must-know topics at 65 %, the others at 25 %"
    full = "holds everything at full depth"
    for minutes, what in ((verdict.core_minutes, core), (verdict.full_minutes, full)):
        if minutes is not None:
            lacking = minutes - verdict.held
            more = f", with windows for {hours(lacking)} h more" if lacking > 0 else ""
            lines.append(f"  --hours {hours(minutes):<7} {what}{more}")
    if verdict.finish is not None:
        over = count(verdict.months_over, "month")
        day = long_date(verdict.finish)
        lines.append(f"  {'--overrun':<15} ends on {day}, about {over} past the window")
    return lines


def misfit(verdict: DoesNotFit) -> dict[str, object]:
    """The same as an error for scripts."""
    hint = "offer more --hours, or say --overrun"
    what = "this does not fit into the roadmap's window"
    minutes = {"core": verdict.core_minutes, "full": verdict.full_minutes, "held": verdict.held}
    hours = {f"{name}_hours": None if each is None else each / 60 for name, each in minutes.items()}
    ways_out = {**hours, "finish": verdict.finish, "months_over": verdict.months_over}
    problems = [Problem(where="replan", what=what, hint=hint)]
    return {"schema": 1, "exit": Exit.DOES_NOT_FIT, "problems": problems, "ways_out": ways_out}
