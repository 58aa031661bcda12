"""The shape of a plan filled with sessions, before anyone describes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from pe_plan.model import Phase, PhasePlan, Roadmap, Round, Unplaced, Week, WeekKind
from pe_plan.planning.allocation import CHECKPOINT, Allocation, Span, allocate
from pe_plan.planning.drafts import Agenda
from pe_plan.planning.effort import Efforts
from pe_plan.planning.explaining import why_weeks
from pe_plan.planning.final import fill_final, full_loop
from pe_plan.planning.fitting import Fit
from pe_plan.planning.frame import Close, Frame, demand
from pe_plan.planning.reviews import Memory
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
    was done, phases whose checkpoint is over, and the activities still open in topics begun. Its
    final weeks hold the `loop` and a recall of each of the phases `to_recall`."""

    memories: Sequence[Memory]
    alongside: Sequence[str]
    warm_ups: int
    checked: Collection[str]
    activities: Mapping[str, Shares]
    loop: Sequence[Round]
    to_recall: Sequence[Phase]
    close: Close


def phase_plan(
    phase: Phase, place: Place, efforts: Efforts, depths: Mapping[str, Fraction], minutes: int
) -> PhasePlan:
    """What a plan says of a phase in its place, with its `minutes` of study."""
    return PhasePlan(
        id=phase.id,
        title=phase.title,
        weeks=place.weeks,
        roadmap_weeks=phase.weeks,
        starts=place.first,
        ends=place.last,
        minutes=minutes,
        why=why_weeks(phase, efforts, depths, place.left_over),
    )


def in_weeks(roadmap: Roadmap, efforts: Efforts, fit: Fit, begun: Begun | None = None) -> Outline:
    """The regular plan: whole weeks for each phase, catch-up between them, final weeks."""
    close = begun.close if begun else None
    asked = demand(roadmap, efforts.of_phases(fit.dial), fit.frame.minutes, close)
    allocation = allocate(fit.frame.open, asked, fit.needed, fit.stop)
    course = Course(
        roadmap=roadmap,
        efforts={topic.id: efforts.of(topic, fit.dial) for topic in roadmap.topics},
        flex=flex_minutes(fit.frame.minutes),
        warm_up_every=warm_up_every(fit.frame.minutes),
    )
    if begun:
        course.go_on(begun.memories, begun.alongside, begun.warm_ups, begun.activities)
    checked = begun.checked if begun else ()
    agendas: list[Agenda] = []
    following = [first for first, _ in (*allocation.phases[1:], allocation.final)]
    for phase, span, then in zip(roadmap.phases, allocation.phases, following, strict=True):
        checkpoint = 0 if phase.id in checked else CHECKPOINT
        agendas += course.study(phase, fit.frame.drafts(span), checkpoint)
        if span[1] < then:
            agendas += course.catch_up(fit.frame.drafts((span[1], then)))
    final, unplaced = fill_final(
        fit.frame.drafts(allocation.final),
        begun.loop if begun else full_loop(roadmap),
        begun.to_recall if begun else roadmap.phases,
        iter(course.next_warm_up, ""),
        warm_up_every=course.warm_up_every,
    )
    return Outline(
        frame=fit.frame,
        places=_places(roadmap, fit, allocation),
        depths={topic.id: efforts.depth(topic, fit.dial) for topic in roadmap.topics},
        weeks=weeks_of(
            fit.frame,
            dict(zip((phase.id for phase in roadmap.phases), allocation.phases, strict=True)),
            allocation.catch_up,
            allocation.final,
        ),
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


def weeks_of(
    frame: Frame, phases: Mapping[str, Span], catch_up: Iterable[int], final: Span
) -> tuple[Week, ...]:
    """Every calendar week up to the finish, those passed over as `off`. The spans and the catch-up
    weeks count open weeks."""
    labels: dict[int, tuple[WeekKind, str | None]] = {}
    for phase, span in phases.items():
        labels |= {frame.open.number[k]: ("study", phase) for k in range(*span)}
    labels |= {frame.open.number[k]: ("catch-up", None) for k in catch_up}
    labels |= {frame.open.number[k]: ("final", None) for k in range(*final)}
    weeks: list[Week] = []
    for number in range(max(labels, default=-1) + 1):
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
