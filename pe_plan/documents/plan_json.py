"""The plan as JSON for scripts, and its rows, which other commands show as well.

`tests/plan.schema.json` fixes the shape, which only ever grows. All fields are always written, in
this order; instants are those of the learner's wall clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct, field

from pe_plan import model

R = TypeVar("R", bound="Row")


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A JSON object."""


class Document(Row, frozen=True, kw_only=True):
    """A JSON object that stands by itself."""

    schema: Literal[1] = 1


class WindowRow(Row, frozen=True, kw_only=True):
    """Weekly study time on one weekday (0 is Monday), like "19:00" to "24:00"."""

    weekday: int
    start: str = field(name="from")
    end: str = field(name="to")


class BlockRow(Row, frozen=True, kw_only=True):
    """A block without its sessions."""

    uid: str
    start: datetime
    minutes: int
    title: str
    pinned: bool


class SessionRow(Row, frozen=True, kw_only=True):
    """A session, and the block that holds its time. One done `early` stands where it stood."""

    id: str
    block: str | None
    kind: model.Kind
    phase: str | None
    topic: str | None
    activity: model.Activity | None
    round: str | None
    part: int
    parts: int
    start: datetime
    minutes: int
    status: model.Status
    made_up: bool
    early: bool


class SessionNow(SessionRow, frozen=True, kw_only=True):
    """A session as it stands now: what is done of it in full has that status."""

    done_minutes: int

    @property
    def is_open(self) -> bool:
        """Whether some of its work is still to do."""
        return self.status == "planned" and self.kind not in model.FREE

    def state(self, as_of: date) -> str:
        """How it stands on that day: done, open, missed, and so on; nothing for time kept free."""
        if self.kind in model.FREE:
            return ""
        if self.status == "done" or self.done_minutes >= self.minutes:
            return "done early" if self.early else "done"
        part = f"{self.done_minutes} of {self.minutes} min done" if self.done_minutes else ""
        if self.status == "missed":
            return f"{part}, the rest moved" if part else "missed"
        word = "not marked" if self.start.date() < as_of else "open"
        return part or (f"{word} (made up)" if self.made_up else word)


def to_json(state: model.State, roadmap: model.Roadmap) -> str:
    """The whole plan: lengths in minutes, depths from 0 to 1."""
    plan, profile = state.plan, state.profile
    topics, phase_of = {topic.id: topic for topic in roadmap.topics}, roadmap.phase_of
    of_phase = ("id", "title", "weeks", "roadmap_weeks", "starts", "ends", "minutes")
    document = {
        "schema": 1,
        "plan": _picked(plan, "id", "roadmap", "as_of", "revision"),
        "profile": _profile(profile, plan),
        "window": _picked(plan, "earliest", "latest", "finish", "verdict"),
        "weeks": plan.weeks,
        "phases": [_picked(phase, *of_phase) for phase in plan.phases],
        "topics": [
            {
                "id": given.id,
                "phase": phase_of[given.id],
                "title": topics[given.id].title,
                "level": given.level,
                "priority": topics[given.id].priority,
                "depth": depth(given),
                "minutes": given.minutes,
                "requires": topics[given.id].requires,
            }
            for given in plan.topics
        ],
        "blocks": [block_row(block, profile) for block in plan.blocks],
        "sessions": session_rows((*plan.sessions, *plan.early), plan, profile),
        "trimmed": [{"topic": given.id, "depth": depth(given)} for given in plan.trimmed],
        "left_out": plan.left_out,
        "unplaced": [_picked(work, "kind", "phase", "round", "minutes") for work in plan.unplaced],
    }
    return f"{encoded(document)}\n"


def encoded(value: object, indent: int | None = 1) -> str:
    """A value as JSON, with four digits of every share. (By itself msgspec would write all of them,
    and an instant of UTC with a Z.)"""
    import json

    values = msgspec.to_builtins(value, builtin_types=(datetime,))
    text = json.dumps(values, default=datetime.isoformat)
    rounded = json.loads(text, parse_float=lambda digits: round(float(digits), 4))
    return json.dumps(rounded, ensure_ascii=False, indent=indent)


def row(kind: type[R], *values: object, **otherwise: object) -> R:
    """A row of that kind: each field is what is said `otherwise`, else the first of the values'
    attributes that is so called."""
    names, sources = kind.__struct_fields__, values[::-1]
    found = {name: getattr(v, name) for v in sources for name in names if hasattr(v, name)}
    return kind(**found | otherwise)


def block_row(block: model.Block, profile: model.Profile) -> BlockRow:
    """The block as it stands on the learner's wall clock."""
    return row(BlockRow, block, start=profile.local(block.start))


def session_rows(
    sessions: Iterable[model.Session], plan: model.Plan, profile: model.Profile
) -> tuple[SessionRow, ...]:
    """These sessions, in order of time, each with the block that holds it, if it is still there."""
    early = {session.id for session in plan.early}
    rows = []
    for each in sorted(sessions, key=attrgetter("start")):
        at = bisect_right(plan.blocks, each.start, key=attrgetter("start")) - 1
        block = plan.blocks[at].uid if at >= 0 and each.start < plan.blocks[at].end else None
        start, is_early = profile.local(each.start), each.id in early
        rows.append(row(SessionRow, each, block=block, start=start, early=is_early))
    return tuple(rows)


def as_they_stand(
    sessions: Iterable[model.Session],
    plan: model.Plan,
    profile: model.Profile,
    progress: model.Progress,
) -> tuple[SessionNow, ...]:
    """These sessions of the plan, in order of time."""
    found = []
    for session in session_rows(sessions, plan, profile):
        done = progress.done.get(session.id, session.minutes if session.status == "done" else 0)
        is_done = session.status == "planned" and done >= session.minutes
        status = "done" if is_done else session.status
        found.append(row(SessionNow, session, status=status, done_minutes=done))
    return tuple(found)


def window_rows(windows: Iterable[model.Window]) -> tuple[WindowRow, ...]:
    """Windows with their times as a clock shows them."""
    return tuple(
        WindowRow(weekday=w.weekday, start=model.clock(w.start), end=model.clock(w.end))
        for w in windows
    )


def depth(topic: model.TopicPlan) -> float:
    """How much of the topic is studied."""
    return round(float(topic.depth), 3)


def _picked(value: Struct, *names: str) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def _profile(profile: model.Profile, plan: model.Plan) -> dict[str, object]:
    def local(stretches: Iterable[model.Stretch]) -> list[dict[str, datetime]]:
        return [{"start": profile.local(a), "end": profile.local(b)} for a, b in stretches]

    off = {
        d.first + timedelta(n) for d in profile.days_off for n in range((d.last - d.first).days + 1)
    }
    return {
        "start": profile.start,
        "hours_per_week": round(profile.minutes_per_week / 60, 3),
        "planned_hours_per_week": round(plan.minutes_per_week / 60, 3),
        "timezone": profile.timezone,
        "windows": window_rows(plan.windows),
        "days_off": sorted(off),
        "busy": local(profile.busy),
        "interview": profile.interview,
        "skills": {topic.id: topic.level for topic in plan.topics},
        **_picked(profile, *model.OtherCalendars.__struct_fields__, "free"),
        "pins": [
            {
                "uid": pin.uid,
                "start": profile.local(pin.start),
                "minutes": pin.minutes,
                "home": {"start": profile.local(pin.home), "minutes": pin.home_minutes},
            }
            for pin in profile.pins
        ],
        "dropped": local(profile.dropped),
    }
