"""The plan as JSON for scripts, and its rows, which other commands show as well.

`tests/plan.schema.json` fixes the shape, which only ever grows. All fields are always written, in
this order; instants are those of the learner's wall clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
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


class PlanDocument(Document, frozen=True, kw_only=True):
    """The whole plan: lengths in minutes, depths from 0 to 1."""

    plan: _Plan
    profile: _Profile
    window: _Bounds
    weeks: tuple[model.Week, ...]
    phases: tuple[_Phase, ...]
    topics: tuple[_Topic, ...]
    blocks: tuple[BlockRow, ...]
    sessions: tuple[SessionRow, ...]
    trimmed: tuple[_Trimmed, ...]
    left_out: tuple[str, ...]
    unplaced: tuple[_Unplaced, ...]


class _Plan(Row, frozen=True, kw_only=True):
    id: str
    roadmap: str
    as_of: date
    revision: int


class _Profile(Row, frozen=True, kw_only=True):
    start: date
    hours_per_week: float
    planned_hours_per_week: float
    timezone: str
    windows: tuple[WindowRow, ...]
    days_off: tuple[date, ...]
    busy: tuple[_Stretch, ...]
    interview: date | None
    skills: dict[str, model.Level]
    calendars: tuple[str, ...]
    busy_margin: int
    ignore_all_day: bool
    lenient: bool
    free: bool
    pins: tuple[_Pin, ...]
    dropped: tuple[_Stretch, ...]


class _Stretch(Row, frozen=True):
    start: datetime
    end: datetime


class _Pin(Row, frozen=True, kw_only=True):
    uid: str
    start: datetime
    minutes: int
    home: _Home


class _Home(Row, frozen=True):
    start: datetime
    minutes: int


class _Bounds(Row, frozen=True, kw_only=True):
    earliest: date
    latest: date
    finish: date
    verdict: model.Verdict


class _Phase(Row, frozen=True, kw_only=True):
    id: str
    title: str
    weeks: int
    roadmap_weeks: tuple[int, int]
    starts: date
    ends: date
    minutes: int


class _Topic(Row, frozen=True, kw_only=True):
    id: str
    phase: str
    title: str
    level: model.Level
    priority: int
    depth: float
    minutes: int
    requires: tuple[str, ...]


class _Trimmed(Row, frozen=True):
    topic: str
    depth: float


class _Unplaced(Row, frozen=True, kw_only=True):
    kind: model.Kind
    phase: str | None
    round: str | None
    minutes: int


def to_json(state: model.State, roadmap: model.Roadmap) -> str:
    """The whole plan."""
    plan, profile = state.plan, state.profile
    topics, phase_of = {topic.id: topic for topic in roadmap.topics}, roadmap.phase_of
    document = PlanDocument(
        plan=row(_Plan, plan),
        profile=_profile(profile, plan),
        window=row(_Bounds, plan),
        weeks=plan.weeks,
        phases=tuple(row(_Phase, phase) for phase in plan.phases),
        topics=tuple(
            row(_Topic, topics[t.id], t, phase=phase_of[t.id], depth=depth(t)) for t in plan.topics
        ),
        blocks=tuple(block_row(block, profile) for block in plan.blocks),
        sessions=session_rows((*plan.sessions, *plan.early), plan, profile),
        trimmed=tuple(_Trimmed(topic.id, depth(topic)) for topic in plan.trimmed),
        left_out=plan.left_out,
        unplaced=tuple(row(_Unplaced, work) for work in plan.unplaced),
    )
    return f"{encoded(document)}\n"


def encoded(value: object, indent: int | None = 1) -> str:
    """A value as JSON, with four digits of every share. (By itself msgspec would write all of them,
    and an instant of UTC with a Z.)"""
    import json

    values = _rounded(msgspec.to_builtins(value, builtin_types=(datetime,)))
    return json.dumps(values, default=datetime.isoformat, ensure_ascii=False, indent=indent)


def _rounded(value: object) -> object:
    match value:
        case float():
            return round(value, 4)
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case _:
            return value


def row(kind: type[R], *values: object, **otherwise: object) -> R:
    """A row of that kind: each field is what is said `otherwise`, else the first of the values'
    attributes that is so called."""
    names, sources = kind.__struct_fields__, values[::-1]
    found = {name: getattr(v, name) for v in sources for name in names if hasattr(v, name)}
    return kind(**found | otherwise)


def block_row(block: model.Block, profile: model.Profile) -> BlockRow:
    """The block as it stands on the learner's wall clock."""
    return row(BlockRow, block, start=_local(block.start, profile))


def session_rows(
    sessions: Iterable[model.Session], plan: model.Plan, profile: model.Profile
) -> tuple[SessionRow, ...]:
    """These sessions of the plan, in order of time."""
    early = {session.id for session in plan.early}
    return tuple(
        row(
            SessionRow,
            session,
            block=_block_at(session.start, plan),
            start=_local(session.start, profile),
            early=session.id in early,
        )
        for session in sorted(sessions, key=lambda session: session.start)
    )


def window_rows(windows: Iterable[model.Window]) -> tuple[WindowRow, ...]:
    """Windows with their times as a clock shows them."""
    return tuple(
        WindowRow(weekday=w.weekday, start=model.clock(w.start), end=model.clock(w.end))
        for w in windows
    )


def depth(topic: model.TopicPlan) -> float:
    """How much of the topic is studied."""
    return round(float(topic.depth), 3)


def _profile(profile: model.Profile, plan: model.Plan) -> _Profile:
    def local(stretches: Iterable[model.Stretch]) -> tuple[_Stretch, ...]:
        return tuple(_Stretch(_local(a, profile), _local(b, profile)) for a, b in stretches)

    off = {
        d.first + timedelta(n) for d in profile.days_off for n in range((d.last - d.first).days + 1)
    }
    return row(
        _Profile,
        profile,
        hours_per_week=_hours(profile.minutes_per_week),
        planned_hours_per_week=_hours(plan.minutes_per_week),
        windows=window_rows(plan.windows),
        days_off=tuple(sorted(off)),
        busy=local(profile.busy),
        skills={topic.id: topic.level for topic in plan.topics},
        pins=tuple(
            row(
                _Pin,
                pin,
                start=_local(pin.start, profile),
                home=_Home(_local(pin.home, profile), pin.home_minutes),
            )
            for pin in profile.pins
        ),
        dropped=local(profile.dropped),
    )


def _block_at(instant: datetime, plan: model.Plan) -> str | None:
    """The block whose time holds the instant, if it is still there."""
    at = bisect_right(plan.blocks, instant, key=lambda block: block.start) - 1
    return plan.blocks[at].uid if at >= 0 and instant < plan.blocks[at].end else None


def _local(instant: datetime, profile: model.Profile) -> datetime:
    return instant.astimezone(profile.zone_at(instant))


def _hours(minutes: int) -> float:
    return round(minutes / 60, 3)
