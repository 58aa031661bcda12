"""What the plan looks like from a day: its sessions, a week, a topic, and where the learner stands.

Nothing is written here. `today` is looked at most often, so what it does not need is imported where
it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from pe_plan.app.around import Circumstances, standing
from pe_plan.app.files import opened
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.model import Block, Plan, Profile, Progress, Roadmap, Session, State, Topic, Week
from pe_plan.tracking import progress as choosing
from pe_plan.tracking import standing as agenda
from pe_plan.tracking.progress import progress


class View(Struct, frozen=True, kw_only=True):
    """Some days of a plan as they are on the day `as_of`: their `blocks`, the sessions that stood
    there and were done `early`, the plan `week` they belong to, and the past work of which nothing
    was said (`unmarked`). `days` is None where there is nothing more to come. `topics` are those
    that the sessions speak of, `rounds` the titles of all rounds."""

    plan: Plan
    profile: Profile
    progress: Progress
    as_of: date
    days: tuple[date, date] | None
    week: Week
    blocks: tuple[Block, ...]
    early: tuple[Session, ...]
    unmarked: tuple[Session, ...]
    topics: Mapping[str, Topic]
    rounds: Mapping[str, str]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions of these days in order of time."""
        held = (session for block in self.blocks for session in block.sessions)
        return tuple(sorted((*held, *self.early), key=lambda session: session.start))


def today(folder: Path, as_of: str | None, around: Circumstances) -> View:
    """The day's sessions; where it has none, those of the next day that has some."""
    state, roadmap = opened(folder, checked=False)
    day = standing(as_of, state, around)
    shown = agenda.next_day(state.plan, state.profile, day)
    days = (shown, shown) if shown else None
    return _view(state, roadmap, day, days, agenda.week_of(state.plan, shown or day))


def week(folder: Path, number: str | None, as_of: str | None, around: Circumstances) -> View:
    """The sessions of that plan week, else of the week in which the day lies."""
    state, roadmap = opened(folder, checked=False)
    day = standing(as_of, state, around)
    asked = _numbered(number, state.plan) if number else agenda.week_of(state.plan, day)
    return _view(state, roadmap, day, agenda.days_of(state.plan, asked), asked)


def _view(
    state: State, roadmap: Roadmap, as_of: date, days: tuple[date, date] | None, week: Week
) -> View:
    plan, profile = state.plan, state.profile
    told = progress(plan, state.log, state.accepted)
    blocks = agenda.blocks_between(plan, profile, *days) if days else ()
    early = agenda.early_between(plan, profile, *days) if days else ()
    sessions = [*(s for block in blocks for s in block.sessions), *early]
    about = {session.topic for session in sessions if session.topic}
    return View(
        plan=plan,
        profile=profile,
        progress=told,
        as_of=as_of,
        days=days,
        week=week,
        blocks=blocks,
        early=early,
        unmarked=tuple(choosing.up_to(as_of - timedelta(days=1), plan, told, profile.day_of)),
        topics={topic.id: topic for topic in roadmap.topics if topic.id in about},
        rounds={round.id: round.title for round in roadmap.rounds},
    )


def _numbered(text: str, plan: Plan) -> Week:
    """The plan week of that number. Raises PePlanError where there is none."""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004
    found = next((week for week in plan.weeks if week.n == number), None)
    if found is None:
        what = f"there is no week {quoted(text)}"
        hint = f"this plan has weeks 1 to {len(plan.weeks)}"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where="week", what=what, hint=hint)])
    return found
