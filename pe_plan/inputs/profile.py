"""Flags and a profile file -> what the learner says, or every problem found in both.

A flag and the file's key of the same name are read alike; the flag wins.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.inputs.values import MOST_HOURS, RefusedError, read_zone, rounded
from pe_plan.inputs.wishes import Answers, Wishes, file_side, typed_side, wishes
from pe_plan.model import Profile, Roadmap, Window, spoken

if TYPE_CHECKING:
    from fractions import Fraction

    from pe_plan.inputs.week import DefaultWeek

__all__ = [
    "FARTHEST",
    "Answers",
    "Reading",
    "Weekly",
    "calendars_alone",
    "first_day",
    "read_profile",
    "weekly",
]

FARTHEST = timedelta(days=5 * 366)  # from the start to an interview
USUAL_HOURS = 12  # a week, where no roadmap says its own pace


class Reading(Struct, frozen=True, kw_only=True):
    """The profile and what to tell about it: `notes` are sentences for the learner, `zone_found`
    says that the zone was not given, `week_assumed` that the default week was taken.
    """

    profile: Profile
    notes: tuple[str, ...]
    zone_found: bool
    week_assumed: bool


def read_profile(
    answers: Answers,
    *,
    file: tuple[str, bytes] | None,
    roadmap: Roadmap | None,
    default_week: DefaultWeek,
    now: datetime,
    found_zone: str | None,
) -> Reading:
    """The learner's profile from the flags, the profile file (its name and bytes) and defaults.

    `roadmap` is None where it could not be read: skill names are then not checked. `found_zone`
    is the machine's time zone, if known; today is `now` on the learner's own wall clock. Raises
    PePlanError with every problem found.
    """
    problems: list[Problem] = []
    typed = wishes(typed_side(answers, problems), roadmap)
    kept = wishes(file_side(file, problems), roadmap)
    pace = (roadmap.reference_hours if roadmap else USUAL_HOURS) * 60
    week = weekly(typed, kept, default_week, pace)
    given_zone = typed.tz or kept.tz
    zone = given_zone or _usable(found_zone)
    start, start_notes = first_day(typed, kept, now.astimezone(ZoneInfo(zone)).date())
    problems += [*week.problems, *_interview_problems(typed, kept, start)]
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    profile = Profile(
        start=start,
        minutes_per_week=week.minutes,
        windows=week.windows,
        timezone=zone,
        days_off=typed.off or kept.off,
        interview=typed.interview or kept.interview,
        skills={**kept.skill, **typed.skill},
        finish_early=typed.finish_early or kept.finish_early,
        overrun=typed.overrun or kept.overrun,
        remind=typed.remind if typed.remind is not None else kept.remind,
        free=bool(kept.free if typed.free is None else typed.free),
        calendars=tuple(dict.fromkeys((*kept.busy, *typed.busy))),
        margin=(typed.margin if typed.margin is not None else kept.margin) or 0,
        ignore_all_day=typed.ignore_all_day or kept.ignore_all_day,
        lenient=typed.lenient or kept.lenient,
    )
    return Reading(
        profile=profile,
        notes=(*start_notes, *week.notes, *_days_off_notes(typed, kept)),
        zone_found=given_zone is None,
        week_assumed=week.assumed,
    )


def calendars_alone(answers: Answers, file: tuple[str, bytes] | None, today: date) -> Profile:
    """Somebody without windows who has the busy calendars of flags and file as far as these can be
    made out: it finds what is wrong with them where the learner cannot be read."""
    sides = (file_side(file, []), typed_side(answers, []))
    kept, typed = (wishes(side, None) for side in sides)
    return Profile(
        start=today,
        minutes_per_week=0,
        windows=(),
        timezone="UTC",
        calendars=(*kept.busy, *typed.busy),
        lenient=typed.lenient or kept.lenient,
    )


# ── Hours and windows together ────────────────────────────────────────────────────────────────


class Weekly(Struct, frozen=True, kw_only=True):
    """The minutes and windows of a week to go on with, and what to say of them."""

    minutes: int
    windows: tuple[Window, ...]
    assumed: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def weekly(typed: Wishes, kept: Wishes, default_week: DefaultWeek, pace: int) -> Weekly:
    """Hours and windows that go together; a remembered value yields to a typed one."""
    if {"hours", "when"} & (typed.side.broken | kept.side.broken):
        return Weekly(minutes=0, windows=())
    offer = kept if typed.hours is None and kept.hours is not None else typed
    frame = typed if typed.when or not kept.when else kept
    total = sum(window.minutes for window in frame.when)
    if offer.hours is None:
        return _windows_alone(frame, total) if frame.when else _assumed(offer, default_week, pace)
    minutes, notes = _whole(offer, offer.hours)
    if not frame.when:
        return _assumed(offer, default_week, minutes, notes)
    if minutes > total:
        return _unequal(offer, frame, minutes, default_week, notes)
    if offer is kept and frame is typed and minutes < total:
        hours = f"{spoken(minutes)} a week of {kept.side.name}"
        notes += (f"--when holds {spoken(total)}; each window is shortened to keep the {hours}",)
    return Weekly(minutes=minutes, windows=frame.when, notes=notes)


def _whole(offer: Wishes, exact: Fraction) -> tuple[int, tuple[str, ...]]:
    """The hours in steps of five minutes, and a note where that changed them."""
    minutes = rounded(exact)
    if minutes == exact:
        return minutes, ()
    where, raw = offer.side.place("hours"), printable(str(offer.side.raw["hours"]).strip())
    return minutes, (f"{where} {raw} is taken as {spoken(minutes)}, in steps of 5 minutes",)


def _windows_alone(frame: Wishes, total: int) -> Weekly:
    if total <= MOST_HOURS * 60:
        return Weekly(minutes=total, windows=frame.when)
    what = f"these windows hold {spoken(total)} a week, more than it has beside sleep"
    hint = f"narrow them, or say with --hours how much of them, at most {MOST_HOURS}"
    problem = Problem(where=frame.side.place("when"), what=what, hint=hint)
    return Weekly(minutes=total, windows=frame.when, problems=(problem,))


def _assumed(
    offer: Wishes, default_week: DefaultWeek, minutes: int, notes: tuple[str, ...] = ()
) -> Weekly:
    """The default week for so many minutes, where it holds them."""
    windows = default_week.order(minutes)
    total = sum(window.minutes for window in windows)
    problems: tuple[Problem, ...] = ()
    if minutes > total:
        what = f"{spoken(minutes)} is more than the default week holds, which is {spoken(total)}"
        hint = "say when you study, for example --when 'mon-sat 08:00-18:00'"
        where = offer.side.place("hours") if offer.hours else "the roadmap's pace"
        problems = (Problem(where=where, what=what, hint=hint),)
    return Weekly(minutes=minutes, windows=windows, assumed=True, notes=notes, problems=problems)


def _unequal(
    offer: Wishes, frame: Wishes, minutes: int, default_week: DefaultWeek, notes: tuple[str, ...]
) -> Weekly:
    """More hours than the windows hold."""
    total = sum(window.minutes for window in frame.when)
    where, name = offer.side.place("hours"), frame.side.name or offer.side.name
    if offer is frame:
        what = f"{spoken(minutes)} a week is more than the windows hold, which is {spoken(total)}"
        more = spoken(minutes - total)
        hint = f"lower the hours, add windows for {more}, or give only one of the two"
        problem = Problem(where=where, what=what, hint=hint)
        return Weekly(minutes=minutes, windows=frame.when, problems=(problem,))
    if offer.side.name:
        note = (
            f"--when is used ({spoken(total)} a week); the {spoken(minutes)} of {name} yield to it"
        )
        return Weekly(minutes=total, windows=frame.when, notes=(note,))
    raw = printable(str(offer.side.raw["hours"]).strip())
    note = f"--hours {raw} is used; the windows of {name} ({spoken(total)}) yield to it"
    return _assumed(offer, default_week, minutes, (*notes, note))


# ── Dates ─────────────────────────────────────────────────────────────────────────────────────


def first_day(typed: Wishes, kept: Wishes, today: date) -> tuple[date, tuple[str, ...]]:
    """The start that was given, else today or the next Monday; today too where an interview
    comes before that Monday.
    """
    given = typed.start or kept.start
    if given:
        return given, ()
    monday = today + timedelta(days=-today.weekday() % 7)
    interview = typed.interview or kept.interview
    if interview and today < interview <= monday:
        return today, (f"the plan starts today, {today}, since the interview comes so soon",)
    return monday, ()


def _interview_problems(typed: Wishes, kept: Wishes, start: date) -> tuple[Problem, ...]:
    """An interview needs at least one day of study before it, and is not years away."""
    owner = typed if typed.interview or not kept.interview else kept
    broken = {"start", "interview"} & (typed.side.broken | kept.side.broken)
    day = owner.interview
    if broken or day is None or start < day <= start + FARTHEST:
        return ()
    hint = "study ends the day before the interview; give a later date or an earlier --start"
    what = f"{day} is not after the start, {start}"
    if day > start:
        what = f"{day} is more than five years after the start, {start}"
        hint = "plan without it until it comes nearer"
    return (Problem(where=owner.side.place("interview"), what=what, hint=hint),)


def _days_off_notes(typed: Wishes, kept: Wishes) -> tuple[str, ...]:
    if not typed.off or not kept.off or typed.off == kept.off:
        return ()
    return (f"--off is used; the days off of {kept.side.name} yield to it",)


def _usable(found_zone: str | None) -> str:
    """The machine's zone where zoneinfo knows it, else UTC."""
    try:
        return read_zone(found_zone)
    except RefusedError:
        return "UTC"
