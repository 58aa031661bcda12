"""The shape of a plan filled with sessions, before anyone describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from pe_plan.model import Roadmap, Unplaced, Week, WeekKind
from pe_plan.planning.allocation import CHECKPOINT, Allocation, allocate
from pe_plan.planning.drafts import Agenda
from pe_plan.planning.effort import Efforts, depth
from pe_plan.planning.final import fill_final, full_loop
from pe_plan.planning.fitting import Fit
from pe_plan.planning.frame import Frame, demand
from pe_plan.planning.scheduling import Course, flex_minutes, warm_up_every


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a phase stands: its first and last day, its study weeks, and how many of them are more
    than it needs."""

    first: date
    last: date
    weeks: int
    left_over: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Who studies what when, and at what depth. `places` holds the phases that are studied,
    `depths` every topic, 0 for one left out."""

    frame: Frame
    places: Mapping[str, Place]
    depths: dict[str, Fraction]
    weeks: tuple[Week, ...]
    agendas: Sequence[Agenda]
    unplaced: Sequence[Unplaced] = ()
    left_out: tuple[str, ...] = ()


def in_weeks(roadmap: Roadmap, efforts: Efforts, fit: Fit) -> Outline:
    """The regular plan: whole weeks for each phase, catch-up between them, final weeks."""
    asked = demand(roadmap, efforts.of_phases(fit.dial), fit.frame.minutes)
    allocation = allocate(fit.frame.open, asked, fit.needed, fit.stop)
    course = Course(
        roadmap=roadmap,
        efforts={topic.id: efforts.of(topic, fit.dial) for topic in roadmap.topics},
        flex=flex_minutes(fit.frame.minutes),
        warm_up_every=warm_up_every(fit.frame.minutes),
    )
    agendas: list[Agenda] = []
    following = [first for first, _ in (*allocation.phases[1:], allocation.final)]
    for phase, span, then in zip(roadmap.phases, allocation.phases, following, strict=True):
        agendas += course.study(phase, fit.frame.drafts(span), CHECKPOINT)
        if span[1] < then:
            agendas += course.catch_up(fit.frame.drafts((span[1], then)))
    final, unplaced = fill_final(
        fit.frame.drafts(allocation.final),
        full_loop(roadmap),
        roadmap.phases,
        iter(course.next_warm_up, ""),
        warm_up_every=course.warm_up_every,
    )
    return Outline(
        frame=fit.frame,
        places=_places(roadmap, fit, allocation),
        depths={topic.id: depth(topic.priority, fit.dial) for topic in roadmap.topics},
        weeks=_weeks(roadmap, fit.frame, allocation),
        agendas=agendas + final,
        unplaced=unplaced,
    )


def _places(roadmap: Roadmap, fit: Fit, allocation: Allocation) -> dict[str, Place]:
    numbers = fit.frame.open.number
    needed = [end - first for first, end in pairwise((0, *fit.needed.ends))]
    return {
        phase.id: Place(
            first=fit.frame.first_day(numbers[first]),
            last=fit.frame.last_day(numbers[stop - 1]),
            weeks=stop - first,
            left_over=stop - first - least,
        )
        for phase, (first, stop), least in zip(
            roadmap.phases, allocation.phases, needed, strict=True
        )
    }


def _weeks(roadmap: Roadmap, frame: Frame, allocation: Allocation) -> tuple[Week, ...]:
    """Every calendar week up to the finish, those passed over as `off`."""
    labels: dict[int, tuple[WeekKind, str | None]] = {}
    for phase, span in zip(roadmap.phases, allocation.phases, strict=True):
        labels |= {frame.open.number[k]: ("study", phase.id) for k in range(*span)}
    labels |= {frame.open.number[k]: ("catch-up", None) for k in allocation.catch_up}
    labels |= {frame.open.number[k]: ("final", None) for k in range(*allocation.final)}
    weeks: list[Week] = []
    for number in range(max(labels) + 1):
        kind, phase_id = labels.get(number, ("off", None))
        weeks.append(
            Week(
                n=number + 1,
                starts=frame.first_day(number),
                kind=kind,
                phase=phase_id,
                capacity=sum(slot.minutes for slot in frame.weeks[number]),
            )
        )
    return tuple(weeks)
