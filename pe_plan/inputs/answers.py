"""What the learner says, as one profile: what is typed, over the profile file or what the plan
kept, over defaults."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from pe_plan.errors import Problems
from pe_plan.inputs.values import MOST_HOURS, RefusedError, read_zone, rounded
from pe_plan.inputs.week import DefaultWeek
from pe_plan.inputs.wishes import OF_BUSY, PLAIN, Answers, Side, file_side, typed_side
from pe_plan.model import Days, Profile, Roadmap, Window, merged, spoken

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
    zone_found: bool = False
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
    problems = Problems()
    typed, kept = typed_side(answers, roadmap, problems), file_side(file, roadmap, problems)
    given = typed.said.get("tz") or kept.said.get("tz")
    zone = given or "UTC"
    with suppress(RefusedError):
        zone = given or read_zone(found_zone)
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
    problems = Problems()
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
    typed, kept = typed_side(answers, None, Problems()), file_side(file, None, Problems())
    nobody = Profile(start=today, minutes_per_week=0, windows=(), timezone="UTC")
    said = _Merge(typed, kept, nobody, Occasion(as_of=today)).as_said()
    return replace(said, interview=None)  # which may lie beyond all reason


# ── Typed over kept ───────────────────────────────────────────────────────────────────────────


class _Merge(Struct):
    """What is typed, over what was kept, over a profile that holds everything else; what there is
    to say of it comes along."""

    typed: Side
    kept: Side
    base: Profile
    occasion: Occasion
    notes: list[str] = field(default_factory=list)
    assumed: bool = False

    def reading(self, roadmap: Roadmap | None, default_week: DefaultWeek) -> Reading:
        """The profile from now on; days off, calendars and skills are added to those there are."""
        said, base, begins = self.as_said(), self.base, self.occasion.begins
        start = self._start(said.interview) if begins else base.start
        from_day = start if begins else self.occasion.as_of
        minutes, windows = self._week(default_week)
        profile = replace(
            said,
            start=start,
            minutes_per_week=minutes,
            windows=windows,
            abroad=self._abroad(said.timezone, from_day),
            interview=self._interview(said.interview, start, from_day),
            days_off=self._days_off(from_day),
            pins=() if begins else base.pins,
            dropped=() if begins else base.dropped,
        )
        self._narrower(roadmap.phase_of if roadmap else {})
        self.typed.problems.stop()
        notes = tuple(self.notes)
        return Reading(profile=profile, notes=notes, week_assumed=self.assumed)

    def as_said(self) -> Profile:
        """The profile with what is taken as it is said; the rest hangs together."""
        base, kept, typed = self.base, self.kept.said, self.typed.said
        if "no-busy" in typed:
            off = {PLAIN[key]: False for key in OF_BUSY}
            base = replace(base, busy=(), calendars=(), **off)
            kept = {key: kept[key] for key in kept if key not in ("busy", *OF_BUSY)}
        both = kept | typed
        calendars = (*base.calendars, *kept.get("busy", ()), *typed.get("busy", ()))
        return replace(
            base,
            timezone=both.get("tz", base.timezone),
            skills={**base.skills, **kept.get("skill", {}), **typed.get("skill", {})},
            calendars=tuple(dict.fromkeys(calendars)),
            **{name: both[key] for key, name in PLAIN.items() if key in both},
        )

    def _week(self, default_week: DefaultWeek) -> tuple[int, tuple[Window, ...]]:
        """Minutes and windows that go together, a kept value yielding to a typed one; as they were
        where a plan has them and neither is typed, else by default. Windows say the hours, too."""
        typed, kept, base = self.typed, self.kept, self.base
        if base.windows and not {"hours", "when"} & typed.raw.keys():
            return base.minutes_per_week, base.windows
        if {"hours", "when"} & (typed.broken | kept.broken):
            return 0, ()
        offer = typed if "hours" in typed.said else kept
        frame = typed if typed.said.get("when") else kept
        exact, windows = offer.said.get("hours"), frame.said.get("when", ())
        total = sum(window.minutes for window in windows)
        if windows and exact is None:
            if total > MOST_HOURS * 60:
                what = f"these windows hold {spoken(total)} a week, more than it has beside sleep"
                hint = f"narrow them, or say with --hours how much of them, at most {MOST_HOURS}"
                self.typed.problems.refuse(frame.place("when"), what, hint)
            return total, windows
        minutes = base.minutes_per_week if exact is None else rounded(exact)
        place = "the roadmap's pace" if exact is None else offer.place("hours")
        if windows and frame is typed and offer is kept and minutes > total:
            hours = f"the {spoken(minutes)} of {kept.name}"
            self.notes.append(f"--when is used ({spoken(total)} a week); {hours} yield to it")
            minutes = total
        elif exact not in (None, minutes):
            taken = f"{place} {offer.written('hours')} is taken as {spoken(minutes)}"
            self.notes.append(f"{taken}, in steps of 5 minutes")
        if windows:
            self._weigh(offer, frame, minutes, total)
            if minutes <= total or offer is frame:
                return minutes, windows
        self.assumed, windows = True, default_week.order(minutes)
        if minutes > (total := sum(window.minutes for window in windows)):
            what = (
                f"{spoken(minutes)} is more than the default week holds, which is {spoken(total)}"
            )
            hint = "say when you study, for example --when 'mon-sat 08:00-18:00'"
            self.typed.problems.refuse(place, what, hint)
        return minutes, windows

    def _weigh(self, offer: Side, frame: Side, minutes: int, total: int) -> None:
        """What to say of hours beside windows that hold more of them, or fewer."""
        held, used = spoken(total), f"--hours {offer.written('hours')} is used"
        if minutes > total and offer is frame:
            what = f"{spoken(minutes)} a week is more than the windows hold, which is {held}"
            more = f"add windows for {spoken(minutes - total)}"
            hint = f"lower the hours, {more}, or give only one of the two"
            self.typed.problems.refuse(offer.place("hours"), what, hint)
        elif minutes > total:
            self.notes.append(f"{used}; the windows of {frame.name} ({held}) yield to it")
        elif minutes < total and offer is self.kept and frame is self.typed:
            keep = f"keep the {spoken(minutes)} a week of {offer.name}"
            self.notes.append(f"--when holds {held}; each window is shortened to {keep}")
        elif minutes < total and offer is not frame and self.base.windows:
            self.notes.append(f"{used}; your windows ({held}) are each shortened to it")

    def _start(self, interview: date | None) -> date:
        """The start that was given, else today or the next Monday; today too where an interview
        comes before that Monday."""
        if given := self.typed.said.get("start") or self.kept.said.get("start"):
            return cast("date", given)
        today = self.occasion.as_of
        monday = today + timedelta(days=-today.weekday() % 7)
        if not (interview and today < interview <= monday):
            return monday
        self.notes.append(f"the plan starts today, {today}, since the interview comes so soon")
        return today

    def _interview(self, day: date | None, start: date, from_day: date) -> date | None:
        """The interview to plan for: it leaves a day of study before it and is not years away. One
        that has come is left out where a plan begins anew."""
        broken = {"start", "interview"} & (self.typed.broken | self.kept.broken)
        if day is None or broken or from_day < day <= start + FARTHEST:
            return day
        sides = [side for side in (self.typed, self.kept) if "interview" in side.said]
        if day > start + FARTHEST:
            what = f"{day} is more than five years after the start, {start}"
            hint = "plan without it until it comes nearer"
        elif sides and self.occasion.begins:
            what, hint = f"{day} is not after the start, {start}", f"{_LATER} or an earlier --start"
        elif sides:
            what, hint = f"{day} is not after {from_day}", _LATER
        elif self.occasion.begins:
            gone = "does not come after the start, so it is left out"
            self.notes.append(f"your interview on {day} {gone}")
            return None
        else:
            what = f"your interview on {day} has come, and the plan ends with it"
            hint = "name another with --interview DATE, or begin again with --restart"
        self.typed.problems.refuse((sides or [self.typed])[0].place("interview"), what, hint)
        return day

    def _days_off(self, from_day: date) -> tuple[Days, ...]:
        """Days off added to those there are, those that overlap or touch as one; of a plan that is
        there, what lies behind can be missed, but no longer taken off."""
        more, there = list(self.kept.said.get("off", ())), self.base.days_off
        for days in self.typed.said.get("off", ()):
            if not self.base.windows:
                more.append(days)
            elif days.last >= from_day:
                more.append(replace(days, first=max(days.first, from_day)))
            else:
                said = "..".join(dict.fromkeys((str(days.first), str(days.last))))
                self.notes.append(f"--off {said} lies behind and changes nothing")
        if not more:
            return there
        one = timedelta(days=1)
        united = merged((days.first, days.last + one) for days in (*there, *more))
        return tuple(Days(first=first, last=last - one) for first, last in united)

    def _abroad(self, zone: str, from_day: date) -> tuple[tuple[date, str], ...]:
        """The zones of before, with the one that is left now if it was lived in at all."""
        base = self.base
        last = max((until for until, _ in base.abroad), default=base.start)
        left = zone != base.timezone and from_day > last
        return (*base.abroad, (from_day, base.timezone)) if left else base.abroad

    def _narrower(self, phase_of: Mapping[str, str]) -> None:
        """Remembered levels that a typed one does not reach, since the narrowest wins."""
        typed = self.typed.said.get("skill", {})
        for who, level in typed.items():
            others = {name: it for name, it in self.base.skills.items() if it != level}
            below = [name for name in others if who in ("all", phase_of.get(name))]
            if stay := [f"{id} ({others[id]})" for id in below if id not in (who, "all", *typed)]:
                said = f"as you said before: {', '.join(stay)}"
                self.notes.append(f"--skill {who}={level} is used; {said}")
