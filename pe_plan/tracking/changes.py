"""What one plan changes about another, as a calendar shows it: the very value that `--json` prints
and the screen puts into words. Times are those of the learner's zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import starmap
from operator import attrgetter
from typing import Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType, convert
from msgspec.structs import replace

from pe_plan.model import Accepted, Block, Kind, Plan, Profile, State, TopicPlan, Verdict
from pe_plan.tracking.placing import Row, row
from pe_plan.tracking.readback import Noticed

F = TypeVar("F", bound="Filled")

_AGENDA = attrgetter("id", "kind", "minutes", "phase", "topic", "activity", "round", "part")


class Filled(Row, frozen=True, kw_only=True):
    """A block with the ids of its sessions."""

    pinned: bool
    sessions: tuple[str, ...]


class Pair(Filled, frozen=True, kw_only=True):
    """A block that both plans have, as it is and as it was."""

    before: Filled


class Trim(Struct, frozen=True, kw_only=True):
    """A topic that got less: its depth now and before, and the study minutes taken from it."""

    topic: str
    depth: float
    depth_before: float
    minutes: int


class _Unplaced(Struct, frozen=True, kw_only=True):
    kind: Kind
    phase: str | None
    round: str | None
    minutes: int


class _Identity(Struct, frozen=True, kw_only=True):
    id: str
    roadmap: str
    as_of: date
    revision: int


class _Window(Struct, frozen=True, kw_only=True):
    earliest: date
    latest: date
    finish: date
    verdict: Verdict


class Cushion(Struct, frozen=True, kw_only=True):
    """The free minutes still to come."""

    minutes: int
    minutes_before: int


class Change(Struct, frozen=True, kw_only=True):
    """What a plan changes, and what became of that. Every block of the plan before is retitled
    (another title or agenda at the same time), moved (another start or length), removed, or one of
    the `kept`. `done` are the sessions that were just said to be."""

    schema: int = 1
    outcome: Literal["unchanged", "shown", "declined", "written"] = "shown"
    plan: _Identity
    reason: str = ""
    retitled: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    added: tuple[Filled, ...]
    removed: tuple[Filled, ...]
    kept: int
    trimmed: tuple[Trim, ...]
    window: _Window
    finish_before: date
    cushion: Cushion
    left_out: tuple[str, ...]
    unplaced: tuple[_Unplaced, ...]
    done: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    noticed: Noticed | UnsetType = UNSET

    @property
    def numbers(self) -> Mapping[str, int]:
        """How many blocks change, and how."""
        names = ("retitled", "moved", "added", "removed")
        return {name: len(getattr(self, name)) for name in names}


def changes(before: State, after: State, since: datetime | None = None) -> Change:
    """What `after` changes about `before`, its blocks known by their uids and in order of time.

    The cushion counts from `since`, or all of it. Marking sessions done or missed changes nothing.
    """
    was, plan = before.plan, after.plan
    old = {block.uid: block for block in was.blocks}
    new = {block.uid: block for block in plan.blocks}
    both = [(old[uid], block) for uid, block in new.items() if uid in old]
    stayed = [(a, b) for a, b in both if (a.start, a.minutes) == (b.start, b.minutes)]
    retitled = [(a, b) for a, b in stayed if _shown(a) != _shown(b)]
    moved = [(a, b) for a, b in both if (a.start, a.minutes) != (b.start, b.minutes)]

    def pair(old: Block, new: Block) -> Pair:
        return _filled(Pair, new, after.profile, before=_filled(Filled, old, before.profile))

    return Change(
        plan=convert(plan, _Identity, from_attributes=True),
        retitled=tuple(starmap(pair, retitled)),
        moved=tuple(starmap(pair, moved)),
        added=tuple(_filled(Filled, new[uid], after.profile) for uid in new if uid not in old),
        removed=tuple(_filled(Filled, old[uid], before.profile) for uid in old if uid not in new),
        kept=len(stayed) - len(retitled),
        trimmed=tuple(_trimmed(was.topics, plan.topics)),
        window=convert(plan, _Window, from_attributes=True),
        finish_before=was.finish,
        cushion=Cushion(minutes=cushion(plan, since), minutes_before=cushion(was, since)),
        left_out=plan.left_out,
        unplaced=convert(plan.unplaced, tuple[_Unplaced, ...], from_attributes=True),
    )


def accepted(
    state: State, change: Change | None, *, number: int, now: datetime, begins: bool
) -> State:
    """The state with its plan as the last that was accepted; a first one changes nothing."""
    line = Accepted(
        change=number,
        entered=now.replace(microsecond=0),
        as_of=state.plan.as_of,
        revision=state.plan.revision,
        begins=begins,
        finish=state.plan.finish,
        reason=change.reason if change else "",
        **(change.numbers if change else {}),
    )
    return replace(state, accepted=(*state.accepted, line))


def alike(old: Plan, new: Plan) -> bool:
    """Whether the plans differ in nothing but what the log says of the old one anyway."""
    same = replace(new, as_of=old.as_of, revision=old.revision, blocks=old.blocks)
    return same == old and [*map(_open, old.blocks)] == [*map(_open, new.blocks)]


def cushion(plan: Plan, since: datetime | None = None) -> int:
    """The minutes of flex and catch-up that begin at `since` or later."""
    free = (session for session in plan.sessions if session.is_free)
    return sum(s.minutes for s in free if since is None or s.start >= since)


def _open(block: Block) -> Block:
    sessions = (replace(s, status="planned") if s.status == "done" else s for s in block.sessions)
    return replace(block, sessions=tuple(sessions))


def _shown(block: Block) -> tuple[object, ...]:
    """What an event shows of the block beside its time: neither status nor totals."""
    return block.title, *map(_AGENDA, block.sessions)


def _trimmed(before: Iterable[TopicPlan], after: Iterable[TopicPlan]) -> Iterator[Trim]:
    old = {topic.id: topic for topic in before}
    for now in after:
        was = old.get(now.id)
        if was and (now.depth < was.depth or now.trimmed > was.trimmed):
            depth, depth_before = (round(float(each.depth), 4) for each in (now, was))
            minutes = max(now.trimmed - was.trimmed, 0)
            yield Trim(topic=now.id, depth=depth, depth_before=depth_before, minutes=minutes)


def _filled(kind: type[F], block: Block, learner: Profile, **more: object) -> F:
    ids = tuple(session.id for session in block.sessions)
    return row(kind, block, learner, pinned=block.pinned, sessions=ids, **more)
