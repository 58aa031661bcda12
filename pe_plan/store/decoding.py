"""The bytes of plan.toml as the state, or every fault found in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, BinaryIO, TypeVar

from pe_plan.errors import Exit, PePlanError, quoted
from pe_plan.model import Block, Plan, Profile, Session, State, Verdict
from pe_plan.store import log_rows, rows, shapes, words
from pe_plan.store.checks import contradictions, twice
from pe_plan.store.shapes import BESIDE, ROWS_BESIDE, SCHEMA, DamagedError, Document, Fault, tables

T = TypeVar("T")

_HEAD = 1000  # bytes of the file in which its schema stands
_ANY = datetime(1970, 1, 1, tzinfo=UTC)  # where a block's start cannot be read


def decode(raw: bytes, source: str, hint: Callable[[], str] = str) -> State:
    """The state that `raw` holds, of this schema or an older one; `source` names the file in
    messages, `hint` is asked what to do about a damaged one.

    Raises PePlanError (Exit.STATE) with every fault found; a file that a newer pe-plan wrote is
    refused as well.
    """
    try:
        schema, document = tables(raw)
        if schema > 1:  # what came with 3 may be absent
            return _state(document)
        from pe_plan.store import migration

        migration.from_1(document)
        return migration.begun(_state(document))
    except DamagedError as damaged:
        raise PePlanError(Exit.STATE, damaged.problems(source, hint())) from None


def is_of_now(file: BinaryIO) -> bool:
    """Whether the open plan.toml is of this schema."""
    return f"\nschema = {SCHEMA}\n".encode() in file.read(_HEAD)


def _state(document: Document) -> State:
    faults: list[Fault] = []
    ledger, log = document["calendar"]["ledger"], document["log"]
    state = State(
        profile=_profile(document["profile"], faults),
        plan=_plan(document["plan"], faults),
        ledger=_each(ledger, rows.read_entry, "calendar.ledger", faults),
        roadmap=document["roadmap"]["text"],
        log=_each(log["records"], log_rows.read_record, "log.records", faults),
        accepted=_each(log["accepted"], log_rows.read_accepted, "log.accepted", faults),
    )
    faults = faults or list(contradictions(state))
    if faults:
        raise DamagedError(faults)
    return state


def _profile(table: Mapping[str, Any], faults: list[Fault]) -> Profile:
    def each(key: str, read: Callable[[str], T]) -> tuple[T, ...]:
        return _each(table[key], read, f"profile.{key}", faults)

    skills = each("skills", rows.read_skill)
    faults += twice("profile.skills", [who for who, _ in skills])
    return Profile(
        start=table["start"],
        minutes_per_week=table["minutes_per_week"],
        windows=each("windows", rows.read_window),
        timezone=_one(table["timezone"], words.read_zone, "profile.timezone", faults, "UTC"),
        days_off=each("days_off", rows.read_days),
        interview=table.get("interview"),
        skills=dict(skills),
        finish_early=table["finish_early"],
        overrun=table["overrun"],
        remind=table.get("remind"),
        abroad=each("abroad", rows.read_abroad),
        **_beside(table, faults),
    )


def _beside(table: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """What a profile says of other events and of single blocks, which most say nothing of."""
    said = {key: table[key] for key in BESIDE if key in table}
    if "margin" in said:
        said["busy_margin"] = said.pop("margin")
    if any(key in table for key in ROWS_BESIDE):
        from pe_plan.store import busy_rows

        def each(rows: Sequence[str], read: Callable[[str], T], key: str) -> tuple[T, ...]:
            return _each(rows, read, f"profile.{key}", faults)

        said["calendars"] = each(table.get("calendars", ()), busy_rows.read_calendar, "calendars")
        said["pins"] = each(table.get("pins", ()), busy_rows.read_pin, "pins")
        for key in ("busy", "dropped"):
            text = table.get(key, "")
            try:
                said[key] = busy_rows.read_stretches(text)
            except (ValueError, OverflowError):  # one by one, for the place of what is wrong
                said[key] = each(shapes.rows(text), busy_rows.read_stretch, key)
    return said


def _plan(table: Mapping[str, Any], faults: list[Fault]) -> Plan:
    def each(key: str, read: Callable[[str], T]) -> tuple[T, ...]:
        return _each(table[key], read, f"plan.{key}", faults)

    return Plan(
        id=table["id"],
        roadmap=table["roadmap"],
        as_of=table["as_of"],
        revision=table["revision"],
        minutes_per_week=table["minutes_per_week"],
        windows=each("windows", rows.read_window),
        earliest=table["earliest"],
        latest=table["latest"],
        finish=table["finish"],
        verdict=_one(table["verdict"], _verdict, "plan.verdict", faults, "inside"),
        weeks=each("weeks", rows.read_week),
        phases=each("phases", rows.read_phase),
        topics=each("topics", rows.read_topic),
        blocks=_blocks(table["blocks"], faults),
        left_out=tuple(table["left_out"]),
        unplaced=each("unplaced", rows.read_unplaced),
        early=each("early", rows.read_early),
    )


def _verdict(word: str) -> Verdict:
    return rows.VERDICTS[word]


def _one(text: str, read: Callable[[str], T], path: str, faults: list[Fault], otherwise: T) -> T:
    try:
        return read(text)
    except ValueError as error:
        faults.append((path, str(error)))
        return otherwise


def _each(
    texts: Sequence[str], read: Callable[[str], T], path: str, faults: list[Fault], first: int = 0
) -> tuple[T, ...]:
    """The values of the rows that can be read, and the faults of the others; `first` is the place
    of the first row in the file."""
    values = []
    for n, text in enumerate(texts, first):
        try:
            values.append(read(text))
        except ValueError as error:
            faults.append((f"{path}[{n}]", str(error)))
        except OverflowError:
            faults.append((f"{path}[{n}]", f"a number is out of range in {quoted(text)}"))
    return tuple(values)


def _blocks(texts: Sequence[str], faults: list[Fault]) -> tuple[Block, ...]:
    """The blocks, each with the sessions whose rows stand under its own."""
    heads = [n for n, text in enumerate(texts) if not text.startswith(rows.INDENT)]
    if texts and heads[:1] != [0]:
        faults.append(("plan.blocks[0]", "a session stands before the first block"))
    blocks: list[Block] = []
    for head, end in pairwise([*heads, len(texts)]):
        found = _each(texts[head : head + 1], rows.read_block, "plan.blocks", faults, head)
        start = found[0].keywords["start"] if found else _ANY
        sessions = _agenda(texts[head + 1 : end], start, faults, head + 1)
        blocks += [block(sessions=sessions) for block in found]
    return tuple(blocks)


def _agenda(
    texts: Sequence[str], start: datetime, faults: list[Fault], first: int
) -> tuple[Session, ...]:
    """The sessions of one block: each starts where the one before it ends."""
    clock = start

    def read(text: str) -> Session:
        nonlocal clock
        session = rows.read_session(text.removeprefix(rows.INDENT), clock)
        clock = rows.after(session)
        return session

    return _each(texts, read, "plan.blocks", faults, first)
