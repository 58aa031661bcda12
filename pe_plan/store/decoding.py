"""The bytes of plan.toml as the state, or every fault found in them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pe_plan.errors import Exit, PePlanError, Problem, nearest, printable, quoted
from pe_plan.model import Block, Plan, Profile, Session, State, Verdict
from pe_plan.store import rows

T = TypeVar("T")

SCHEMA = 1
_MOST_SHOWN = 10

# Key -> type of its value; list means an array of rows. A key marked "?" may be absent.
_Shape = Mapping[str, type]
_TABLES: _Shape = {"profile": dict, "plan": dict, "calendar": dict, "roadmap": dict}
_PROFILE: _Shape = {
    "start": date,
    "minutes_per_week": int,
    "timezone": str,
    "interview?": date,
    "finish_early": bool,
    "overrun": bool,
    "remind?": int,
    "windows": list,
    "days_off": list,
    "skills": list,
}
_PLAN: _Shape = {
    "id": str,
    "roadmap": str,
    "as_of": date,
    "revision": int,
    "minutes_per_week": int,
    "earliest": date,
    "latest": date,
    "finish": date,
    "verdict": str,
    "left_out": list,
    "windows": list,
    "weeks": list,
    "phases": list,
    "topics": list,
    "unplaced": list,
    "blocks": list,
}
_SHAPES = {
    "profile": _PROFILE,
    "plan": _PLAN,
    "calendar": {"ledger": list},
    "roadmap": {"text": str},
}
_TYPE_NAMES = {
    bool: "true or false",
    date: "a date like 2026-01-05",
    dict: "a table",
    int: "a whole number",
    list: "a list of texts",
    str: "a text",
}

_Fault = tuple[str, str]  # key path, what is wrong


class _DamagedError(Exception):
    """The file is no state; carries every fault found."""

    def __init__(self, faults: Iterable[_Fault], hint: str = "") -> None:
        self.faults = tuple(faults)
        self.hint = hint

    def problems(self, source: str, hint: str) -> Iterator[Problem]:
        """The faults as problems, the first few of them in full, the hint on the last."""
        found = list(self.faults[:_MOST_SHOWN])
        if more := len(self.faults) - len(found):
            found.append(("", f"and {more} more like these"))
        for n, (path, what) in enumerate(found, 1):
            where = f"{source}: {path}" if path else source
            last = n == len(found)
            yield Problem(where=where, what=what, hint=(self.hint or hint) if last else "")


def decode(raw: bytes, source: str, hint: str = "") -> State:
    """The state that `raw` holds; `source` names the file in messages, `hint` says what to do
    about a damaged one.

    Raises PePlanError (Exit.STATE) with every fault found; a file that a newer pe-plan wrote is
    refused as well.
    """
    try:
        return _state(_tables(_parsed(raw)))
    except _DamagedError as damaged:
        raise PePlanError(Exit.STATE, damaged.problems(source, hint)) from None


def _parsed(raw: bytes) -> dict[str, Any]:
    if not raw.endswith(b"\n"):  # cut off in its last line, it may still be TOML
        raise _DamagedError([("", "ends in the middle of a line; the rest is lost")])
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _DamagedError([("", f"not UTF-8 (at line {line})")]) from None
    except (ValueError, RecursionError) as error:
        raise _DamagedError([("", f"not TOML: {error}")]) from None


def _tables(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its schema, which is this version's."""
    schema = document.pop("schema", None)
    if type(schema) is not int:
        raise _DamagedError([("schema", "expected a whole number; is this a pe-plan file?")])
    if schema > SCHEMA:
        newer = f"written by a newer pe-plan (schema {schema}); this one reads up to {SCHEMA}"
        raise _DamagedError([("", newer)], "upgrade pe-plan")
    if schema < SCHEMA:
        raise _DamagedError([("schema", f"there never was a schema {schema}")])
    return document


def _state(document: dict[str, Any]) -> State:
    faults = list(_misshapen(document, _TABLES, ""))
    for name, shape in _SHAPES.items():
        if type(document.get(name)) is dict:
            faults += _misshapen(document[name], shape, f"{name}.")
    if faults:
        raise _DamagedError(faults)
    state = State(
        profile=_profile(document["profile"], faults),
        plan=_plan(document["plan"], faults),
        ledger=_each(document["calendar"]["ledger"], rows.read_entry, "calendar.ledger", faults),
        roadmap=document["roadmap"]["text"],
    )
    faults = faults or list(contradictions(state))
    if faults:
        raise _DamagedError(faults)
    return state


def _misshapen(table: Mapping[str, Any], shape: _Shape, path: str) -> Iterator[_Fault]:
    expected = {key.removesuffix("?"): kind for key, kind in shape.items()}
    for key in table.keys() - expected.keys():
        yield f"{path}{printable(key)}", f"unknown key; {nearest(key, expected)}"
    for key, kind in expected.items():
        if key not in table:
            if f"{key}?" not in shape:
                yield f"{path}{key}", "missing"
        elif not _is(table[key], kind):
            yield f"{path}{key}", f"expected {_TYPE_NAMES[kind]}, got {quoted(table[key])}"
        elif kind is list and (odd := [row for row in table[key] if type(row) is not str]):
            yield f"{path}{key}", f"expected {_TYPE_NAMES[kind]}, got {quoted(odd[0])} in it"


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and value >= 0
    return type(value) is kind


def _profile(table: Mapping[str, Any], faults: list[_Fault]) -> Profile:
    skills = _each(table["skills"], rows.read_skill, "profile.skills", faults)
    faults += _twice("profile.skills", [who for who, _ in skills])
    return Profile(
        start=table["start"],
        minutes_per_week=table["minutes_per_week"],
        windows=_each(table["windows"], rows.read_window, "profile.windows", faults),
        timezone=_zone(table["timezone"], faults),
        days_off=_each(table["days_off"], rows.read_days, "profile.days_off", faults),
        interview=table.get("interview"),
        skills=dict(skills),
        finish_early=table["finish_early"],
        overrun=table["overrun"],
        remind=table.get("remind"),
    )


def _zone(name: str, faults: list[_Fault]) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        faults.append(("profile.timezone", f"no time zone is called {quoted(name)}"))
    return name


def _plan(table: Mapping[str, Any], faults: list[_Fault]) -> Plan:
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
        verdict=_verdict(table["verdict"], faults),
        weeks=each("weeks", rows.read_week),
        phases=each("phases", rows.read_phase),
        topics=each("topics", rows.read_topic),
        blocks=_blocks(table["blocks"], faults),
        left_out=tuple(table["left_out"]),
        unplaced=each("unplaced", rows.read_unplaced),
    )


def _verdict(word: str, faults: list[_Fault]) -> Verdict:
    try:
        return rows.VERDICTS[word]
    except ValueError as error:
        faults.append(("plan.verdict", str(error)))
        return "inside"


def _each(
    texts: Iterable[str], read: Callable[[str], T], path: str, faults: list[_Fault]
) -> tuple[T, ...]:
    values = []
    for n, text in enumerate(texts):
        try:
            values.append(read(text))
        except ValueError as error:
            faults.append((f"{path}[{n}]", str(error)))
        except OverflowError:
            faults.append((f"{path}[{n}]", f"a number is out of range in {quoted(text)}"))
    return tuple(values)


def _blocks(texts: Iterable[str], faults: list[_Fault]) -> tuple[Block, ...]:
    """The blocks with their sessions; a session starts where the one before it ends."""
    blocks: list[Block] = []
    agendas: list[list[Session]] = []
    clock: datetime | None = None

    def read(text: str) -> None:
        nonlocal clock
        if not text.startswith(rows.INDENT):
            blocks.append(rows.read_block(text))
            agendas.append([])
            clock = blocks[-1].start
        elif clock is None:
            raise ValueError("a session stands before the first block")
        else:
            agendas[-1].append(rows.read_session(text, clock))
            clock = rows.after(agendas[-1][-1])

    _each(texts, read, "plan.blocks", faults)
    return tuple(
        replace(block, sessions=tuple(agenda))
        for block, agenda in zip(blocks, agendas, strict=True)
    )


def contradictions(state: State) -> Iterator[_Fault]:
    """Where the state breaks its own rules: an id twice, sessions that do not fill their block."""
    plan = state.plan
    yield from _twice("plan.phases", [phase.id for phase in plan.phases])
    yield from _twice("plan.topics", [topic.id for topic in plan.topics])
    yield from _twice("plan.blocks", [block.uid for block in plan.blocks])
    yield from _twice("plan.blocks", [session.id for session in plan.sessions])
    yield from _twice("calendar.ledger", [entry.uid for entry in state.ledger])
    for block in plan.blocks:
        if not _filled(block):
            yield "plan.blocks", f"the sessions of {quoted(block.uid)} do not fill it exactly"


def _twice(path: str, ids: Collection[str]) -> Iterator[_Fault]:
    if len(set(ids)) < len(ids):
        for id, times in Counter(ids).items():
            if times > 1:
                yield path, f"{quoted(id)} stands there {times} times"


def _filled(block: Block) -> bool:
    ends = [block.start, *map(rows.after, block.sessions)]
    starts = [session.start for session in block.sessions]
    minutes = sum(session.minutes for session in block.sessions)
    return bool(starts) and starts == ends[:-1] and minutes == block.minutes
