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
    by one and takes `now` (whole seconds, UTC) as the instant of change. All others stay as they
    are. Raises ValueError for a naive `now`, a uid that occurs twice, and a removed uid that comes
    back: calendars refuse an event that their user deleted, so it needs a new uid.
    """
    if now.tzinfo is None:
        raise ValueError("the instant of publishing needs a time zone")
    stamp = now.astimezone(UTC).replace(microsecond=0)
    known = {entry.uid: entry for entry in ledger}
    fresh: dict[str, Entry] = {}
    for event in events:
        old, content = known.get(event.uid), fingerprint(event)
        if event.uid in fresh:
            raise ValueError(f"two events with the uid {event.uid}")
        if old and old.removed:
            raise ValueError(f"{event.uid} was removed and can't come back under the same uid")
        if old and old.fingerprint == content:
            fresh[event.uid] = old
            continue
        fresh[event.uid] = Entry(
            uid=event.uid,
            start=event.start,
            minutes=event.minutes,
            summary=event.summary,
            sequence=old.sequence + 1 if old else 0,
            fingerprint=content,
            changed=stamp,
        )
    for entry in ledger:
        if entry.uid not in fresh:
            left = replace(entry, sequence=entry.sequence + 1, changed=stamp, removed=True)
            fresh[entry.uid] = entry if entry.removed else left
    return tuple(sorted(fresh.values(), key=lambda entry: (entry.start, entry.uid)))


def vanished(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of `after` that were removed since `before`."""
    old = {entry.uid for entry in before if entry.removed}
    return tuple(entry for entry in after if entry.removed and entry.uid not in old)


def block_uid(plan_id: str, start: datetime, retired: Collection[str]) -> str:
    """A uid for a block first planned at `start` (aware), the same for the same arguments. Those
    `retired` may not be used: of removed events, and of blocks that began then and moved on."""
    moment = start.astimezone(UTC).isoformat()
    drawn = (uuid5(_NAMESPACE, f"{plan_id} {moment} {incarnation}") for incarnation in count())
    return next(uid for each in drawn if (uid := f"{each}@{_DOMAIN}") not in retired)


def fingerprint(event: Event) -> str:
    """16 hexadecimal digits that change with anything exported about the event."""
    content = astuple(replace(event, start=event.start.astimezone(UTC)))
    return sha256(json.dumps(content, default=datetime.isoformat).encode()).hexdigest()[:16]
