"""What a re-plan says: what only the learner knows, what was understood, what changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import UNSET
from msgspec.structs import replace

from pe_plan.app.replan import Replanned, Unsure
from pe_plan.cli.output import Facts, Heading, Part, Table
from pe_plan.cli.screens.generate import delivered, unplaced_work
from pe_plan.documents.words import (
    Titles,
    clock,
    count,
    counted,
    hours,
    listed,
    long_date,
    short_date,
    weekday,
)
from pe_plan.model import Roadmap, Session, few
from pe_plan.tracking.changes import Change, Pair
from pe_plan.tracking.placing import Place, Row
from pe_plan.tracking.readback import Noticed

_SHOWN = 12  # blocks that a screen has room for
_LISTED = 4  # topics likewise

_Line = tuple[str, Row, str]  # what became of a block, and what to say of it


def unmarked(waiting: Unsure) -> Table:
    """Past sessions of which nobody said what they were."""
    profile, rows = waiting.profile, []
    for one in waiting.sessions:
        local = profile.local(one.start)
        when = f"{weekday(local.date())} {local:%H:%M}"
        rows.append((when, f"{one.minutes} min", _about(one, waiting.roadmap)))
    return Table(("When", ">Length", "What"), rows)


def missing(waiting: Unsure) -> Table:
    """The blocks of today and later that are not in the calendar."""
    rows = tuple((_when(row), row.title) for row in waiting.missing)
    return Table(("When", "What"), rows)


def _about(session: Session, roadmap: Roadmap) -> str:
    """What the session was about."""
    titles = Titles(roadmap)
    name = titles.round(session.round) or titles.topic(session.topic) or titles.phase(session.phase)
    if session.kind == "study":
        number = f" {session.part}" if session.parts > 1 else ""
        return f"{name}: {session.activity}{number}"
    words = {"mock": "Mock", "review": "Review" if session.topic else "Recall"}
    return f"{words.get(session.kind, session.kind.capitalize())}: {name}"


def _when(row: Row | Place) -> str:
    """Tue 13 Jan 19:00–21:00, on the wall clock of its start."""
    return f"{weekday(row.start.date())} {clock(row.start, row.minutes)}"


def _in_order(lines: Iterable[_Line]) -> tuple[tuple[str, str, str], ...]:
    """The lines in order of time, as a table has them."""
    ordered = sorted(lines, key=lambda line: line[1].stretch[0])
    return tuple((word, _when(row), what) for word, row, what in ordered)


def _noticed(found: Noticed) -> Iterator[Part]:
    """What was moved, deleted and ticked, and what stays as it is and why."""
    if rows := _in_order(_understood_rows(found)):
        yield Table(("Block", "When", "What"), rows)
    if found.older:
        verb = "event there is" if found.older == 1 else "events there are"
        text = f"{found.older} {verb} older than the plan: import plan-changes.ics"
        yield Facts((("Older", text),))


def _understood_rows(found: Noticed) -> Iterator[_Line]:
    for to in found.moved:
        was = f" (was {_when(to.before)})" if to.is_elsewhere else ""
        yield "moved" if was else "pinned", to, to.title + was
    yield from (("let go", row, row.title) for row in found.let_go)
    yield from (("deleted", row, row.title) for row in found.deleted)
    yield from (("put back", row, row.title) for row in found.put_back)
    for row in found.missed:
        yield "missed", row, f"{row.title} (no longer in that calendar)"
    yield from (("done", row, row.title) for row in found.done)
    for row in found.left:
        why = row.because
        if row.why == "older":
            why = f"it was ticked, but {why}; mark what you did with `pe-plan done`"
        elif row.instead:
            why += f"; mark {row.instead} with `pe-plan done` if you did it"
        yield "stays", row, f"{row.title} ({why})"


def change(made: Replanned) -> Iterator[Part]:
    """What the learner said otherwise than by flags, if they did, and what the re-plan changes,
    block by block and in sum."""
    found = made.json
    if noticed := found.noticed or None:
        sums = {**noticed.numbers, "missed": len(noticed.missed), "done": len(noticed.done)}
        yield Heading(f"Understood: {listed(counted(sums, 'block'))}")
        yield from _noticed(noticed)
    if not _only_told(found):
        numbers = listed(counted(found.numbers, "block")) or "no block changes"
        yield Heading(f"Re-plan as of {long_date(found.plan.as_of)}: {numbers}")
        rows = _in_order(_rows(found))
        yield Table(("Change", "When", "What"), rows[:_SHOWN])
        yield Facts(tuple(_facts(made, len(rows) - _SHOWN)))


def _only_told(found: Change) -> bool:
    """Whether nothing was planned anew: the learner said nothing, or only what they did."""
    return found.noticed is not UNSET and not found.noticed.replans


def _rows(found: Change) -> Iterator[_Line]:
    for pair in found.retitled:
        yield "retitled", pair, _retitled(pair)
    for pair in found.moved:
        held = ", pinned" if pair.pinned else ""
        yield "moved", pair, f"{pair.title}{held} (was {_when(pair.before)})"
    yield from (("added", row, row.title) for row in found.added)
    yield from (("removed", row, row.title) for row in found.removed)


def _retitled(pair: Pair) -> str:
    """The new title, and where it still is about the same what it was: a line has room for one."""
    old, new = pair.before.title, pair.title
    if old == new:
        return f"{new} (another agenda)"
    subject, _, rest = old.partition(": ")
    return f"{new} (was {rest})" if rest and new.startswith(f"{subject}: ") else new


def _facts(made: Replanned, more: int) -> Iterator[tuple[str, str]]:
    found, plan, before = made.json, made.state.plan, made.before.plan
    if more > 0:
        yield "And", count(more, "more block")
    if found.reason:
        yield "Why", found.reason
    if plan.left_out != before.left_out and plan.left_out:
        yield "Left out", Titles(made.roadmap).topics(plan.left_out, _LISTED)
    yield "Finish", _finish(found.finish_before, plan.finish)
    if plan.verdict == "late" and before.verdict != "late":
        yield "Window", f"the roadmap's ends on {long_date(plan.latest)}"
    if plan.minutes_per_week != before.minutes_per_week:
        earlier = hours(before.minutes_per_week)
        yield "Hours", f"{hours(plan.minutes_per_week)} h a week, {earlier} h before"
    was, now = found.cushion.minutes_before, found.cushion.minutes
    change = f"{hours(abs(now - was))} h {'more' if now > was else 'less'}"
    yield "Cushion", f"{hours(now)} h of free time, {'as before' if was == now else change}"
    if found.trimmed:
        yield "Trimmed", _trimmed(made)
    if plan.unplaced != before.unplaced and plan.unplaced:
        yield "No room", unplaced_work(plan.unplaced, made.roadmap)
    day_of = made.state.profile.day_of
    ahead = [block for block in plan.blocks if day_of(block.start) >= found.plan.as_of]
    if pinned := sum(block.pinned for block in ahead):
        verb, it = ("keeps", "it") if pinned == 1 else ("keep", "one")
        text = f"{verb} a time of your own; `pe-plan unpin` lets {it} go"
        yield "Pinned", f"{count(pinned, 'block')} {text}"
    for note in found.notes:
        yield "Note", note


def _finish(was: date, now: date) -> str:
    """The new finish beside the old one."""
    if was == now:
        return f"{long_date(now)}, as before"
    number, word = abs((now - was).days), "later" if now > was else "sooner"
    length = count(number // 7, "week") if number % 7 == 0 else count(number, "day")
    return f"{long_date(now)}, {length} {word} than {short_date(was)}"


def _trimmed(made: Replanned) -> str:
    titles = Titles(made.roadmap)
    # The plan's depths, as those of the JSON are rounded already.
    depths = {topic.id: float(topic.depth) for topic in made.state.plan.topics}
    said = [
        f"{titles.topic(trim.topic)} to {depths[trim.topic]:.0%}"
        + (f" ({trim.minutes} min less)" if trim.minutes else "")
        for trim in sorted(made.json.trimmed, key=lambda trim: -trim.minutes)
    ]
    return few(said, _LISTED)


def outcome(made: Replanned) -> Iterator[Part]:
    """What was written, if anything, and what to do with it."""
    found, told = made.json, _only_told(made.json)
    done = count(len(found.done), "session")
    match found.outcome:
        case "unchanged" if told and found.noticed and found.noticed.read is not None:
            yield Heading("Nothing was moved, deleted or ticked.")
            yield from _noticed(found.noticed)
        case "unchanged":
            noted = f" Noted as done: {done}." if found.done else ""
            yield Heading(f"Nothing to change: the plan stands as it is.{noted}")
        case "shown":
            yield Facts((("Written", "nothing, this was a dry run"),))
        case "declined":
            yield Heading("All is as it was: nothing was written.")
        case "written" if told:
            noted = f"{done} as done; the plan stays"
            yield Facts((("Noted", noted), ("Undo", "pe-plan undo takes it back")))
        case "written":
            yield Facts(tuple(_delivered(made)))
    if told or found.outcome == "unchanged":
        yield Facts(tuple(("Note", note) for note in found.notes))


def _delivered(made: Replanned) -> Iterator[tuple[str, str]]:
    written, heard = made.written, made.json.noticed
    # What is not in the calendar any more needs no deleting there.
    gone = {row.uid for row in (*heard.deleted, *heard.put_back)} if heard else set()
    there = tuple(entry for entry in written.removed if entry.uid not in gone)
    yield from delivered(replace(written, removed=there), made.folder, made.state.profile)
    yield "Undo", "pe-plan undo, if this is not what you meant"
