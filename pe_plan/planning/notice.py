"""Short notice: not even the core fits into the weeks before the interview.

Phases take consecutive blocks instead of weeks; topics come by priority, then weight, each at core
depth, until the time is spent; the last block is recall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from pe_plan.model import SHORTEST, STEP, Phase, Roadmap, Topic, Unplaced, Week
from pe_plan.planning.allocation import CHECKPOINT, LOOP_MOCK
from pe_plan.planning.dividing import room
from pe_plan.planning.drafts import Agenda, Draft, Piece, filled
from pe_plan.planning.effort import DIAL_END, Efforts, depth
from pe_plan.planning.final import full_loop
from pe_plan.planning.frame import Frame
from pe_plan.planning.outline import Outline, Place
from pe_plan.planning.scheduling import Course, warm_up_every

_CHECKPOINT_SHARE = 4  # a checkpoint takes at most a quarter of its phase


def at_short_notice(roadmap: Roadmap, efforts: Efforts, frame: Frame) -> Outline:
    """What fits before the interview, and what is left out, most important first."""
    drafts = frame.drafts((0, len(frame.open)))
    study, recall = (drafts[:-1], drafts[-1:]) if len(drafts) > 1 else (drafts, [])
    core = {topic.id: efforts.of(topic, DIAL_END) for topic in roadmap.topics}
    ranked = _ranked(roadmap)
    chosen = _chosen(ranked, core, study, roadmap)
    phases = [
        replace(
            phase,
            topics=tuple(topic for topic in phase.topics if topic.id in chosen),
            order=tuple(id for id in phase.order if id in chosen),
        )
        for phase in roadmap.phases
        if any(topic.id in chosen for topic in phase.topics)
    ]
    course = Course(
        roadmap=roadmap, efforts=core, flex=0, warm_up_every=warm_up_every(frame.minutes)
    )
    agendas: list[Agenda] = []
    unplaced: list[Unplaced] = []
    places: dict[str, Place] = {}
    for phase, blocks in zip(phases, _consecutive(phases, core, study), strict=True):
        places[phase.id] = Place(
            first=blocks[0].slot.day,
            last=blocks[-1].slot.day,
            weeks=len({block.week for block in blocks}),
        )
        checkpoint = _checkpoint(phase, blocks)
        if not checkpoint:
            unplaced.append(Unplaced(kind="mock", minutes=CHECKPOINT, phase=phase.id))
        agendas += course.study(phase, blocks, checkpoint)
    agendas += _recall(recall, phases)
    unplaced += [
        Unplaced(kind="mock", minutes=LOOP_MOCK, round=round_.id) for round_ in full_loop(roadmap)
    ]
    if not recall:
        minutes = [(phase.id, STEP * len(phase.topics)) for phase in phases]
        unplaced += [Unplaced(kind="review", minutes=m, phase=id) for id, m in minutes]
    return Outline(
        frame=frame,
        places=places,
        depths={
            topic.id: depth(topic.priority, DIAL_END) if topic.id in chosen else Fraction(0)
            for topic in roadmap.topics
        },
        weeks=_weeks(frame, roadmap, agendas),
        agendas=agendas,
        unplaced=unplaced,
        left_out=tuple(topic.id for topic in ranked if topic.id not in chosen),
    )


def _ranked(roadmap: Roadmap) -> list[Topic]:
    return sorted(roadmap.topics, key=lambda topic: (topic.priority, -topic.weight))


def _chosen(
    ranked: Sequence[Topic],
    core: dict[str, Fraction],
    drafts: Sequence[Draft],
    roadmap: Roadmap,
) -> set[str]:
    """Topics until the time is spent, as far as each has room, and each phase a block."""
    time = sum(draft.slot.minutes for draft in drafts)
    places = room([draft.slot.minutes for draft in drafts])
    phase_of = roadmap.phase_of
    chosen: set[str] = set()
    spent = Fraction(0)
    for topic in ranked:
        phases = {phase_of[id] for id in (*chosen, topic.id)}
        if spent + SHORTEST > time or len(chosen) == places:
            break
        if len(phases) <= len(drafts):
            chosen.add(topic.id)
            spent += max(core[topic.id], SHORTEST)
    return chosen


def _consecutive(
    phases: Sequence[Phase], core: dict[str, Fraction], drafts: Sequence[Draft]
) -> list[list[Draft]]:
    """The blocks shared out in order, each phase as near to its part of the effort as whole blocks
    allow, with room for its topics."""
    efforts = [sum((core[id] for id in phase.order), Fraction(0)) for phase in phases]
    ends = list(accumulate(draft.slot.minutes for draft in drafts))
    shares: list[list[Draft]] = []
    first = 0
    whole, reached = sum(efforts, Fraction(0)), Fraction(0)
    for k, effort in enumerate(efforts):
        reached += effort
        wanted = reached * ends[-1] / whole
        stop = first + 1
        last = len(drafts) - (len(phases) - k - 1)
        while stop < last and (
            _cramped(phases[k], drafts[first:stop])
            or (
                abs(ends[stop] - wanted) <= abs(ends[stop - 1] - wanted)
                and not _cramped_later(phases[k + 1 :], drafts[stop + 1 :])
            )
        ):
            stop += 1
        stop = len(drafts) if k == len(phases) - 1 else stop
        shares.append(list(drafts[first:stop]))
        first = stop
    return shares


def _cramped(phase: Phase, drafts: Sequence[Draft]) -> bool:
    return room([draft.slot.minutes for draft in drafts]) < len(phase.topics)


def _cramped_later(phases: Sequence[Phase], drafts: Sequence[Draft]) -> bool:
    topics = sum(len(phase.topics) for phase in phases)
    return room([draft.slot.minutes for draft in drafts]) < topics


def _checkpoint(phase: Phase, drafts: Sequence[Draft]) -> int:
    """An hour where that is little beside the phase and leaves every topic its place."""
    minutes = sum(draft.slot.minutes for draft in drafts)
    held = min(CHECKPOINT, drafts[-1].slot.minutes)
    lengths = [draft.slot.minutes for draft in drafts]
    roomy = room([*lengths[:-1], lengths[-1] - held]) >= len(phase.topics)
    return CHECKPOINT if roomy and held * _CHECKPOINT_SHARE <= minutes else 0


def _recall(drafts: Sequence[Draft], phases: Sequence[Phase]) -> list[Agenda]:
    """The last block: every phase in proportion to its topics."""
    agendas: list[Agenda] = []
    for draft in drafts:
        topics = sum(len(phase.topics) for phase in phases)
        ends = [
            draft.slot.minutes * done // topics // STEP * STEP
            for done in accumulate(len(phase.topics) for phase in phases)
        ]
        pieces = [
            Piece(kind="review", minutes=end - begin, phase=phase.id)
            for phase, begin, end in zip(phases, (0, *ends), ends, strict=False)
            if end > begin
        ]
        agendas.append(filled(draft, pieces))
    return agendas


def _weeks(frame: Frame, roadmap: Roadmap, agendas: Sequence[Agenda]) -> tuple[Week, ...]:
    """Calendar weeks up to the interview; a week belongs to the phase studied first in it."""
    phase_of = roadmap.phase_of
    first: dict[int, str] = {}
    for slot, pieces in agendas:
        number = (slot.day - frame.profile.start).days // 7
        studied = [phase_of[piece.topic] for piece in pieces if piece.topic]
        if studied:
            first.setdefault(number, studied[-1])
    last = frame.open.number[-1]
    return tuple(
        Week(
            n=number + 1,
            starts=frame.first_day(number),
            kind=("study" if number in first else "final") if frame.weeks[number] else "off",
            phase=first.get(number),
            capacity=sum(slot.minutes for slot in frame.weeks[number]),
        )
        for number in range(last + 1)
    )
