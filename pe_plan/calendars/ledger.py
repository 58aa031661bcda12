"""Which events were published, how often each changed, and when (the rules of SEQUENCE)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import astuple, replace

from pe_plan.model import Entry

_NAMESPACE = UUID("8f5b0f5e-3c53-5a0e-9d2c-6f0a8a1a6f4e")  # drawn once; it must never change
_DOMAIN = "pe-plan.invalid"  # a reserved name, so nobody's


class Event(Struct, frozen=True, kw_only=True):
    """What a calendar client is shown of one block; all of it counts for the fingerprint.
    `transparent` leaves the time free, `remind` is minutes before the start."""

    uid: str
    start: datetime
    minutes: int
    summary: str
    description: str
    categories: tuple[str, ...]
    transparent: bool
    remind: int | None = None


def publish(events: Iterable[Event], ledger: tuple[Entry, ...], now: datetime) -> tuple[Entry, ...]:
    """The ledger after `events`, the whole calendar, are published at `now`; ordered by start.

    A new event begins at sequence 0. One whose content changed, or that left the calendar, rises
    by one and takes `now` (whole seconds, UTC) as the instant of change. All others keep their
    entry as it is, so publishing the same events again changes nothing.

    Raises ValueError for a naive `now`, a uid that occurs twice, and a removed uid that comes
    back: calendars refuse an event that their user deleted, so it needs a new uid.
    """
    if now.tzinfo is None:
        raise ValueError("the instant of publishing needs a time zone")
    stamp = now.astimezone(UTC).replace(microsecond=0)
    known = {entry.uid: entry for entry in ledger}
    fresh: dict[str, Entry] = {}
    for event in events:
        if event.uid in fresh:
            raise ValueError(f"two events with the uid {event.uid}")
        fresh[event.uid] = _entry(event, known.get(event.uid), stamp)
    for entry in ledger:
        if entry.uid not in fresh and not entry.removed:
            left = replace(entry, sequence=entry.sequence + 1, changed=stamp, removed=True)
            fresh[entry.uid] = left
    kept = (entry for entry in ledger if entry.uid not in fresh)
    return tuple(sorted((*fresh.values(), *kept), key=lambda entry: (entry.start, entry.uid)))


def vanished(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of `after` that were removed since `before`."""
    old = {entry.uid for entry in before if entry.removed}
    return tuple(entry for entry in after if entry.removed and entry.uid not in old)


def block_uid(plan_id: str, start: datetime, retired: Collection[str]) -> str:
    """A uid for a block first planned at `start` (aware), the same for the same arguments.

    `retired` holds the uids that may not be used: those of removed events, and of blocks that
    began at this start and moved on. Each skips one incarnation.
    """
    moment = start.astimezone(UTC).isoformat()
    for incarnation in count():
        uid = f"{uuid5(_NAMESPACE, f'{plan_id} {moment} {incarnation}')}@{_DOMAIN}"
        if uid not in retired:
            break
    return uid


def fingerprint(event: Event) -> str:
    """16 hexadecimal digits that change with anything exported about the event."""
    content = astuple(replace(event, start=event.start.astimezone(UTC)))
    return sha256(json.dumps(content, default=datetime.isoformat).encode()).hexdigest()[:16]


def _entry(event: Event, old: Entry | None, stamp: datetime) -> Entry:
    """The event's line, which stays as it was where nothing changed."""
    if old is not None and old.removed:
        raise ValueError(f"{event.uid} was removed and can't come back under the same uid")
    print_now = fingerprint(event)
    if old is not None and old.fingerprint == print_now:
        return old
    return Entry(
        uid=event.uid,
        start=event.start,
        minutes=event.minutes,
        summary=event.summary,
        sequence=0 if old is None else old.sequence + 1,
        fingerprint=print_now,
        changed=stamp,
    )
