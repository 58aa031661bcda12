"""What `generate` and `export` say: the plan on one screen, or why there is none."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from pe_plan.app.export import Synced
from pe_plan.app.folder import Written
from pe_plan.app.generate import Generated
from pe_plan.cli.output import Facts, Heading, Part, Table
from pe_plan.documents.words import Titles, count, hours, listed, long_date, short_date, weekday
from pe_plan.errors import Exit, Problem, printable
from pe_plan.model import (
    WEEKDAYS,
    DoesNotFit,
    Entry,
    Plan,
    Profile,
    Roadmap,
    Unplaced,
    Window,
    clock,
)

_LISTED = 4  # names that a summary has room for
_MANY = 5  # events that anybody deletes one by one


def summary(made: Generated) -> tuple[Part, ...]:
    """The plan on one screen."""
    plan = made.state.plan
    heading = (
        f"{made.roadmap.title}: {count(len(plan.weeks), 'week')} at "
        f"{hours(plan.minutes_per_week)} h, "
        f"{short_date(plan.weeks[0].starts)} – {short_date(plan.finish)}"
    )
    return (Heading(text=heading), _phases(plan), Facts(rows=tuple(_facts(made))))


def _phases(plan: Plan) -> Table:
    long = plan.finish - plan.weeks[0].starts > timedelta(days=365)
    rows = [
        (
            phase.title,
            " – ".join(
                short_date(day) if long else weekday(day)[4:] for day in (phase.starts, phase.ends)
            ),
            str(phase.weeks or "<1"),
            "–".join(map(str, phase.roadmap_weeks)),
            phase.why,
        )
        for phase in plan.phases
    ]
    why = f"Work (÷ {hours(plan.minutes_per_week)} h)"
    return Table(columns=("Phase", "Dates", ">Weeks", ">Roadmap", why), rows=tuple(rows))


def _facts(made: Generated) -> Iterator[tuple[str, str]]:
    plan, profile = made.state.plan, made.state.profile
    if plan.left_out:
        yield "Left out", Titles(made.roadmap).topics(plan.left_out, _LISTED)
    yield "Weeks", _weeks(plan)
    yield "Finish", _finish(made)
    if plan.minutes_per_week < profile.minutes_per_week:
        needed, offered = hours(plan.minutes_per_week), hours(profile.minutes_per_week)
        use = "" if profile.interview else "; --finish-early uses them all and ends sooner"
        yield "Eased", f"needs {needed} of your {offered} h/week{use}"
    if plan.trimmed:
        yield "Trimmed", _trimmed(plan, made.roadmap)
    if plan.unplaced:
        yield "No room", unplaced_work(plan.unplaced, made.roadmap)
    assumed = " (assumed; say yours with --when)" if made.reading.week_assumed else ""
    yield "Week", windows_in_words(plan.windows) + assumed
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
    names = {
        "start": "the start",
        "windows": "the windows",
        "timezone": "the zone",
        "days_off": "the days off",
        "skills": "the skills",
        "interview": "the interview",
        "calendars": "the busy calendars",
        "busy_margin": "the busy margin",
        "free": "whether blocks show as free time",
    }
    changed = [name for key, name in names.items() if getattr(before, key) != getattr(now, key)]
    return [f"unlike in the plan before: {listed(changed)}"] if changed else []


def _weeks(plan: Plan) -> str:
    """Catch-up and final weeks by number, and the weeks off."""
    parts = []
    for kind, name in (("catch-up", "catch-up in"), ("final", "final"), ("off", "off")):
        numbers = [week.n for week in plan.weeks if week.kind == kind]
        if numbers:
            parts.append(f"{name} {listed(runs(numbers))}")
    return "; ".join(parts) or "all for study"


def runs(numbers: Sequence[int]) -> list[str]:
    """Three or more in a row together: 13, 34 and 35, 348–376."""
    return [
        part
        for run in _in_a_row(numbers)
        for part in (map(str, run) if len(run) < 3 else [f"{run[0]}–{run[-1]}"])  # noqa: PLR2004
    ]


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
    window = (
        f"the roadmap's {least}–{most} months "
        f"({short_date(plan.earliest)} – {short_date(plan.latest)})"
    )
    place = {"inside": "inside", "early": "before", "late": "past"}[plan.verdict]
    return f"{day}, {place} {window}"


def _trimmed(plan: Plan, roadmap: Roadmap) -> str:
    ordered = sorted(plan.trimmed, key=lambda topic: topic.depth)
    groups = []
    for depth, topics in groupby(ordered, key=lambda topic: topic.depth):
        names = Titles(roadmap).topics([topic.id for topic in topics], _LISTED)
        groups.append(f"to {float(depth):.0%}: {names}")
    return "; ".join(groups)


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


def windows_in_words(windows: Iterable[Window]) -> str:
    """Days in a row with the same hours together: "mon–thu 19:00–21:00, sat 09:00–13:00"."""
    days: dict[tuple[int, int], list[int]] = {}
    for window in sorted(windows, key=lambda window: window.weekday):
        days.setdefault((window.start, window.end), []).append(window.weekday)
    stretches = [(run[0], *times, run[-1]) for times in days for run in _in_a_row(days[times])]
    names = [day[:3] for day in WEEKDAYS]
    return ", ".join(
        f"{names[first]}{f'–{names[last]}' if last > first else ''} {clock(start)}–{clock(end)}"
        for first, start, end, last in sorted(stretches)
    )


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
        yield "Kept", f"the plan.md that you edited, as {name}"
    if first and "plan.ics" in written.files:
        steps = "in Google Calendar create a calendar of its own, then Settings > Import & export:"
        yield "Import", f"{steps} {folder / 'plan.ics'} into that calendar"
    if not first and "plan-changes.ics" in written.files:
        steps = "into the same calendar as before: what is new or changed"
        yield "Import", f"{folder / 'plan-changes.ics'} {steps}"
    if written.removed:
        yield "Delete", removals(written.removed, profile)


def removals(entries: Sequence[Entry], profile: Profile) -> str:
    """What to do about events that an import cannot take away."""
    if len(entries) > _MANY:
        return (
            f"{len(entries)} events of the last calendar are gone (see plan-removed.ics); if you "
            "imported it, delete that calendar and import plan.ics anew"
        )
    starts = [entry.start.astimezone(profile.zone_at(entry.start)) for entry in entries]
    pairs = zip(starts, entries, strict=True)
    shown = "; ".join(f"{weekday(day.date())} {day:%H:%M} {entry.summary}" for day, entry in pairs)
    gone = "if you imported the last calendar, these events are gone"
    return f"{gone}: {shown} (they are in plan-removed.ics, too)"


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
    command = shlex.join(_restarted(typed, monday, written=bool(made.written.files)))
    return [f"{past} sessions lie before today; to begin on the next Monday: {command}"]


def _restarted(typed: Sequence[str], start: date, *, written: bool) -> list[str]:
    """The command as typed, but from another start."""
    words = list(typed)
    for at, word in enumerate(words):
        if word == "--start":
            words[at + 1] = str(start)
        elif word.startswith("--start="):
            words[at] = f"--start={start}"
    if not any(word.startswith("--start") for word in words):
        words += ["--start", str(start)]
    return words if "--force" in words or not written else [*words, "--force"]


def synced(made: Synced) -> str:
    """What an export of single events did."""
    done = [f"{made.written} written"] * bool(made.written)
    done += [f"{made.deleted} deleted"] * bool(made.deleted)
    if not done:
        done.append(f"all {made.same} as they were")
    elif made.same:
        done.append(f"{made.same} as they were")
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


class Misfit(Struct, frozen=True, kw_only=True):
    """Why there is no plan, as an error for scripts, with what would make one."""

    schema: int = 1
    exit: int = Exit.DOES_NOT_FIT.value
    problems: tuple[Problem, ...]
    ways_out: Mapping[str, float | date | None]


def misfit(verdict: DoesNotFit) -> Misfit:
    """The same as a value."""
    what, hint = (
        "this does not fit into the roadmap's window",
        "offer more --hours, or say --overrun",
    )
    minutes = {"core": verdict.core_minutes, "full": verdict.full_minutes, "held": verdict.held}
    hours = {f"{name}_hours": None if each is None else each / 60 for name, each in minutes.items()}
    return Misfit(
        problems=(Problem(where="replan", what=what, hint=hint),),
        ways_out={**hours, "finish": verdict.finish, "months_over": verdict.months_over},
    )
