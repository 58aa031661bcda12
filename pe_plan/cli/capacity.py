"""The command that looks at the free time before anything is planned: capacity."""

from __future__ import annotations

from pe_plan.cli import options
from pe_plan.cli.everyday import STUDY_PLAN


def capacity(
    *,
    start: options.Start = None,
    hours: options.Hours = None,
    skill: options.Skill = None,
    when: options.When = None,
    off: options.Off = None,
    tz: options.Zone = None,
    interview: options.Interview = None,
    busy: options.Busy = None,
    busy_margin: options.BusyMargin = None,
    ignore_all_day: options.IgnoreAllDay = False,
    lenient: options.Lenient = False,
    roadmap: options.OwnRoadmap = None,
    profile: options.ProfileFile = None,
    plan: options.PlanFolder = STUDY_PLAN,
    as_json: options.Json = False,
    plain: options.Plain = False,
) -> None:
    """Show your free hours week by week, before you plan."""
    answers = options.answers(locals())
    from pe_plan.app.capacity import capacity as foreseen
    from pe_plan.app.generate import Places
    from pe_plan.cli import outside

    places = Places(folder=plan, roadmap=roadmap, profile=profile)
    found = foreseen(answers, places, outside.circumstances())
    if as_json:
        from pe_plan.cli import foreseen_json

        outside.deliver(foreseen_json.capacity(found, outside.typed()), None)
        return
    from pe_plan.cli import foreseen as view
    from pe_plan.cli import screen

    screen.show(view.capacity(found, outside.typed()), plain=plain)
