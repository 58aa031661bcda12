"""The one-line rows of plan.toml, each kind written and read side by side.

A row is words parted by single spaces, with free text after " | " at its end. A word is "-" where
there is nothing. The writers raise ValueError for a name that is no word; the readers raise it
with a sentence for people (or OverflowError, for numbers beyond any calendar). The log's rows stand
in log_rows.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import get_args

from pe_plan.errors import quoted
from pe_plan.model import (
    LEVELS,
    WEEKDAYS,
    Activity,
    Block,
    Days,
    Entry,
    Kind,
    Level,
    PhasePlan,
    Session,
    Status,
    TopicPlan,
    Unplaced,
    Verdict,
    Week,
    WeekKind,
    Window,
    clock,
)
from pe_plan.store import words
from pe_plan.store.words import Known

INDENT = "  "  # a session's row stands under its block's
_KINDS: Known[Kind] = Known((kind, kind) for kind in get_args(Kind))
_WEEK_KINDS: Known[WeekKind] = Known((kind, kind) for kind in get_args(WeekKind))
_STATUSES: Known[Status] = Known((status, status) for status in get_args(Status))
_ACTIVITIES: Known[Activity | None] = Known({"-": None} | {a: a for a in get_args(Activity)})
_DAYS = Known((day[:3], n) for n, day in enumerate(WEEKDAYS))
_PINNED = Known({"pinned": True, "-": False})
_MADE_UP = Known({"made-up": True, "-": False})
_REMOVED = Known({"removed": True, "-": False})
KNOWN_LEVELS: Known[Level] = Known((level, level) for level in LEVELS)
VERDICTS: Known[Verdict] = Known((verdict, verdict) for verdict in get_args(Verdict))


# ── The profile's rows ────────────────────────────────────────────────────────────────────────


def window_row(window: Window) -> str:
    """`mon 19:00-21:00 0 25`: weekday, from-to, rank, shortest."""
    span = f"{clock(window.start)}-{clock(window.end)}"
    return f"{WEEKDAYS[window.weekday][:3]} {span} {window.rank} {window.shortest}"


def read_window(row: str) -> Window:
    """The window of a row."""
    weekday, span, rank, shortest = words.split(row, 4)
    start, _, end = span.partition("-")
    return Window(
        weekday=_DAYS[weekday],
        start=words.read_clock(start),
        end=words.read_clock(end),
        rank=words.read_whole(rank),
        shortest=words.read_whole(shortest),
    )


def days_row(days: Days) -> str:
    """`2026-03-02..2026-03-08`: the first and the last day."""
    return f"{days.first}..{days.last}"


def read_days(row: str) -> Days:
    """The days of a row."""
    first, _, last = row.partition("..")
    return Days(first=words.read_day(first), last=words.read_day(last))


def skill_row(who: str, level: Level) -> str:
    """`linux solid`: who (all, a phase or a topic), level."""
    return f"{words.name(who)} {level}"


def read_skill(row: str) -> tuple[str, Level]:
    """Who is meant by a row, and the level."""
    who, level = words.split(row, 2)
    return words.name(who), KNOWN_LEVELS[level]


def abroad_row(until: date, zone: str) -> str:
    """`2026-03-02 Europe/Berlin`: the first day on which it was no longer so, the zone."""
    return f"{until} {zone}"


def read_abroad(row: str) -> tuple[date, str]:
    """The day and the zone of a row."""
    until, zone = words.split(row, 2)
    return words.read_day(until), words.read_zone(zone)


# ── The plan's rows ───────────────────────────────────────────────────────────────────────────


def week_row(week: Week) -> str:
    """`1 2026-01-05 study linux 720`: number, first day, kind, phase, capacity."""
    return f"{week.n} {week.starts} {week.kind} {words.maybe(week.phase)} {week.capacity}"


def read_week(row: str) -> Week:
    """The week of a row."""
    n, starts, kind, phase, capacity = words.split(row, 5)
    return Week(
        n=words.read_whole(n),
        starts=words.read_day(starts),
        kind=_WEEK_KINDS[kind],
        phase=words.read_maybe(phase),
        capacity=words.read_whole(capacity),
    )


def phase_row(phase: PhasePlan) -> str:
    """`linux 7 6-8 2026-01-05 2026-02-22 4800 | why | title`: id, weeks, the roadmap's range,
    first and last day, minutes.
    """
    weeks = f"{phase.weeks} {phase.roadmap_weeks[0]}-{phase.roadmap_weeks[1]}"
    head = f"{words.name(phase.id)} {weeks} {phase.starts} {phase.ends} {phase.minutes}"
    return f"{head} | {words.text(_why(phase.why))} | {words.text(phase.title)}"


def _why(text: str) -> str:
    """The reason, as it stands before another text."""
    if "|" in text:
        raise ValueError(f"expected a reason without |, got {quoted(text)}")
    return text


def read_phase(row: str) -> PhasePlan:
    """The phase plan of a row."""
    (id, weeks, span, starts, ends, minutes), why, title = words.split_texts(row, 6)
    shortest, _, longest = span.partition("-")
    return PhasePlan(
        id=words.name(id),
        title=title,
        weeks=words.read_whole(weeks),
        roadmap_weeks=(words.read_whole(shortest), words.read_whole(longest)),
        starts=words.read_day(starts),
        ends=words.read_day(ends),
        minutes=words.read_whole(minutes),
        why=_why(why),
    )


def topic_row(topic: TopicPlan) -> str:
    """`tcp-ip some 3/4 300 0 0`: id, level, depth, minutes, trimmed, whole."""
    depth = f"{topic.depth.numerator}/{topic.depth.denominator}"
    minutes = f"{topic.minutes} {topic.trimmed} {topic.whole}"
    return f"{words.name(topic.id)} {topic.level} {depth} {minutes}"


def read_topic(row: str) -> TopicPlan:
    """The topic plan of a row."""
    id, level, depth, minutes, trimmed, whole = words.split(row, 6)
    above, _, below = depth.partition("/")
    if not below.strip("0"):
        raise ValueError(f"expected a depth like 3/4, got {quoted(depth)}")
    return TopicPlan(
        id=words.name(id),
        level=KNOWN_LEVELS[level],
        depth=Fraction(words.read_whole(above), words.read_whole(below)),
        minutes=words.read_whole(minutes),
        trimmed=words.read_whole(trimmed),
        whole=words.read_whole(whole),
    )


def unplaced_row(unplaced: Unplaced) -> str:
    """`mock 45 - coding`: kind, minutes, phase, round."""
    about = f"{words.maybe(unplaced.phase)} {words.maybe(unplaced.round)}"
    return f"{unplaced.kind} {unplaced.minutes} {about}"


def read_unplaced(row: str) -> Unplaced:
    """The unplaced work of a row."""
    kind, minutes, phase, round = words.split(row, 4)
    return Unplaced(
        kind=_KINDS[kind],
        minutes=words.read_whole(minutes),
        phase=words.read_maybe(phase),
        round=words.read_maybe(round),
    )


def block_rows(block: Block) -> Iterable[str]:
    """`2026-01-05T18:00:00Z 120 <uid> - | title`, and its sessions' rows under it."""
    flag = "pinned" if block.pinned else "-"
    head = f"{words.instant(block.start)} {block.minutes} {words.name(block.uid)} {flag}"
    yield f"{head} | {words.text(block.title)}"
    for session in block.sessions:
        yield f"{INDENT}{_session_row(session)}"


def read_block(row: str) -> partial[Block]:
    """The block of a row; its `sessions`, which have rows of their own, are still to be given."""
    (start, minutes, uid, flag), title = words.split_text(row, 4)
    return partial(
        Block,
        uid=words.name(uid),
        start=words.read_instant(start),
        minutes=words.read_whole(minutes),
        title=title,
        pinned=_PINNED[flag],
    )


def _session_row(session: Session) -> str:
    about = map(words.maybe, (session.phase, session.topic, session.activity, session.round))
    made_up = "made-up" if session.made_up else "-"
    state = f"{session.part}/{session.parts} {session.status} {made_up} {words.name(session.id)}"
    return f"{session.minutes} {session.kind} {' '.join(about)} {state}"


def read_session(row: str, start: datetime) -> Session:
    """The session of a row. Its start is not in the row: it follows from what stands before it."""
    fields = words.split(row, 10)
    minutes, kind, phase, topic, activity, round, parts, status, made_up, id = fields
    part, of = words.read_parts(parts)
    return Session(
        id=words.name(id),
        kind=_KINDS[kind],
        start=start,
        minutes=words.read_whole(minutes),
        phase=words.read_maybe(phase),
        topic=words.read_maybe(topic),
        activity=_ACTIVITIES[activity],
        round=words.read_maybe(round),
        part=part,
        parts=of,
        status=_STATUSES[status],
        made_up=_MADE_UP[made_up],
    )


def early_row(session: Session) -> str:
    """`2026-01-05T18:00:00Z 105 study ...`: the start of a session without a block, then what any
    session's row holds."""
    return f"{words.instant(session.start)} {_session_row(session)}"


def read_early(row: str) -> Session:
    """The session of such a row."""
    start, _, rest = row.partition(" ")
    return read_session(rest, words.read_instant(start))


def after(session: Session) -> datetime:
    """The instant at which the session is over."""
    return session.start + words.lasting(session.minutes)


# ── The calendar's rows ───────────────────────────────────────────────────────────────────────


def entry_row(entry: Entry) -> str:
    """`2026-01-05T18:00:00Z 120 <uid> 0 <fingerprint> 2026-01-01T12:00:00Z - | summary`: start,
    minutes, uid, sequence, fingerprint, changed, removed.
    """
    place = f"{words.instant(entry.start)} {entry.minutes} {words.name(entry.uid)}"
    flag = "removed" if entry.removed else "-"
    content = (
        f"{entry.sequence} {words.name(entry.fingerprint)} {words.instant(entry.changed)} {flag}"
    )
    return f"{place} {content} | {words.text(entry.summary)}"


def read_entry(row: str) -> Entry:
    """The ledger entry of a row."""
    fields, summary = words.split_text(row, 7)
    start, minutes, uid, sequence, fingerprint, changed, flag = fields
    return Entry(
        uid=words.name(uid),
        start=words.read_instant(start),
        minutes=words.read_whole(minutes),
        summary=summary,
        sequence=words.read_whole(sequence),
        fingerprint=words.name(fingerprint),
        changed=words.read_instant(changed),
        removed=_REMOVED[flag],
    )
