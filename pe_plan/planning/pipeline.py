"""Effort, capacity, weeks, blocks: the four steps from a roadmap and a profile to a plan."""

from __future__ import annotations

from datetime import date

from pe_plan.model import DoesNotFit, Plan, Profile, Roadmap, TopicPlan
from pe_plan.planning.availability import fitted
from pe_plan.planning.blocks import Naming, compose, studied
from pe_plan.planning.effort import Efforts
from pe_plan.planning.fitting import Fit, Fitter, bounds, verdict
from pe_plan.planning.outline import at_short_notice, in_weeks, phase_plan


def generate(
    roadmap: Roadmap, profile: Profile, *, plan_id: str, as_of: date, revision: int, uid: Naming
) -> Plan | DoesNotFit:
    """The plan of this learner for this roadmap, or why there is none inside the window.

    `uid` names a block by the UTC start at which it is first planned.
    """
    efforts = Efforts(roadmap, profile.skills)
    shape = Fitter(roadmap, profile, efforts).fit()
    if isinstance(shape, DoesNotFit):
        return shape
    if isinstance(shape, Fit):
        outline = in_weeks(roadmap, efforts, shape)
    else:
        outline = at_short_notice(roadmap, efforts, shape.frame)
    blocks = compose(outline.drafts, roadmap, uid)
    minutes = studied(session for block in blocks for session in block.sessions)
    depths, window = outline.depths, bounds(roadmap, profile)
    topics = {
        id: TopicPlan(id=id, level=level, depth=depths[id], minutes=minutes[id])
        for id, level in efforts.levels.items()
    }
    finish = outline.frame.last_day(outline.weeks[-1].n - 1)
    return Plan(
        id=plan_id,
        roadmap=roadmap.id,
        as_of=as_of,
        revision=revision,
        minutes_per_week=outline.frame.minutes,
        windows=fitted(profile.windows, outline.frame.minutes),
        earliest=window.earliest,
        latest=window.latest,
        finish=finish,
        verdict=verdict(finish, window),
        weeks=outline.weeks,
        phases=tuple(
            phase_plan(phase, place, efforts, topics)
            for phase in roadmap.phases
            if (place := outline.places.get(phase.id))
        ),
        topics=tuple(topics.values()),
        blocks=blocks,
        left_out=outline.left_out,
        unplaced=tuple(outline.unplaced),
    )
