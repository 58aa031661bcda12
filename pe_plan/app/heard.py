"""What the learner says of blocks otherwise than by flags of a re-plan, which listens to it: one is
pinned or let go by its name, or they moved, deleted and ticked events in their calendar. Raises
PePlanError with every problem of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pe_plan.app.context import day, minutes, typed
from pe_plan.app.replan import Heard
from pe_plan.errors import Exit, PePlanError, Problems, printable, quoted, refusal
from pe_plan.inputs.values import read_path
from pe_plan.model import SHORTEST, STEP, Block, clock, few
from pe_plan.planning.availability import instant
from pe_plan.tracking.naming import topic_or_session
from pe_plan.tracking.placing import LONGEST, Row, placed, row
from pe_plan.tracking.progress import Situation, next_of_topic
from pe_plan.tracking.readback import Noticed, counted_on, noticed

_DAY = re.compile(r"[0-9]{4}-\S*")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SHOWN = 6  # blocks that a message has room for
_LENGTHS = f"minutes from {SHORTEST} to {LONGEST} in steps of five"
_NAMES = "`pe-plan roadmap show` lists the names, `pe-plan week` the times"


def calendars(paths: Sequence[str], here: Situation) -> Heard:
    """What the learner did with the plan's events in the calendars under these paths."""
    from pe_plan.app.busy import calendar_texts
    from pe_plan.calendars.seen import seen

    problems, texts, ledger = Problems(), list[tuple[str, bytes]](), here.state.ledger
    for path in paths:
        place = problems.of(typed, read_path, path, "sync")
        texts += (place and problems.of(calendar_texts, Path(place))) or ()
    problems.stop()
    events = seen(texts, {block.uid for block in here.plan.blocks}, here.profile.zone)
    if not events:
        hint = "name the calendar that you imported plan.ics into, or what you exported of it"
        raise refusal(", ".join(map(str, paths)), "none of this plan's events is in it", hint)
    return noticed(events, ledger, here), counted_on(ledger, events)


def pin(name: str, at: str | None, length: str | None, here: Situation) -> Heard:
    """A block is to stay where it stands, or at the time that was typed, in every plan to come."""
    problems = Problems()
    block = problems.of(_block, name, here)
    start = problems.of(_at, at, here.profile.zone)
    long = problems.of(minutes, length, range(SHORTEST, LONGEST + 1, STEP), _LENGTHS)
    if problems.found or block is None:
        raise PePlanError(Exit.BAD_INPUT, problems.found)
    to = replace(block, start=start or block.start, minutes=long or block.minutes)
    moved, left = placed([] if block.pinned and to == block else [to], here)
    for stays in left:
        hints = {
            "past": "" if at else "give it another one with --at",
            "pinned": "choose another time, or let that one go with `pe-plan unpin`",
            "planned-again": f"pin {stays.instead} instead" if stays.instead else "",
        }
        where = quoted(name) if at is None else "--at"
        raise refusal(where, stays.because, hints.get(stays.why, ""))
    return Noticed(moved=moved), here.state.ledger


def unpin(name: str, here: Situation) -> Heard:
    """A pinned block goes: the plan puts it home, or places its work."""
    block = _block(name, here)
    if not block.pinned:
        ahead = [b for b in here.plan.blocks if b.pinned and not here.is_past(b)]
        hint = f"pinned are {_listed(ahead, here)}" if ahead else "no block of yours is"
        raise refusal(quoted(name), "is not pinned", hint)
    return Noticed(let_go=(row(Row, block, here.profile),)), here.state.ledger


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
    (on, minute), learner = _wall(typed, quoted(typed)), here.profile
    blocks = [block for block in here.plan.blocks if learner.day_of(block.start) == on]
    begins = [(block, learner.local(block.start)) for block in blocks]
    found = [block for block, at in begins if minute in (None, at.hour * 60 + at.minute)]
    if len(found) == 1:
        return found[0]
    if found:
        what, hint = f"{on} has {len(blocks)} blocks", f"say which: {_listed(blocks, here)}"
    elif blocks:
        what, hint = f"no block begins then on {on}", f"there is {_listed(blocks, here)}"
    else:
        near = min(here.plan.blocks, key=lambda block: abs(learner.day_of(block.start) - on))
        what, hint = f"no block is on {on}", f"the nearest is {_listed([near], here)}"
    raise refusal(quoted(typed), what, hint)


def _listed(blocks: Sequence[Block], here: Situation) -> str:
    """2026-01-13 19:00 (DNS: learn 2), and so on."""
    begins = [(here.profile.local(block.start), block.title) for block in blocks]
    return few([f"{at:%Y-%m-%d %H:%M} ({printable(title)})" for at, title in begins], _SHOWN)


def _wall(typed: str, where: str) -> tuple[date, int | None]:
    """The day, and the minute of it if there is one: "2026-01-13 19:00"."""
    given, _, rest = typed.strip().replace("T", " ").partition(" ")
    on, at = day(given, where), _TIME.fullmatch(rest.strip())
    if rest.strip() and at is None:
        what = f"expected a time like 19:00 after the day, got {quoted(rest.strip())}"
        raise refusal(where, what)
    return on, int(at[1]) * 60 + int(at[2]) if at else None


def _at(typed: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant of a day and a time on the wall clock; of one that comes twice, the later."""
    if typed is None:
        return None
    on, minute = _wall(typed, "--at")
    if minute is None:
        raise refusal("--at", "names a day and no time", f"write it like {on} 19:00")
    found = instant(on, minute, zone)
    local = found.astimezone(zone)
    if (local.date(), local.hour * 60 + local.minute) != (on, minute):
        what = f"the clocks skip {clock(minute)} on {on}"
        hint = f"the next time that there is: {local:%Y-%m-%d %H:%M}"
        raise refusal("--at", what, hint)
    return found
