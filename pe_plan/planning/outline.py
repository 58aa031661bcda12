"""The shape of a plan filled with sessions, before anyone describes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct, field

from pe_plan.model import Phase, PhasePlan, Roadmap, Unplaced, Week, WeekKind
from pe_plan.planning.allocation import CHECKPOINT, Span, allocate
from pe_plan.planning.blocks import Agenda
from pe_plan.planning.effort import Efforts
from pe_plan.planning.final import Close, full_close
from pe_plan.planning.fitting import Fit, Frame, demand
from pe_plan.planning.memory import Memory
from pe_plan.planning.scheduling import Course, flex_minutes, warm_up_every
from pe_plan.planning.study import Shares


class Place(Struct, frozen=True, kw_only=True):
    """Where a phase stands: its first and last day, its study weeks, and how many of them are more
    than it needs."""

    first: date
    last: date
    weeks: int
    left_over: int = 0


class Outline(Struct, frozen=True, kw_only=True):
    """Who studies what when, and at what depth. `places` holds the phases that are studied,
    `depths` every topic, 0 for one left out."""

    frame: Frame
    places: Mapping[str, Place]
    depths: dict[str, Fraction]
    weeks: tuple[Week, ...]
    agendas: Sequence[Agenda]
    unplaced: Sequence[Unplaced] = ()
    left_out: tuple[str, ...] = ()


class Begun(Struct, frozen=True, kw_only=True):
    """What lies behind a plan that goes on: memories, the topics to warm up with, how often that
    was done, phases whose checkpoint is over, and the activities still open in topics begun; and
    how it is to `close`."""

    close: Close
    memories: Sequence[Memory] = ()
    alongside: Sequence[str] = ()
    warm_ups: int = 0
    checked: Collection[str] = ()
    activities: Mapping[str, Shares] = field(default_factory=dict)

    def course(
        self, roadmap: Roadmap, efforts: Mapping[str, Fraction], minutes: int, flex: int = 0
    ) -> Course:
        """What runs on through the weeks, at `minutes` a week."""
        return Course(
            roadmap=roadmap,
            efforts=efforts,
            flex=flex,
            warm_up_every=warm_up_every(minutes),
            memories=list(self.memories),
            alongside=list(self.alongside),
            warm_ups=self.warm_ups,
            activities=self.activities,
        )


def in_weeks(roadmap: Roadmap, efforts: Efforts, fit: Fit, begun: Begun | None = None) -> Outline:
    """The regular plan: whole weeks for each phase, catch-up between them, final weeks."""
    begun = begun or Begun(close=full_close(roadmap))
    minutes = fit.frame.minutes
    asked = demand(roadmap, efforts.of_phases(fit.dial), minutes, begun.close)
    allocation = allocate(fit.frame.open, asked, fit.needed, fit.stop)
    wanted = {topic.id: efforts.of(topic, fit.dial) for topic in roadmap.topics}
    course = begun.course(roadmap, wanted, minutes, flex_minutes(minutes))
    agendas: list[Agenda] = []
    following = [first for first, _ in (*allocation.phases[1:], allocation.final)]
    for phase, span, then in zip(roadmap.phases, allocation.phases, following, strict=True):
        checkpoint = 0 if phase.id in begun.checked else CHECKPOINT
        agendas += course.study(phase, fit.frame.drafts(span), checkpoint)
        if span[1] < then:
            agendas += course.catch_up(fit.frame.drafts((span[1], then)))
    final, unplaced = course.final(fit.frame.drafts(allocation.final), begun.close)
    phases = dict(zip((phase.id for phase in roadmap.phases), allocation.phases, strict=True))
    return Outline(
        frame=fit.frame,
        places=_places(fit, phases),
        depths={topic.id: efforts.depth(topic, fit.dial) for topic in roadmap.topics},
        weeks=weeks_of(fit.frame, phases, allocation.catch_up, allocation.final),
        agendas=agendas + final,
        unplaced=unplaced,
    )


def _places(fit: Fit, phases: Mapping[str, Span]) -> dict[str, Place]:
    numbers = fit.frame.open.number
    needed = [end - first for first, end in pairwise((0, *fit.needed.ends))]
    return {
        phase: Place(
            first=fit.frame.first_day(numbers[first]),
            last=fit.frame.finish(stop),
            weeks=stop - first,
            left_over=stop - first - least,
        )
        for (phase, (first, stop)), least in zip(phases.items(), needed, strict=True)
    }


def weeks_of(
    frame: Frame, phases: Mapping[str, Span], catch_up: Iterable[int], final: Span
) -> tuple[Week, ...]:
    """Every calendar week up to the finish, those passed over as `off`. The spans and the catch-up
    weeks count open weeks."""
    labels: dict[int, tuple[WeekKind, str | None]] = {}
    for phase, span in phases.items():
        labels |= dict.fromkeys(range(*span), ("study", phase))
    labels |= dict.fromkeys(catch_up, ("catch-up", None))
    labels |= dict.fromkeys(range(*final), ("final", None))
    return frame.labelled({frame.open.number[k]: label for k, label in labels.items()})


# ── What is said of a phase ───────────────────────────────────────────────────────────────────


def phase_plan(
    phase: Phase,
    place: Place,
    efforts: Efforts,
    depths: Mapping[str, Fraction],
    minutes: Mapping[str, int],
) -> PhasePlan:
    """What a plan says of a phase in its place; `depths` and `minutes` of study are its topics'."""
    return PhasePlan(
        id=phase.id,
        title=phase.title,
        weeks=place.weeks,
        roadmap_weeks=phase.weeks,
        starts=place.first,
        ends=place.last,
        minutes=sum(minutes[topic.id] for topic in phase.topics),
        why=_why_weeks(phase, efforts, depths, place.left_over),
    )


def _why_weeks(phase: Phase, efforts: Efforts, depths: Mapping[str, Fraction], spare: int) -> str:
    """How a phase comes to its weeks: its levels, its hours of work, and weeks left over."""
    levels = {efforts.levels[topic.id] for topic in phase.topics}
    level = levels.pop() if len(levels) == 1 else "mixed levels"
    full = sum((efforts.full[topic.id] for topic in phase.topics), Fraction(0))
    asked = sum((efforts.full[topic.id] * depths[topic.id] for topic in phase.topics), Fraction(0))
    work = f"{_hours(asked)} of {_hours(full)}" if asked < full else _hours(full)
    room = f", +{spare} week{'s' * (spare > 1)}" if spare > 0 else ""
    return f"{level}: {work} h{room}"


def _hours(minutes: Fraction) -> str:
    """Minutes as hours, to the quarter where that is exact, else to the tenth: "16.5"."""
    exact = minutes / 60
    shown = float(exact) if exact.limit_denominator(4) == exact else round(float(exact), 1)
    return f"{shown:g}"
