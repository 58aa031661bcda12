"""What happened, and what the log says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from pe_plan.model.words import Answer, Count, Instant, Value

RecordKind = Literal["done", "mastered", "review", "mock", "undo"]


class Record(Value, frozen=True, kw_only=True):
    """One line of the log. `change` numbers the command that wrote it (one command may write
    several lines), `entered` is when, `on` the day that it speaks of.

    done      `session`, with the `minutes` it took if they were told
    mastered  `topic`: tested out, nothing more to plan
    review    `topic` and its `answer`; `session` is the planned review that it was, if any
    mock      `round` and its `score`, 1 to 5, with a `note`; `session` likewise
    undo      `undone` is the change that counts no longer
    """

    change: Count
    entered: Instant
    on: date
    kind: RecordKind
    session: str | None = None
    topic: str | None = None
    round: str | None = None
    minutes: Count | None = None
    answer: Answer | None = None
    score: Annotated[int, Meta(ge=1, le=5)] | None = None
    note: str = ""
    undone: Count | None = None


class Accepted(Value, frozen=True, kw_only=True):
    """A plan that was accepted: when, as of which day, why, and what that changed. A plan that
    began anew (`begins`) does not count what was recorded before."""

    change: Count
    entered: Instant
    as_of: date
    revision: Count
    begins: bool
    reason: str = ""
    retitled: Count = 0
    moved: Count = 0
    added: Count = 0
    removed: Count = 0
    finish: date


class Progress(Value, frozen=True, kw_only=True):
    """What the log says of the accepted plan: nothing undone, nothing of an earlier beginning.

    `done` maps a session's id to the minutes of it that count as done (in steps of five, at most
    its own), `spent` to the minutes that it took where they were told, `days` to the day on which
    it was last worked on. `answers` are reviews in order of their days, each as topic, day, answer
    and whether it was recorded after the plan was accepted. `mastered` maps topics to days.
    """

    done: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    answers: tuple[tuple[str, date, Answer, bool], ...] = ()
    mastered: Mapping[str, date] = field(default_factory=dict)
