"""What the learner said of blocks otherwise than by flags, for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pe_plan.app.replanning import Replanned
from pe_plan.model import Block, Profile
from pe_plan.tracking.noticing import Noticed
from pe_plan.tracking.placing import BECAUSE

_Json = Mapping[str, object]


def noticed(found: Noticed, made: Replanned) -> _Json:
    """As it was understood; times are those of the learner's zone."""
    profile = made.before.profile
    deleted = [block for block in found.missing if block.uid in made.deleted]
    put_back = [block for block in found.missing if block.uid not in made.deleted]
    return {
        "moved": [
            {
                **_block(to.block, profile),
                "start": _local(to.start, profile),
                "minutes": to.minutes,
                "before": {
                    "start": _local(to.block.start, profile),
                    "minutes": to.block.minutes,
                },
            }
            for to in found.moved
        ],
        "let_go": _blocks(found.released, profile),
        "deleted": _blocks(deleted, profile),
        "put_back": _blocks(put_back, profile),
        "missed": _blocks(found.lost, profile),
        "done": [
            {
                **_block(ticked.block, profile),
                "sessions": [session.id for session in ticked.sessions],
                "on": ticked.on.isoformat(),
            }
            for ticked in found.ticked
        ],
        "left": [
            {
                **_block(left.block, profile),
                "why": left.why,
                "because": BECAUSE[left.why],
                "instead": left.instead,
            }
            for left in found.left
        ],
        "older": found.older,
        "read": found.read,
    }


def _blocks(blocks: Iterable[Block], profile: Profile) -> list[_Json]:
    return [_block(block, profile) for block in blocks]


def _block(block: Block, profile: Profile) -> _Json:
    return {
        "uid": block.uid,
        "start": _local(block.start, profile),
        "minutes": block.minutes,
        "title": block.title,
    }


def _local(moment: datetime, profile: Profile) -> str:
    return moment.astimezone(profile.zone_at(moment)).isoformat()
