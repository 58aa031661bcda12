"""A profile that a plan remembers, and flags that say what has changed since.

A remembered value yields to a typed one; what is not typed stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError, Problem, printable
from pe_plan.inputs.profile import FARTHEST, Answers, Reading, Weekly, first_day, weekly
from pe_plan.inputs.wishes import Side, Wishes, typed_side, wishes
from pe_plan.model import Days, Profile, Roadmap, spoken

if TYPE_CHECKING:
    from pe_plan.inputs.week import DefaultWeek

PLAN = "your plan"  # what messages call it


class Occasion(Struct, frozen=True, kw_only=True):
    """When a remembered profile is taken up: `as_of` the day from which on things are otherwise;
    where a plan `begins` anew, the day to count its start from."""

    as_of: date
    begins: bool = False


def remembered(
    answers: Answers,
    stored: Profile,
    occasion: Occasion,
    *,
    roadmap: Roadmap,
    default_week: DefaultWeek,
) -> Reading:
    """The learner from now on: what was typed over what is `stored`.

    Days off and busy calendars are added to those there are, and skills are merged; hours alone
    shorten windows that were typed, and windows alone say the hours. Raises PePlanError with every
    problem found.
    """
    problems: list[Problem] = []
    typed = wishes(typed_side(answers, problems), roadmap)
    kept = _kept(stored, typed)
    week = _week(typed, kept, stored, default_week)
    start, from_day, begun = _days(typed, kept, stored, occasion)
    interview, gone = _interview(typed, stored, start, from_day, occasion)
    problems += [*week.problems, *gone.problems]
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    off, past = _off(typed, from_day)
    profile = replace(
        stored,
        start=start,
        minutes_per_week=week.minutes,
        windows=week.windows,
        timezone=typed.tz or stored.timezone,
        abroad=_abroad(stored, typed.tz, from_day),
        days_off=_merged((*stored.days_off, *off)) if off else stored.days_off,
        interview=interview,
        skills={**stored.skills, **typed.skill},
        finish_early=typed.finish_early or stored.finish_early,
        overrun=typed.overrun or stored.overrun,
        remind=typed.remind if typed.remind is not None else stored.remind,
        free=stored.free if typed.free is None else typed.free,
        busy=() if answers.no_busy else stored.busy,
        calendars=(*(() if answers.no_busy else stored.calendars), *typed.busy),
        margin=stored.margin if typed.margin is None else typed.margin,
        ignore_all_day=typed.ignore_all_day or (stored.ignore_all_day and not answers.no_busy),
        lenient=typed.lenient or (stored.lenient and not answers.no_busy),
        pins=() if occasion.begins else stored.pins,
        dropped=() if occasion.begins else stored.dropped,
    )
    notes = (*begun, *week.notes, *gone.notes, *past, *_narrower(typed, stored, roadmap))
    return Reading(profile=profile, notes=notes, zone_found=False, week_assumed=week.assumed)


def _kept(stored: Profile, typed: Wishes) -> Wishes:
    """What is remembered, as a side that yields: windows of the default week are no one's wish,
    and hours yield to windows that are typed alone."""
    chosen = not any(window.rank for window in stored.windows)
    hours = None if typed.when and typed.hours is None else Fraction(stored.minutes_per_week)
    return Wishes(
        side=Side(name=PLAN, raw={"hours": stored.minutes_per_week / 60}, problems=[]),
        start=None,
        hours=hours,
        skill=stored.skills,
        when=stored.windows if chosen else (),
        off=stored.days_off,
        tz=stored.timezone,
        interview=stored.interview,
        finish_early=stored.finish_early,
        overrun=stored.overrun,
        remind=stored.remind,
        free=stored.free,
        busy=stored.calendars,
        margin=stored.margin,
        ignore_all_day=stored.ignore_all_day,
        lenient=stored.lenient,
    )


def _week(typed: Wishes, kept: Wishes, stored: Profile, default_week: DefaultWeek) -> Weekly:
    """Hours and windows from now on, as they were where neither is typed."""
    if not {"hours", "when"} & typed.side.broken and typed.hours is None and not typed.when:
        return Weekly(minutes=stored.minutes_per_week, windows=stored.windows)
    week = weekly(typed, kept, default_week, stored.minutes_per_week)
    total = sum(window.minutes for window in kept.when)
    if week.windows is not kept.when or not kept.when or week.minutes >= total:
        return week
    raw = printable(str(typed.side.raw["hours"]).strip())
    note = f"--hours {raw} is used; your windows ({spoken(total)}) are each shortened to it"
    return replace(week, notes=(*week.notes, note))


# ── Days ──────────────────────────────────────────────────────────────────────────────────────


def _days(
    typed: Wishes, kept: Wishes, stored: Profile, occasion: Occasion
) -> tuple[date, date, tuple[str, ...]]:
    """The plan's start, the first day that what is typed can change, and what to say of them."""
    if not occasion.begins:
        return stored.start, occasion.as_of, ()
    start, notes = first_day(typed, kept, occasion.as_of)
    return start, start, notes


class _Told(Struct, frozen=True, kw_only=True):
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def _interview(
    typed: Wishes, stored: Profile, start: date, from_day: date, occasion: Occasion
) -> tuple[date | None, _Told]:
    """The interview to plan for. One that is typed lies ahead; one that is remembered and has
    come is left out where a plan begins anew."""
    day = typed.interview or stored.interview
    if day is None or {"start", "interview"} & typed.side.broken:
        return day, _Told()
    if day > start + FARTHEST:
        what = f"{day} is more than five years after the start, {start}"
        return day, _problem(what, "plan without it until it comes nearer")
    if day > from_day:
        return day, _Told()
    if typed.interview:
        what = f"{day} is not after {from_day}"
        return day, _problem(what, "study ends the day before the interview; give a later date")
    if occasion.begins:
        note = f"your interview on {day} does not come after the start, so it is left out"
        return None, _Told(notes=(note,))
    what = f"your interview on {day} has come, and the plan ends with it"
    hint = "name another with --interview DATE, or begin again with --restart"
    return day, _problem(what, hint)


def _problem(what: str, hint: str) -> _Told:
    return _Told(problems=(Problem(where="--interview", what=what, hint=hint),))


def _off(typed: Wishes, from_day: date) -> tuple[list[Days], tuple[str, ...]]:
    """The days off still to come: what lies behind can be missed, but no longer taken off."""
    ahead = [
        replace(days, first=max(days.first, from_day))
        for days in typed.off
        if days.last >= from_day
    ]
    past = [days for days in typed.off if days.last < from_day]
    notes = tuple(f"--off {_written(days)} lies behind and changes nothing" for days in past)
    return ahead, notes


def _written(days: Days) -> str:
    return str(days.first) if days.first == days.last else f"{days.first}..{days.last}"


def _merged(stretches: Iterable[Days]) -> tuple[Days, ...]:
    """Days off in order, none within another and those that overlap or touch as one."""
    merged: list[Days] = []
    for days in sorted(stretches, key=lambda days: (days.first, days.last)):
        if merged and days.first <= merged[-1].last + timedelta(days=1):
            last = max(merged[-1].last, days.last)
            merged[-1] = replace(merged[-1], last=last)
        else:
            merged.append(days)
    return tuple(merged)


def _abroad(stored: Profile, tz: str | None, from_day: date) -> tuple[tuple[date, str], ...]:
    """The zones of before, with the one that is left now if it was lived in at all."""
    if tz is None or tz == stored.timezone:
        return stored.abroad
    last = max((until for until, _ in stored.abroad), default=stored.start)
    return stored.abroad if from_day <= last else (*stored.abroad, (from_day, stored.timezone))


# ── Skills ────────────────────────────────────────────────────────────────────────────────────


def _narrower(typed: Wishes, stored: Profile, roadmap: Roadmap) -> tuple[str, ...]:
    """Remembered levels that a typed one does not reach, since the narrowest wins."""
    phase_of = roadmap.phase_of
    notes = []
    for who, level in typed.skill.items():
        stay = [
            f"{name} ({stored.skills[name]})"
            for name in stored.skills
            if name not in (who, "all", *typed.skill)
            and (who == "all" or phase_of.get(name) == who)
            and stored.skills[name] != level
        ]
        if stay:
            notes.append(f"--skill {who}={level} is used; as you said before: {', '.join(stay)}")
    return tuple(notes)
