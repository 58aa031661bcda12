"""Short notice: not even the core fits into the weeks before the interview.

Phases take consecutive blocks instead of weeks; topics come by priority, then weight, until the
time is spent. What has to be known goes only as deep as lets all of it in: an interviewer asks
across the rounds. The last blocks are the full loop and recall, or recall alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec.structs import replace

from pe_plan.model import SHORTEST, Phase, Roadmap, Topic, Unplaced, Week
from pe_plan.planning.allocation import CHECKPOINT, LOOP_MOCK
from pe_plan.planning.blocks import Agenda, Draft
from pe_plan.planning.effort import DIAL_END, Efforts, depth
from pe_plan.planning.final import fill_final, full_close
from pe_plan.planning.fitting import Frame
from pe_plan.planning.outline import Begun, Outline, Place
from pe_plan.planning.study import room

_CHECKPOINT_SHARE = 4  # a checkpoint takes at most a quarter of its phase,
_CLOSING_SHARE = 4  # and the last blocks of all the time


def at_short_notice(roadmap: Roadmap, efforts: Efforts, frame: Frame) -> Outline:
    """What fits before the interview, and what is left out, most important first."""
    drafts = frame.drafts((0, len(frame.open)))
    close = full_close(roadmap)
    unplaced: list[Unplaced] = []
    if closing := _closing(close.minutes, drafts):
        study, final = drafts[:-closing], drafts[-closing:]
    else:  # one block of recall, and none where there is but one block
        study, final = drafts[:-1] or drafts, drafts[1:][-1:]
        unplaced = [Unplaced(kind="mock", minutes=LOOP_MOCK, round=r.id) for r in close.loop]
        close = replace(close, loop=())
    depths = _depths(roadmap, efforts, sum(draft.slot.minutes for draft in study))
    core = {topic.id: efforts.full[topic.id] * depths[topic.id] for topic in roadmap.topics}
    ranked = sorted(roadmap.topics, key=lambda topic: (topic.priority, -topic.weight))
    chosen = _chosen(ranked, core, study, roadmap)
    phases = _reduced(roadmap, chosen)
    close = replace(close, to_recall=phases)
    course = Begun(close=close).course(roadmap, core, frame.minutes)
    agendas: list[Agenda] = []
    missed: list[Unplaced] = []
    places: dict[str, Place] = {}
    for phase, blocks in zip(phases, _consecutive(phases, core, study), strict=True):
        places[phase.id] = Place(first=blocks[0].slot.day, last=blocks[-1].slot.day, weeks=0)
        checkpoint = _checkpoint(phase, blocks)
        if not checkpoint:
            missed.append(Unplaced(kind="mock", minutes=CHECKPOINT, phase=phase.id))
        agendas += course.study(phase, blocks, checkpoint)
    last, missing = fill_final(final, close, iter(()), warm_up_every=course.warm_up_every)
    weeks = _weeks(frame, roadmap, agendas)
    studied = Counter(week.phase for week in weeks)
    return Outline(
        frame=frame,
        places={id: replace(place, weeks=studied[id]) for id, place in places.items()},
        depths={id: depth if id in chosen else Fraction(0) for id, depth in depths.items()},
        weeks=weeks,
        agendas=agendas + last,
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
    must = [topic for topic in roadmap.topics if topic.priority == 1]
    asked = sum((efforts.full[topic.id] for topic in must), Fraction(0))
    least, core = depth(3, DIAL_END), depth(1, DIAL_END)
    deep = min(max(minutes / asked, least), core) if must else core
    return {
        topic.id: deep if topic.priority == 1 else depth(topic.priority, DIAL_END)
        for topic in roadmap.topics
    }


def _reduced(roadmap: Roadmap, chosen: set[str]) -> list[Phase]:
    """The phases with their chosen topics alone; those without any are gone."""
    return [
        replace(
            phase,
            topics=tuple(topic for topic in phase.topics if topic.id in chosen),
            order=tuple(id for id in phase.order if id in chosen),
        )
        for phase in roadmap.phases
        if any(topic.id in chosen for topic in phase.topics)
    ]


def _chosen(
    ranked: Sequence[Topic], core: Mapping[str, Fraction], drafts: Sequence[Draft], roadmap: Roadmap
) -> set[str]:
    """Topics until the time is spent, as far as whole blocks for each phase have room for them."""
    time = sum(draft.slot.minutes for draft in drafts)
    rooms = [room([draft.slot.minutes]) for draft in drafts]
    number = {topic.id: k for k, phase in enumerate(roadmap.phases) for topic in phase.topics}
    counts = [0] * len(roadmap.phases)
    chosen: set[str] = set()
    spent = Fraction(0)
    for topic in ranked:
        if spent + SHORTEST > time:
            break
        counts[number[topic.id]] += 1
        if _stops(counts, rooms)[-1] <= len(rooms):
            chosen.add(topic.id)
            spent += max(core[topic.id], Fraction(SHORTEST))
        else:
            counts[number[topic.id]] -= 1
    return chosen


def _stops(counts: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Where each phase stops when every one takes the fewest blocks that hold so many topics;
    beyond the end where the blocks do not suffice."""
    stops: list[int] = []
    stop = 0
    for count in counts:
        held = 0
        while held < count:
            held += rooms[stop] if stop < len(rooms) else count
            stop += 1
        stops.append(stop)
    return stops


def _consecutive(
    phases: Sequence[Phase], core: Mapping[str, Fraction], drafts: Sequence[Draft]
) -> list[list[Draft]]:
    """The blocks shared out in order, each phase as near to its part of the effort as whole blocks
    with room for its topics and for those of the phases to come allow."""
    counts = [len(phase.topics) for phase in phases]
    rooms = [room([draft.slot.minutes]) for draft in drafts]
    latest = [len(rooms) - stop for stop in (0, *_stops(counts[:0:-1], rooms[::-1]))][::-1]
    efforts = accumulate(sum((core[id] for id in phase.order), Fraction(0)) for phase in phases)
    asked = list(efforts)
    ends = (0, *accumulate(draft.slot.minutes for draft in drafts))
    shares: list[list[Draft]] = []
    first = 0
    for k, effort in enumerate(asked):
        wanted = effort * ends[-1] / asked[-1]
        earliest = first + _stops(counts[k : k + 1], rooms[first:])[-1]
        stop = min(range(earliest, latest[k] + 1), key=lambda stop: abs(ends[stop] - wanted))
        shares.append(list(drafts[first:stop]))
        first = stop
    return shares


def _checkpoint(phase: Phase, drafts: Sequence[Draft]) -> int:
    """An hour where that is little beside the phase and leaves every topic its place."""
    minutes = sum(draft.slot.minutes for draft in drafts)
    held = min(CHECKPOINT, drafts[-1].slot.minutes)
    lengths = [draft.slot.minutes for draft in drafts]
    roomy = room([*lengths[:-1], lengths[-1] - held]) >= len(phase.topics)
    return CHECKPOINT if roomy and held * _CHECKPOINT_SHARE <= minutes else 0


def _weeks(frame: Frame, roadmap: Roadmap, agendas: Sequence[Agenda]) -> tuple[Week, ...]:
    """Calendar weeks up to the interview; a week belongs to the phase studied first in it."""
    phase_of = roadmap.phase_of
    first: dict[int, str] = {}
    for slot, pieces in agendas:
        if studied := [phase_of[piece.topic] for piece in pieces if piece.topic]:
            first.setdefault((slot.day - frame.profile.start).days // 7, studied[-1])
    return frame.labelled(
        {n: ("study", first[n]) if n in first else ("final", None) for n in frame.open.number}
    )
