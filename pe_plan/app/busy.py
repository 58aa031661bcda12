"""The busy calendars that a learner named, read anew each time."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from pe_plan.app.context import Problems
from pe_plan.errors import Exit, PePlanError, printable
from pe_plan.model import Plan, Profile, Stretch, merged
from pe_plan.planning.availability import days, instant, opened

_HORIZON = timedelta(days=3 * 366)  # from the start
_NAMED = 3  # broken events that a note names
_SHOWN = 200  # the most characters of a path or a broken event in a note


def busy_now(
    profile: Profile, before: Profile | None, own: Iterable[str], from_day: date
) -> tuple[Profile, tuple[str, ...]]:
    """The profile with the busy times of its calendars, and what to say of them.

    `before` is the remembered profile on a re-plan: what `profile` still knows of the days before
    `from_day` stays, and so does all that it knows where a calendar of before cannot be opened any
    more. `own` are the uids of the plan's own events, which never are busy. Raises PePlanError with
    all that is wrong with the calendars.
    """
    from pe_plan.calendars.busy import taken

    problems = Problems()
    profile = replace(profile, calendars=_located(profile.calendars, problems))
    # Where the profile knows nothing any more of what was busy, that was to be forgotten.
    known = before.calendars if before and (profile.busy or not before.busy) else ()
    texts, gone = _texts(profile.calendars, known, problems)
    found = problems.of(taken, texts, profile, frozenset(own), last_day(profile))
    if problems.found or not found:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    busy = [stretch for stretch in found.stretches if _takes_time(stretch, profile)]
    if before:  # there is nothing to know of the days before the plan begins
        first, then = (instant(day, 0, profile.zone) for day in (profile.start, from_day))
        busy = [*_clipped(profile.busy, first, None if gone else then), *_clipped(busy, then)]
    still = "cannot be opened any more: the times taken before still count; --no-busy forgets them"
    notes = [f"{printable(path, _SHOWN)} {still}" for path in gone]
    if left_out := found.left_out:
        events = "1 event" if len(left_out) == 1 else f"{len(left_out):,} events"
        named = "; ".join(printable(each, _SHOWN) for each in left_out[:_NAMED])
        more = f"; and {len(left_out) - _NAMED:,} more" if len(left_out) > _NAMED else ""
        notes.append(f"{events} of your calendars left out, as broken: {named}{more}")
    return replace(profile, busy=merged(busy)), tuple(notes)


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
        try:
            begun = Path(path).expanduser() if path.startswith("~") else Path(path)
            written = str(begun.absolute())
            written.encode()
            places.setdefault(os.path.realpath(written), written)
        except (RuntimeError, OSError):
            lost = f"there is no such {'home' if path.startswith('~') else 'current'} folder"
            problems.refuse(path, lost, "write the path from the root on")
        except ValueError:
            what = "cannot be remembered, as this path is no UTF-8"
            problems.refuse(path, what, "rename what is not")
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


def _takes_time(stretch: Stretch, profile: Profile) -> bool:
    """Whether it takes time of the learner's windows; else it is nobody's concern."""
    start, end = stretch
    for day in _days(stretch, profile):
        windows = opened(day, profile.windows, profile.zone)
        if any(since < end and start < until for since, until in windows):
            return True
    return False


def _days(stretch: Stretch, profile: Profile) -> Iterable[date]:
    """The days on which there is anything of a stretch."""
    return days(*(moment.astimezone(profile.zone).date() for moment in stretch))


def _clipped(
    stretches: Iterable[Stretch], since: datetime, until: datetime | None = None
) -> Iterator[Stretch]:
    for start, end in stretches:
        first, last = max(start, since), min(end, until or end)
        if first < last:
            yield first, last
