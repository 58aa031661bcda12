"""One block held at a time of the learner's own, or let go again: pin and unpin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.app.context import Circumstances, Problems, refusal
from pe_plan.app.context import day as day_typed
from pe_plan.app.replan import Asking, Replanned, replan
from pe_plan.app.request import Request
from pe_plan.documents.words import few
from pe_plan.errors import printable, quoted
from pe_plan.model import SHORTEST, STEP, Block, DoesNotFit, Entry
from pe_plan.planning.availability import instant
from pe_plan.tracking.naming import topic_or_session
from pe_plan.tracking.placing import LONGEST, Row, Situation, placed, row
from pe_plan.tracking.progress import next_of_topic
from pe_plan.tracking.readback import Noticed

_DAY = re.compile(r"[0-9]{4}-\S*")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SHOWN = 6  # blocks that a message has room for
_NAMES = "`pe-plan roadmap show` lists the names, `pe-plan week` the times"


class Held(Struct, frozen=True, kw_only=True):
    """What was typed of a block: which it is, and when and how long it is to take place."""

    block: str
    at: str | None = None
    minutes: str | None = None


def pin(
    held: Held, request: Request, folder: Path, around: Circumstances, asking: Asking
) -> Replanned | DoesNotFit:
    """Hold a block where it stands, or at the time that was typed, in every plan to come.

    Raises PePlanError with every problem of what was typed.
    """

    def listen(here: Situation) -> tuple[Noticed, tuple[Entry, ...]]:
        return _pinned(held, here), here.state.ledger

    return replan(request, folder, around, asking, listen)


def unpin(
    typed: str, request: Request, folder: Path, around: Circumstances, asking: Asking
) -> Replanned | DoesNotFit:
    """Let a pinned block go: the plan puts it home, or places its work.

    Raises PePlanError where it is no block, or is not pinned.
    """

    def listen(here: Situation) -> tuple[Noticed, tuple[Entry, ...]]:
        block = _block(typed, here)
        if not block.pinned:
            ahead = [b for b in here.plan.blocks if b.pinned and not here.is_past(b)]
            hint = f"pinned are {_listed(ahead, here)}" if ahead else "no block of yours is"
            raise refusal(quoted(typed), "is not pinned", hint)
        return Noticed(let_go=(row(Row, block, here.profile),)), here.state.ledger

    return replan(request, folder, around, asking, listen)


def _pinned(held: Held, here: Situation) -> Noticed:
    problems = Problems()
    block = problems.of(_block, held.block, here)
    start = problems.of(_at, held.at, here.profile.zone)
    length = problems.of(_minutes, held.minutes)
    problems.stop()
    if block is None:
        return Noticed()
    to = replace(block, start=start or block.start, minutes=length or block.minutes)
    if block.pinned and to == block:
        return Noticed()
    moved, left = placed([to], here)
    for stays in left:
        hints = {
            "past": "" if held.at else "give it another one with --at",
            "pinned": "choose another time, or let that one go with `pe-plan unpin`",
            "planned-again": f"pin {stays.instead} instead" if stays.instead else "",
        }
        where = "--at" if held.at is not None else quoted(held.block)
        raise refusal(where, stays.because, hints.get(stays.why, ""))
    return Noticed(moved=moved)


# ── Which block ───────────────────────────────────────────────────────────────────────────────


def _block(typed: str, here: Situation) -> Block:
    """The block of a uid, a day, a day and a time, or the next session of a name."""
    for block in here.plan.blocks:
        if block.uid == typed.strip():
            return block
    if _DAY.match(typed.strip()):
        return _of_day(typed, here)
    names = here.roadmap.topic_names
    found = topic_or_session(typed, names, here.plan.sessions, "block, topic or session", _NAMES)
    if isinstance(found, str):
        ahead = tuple(block for block in here.plan.blocks if not here.is_past(block))
        following = next_of_topic(found, replace(here.plan, blocks=ahead), here.progress)
        if following is None:
            raise refusal(quoted(typed), f"nothing of {names[found][0]} is still to come")
        found = following
    return next(block for block in here.plan.blocks if found in block.sessions)


def _of_day(typed: str, here: Situation) -> Block:
    day, minute = _wall(typed, quoted(typed))
    blocks = [b for b in here.plan.blocks if here.profile.day_of(b.start) == day]
    local = [b.start.astimezone(here.profile.zone_at(b.start)) for b in blocks]
    at = zip(blocks, [each.hour * 60 + each.minute for each in local], strict=True)
    found = [block for block, begins in at if minute in (None, begins)]
    if len(found) == 1:
        return found[0]
    if not blocks:
        what = f"no block is on {day}"
        near = min(here.plan.blocks, key=lambda b: abs(here.profile.day_of(b.start) - day))
        hint = f"the nearest is {_listed([near], here)}"
    elif found:
        what = f"{day} has {len(blocks)} blocks"
        hint = f"say which: {_listed(blocks, here)}"
    else:
        what = f"no block begins then on {day}"
        hint = f"there is {_listed(blocks, here)}"
    raise refusal(quoted(typed), what, hint)


def _listed(blocks: Sequence[Block], here: Situation) -> str:
    """2026-01-13 19:00 (DNS: learn 2), and so on."""
    said = [
        f"{b.start.astimezone(here.profile.zone_at(b.start)):%Y-%m-%d %H:%M} ({printable(b.title)})"
        for b in blocks
    ]
    return few(said, _SHOWN)


# ── When, and how long ────────────────────────────────────────────────────────────────────────


def _wall(typed: str, where: str) -> tuple[date, int | None]:
    """The day, and the minute of it if there is one: "2026-01-13 19:00"."""
    given, _, rest = typed.strip().replace("T", " ").partition(" ")
    day, clock = day_typed(given, where), _TIME.fullmatch(rest.strip())
    if not rest.strip():
        return day, None
    if clock is None:
        what = f"expected a time like 19:00 after the day, got {quoted(rest.strip())}"
        raise refusal(where, what)
    return day, int(clock[1]) * 60 + int(clock[2])


def _at(typed: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant of a day and a time on the wall clock; of one that comes twice, the later.
    Raises PePlanError for one that the clocks skip."""
    if typed is None:
        return None
    day, minute = _wall(typed, "--at")
    if minute is None:
        raise refusal("--at", "names a day and no time", f"write it like {day} 19:00")
    found = instant(day, minute, zone)
    local = found.astimezone(zone)
    if (local.date(), local.hour * 60 + local.minute) != (day, minute):
        what = f"the clocks skip {minute // 60:02}:{minute % 60:02} on {day}"
        hint = f"the next time that there is: {local:%Y-%m-%d %H:%M}"
        raise refusal("--at", what, hint)
    return found


def _minutes(typed: str | None) -> int | None:
    if typed is None:
        return None
    minutes = int(typed) if re.fullmatch("[0-9]{1,3}", typed) else 0
    if minutes in range(SHORTEST, LONGEST + 1, STEP):
        return minutes
    what = f"expected minutes from {SHORTEST} to {LONGEST} in steps of five, got {quoted(typed)}"
    raise refusal("--minutes", what)
