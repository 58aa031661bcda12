"""The busy calendars that a learner named, read anew each time."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from pe_plan.app.problems import Problems
from pe_plan.errors import PePlanError, Problem, printable
from pe_plan.model import Plan, Profile, Stretch, merged
from pe_plan.planning.availability import instant, opened

_HORIZON = timedelta(days=3 * 366)  # from the start
_NAMED = 3  # broken events that a note names
_SHOWN = 200  # the most characters of a path or a broken event in a note


def busy_now(
    profile: Profile, before: Profile | None, own: Iterable[str], from_day: date
) -> tuple[Profile, tuple[str, ...]]:
    """The profile with the busy times of its calendars, if it names any, and what to say of them.

    `before` is the remembered profile on a re-plan: what `profile` still knows of the days before
    `from_day` stays, and so does all that it knows where a calendar of before cannot be opened any
    more. `own` are the uids of the plan's own events, which never are busy. Raises PePlanError with
    all that is wrong with the calendars.
    """
    if not profile.calendars:
        return profile, ()
    from pe_plan.calendars.busy import taken

    problems = Problems()
    profile = replace(profile, calendars=_located(profile.calendars, problems))
    # Where the profile knows nothing any more of what was busy, that was to be forgotten.
    known = before.calendars if before and (profile.busy or not before.busy) else ()
    texts, gone = _texts(profile.calendars, known, problems)
    found = problems.of(lambda: taken(texts, profile, frozenset(own), last_day(profile)))
    problems.stop()
    stretches, left_out = (found.stretches, found.left_out) if found else ((), ())
    busy = list(_in_windows(stretches, profile))
    if before:  # there is nothing to know of the days before the plan begins
        first, then = (instant(day, 0, profile.zone) for day in (profile.start, from_day))
        busy = [*_clipped(profile.busy, first, None if gone else then), *_clipped(busy, then)]
    notes = [
        f"{printable(path, _SHOWN)} cannot be opened any more: the times taken before still count; "
        "--no-busy forgets them"
        for path in gone
    ]
    return replace(profile, busy=merged(busy)), (*notes, *_broken(left_out))


def last_day(profile: Profile) -> date:
    """The last day of which calendars are asked."""
    return max(profile.start + _HORIZON, profile.interview or profile.start)


def minutes_taken(plan: Plan, profile: Profile) -> int:
    """Minutes that are busy of the windows that the plan uses, from its start to its finish and
    days off aside."""
    total, past = timedelta(), plan.finish + timedelta(days=1)
    first, end = (instant(day, 0, profile.zone) for day in (profile.start, past))
    for stretch in _clipped(profile.busy, first, end):
        for day in _days(stretch, profile):
            if not any(day in off for off in profile.days_off):
                common = _clipped(opened(day, plan.windows, profile.zone), *stretch)
                total += sum((until - since for since, until in common), timedelta())
    return total // timedelta(minutes=1)


# ── Where the calendars are, and what they hold ───────────────────────────────────────────────


def _located(paths: Iterable[str], problems: Problems) -> tuple[str, ...]:
    """The paths from the root on, each place once."""
    places: dict[str, str] = {}
    for path in paths:
        what = ""
        try:
            begun = Path(path).expanduser() if path.startswith("~") else Path(path)
            written = str(begun.absolute())
            written.encode()
            places.setdefault(os.path.realpath(written), written)
        except (RuntimeError, OSError):
            lost = "home" if path.startswith("~") else "current"
            what, hint = f"there is no such {lost} folder", "write the path from the root on"
        except ValueError:
            what, hint = "cannot be remembered, as this path is no UTF-8", "rename what is not"
        if what:
            problems.refuse(Problem(where=path, what=what, hint=hint))
    return tuple(places.values())


def _texts(
    paths: Iterable[str], known: Collection[str], problems: Problems
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """What the calendars hold, and which of those known cannot be opened any more."""
    from pe_plan.app.calendar_files import GoneError, calendar_texts

    texts, gone = list[tuple[str, bytes]](), list[str]()
    for path in paths:
        try:
            texts += calendar_texts(Path(path))
        except PePlanError as error:
            if isinstance(error, GoneError) and path in known:
                gone.append(path)
            else:
                problems.found += error.problems
    return texts, gone


# ── What of it matters ────────────────────────────────────────────────────────────────────────


def _in_windows(stretches: Iterable[Stretch], profile: Profile) -> Iterator[Stretch]:
    """Those that take time of the learner's windows; the others are nobody's concern."""
    for start, end in stretches:
        days = _days((start, end), profile)
        windows = (each for day in days for each in opened(day, profile.windows, profile.zone))
        if any(since < end and start < until for since, until in windows):
            yield start, end


def _days(stretch: Stretch, profile: Profile) -> Iterator[date]:
    """The days on which there is anything of a stretch."""
    first, last = (moment.astimezone(profile.zone).date() for moment in stretch)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _clipped(
    stretches: Iterable[Stretch], since: datetime, until: datetime | None = None
) -> Iterator[Stretch]:
    for start, end in stretches:
        first, last = max(start, since), min(end, until or end)
        if first < last:
            yield first, last


def _broken(left_out: tuple[str, ...]) -> Iterator[str]:
    """How many events could not be read, and the first of them."""
    if left_out:
        events = "1 event" if len(left_out) == 1 else f"{len(left_out):,} events"
        named = "; ".join(printable(each, _SHOWN) for each in left_out[:_NAMED])
        more = f"; and {len(left_out) - _NAMED:,} more" if len(left_out) > _NAMED else ""
        yield f"{events} of your calendars left out, as broken: {named}{more}"
