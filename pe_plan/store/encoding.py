"""The state as the bytes of plan.toml.

Blocks, sessions, ledger and log are one-line rows (rows.py, log_rows.py) in literal TOML strings of
many lines, which tomllib reads many times faster than tables or a string for each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tomli_w

from pe_plan.model import Entry, Plan, Profile, State
from pe_plan.store import log_rows, rows
from pe_plan.store.checks import contradictions
from pe_plan.store.shapes import BESIDE, ROWS_BESIDE, SCHEMA

_HEADER = """\
# Written by pe-plan, and written anew whenever the plan changes: your edits would be lost.
# In a row, words are parted by one space, "-" is nothing, and a text stands after " | ".
"""
_PLAN_SCALARS = (
    *("id", "roadmap", "as_of", "revision", "minutes_per_week"),
    *("earliest", "latest", "finish", "verdict"),
)
_NOT_LITERAL = r"[\x00-\x08\x0b-\x1f\x7f]|'''"


def encode(state: State) -> bytes:
    """The state as UTF-8 TOML; equal states give identical bytes.

    Raises ValueError for a state that breaks its own rules (a uid twice, sessions that do not
    fill their block): it could not be read back.
    """
    if faults := list(contradictions(state)):
        raise ValueError(faults)
    sections = (
        f"{_HEADER}schema = {SCHEMA}\n",
        f"[profile]\n{_profile_text(state.profile)}",
        f"[plan]\n{_plan_text(state.plan)}",
        f"[calendar]\n{_ledger_text(state.ledger)}",
        f"[log]\n{_log_text(state)}",
        f"[roadmap]\n{_lines('text', state.roadmap)}",
    )
    return "\n".join(sections).encode()


def _profile_text(profile: Profile) -> str:
    values = {
        "start": profile.start,
        "minutes_per_week": profile.minutes_per_week,
        "timezone": profile.timezone,
        "interview": profile.interview,
        "finish_early": profile.finish_early,
        "overrun": profile.overrun,
        "remind": profile.remind,
        **{key: getattr(profile, key.replace("margin", "busy_margin")) or None for key in BESIDE},
    }
    skills = sorted(profile.skills.items())
    return _scalars(values) + "".join(
        (
            _rows(
                "windows", map(rows.window_row, profile.windows), "weekday from-to rank shortest"
            ),
            _rows("days_off", map(rows.days_row, profile.days_off)),
            _rows("skills", (rows.skill_row(who, level) for who, level in skills)),
            _rows("abroad", (rows.abroad_row(*stay) for stay in profile.abroad), "until zone"),
            *_rows_beside(profile),
        )
    )


def _rows_beside(profile: Profile) -> Iterator[str]:
    """What is said of other events and of single blocks; of what there is nothing, not a line."""
    if not any(getattr(profile, key) for key in ROWS_BESIDE):
        return
    from pe_plan.store import busy_rows

    if profile.calendars:
        yield _rows("calendars", map(busy_rows.calendar_row, profile.calendars))
    for key, stretches in (("busy", profile.busy), ("dropped", profile.dropped)):
        if stretches:
            yield _rows(key, busy_rows.stretch_rows(stretches), "start minutes")
    if profile.pins:
        legend = "uid start minutes, then start and minutes of its home"
        yield _rows("pins", map(busy_rows.pin_row, profile.pins), legend)


def _plan_text(plan: Plan) -> str:
    blocks = (row for block in plan.blocks for row in rows.block_rows(block))
    values = {name: getattr(plan, name) for name in _PLAN_SCALARS}
    return _scalars(values | {"left_out": list(plan.left_out)}) + "".join(
        (
            _rows("windows", map(rows.window_row, plan.windows), "weekday from-to rank shortest"),
            _rows("weeks", map(rows.week_row, plan.weeks), "number first-day kind phase capacity"),
            _rows(
                "phases",
                map(rows.phase_row, plan.phases),
                "id weeks roadmap-weeks starts ends minutes | why | title",
            ),
            _rows(
                "topics", map(rows.topic_row, plan.topics), "id level depth minutes trimmed whole"
            ),
            _rows("unplaced", map(rows.unplaced_row, plan.unplaced), "kind minutes phase round"),
            _rows(
                "blocks",
                blocks,
                "start minutes uid pinned | title, and under it, session by session:",
                "  minutes kind phase topic activity round part/parts status made-up id",
            ),
            _rows("early", map(rows.early_row, plan.early), "start, then as a session"),
        )
    )


def _ledger_text(ledger: Iterable[Entry]) -> str:
    legend = "start minutes uid sequence fingerprint changed removed | summary"
    return _rows("ledger", map(rows.entry_row, ledger), legend)


def _log_text(state: State) -> str:
    return "".join(
        (
            _rows(
                "records",
                map(log_rows.record_row, state.log),
                "change entered on, then: done session minutes, mastered topic,",
                "review topic answer session, mock round score session or undo change; | note",
            ),
            _rows(
                "accepted",
                map(log_rows.accepted_row, state.accepted),
                "change entered as-of revision begins finish retitled moved added removed kept "
                "| reason",
            ),
        )
    )


def _scalars(values: Mapping[str, Any]) -> str:
    return tomli_w.dumps({key: value for key, value in values.items() if value is not None})


def _rows(key: str, texts: Iterable[str], *legend: str) -> str:
    comment = "".join(f"# {line}\n" for line in legend)
    lines = "".join(f"{text}\n" for text in texts)
    return f"{comment}{key} = '''\n{lines}'''\n" if lines else f"{key} = ''\n"


def _lines(key: str, text: str) -> str:
    plain = text.replace("\n", "").isprintable() and "'''" not in text  # spares an expression
    if not plain and re.search(_NOT_LITERAL, text):
        return tomli_w.dumps({key: text})
    return f"{key} = '''\n{text}'''\n"
