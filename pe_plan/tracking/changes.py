"""What one plan changes about another, as a calendar shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import Block, Plan, TopicPlan


class Changed(Struct, frozen=True, kw_only=True):
    """A block that both plans have, as it was and as it is."""

    before: Block
    after: Block


class Trim(Struct, frozen=True, kw_only=True):
    """A topic that got less: its depth before and after, and the study minutes taken from it."""

    topic: str
    before: Fraction
    after: Fraction
    minutes: int


class Changes(Struct, frozen=True, kw_only=True):
    """What a plan changes. Every block of the plan before is retitled (another title or agenda at
    the same time), moved (another start or length), removed, or one of the `kept`. `finish` and
    `cushion` (free minutes still to come) are each before and after."""

    retitled: tuple[Changed, ...]
    moved: tuple[Changed, ...]
    added: tuple[Block, ...]
    removed: tuple[Block, ...]
    kept: int
    trimmed: tuple[Trim, ...]
    finish: tuple[date, date]
    cushion: tuple[int, int]

    def __bool__(self) -> bool:
        """Whether anything is other than before; a cushion only follows from the rest."""
        blocks = self.retitled or self.moved or self.added or self.removed
        return bool(blocks or self.trimmed or self.finish[0] != self.finish[1])


def changes(before: Plan, after: Plan, since: datetime | None = None) -> Changes:
    """What `after` changes about `before`, its blocks known by their uids and in order of time.

    The cushion counts from `since`, or all of it. Marking sessions done or missed changes nothing.
    """
    old = {block.uid: block for block in before.blocks}
    new = {block.uid: block for block in after.blocks}
    both = [Changed(before=old[uid], after=block) for uid, block in new.items() if uid in old]
    moved = tuple(pair for pair in both if _place(pair.before) != _place(pair.after))
    stayed = [pair for pair in both if _place(pair.before) == _place(pair.after)]
    retitled = tuple(pair for pair in stayed if _shown(pair.before) != _shown(pair.after))
    return Changes(
        retitled=retitled,
        moved=moved,
        added=tuple(block for uid, block in new.items() if uid not in old),
        removed=tuple(block for uid, block in old.items() if uid not in new),
        kept=len(stayed) - len(retitled),
        trimmed=_trimmed(before.topics, after.topics),
        finish=(before.finish, after.finish),
        cushion=(cushion(before, since), cushion(after, since)),
    )


def alike(old: Plan, new: Plan) -> bool:
    """Whether the plans differ in nothing but what the log says of the old one anyway."""
    same = replace(new, as_of=old.as_of, revision=old.revision, blocks=old.blocks)
    return same == old and _open(old.blocks) == _open(new.blocks)


def _open(blocks: Iterable[Block]) -> list[Block]:
    return [
        replace(
            block,
            sessions=tuple(
                replace(session, status="planned") if session.status == "done" else session
                for session in block.sessions
            ),
        )
        for block in blocks
    ]


def cushion(plan: Plan, since: datetime | None = None) -> int:
    """The minutes of flex and catch-up that begin at `since` or later."""
    return sum(
        session.minutes
        for session in plan.sessions
        if session.is_free and (since is None or session.start >= since)
    )


def _place(block: Block) -> tuple[datetime, int]:
    return block.start, block.minutes


def _shown(block: Block) -> tuple[object, ...]:
    """What an event shows of the block beside its time: neither status nor totals."""
    agenda = tuple(
        (s.id, s.kind, s.minutes, s.phase, s.topic, s.activity, s.round, s.part)
        for s in block.sessions
    )
    return block.title, agenda


def _trimmed(before: Iterable[TopicPlan], after: Iterable[TopicPlan]) -> tuple[Trim, ...]:
    old = {topic.id: topic for topic in before}
    return tuple(
        Trim(
            topic=topic.id,
            before=was.depth,
            after=topic.depth,
            minutes=max(topic.trimmed - was.trimmed, 0),
        )
        for topic in after
        if (was := old.get(topic.id)) and (topic.depth < was.depth or topic.trimmed > was.trimmed)
    )
