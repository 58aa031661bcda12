"""What the learner says, as one profile: what is typed, over the profile file or what the plan
kept, over defaults."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError, Problem
from pe_plan.inputs.hours import Weekly, weekly
from pe_plan.inputs.values import RefusedError, read_zone
from pe_plan.inputs.week import DefaultWeek
from pe_plan.inputs.wishes import OF_BUSY, PLAIN, Answers, Side, file_side, typed_side
from pe_plan.model import Days, Profile, Roadmap

__all__ = ["Answers", "Occasion", "Reading", "calendars_alone", "read_profile", "remembered"]

FARTHEST = timedelta(days=5 * 366)  # from the start to an interview
USUAL_HOURS = 12  # a week, where no roadmap says its own pace
PLAN = "your plan"  # what messages call a remembered profile
_LATER = "study ends the day before the interview; give a later date"


class Reading(Struct, frozen=True, kw_only=True):
    """The profile and what to tell about it: `notes` are sentences for the learner, `zone_found`
    says that the zone was not given, `week_assumed` that the default week was taken."""

    profile: Profile
    notes: tuple[str, ...]
    zone_found: bool
    week_assumed: bool


class Occasion(Struct, frozen=True, kw_only=True):
    """When a profile is read: `as_of` the day from which on things are otherwise; where a plan
    `begins` (anew), the day to count its start from."""

    as_of: date
    begins: bool = False


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
    typed, kept = typed_side(answers, roadmap, problems), file_side(file, roadmap, problems)
    given = typed.said.get("tz") or kept.said.get("tz")
    zone = given or _usable(found_zone)
    today = now.astimezone(ZoneInfo(zone)).date()
    pace = (roadmap.reference_hours if roadmap else USUAL_HOURS) * 60
    base = Profile(start=today, minutes_per_week=pace, windows=(), timezone=zone)
    merge = _Merge(typed, kept, base, Occasion(as_of=today, begins=True))
    return replace(merge.reading(roadmap, default_week), zone_found=given is None)


def remembered(
    answers: Answers,
    stored: Profile,
    occasion: Occasion,
    *,
    roadmap: Roadmap,
    default_week: DefaultWeek,
) -> Reading:
    """The learner from now on: what was typed over what is `stored`.

    Hours alone shorten windows that were typed, and windows alone say the hours. Raises PePlanError
    with every problem found.
    """
    problems: list[Problem] = []
    typed = typed_side(answers, roadmap, problems)
    # Windows of the default week are no one's wish, and hours yield to windows typed alone.
    said: dict[str, Any] = {}
    if not any(window.rank for window in stored.windows):
        said["when"] = stored.windows
    if "hours" in typed.raw or "when" not in typed.raw:
        said["hours"] = Fraction(stored.minutes_per_week)
    kept = Side(name=PLAN, raw={}, problems=problems, said=said)
    return _Merge(typed, kept, stored, occasion).reading(roadmap, default_week)


def calendars_alone(answers: Answers, file: tuple[str, bytes] | None, today: date) -> Profile:
    """Somebody without windows who has the busy calendars of flags and file as far as these can be
    made out: it finds what is wrong with them where the learner cannot be read."""
    typed, kept = typed_side(answers, None, []), file_side(file, None, [])
    nobody = Profile(start=today, minutes_per_week=0, windows=(), timezone="UTC")
    said = _Merge(typed, kept, nobody, Occasion(as_of=today)).as_said()
    return replace(said, interview=None)  # which may lie beyond all reason


class _Merge(Struct, frozen=True):
    """What is typed, over what was kept, over a profile that holds everything else."""

    typed: Side
    kept: Side
    base: Profile
    occasion: Occasion

    def reading(self, roadmap: Roadmap | None, default_week: DefaultWeek) -> Reading:
        """The profile from now on; days off, calendars and skills are added to those there are."""
        said, base, begins = self.as_said(), self.base, self.occasion.begins
        week = self._week(default_week)
        start, begun = self._start(said.interview)
        from_day = start if begins else self.occasion.as_of
        interview, left_out = self._interview(said.interview, start, from_day)
        days_off, past = self._days_off(from_day)
        problems = [*self.typed.problems, *week.problems]
        if isinstance(left_out, Problem):
            problems.append(left_out)
        if problems:
            raise PePlanError(Exit.BAD_INPUT, problems)
        profile = replace(
            said,
            start=start,
            minutes_per_week=week.minutes,
            windows=week.windows,
            abroad=self._abroad(said.timezone, from_day),
            days_off=days_off,
            interview=interview,
            pins=() if begins else base.pins,
            dropped=() if begins else base.dropped,
        )
        gone = [left_out] if isinstance(left_out, str) else []
        notes = (*begun, *week.notes, *gone, *past, *self._narrower(roadmap))
        return Reading(profile=profile, notes=notes, zone_found=False, week_assumed=week.assumed)

    def as_said(self) -> Profile:
        """The profile with what is taken as it is said; the rest hangs together."""
        base, kept, typed = self.base, self.kept.said, self.typed.said
        if "no-busy" in typed:
            base = replace(base, busy=(), calendars=(), ignore_all_day=False, lenient=False)
            kept = {key: kept[key] for key in kept if key not in OF_BUSY}
        both = kept | typed
        calendars = (*base.calendars, *kept.get("busy", ()), *typed.get("busy", ()))
        return replace(
            base,
            timezone=both.get("tz", base.timezone),
            skills={**base.skills, **kept.get("skill", {}), **typed.get("skill", {})},
            calendars=tuple(dict.fromkeys(calendars)),
            **{name: both[key] for key, name in PLAIN.items() if key in both},
        )

    def _week(self, default_week: DefaultWeek) -> Weekly:
        """Hours and windows from now on, as they were where neither is said."""
        typed, kept, base = self.typed, self.kept, self.base
        if base.windows and not {"hours", "when"} & typed.raw.keys():
            return Weekly(minutes=base.minutes_per_week, windows=base.windows)
        if {"hours", "when"} & (typed.broken | kept.broken):
            return Weekly(minutes=0, windows=())
        pace, again = base.minutes_per_week, bool(base.windows)
        return weekly(typed, kept, default_week, pace, remembered=again)

    # ── Days ──────────────────────────────────────────────────────────────────────────────────

    def _start(self, interview: date | None) -> tuple[date, tuple[str, ...]]:
        """The start that was given, else today or the next Monday; today too where an interview
        comes before that Monday. A plan that goes on keeps its own."""
        if not self.occasion.begins:
            return self.base.start, ()
        if given := self.typed.said.get("start") or self.kept.said.get("start"):
            return given, ()
        today = self.occasion.as_of
        monday = today + timedelta(days=-today.weekday() % 7)
        if interview and today < interview <= monday:
            return today, (f"the plan starts today, {today}, since the interview comes so soon",)
        return monday, ()

    def _interview(
        self, day: date | None, start: date, from_day: date
    ) -> tuple[date | None, Problem | str | None]:
        """The interview to plan for, and what to say of it: it leaves a day of study before it and
        is not years away. One that has come is left out where a plan begins anew."""
        broken = {"start", "interview"} & (self.typed.broken | self.kept.broken)
        if day is None or broken or from_day < day <= start + FARTHEST:
            return day, None
        sides = [side for side in (self.typed, self.kept) if "interview" in side.said]
        where = (sides or [self.typed])[0].place("interview")
        if day > start + FARTHEST:
            what = f"{day} is more than five years after the start, {start}"
            hint = "plan without it until it comes nearer"
        elif sides and self.occasion.begins:
            what, hint = f"{day} is not after the start, {start}", f"{_LATER} or an earlier --start"
        elif sides:
            what, hint = f"{day} is not after {from_day}", _LATER
        elif self.occasion.begins:
            note = f"your interview on {day} does not come after the start, so it is left out"
            return None, note
        else:
            what = f"your interview on {day} has come, and the plan ends with it"
            hint = "name another with --interview DATE, or begin again with --restart"
        return day, Problem(where=where, what=what, hint=hint)

    def _days_off(self, from_day: date) -> tuple[tuple[Days, ...], list[str]]:
        """Days off added to those there are; of a plan that is there, what lies behind can be
        missed, but no longer taken off."""
        added, there = self.typed.said.get("off", ()), self.base.days_off
        past = [days for days in added if days.last < from_day and self.base.windows]
        ahead = [days for days in added if days not in past]
        if self.base.windows:
            ahead = [replace(days, first=max(days.first, from_day)) for days in ahead]
        more = (*self.kept.said.get("off", ()), *ahead)
        notes = [f"--off {_written(days)} lies behind and changes nothing" for days in past]
        return (_united((*there, *more)) if more else there), notes

    def _abroad(self, zone: str, from_day: date) -> tuple[tuple[date, str], ...]:
        """The zones of before, with the one that is left now if it was lived in at all."""
        base = self.base
        last = max((until for until, _ in base.abroad), default=base.start)
        left = zone != base.timezone and from_day > last
        return (*base.abroad, (from_day, base.timezone)) if left else base.abroad

    def _narrower(self, roadmap: Roadmap | None) -> list[str]:
        """Remembered levels that a typed one does not reach, since the narrowest wins."""
        phase_of, notes, typed = roadmap.phase_of if roadmap else {}, [], self.typed.said
        for who, level in typed.get("skill", {}).items():
            stay = [
                f"{name} ({said})"
                for name, said in self.base.skills.items()
                if name not in (who, "all", *typed["skill"])
                and (who == "all" or phase_of.get(name) == who)
                and said != level
            ]
            if stay:
                said = ", ".join(stay)
                notes.append(f"--skill {who}={level} is used; as you said before: {said}")
        return notes


def _usable(found_zone: str | None) -> str:
    """The machine's zone where zoneinfo knows it, else UTC."""
    try:
        return read_zone(found_zone)
    except RefusedError:
        return "UTC"


def _written(days: Days) -> str:
    return str(days.first) if days.first == days.last else f"{days.first}..{days.last}"


def _united(stretches: Iterable[Days]) -> tuple[Days, ...]:
    """Days off in order, those that overlap or touch as one."""
    united: list[Days] = []
    for days in sorted(stretches, key=lambda days: (days.first, days.last)):
        if united and days.first <= united[-1].last + timedelta(days=1):
            united[-1] = replace(united[-1], last=max(united[-1].last, days.last))
        else:
            united.append(days)
    return tuple(united)
