"""What the learner said of blocks in their calendar, or one by one, as it was understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pe_plan.app.replanning import Replanned, Unsure
from pe_plan.cli.changed import DECLINED, DRY_RUN
from pe_plan.cli.output import Facts, Heading, Part, Table
from pe_plan.documents.words import clock, count, listed, weekday
from pe_plan.model import Block, Profile
from pe_plan.tracking.noticing import Noticed
from pe_plan.tracking.placing import BECAUSE, Left

_Row = tuple[datetime, tuple[str, str, str]]


def missing(unsure: Unsure) -> tuple[Part, ...]:
    """The blocks of today and later that are not in the calendar."""
    number = len(unsure.missing)
    rows = tuple((_time(block, unsure.profile), block.title) for block in unsure.missing)
    heading = f"Not in that calendar: {count(number, 'block')}, deleted or never imported"
    return (Heading(text=heading), Table(columns=("When", "What"), rows=rows))


def one_of(unsure: Unsure, n: int) -> str:
    """One of them in a few words."""
    block = unsure.missing[n]
    return f"{_time(block, unsure.profile)}, {block.title}"


def understood(made: Replanned) -> tuple[Part, ...]:
    """What was moved, deleted and ticked, and what stays as it is and why."""
    found = _found(made)
    heading = Heading(text=f"Understood: {_counts(made, found)}")
    return (heading, *_table(made, found))


def outcome(made: Replanned) -> tuple[Part, ...]:
    """What became of it where nothing was planned anew."""
    found = _found(made)
    if made.outcome == "unchanged" and found.read is None:
        return (Heading(text="Nothing to change: the plan stands as it is."),)
    if made.outcome == "unchanged":
        heading = Heading(text="Nothing was moved, deleted or ticked.")
        return (heading, *_table(made, found))
    if made.outcome == "shown":
        return (DRY_RUN,)
    if made.outcome == "declined":
        return (DECLINED,)
    number = count(len(made.done), "session")
    rows = (("Noted", f"{number} as done; the plan stays"), ("Undo", "pe-plan undo takes it back"))
    return (Facts(rows=rows),)


def _found(made: Replanned) -> Noticed:
    return Noticed() if made.noticed is None else made.noticed


def _counts(made: Replanned, found: Noticed) -> str:
    """2 blocks moved, 1 deleted and 3 done."""
    moved = sum(to.is_elsewhere for to in found.moved)
    numbers = {
        "moved": moved,
        "pinned": len(found.moved) - moved,
        "let go": len(found.released),
        "deleted": len(made.deleted),
        "put back": len(found.missing) - len(made.deleted),
        "missed": len(found.lost),
        "done": len(found.ticked),
    }
    said = [f"{number} {word}" for word, number in numbers.items() if number]
    number, _, word = said[0].partition(" ")
    return listed([f"{count(int(number), 'block')} {word}", *said[1:]])


def _table(made: Replanned, found: Noticed) -> Iterator[Part]:
    if rows := tuple(row for _, row in sorted(_rows(made, found), key=lambda pair: pair[0])):
        yield Table(columns=("Block", "When", "What"), rows=rows)
    if found.older:
        verb = "event there is" if found.older == 1 else "events there are"
        text = f"{found.older} {verb} older than the plan: import plan-changes.ics"
        yield Facts(rows=(("Older", text),))


def _rows(made: Replanned, found: Noticed) -> Iterator[_Row]:
    profile = made.before.profile
    for to in found.moved:
        word, was = "pinned", to.block.title
        if to.is_elsewhere:
            word, was = "moved", f"{to.block.title} (was {_time(to.block, profile)})"
        yield to.start, (word, _when(to.start, to.minutes, profile), was)
    for block in found.released:
        yield _row("let go", block, made)
    for block in found.missing:
        yield _row("deleted" if block.uid in made.deleted else "put back", block, made)
    for block in found.lost:
        yield _row("missed", block, made, " (no longer in that calendar)")
    for ticked in found.ticked:
        yield _row("done", ticked.block, made)
    for left in found.left:
        yield _row("stays", left.block, made, f" ({because(left)})")


def because(left: Left) -> str:
    """Why a block stays as it is, and what to do instead."""
    if left.why == "older":
        return f"it was ticked, but {BECAUSE['older']}; mark what you did with `pe-plan done`"
    if left.instead:
        return f"{BECAUSE[left.why]}; mark {left.instead} with `pe-plan done` if you did it"
    return BECAUSE[left.why]


def _row(word: str, block: Block, made: Replanned, more: str = "") -> _Row:
    return block.start, (word, _time(block, made.before.profile), block.title + more)


def _time(block: Block, profile: Profile) -> str:
    return _when(block.start, block.minutes, profile)


def _when(start: datetime, minutes: int, profile: Profile) -> str:
    zone = profile.zone_at(start)
    return f"{weekday(start.astimezone(zone).date())} {clock(start, minutes, zone)}"
