"""What a re-plan says: past sessions that wait for a word, the change, and what was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pe_plan.app.replanning import Replanned, Unsure
from pe_plan.cli.parts import Facts, Heading, Part, Table
from pe_plan.cli.telling import removals, topic_names, unplaced_work
from pe_plan.documents.words import (
    Titles,
    clock,
    count,
    hours,
    listed,
    long_date,
    short_date,
    weekday,
)
from pe_plan.model import Block, Profile, Roadmap, Session
from pe_plan.tracking.changes import Changed, Changes, Trim

_SHOWN = 12  # blocks that a screen has room for
_LISTED = 4  # topics likewise


# ── What is not marked ────────────────────────────────────────────────────────────────────────


def unmarked(waiting: Unsure) -> tuple[Part, ...]:
    """Past sessions of which nobody said what they were."""
    rows = [
        (_when(one.start, waiting.profile), f"{one.minutes} min", _about(one, waiting.roadmap))
        for one in waiting.sessions
    ]
    heading = f"Not marked yet: {count(len(rows), 'past session')}"
    return (Heading(text=heading), Table(columns=("When", ">Length", "What"), rows=tuple(rows)))


def one_of(waiting: Unsure, n: int) -> str:
    """A session in a few words."""
    session = waiting.sessions[n]
    return f"{_when(session.start, waiting.profile)}, {_about(session, waiting.roadmap)}"


def _about(session: Session, roadmap: Roadmap) -> str:
    """What the session was about."""
    titles = Titles(roadmap)
    name = titles.round(session.round) or titles.topic(session.topic) or titles.phase(session.phase)
    if session.kind == "study":
        number = f" {session.part}" if session.parts > 1 else ""
        return f"{name}: {session.activity}{number}"
    words = {"mock": "Mock", "review": "Review" if session.topic else "Recall"}
    return f"{words.get(session.kind, session.kind.capitalize())}: {name}"


def _when(start: datetime, profile: Profile) -> str:
    local = start.astimezone(profile.zone_at(start))
    return f"{weekday(local.date())} {local:%H:%M}"


# ── The change ────────────────────────────────────────────────────────────────────────────────


def change(made: Replanned) -> tuple[Part, ...]:
    """What the learner said otherwise than by flags, if they did, and what the re-plan changes,
    block by block and in sum."""
    if made.noticed is None:
        return _change(made)
    from pe_plan.cli import synced

    parts = synced.understood(made)
    return (*parts, *_change(made)) if made.noticed.replans else parts


def _change(made: Replanned) -> tuple[Part, ...]:
    heading = Heading(text=f"Re-plan as of {long_date(made.as_of)}: {counts(made.changes)}")
    rows = tuple(row for _, row in sorted(_rows(made), key=lambda pair: pair[0]))
    facts = Facts(rows=tuple(_facts(made, len(rows) - _SHOWN)))
    if not rows:
        return (heading, facts)
    return (heading, Table(columns=("Change", "When", "What"), rows=rows[:_SHOWN]), facts)


def counts(changes: Changes) -> str:
    """3 blocks retitled, 1 moved and 2 added."""
    numbers = (
        (len(changes.retitled), "retitled"),
        (len(changes.moved), "moved"),
        (len(changes.added), "added"),
        (len(changes.removed), "removed"),
    )
    said = [f"{number} {word}" for number, word in numbers if number]
    if not said:
        return "no block changes"
    first, _, word = said[0].partition(" ")
    return listed([f"{count(int(first), 'block')} {word}", *said[1:]])


def _rows(made: Replanned) -> Iterator[tuple[datetime, tuple[str, str, str]]]:
    changes, profile = made.changes, made.state.profile
    for pair in changes.retitled:
        yield pair.after.start, ("retitled", _time(pair.after, profile), _retitled(pair))
    for pair in changes.moved:
        held = ", pinned" if pair.after.pinned else ""
        was = f"{pair.after.title}{held} (was {_time(pair.before, made.before.profile)})"
        yield pair.after.start, ("moved", _time(pair.after, profile), was)
    for block in changes.added:
        yield block.start, ("added", _time(block, profile), block.title)
    for block in changes.removed:
        yield block.start, ("removed", _time(block, made.before.profile), block.title)


def _time(block: Block, profile: Profile) -> str:
    zone = profile.zone_at(block.start)
    day = block.start.astimezone(zone).date()
    return f"{weekday(day)} {clock(block.start, block.minutes, zone)}"


def _retitled(pair: Changed) -> str:
    """The new title, and where it still is about the same what it was: a line has room for one."""
    old, new = pair.before.title, pair.after.title
    if old == new:
        return f"{new} (another agenda)"
    subject, _, rest = old.partition(": ")
    return f"{new} (was {rest})" if rest and new.startswith(f"{subject}: ") else new


def _facts(made: Replanned, more: int) -> Iterator[tuple[str, str]]:
    plan, before = made.state.plan, made.before.plan
    if more > 0:
        yield "And", count(more, "more block")
    if made.reason:
        yield "Why", made.reason
    if plan.left_out != before.left_out and plan.left_out:
        yield "Left out", topic_names(plan.left_out, made.roadmap)
    yield "Finish", finish(made.changes.finish)
    if plan.verdict == "late" and before.verdict != "late":
        yield "Window", f"the roadmap's ends on {long_date(plan.latest)}"
    if plan.minutes_per_week != before.minutes_per_week:
        was, now = hours(before.minutes_per_week), hours(plan.minutes_per_week)
        yield "Hours", f"{now} h a week, {was} h before"
    yield "Cushion", cushion(*made.changes.cushion)
    if made.changes.trimmed:
        yield "Trimmed", _trimmed(made.changes.trimmed, made.roadmap)
    if plan.unplaced != before.unplaced and plan.unplaced:
        yield "No room", unplaced_work(plan.unplaced, made.roadmap)
    if pinned := sum(block.pinned and made.is_ahead(block) for block in plan.blocks):
        yield "Pinned", _pinned(pinned)
    for note in made.reading.notes:
        yield "Note", note


def _pinned(number: int) -> str:
    verb, it = ("keeps", "it") if number == 1 else ("keep", "one")
    return f"{count(number, 'block')} {verb} a time of your own; `pe-plan unpin` lets {it} go"


def finish(days: tuple[date, date]) -> str:
    """The new finish beside the old one."""
    was, now = days
    if was == now:
        return f"{long_date(now)}, as before"
    number, word = abs((now - was).days), "later" if now > was else "sooner"
    length = count(number // 7, "week") if number % 7 == 0 else count(number, "day")
    return f"{long_date(now)}, {length} {word} than {short_date(was)}"


def cushion(was: int, now: int) -> str:
    """The free time still to come, and how much of it went or came."""
    if was == now:
        return f"{hours(now)} h of free time, as before"
    return (
        f"{hours(now)} h of free time, {hours(abs(now - was))} h {'more' if now > was else 'less'}"
    )


def _trimmed(trims: tuple[Trim, ...], roadmap: Roadmap) -> str:
    names = {topic.id: topic.short for topic in roadmap.topics}
    ordered = sorted(trims, key=lambda trim: -trim.minutes)
    said = [
        f"{names[trim.topic]} to {float(trim.after):.0%}"
        + (f" ({trim.minutes} min less)" if trim.minutes else "")
        for trim in ordered[:_LISTED]
    ]
    more = len(ordered) - len(said)
    return ", ".join(said) + (f" and {more} more" if more else "")


# ── What became of it ─────────────────────────────────────────────────────────────────────────


DRY_RUN = Facts(rows=(("Written", "nothing, this was a dry run"),))
DECLINED = Heading(text="All is as it was: nothing was written.")


def outcome(made: Replanned) -> tuple[Part, ...]:
    """What was written, if anything, and what to do with it."""
    if made.noticed is not None and not made.noticed.replans:
        from pe_plan.cli import synced

        return (*synced.outcome(made), *_notes(made))
    if made.outcome == "unchanged":
        noted = f" Noted as done: {count(len(made.done), 'session')}." if made.done else ""
        return (Heading(text=f"Nothing to change: the plan stands as it is.{noted}"), *_notes(made))
    if made.outcome == "shown":
        return (DRY_RUN,)
    if made.outcome == "declined":
        return (DECLINED,)
    return (Facts(rows=tuple(_delivered(made))),)


def _notes(made: Replanned) -> tuple[Part, ...]:
    rows = tuple(("Note", note) for note in made.reading.notes)
    return (Facts(rows=rows),) if rows else ()


def _delivered(made: Replanned) -> Iterator[tuple[str, str]]:
    written = made.written
    yield "Written", f"{listed(written.files)} in {made.folder}"
    for name in written.kept:
        yield "Kept", f"the plan.md that you edited, as {name}"
    if "plan-changes.ics" in written.files:
        file = made.folder / "plan-changes.ics"
        yield "Import", f"{file} into the same calendar as before: what is new or changed"
    moot = {block.uid for block in made.noticed.missing} if made.noticed else ()
    if removed := [entry for entry in written.removed if entry.uid not in moot]:
        yield "Delete", removals(removed, made.state.profile)
    yield "Undo", "pe-plan undo, if this is not what you meant"
