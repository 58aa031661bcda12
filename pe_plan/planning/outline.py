"""The shape of a plan filled with sessions: in whole weeks, or at short notice."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import (
    SHORTEST,
    Phase,
    PhasePlan,
    Roadmap,
    Topic,
    TopicPlan,
    Unplaced,
    Week,
    WeekKind,
)
from pe_plan.planning.allocation import CHECKPOINT, LOOP_MOCK, Span, allocate
from pe_plan.planning.blocks import Draft
from pe_plan.planning.effort import DIAL_END, Efforts, depth
from pe_plan.planning.fitting import Fit, Frame, demand
from pe_plan.planning.scheduling import Begun, Course, fill_final, flex_minutes, full_close
from pe_plan.planning.study import room

_CHECKPOINT_SHARE = 4  # a checkpoint takes at most a quarter of its phase,
_CLOSING_SHARE = 4  # and the last blocks of all the time


class Place(Struct, frozen=True, kw_only=True):
    """Where a phase stands: its first and last day, its study weeks, and how many of them are more
    than it needs."""

    first: date
    last: date
    weeks: int = 0
    left_over: int = 0


class Outline(Struct, frozen=True, kw_only=True):
    """Who studies what when, and at what depth. `places` holds the phases that are studied,
    `depths` every topic, 0 for one left out."""

    frame: Frame
    places: Mapping[str, Place]
    depths: dict[str, Fraction]
    weeks: tuple[Week, ...]
    drafts: Sequence[Draft]
    unplaced: Sequence[Unplaced] = ()
    left_out: tuple[str, ...] = ()


def in_weeks(roadmap: Roadmap, efforts: Efforts, fit: Fit, begun: Begun | None = None) -> Outline:
    """The regular plan: whole weeks for each phase, catch-up between them, final weeks."""
    begun, frame = begun or Begun(close=full_close(roadmap)), fit.frame
    asked = demand(roadmap, efforts.of_phases(fit.dial), frame.minutes, begun.close)
    allocation = allocate(frame.open, asked, fit.needed, fit.stop)
    phases = dict(zip((phase.id for phase in roadmap.phases), allocation.phases, strict=True))
    needed = [end - first for first, end in pairwise((0, *fit.needed.ends))]
    following = [first for first, _ in (*allocation.phases[1:], allocation.final)]
    wanted = {topic.id: efforts.of(topic, fit.dial) for topic in roadmap.topics}
    course = Course(roadmap, wanted, frame.minutes, begun)
    drafts: list[Draft] = []
    places: dict[str, Place] = {}
    for phase, least, then in zip(roadmap.phases, needed, following, strict=True):
        first, stop = phases[phase.id]
        starts, ends = frame.first_day(frame.open.number[first]), frame.finish(stop)
        weeks = stop - first
        places[phase.id] = Place(first=starts, last=ends, weeks=weeks, left_over=weeks - least)
        own, between = frame.drafts((first, stop)), frame.drafts((stop, then))
        checkpoint = 0 if phase.id in begun.checked else CHECKPOINT
        course.study(phase, own, checkpoint, flex_minutes(frame.minutes))
        course.catch_up(between)
        drafts += own + between
    final = frame.drafts(allocation.final)
    return Outline(
        frame=frame,
        places=places,
        depths={topic.id: efforts.depth(topic, fit.dial) for topic in roadmap.topics},
        weeks=weeks_of(frame, phases, allocation.catch_up, allocation.final),
        unplaced=course.final(final),
        drafts=drafts + final,
    )


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


# ── At short notice ───────────────────────────────────────────────────────────────────────────


def at_short_notice(roadmap: Roadmap, efforts: Efforts, frame: Frame) -> Outline:
    """What fits where not even the core fits into the weeks before the interview.

    Phases take consecutive blocks instead of weeks; topics come by priority, then weight, until the
    time is spent. What has to be known goes only as deep as lets all of it in: an interviewer asks
    across the rounds. The last blocks are the full loop and recall, or recall alone.
    """
    drafts, close = frame.drafts((0, len(frame.open))), full_close(roadmap)
    unplaced: list[Unplaced] = []
    if closing := _closing(close.minutes, drafts):
        study, final = drafts[:-closing], drafts[-closing:]
    else:  # one block of recall, and none where there is but one block
        study, final = drafts[:-1] or drafts, drafts[1:][-1:]
        unplaced = [Unplaced(kind="mock", minutes=LOOP_MOCK, round=r.id) for r in close.loop]
        close = replace(close, loop=())
    lengths = [draft.slot.minutes for draft in study]
    depths = _depths(roadmap, efforts, sum(lengths))
    core = {topic.id: efforts.full[topic.id] * depths[topic.id] for topic in roadmap.topics}
    ranked = sorted(roadmap.topics, key=lambda topic: (topic.priority, -topic.weight))
    chosen = _chosen(ranked, core, lengths, roadmap)
    phases = _reduced(roadmap, chosen)
    close = replace(close, to_recall=phases)
    course = Course(roadmap, core, frame.minutes, Begun(close=close))
    missed: list[Unplaced] = []
    places: dict[str, Place] = {}
    spans = _consecutive(phases, core, lengths)
    for phase, (first, stop) in zip(phases, spans, strict=True):
        checkpoint = _checkpoint(phase, lengths[first:stop])
        if not checkpoint:
            missed.append(Unplaced(kind="mock", minutes=CHECKPOINT, phase=phase.id))
        course.study(phase, study[first:stop], checkpoint, flex=0)
        places[phase.id] = Place(first=study[first].slot.day, last=study[stop - 1].slot.day)
    missing = fill_final(final, close, iter(()), warm_up_every=1)
    weeks = _weeks(frame, roadmap, study)
    studied = Counter(week.phase for week in weeks)
    places = {id: replace(place, weeks=studied[id]) for id, place in places.items()}
    return Outline(
        frame=frame,
        places=places,
        depths={id: depth if id in chosen else Fraction(0) for id, depth in depths.items()},
        weeks=weeks,
        drafts=drafts,
        unplaced=missed + unplaced + missing,
        left_out=tuple(topic.id for topic in ranked if topic.id not in chosen),
    )


def _closing(minutes: int, drafts: Sequence[Draft]) -> int:
    """The number of last blocks for so many minutes, 0 where they take more than a quarter of the
    time."""
    ends = list(accumulate(draft.slot.minutes for draft in reversed(drafts)))
    blocks = bisect_left(ends, minutes) + 1
    fits = blocks <= len(ends) and ends[blocks - 1] * _CLOSING_SHARE <= ends[-1]
    return blocks if fits else 0


def _depths(roadmap: Roadmap, efforts: Efforts, minutes: int) -> dict[str, Fraction]:
    """How deep each topic goes if it is chosen: the others at their shallowest, and what has to
    be known as deep as lets all of it in, from a quarter up to its core depth."""
    must = [efforts.full[topic.id] for topic in roadmap.topics if topic.priority == 1]
    goes = {priority: depth(priority, DIAL_END) for priority in (1, 2, 3)}
    if must:
        goes[1] = min(max(minutes / sum(must, Fraction(0)), goes[3]), goes[1])
    return {topic.id: goes[topic.priority] for topic in roadmap.topics}


def _reduced(roadmap: Roadmap, chosen: set[str]) -> list[Phase]:
    """The phases with their chosen topics alone; those without any are gone."""
    found: list[Phase] = []
    for phase in roadmap.phases:
        if topics := tuple(topic for topic in phase.topics if topic.id in chosen):
            order = tuple(id for id in phase.order if id in chosen)
            found.append(replace(phase, topics=topics, order=order))
    return found


def _chosen(
    ranked: Sequence[Topic], core: Mapping[str, Fraction], lengths: Sequence[int], roadmap: Roadmap
) -> set[str]:
    """Topics until the time is spent, as far as whole blocks for each phase have room for them."""
    number = {topic.id: k for k, phase in enumerate(roadmap.phases) for topic in phase.topics}
    counts = [0] * len(roadmap.phases)
    chosen: set[str] = set()
    spent = Fraction(0)
    for topic in ranked:
        if spent + SHORTEST > sum(lengths):
            break
        counts[number[topic.id]] += 1
        if _stops(counts, lengths)[-1] <= len(lengths):
            chosen.add(topic.id)
            spent += max(core[topic.id], Fraction(SHORTEST))
        else:
            counts[number[topic.id]] -= 1
    return chosen


def _stops(counts: Sequence[int], lengths: Sequence[int]) -> list[int]:
    """Where each phase stops when every one takes the fewest blocks that hold so many topics;
    beyond the end where the blocks do not suffice."""
    stops: list[int] = []
    stop = 0
    for count in counts:
        held = 0
        while held < count:
            held += room(lengths[stop : stop + 1]) if stop < len(lengths) else count
            stop += 1
        stops.append(stop)
    return stops


def _consecutive(
    phases: Sequence[Phase], core: Mapping[str, Fraction], lengths: Sequence[int]
) -> list[Span]:
    """The blocks shared out in order, each phase as near to its part of the effort as whole blocks
    with room for its topics and for those of the phases to come allow."""
    counts = [len(phase.topics) for phase in phases]
    latest = [len(lengths) - stop for stop in (0, *_stops(counts[:0:-1], lengths[::-1]))][::-1]
    efforts = [sum((core[id] for id in phase.order), Fraction(0)) for phase in phases]
    ends = (0, *accumulate(lengths))
    spans: list[Span] = []
    first = 0
    for k, effort in enumerate(accumulate(efforts)):
        wanted = effort * ends[-1] / sum(efforts)
        earliest = first + _stops(counts[k : k + 1], lengths[first:])[-1]
        stop = min(range(earliest, latest[k] + 1), key=lambda stop: abs(ends[stop] - wanted))
        spans.append((first, stop))
        first = stop
    return spans


def _checkpoint(phase: Phase, lengths: Sequence[int]) -> int:
    """An hour where that is little beside the phase and leaves every topic its place."""
    held = min(CHECKPOINT, lengths[-1])
    roomy = room([*lengths[:-1], lengths[-1] - held]) >= len(phase.topics)
    return CHECKPOINT if roomy and held * _CHECKPOINT_SHARE <= sum(lengths) else 0


def _weeks(frame: Frame, roadmap: Roadmap, drafts: Sequence[Draft]) -> tuple[Week, ...]:
    """Calendar weeks up to the interview; a week belongs to the phase studied first in it."""
    phase_of = roadmap.phase_of
    first: dict[int, str] = {}
    for draft in drafts:
        if studied := [phase_of[piece.topic] for piece in draft.pieces if piece.topic]:
            first.setdefault(draft.week, studied[-1])
    return frame.labelled(
        {n: ("study", first[n]) if n in first else ("final", None) for n in frame.open.number}
    )


# ── What is said of a phase ───────────────────────────────────────────────────────────────────


def phase_plan(
    phase: Phase, place: Place, efforts: Efforts, topics: Mapping[str, TopicPlan]
) -> PhasePlan:
    """What a plan says of a phase in its place, and why its weeks: levels, hours of work, spare."""
    ids = [topic.id for topic in phase.topics]
    levels = {efforts.levels[id] for id in ids}
    level = levels.pop() if len(levels) == 1 else "mixed levels"
    full = sum((efforts.full[id] for id in ids), Fraction(0))
    asked = sum((efforts.full[id] * topics[id].depth for id in ids), Fraction(0))
    work = f"{_hours(asked)} of {_hours(full)}" if asked < full else _hours(full)
    spare = place.left_over
    return PhasePlan(
        id=phase.id,
        title=phase.title,
        weeks=place.weeks,
        roadmap_weeks=phase.weeks,
        starts=place.first,
        ends=place.last,
        minutes=sum(topics[id].minutes for id in ids),
        why=f"{level}: {work} h" + (f", +{spare} week{'s' * (spare > 1)}" if spare > 0 else ""),
    )


def _hours(minutes: Fraction) -> str:
    """Minutes as hours, to the quarter where that is exact, else to the tenth: "16.5"."""
    exact = minutes / 60
    shown = float(exact) if exact.limit_denominator(4) == exact else round(float(exact), 1)
    return f"{shown:g}"
