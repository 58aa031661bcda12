"""The log's one-line rows, written and read as those in rows.py are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from pe_plan.model import ANSWERS, Accepted, Record, RecordKind
from pe_plan.store import words
from pe_plan.store.words import Known

# Kind -> what its row says after it; of what is marked "?" there may be nothing.
_SAYS: Known[tuple[str, ...]] = Known(
    {
        "done": ("session", "minutes?"),
        "mastered": ("topic",),
        "review": ("topic", "answer", "session?"),
        "mock": ("round", "score", "session?"),
        "undo": ("undone",),
    }
)
_KINDS: Known[RecordKind] = Known((kind, kind) for kind in get_args(RecordKind))
_ANSWERS = Known((answer, answer) for answer in ANSWERS)
_SCORES = Known((str(score), score) for score in range(1, 6))
_BEGINS = Known({"begins": True, "-": False})
_READERS: dict[str, Callable[[str], object]] = {
    "session": words.name,
    "topic": words.name,
    "round": words.name,
    "minutes": words.read_whole,
    "answer": _ANSWERS.__getitem__,
    "score": _SCORES.__getitem__,
    "undone": words.read_whole,
}


def record_row(record: Record) -> str:
    """`2 2026-01-06T21:03:00Z 2026-01-06 mock coding 4 - | note`: change, entered, on, kind, what
    the kind says (done: session minutes, mastered: topic, review: topic answer session, mock:
    round score session, undo: undone), and the note if there is one.
    """
    says = _SAYS[record.kind]
    if odd := _unsaid(record, says):
        raise ValueError(f"a record of kind {record.kind} says nothing of its {', '.join(odd)}")
    about = " ".join(_word(getattr(record, name.removesuffix("?")), name) for name in says)
    head = f"{record.change} {words.instant(record.entered)} {record.on} {record.kind} {about}"
    return _with_text(head, record.note)


def _unsaid(record: Record, says: tuple[str, ...]) -> list[str]:
    """What the record holds and its row would lose."""
    return [
        name
        for name in _READERS
        if not (name in says or f"{name}?" in says) and getattr(record, name) is not None
    ]


def _word(value: object, name: str) -> str:
    """A value as the word that its reader takes."""
    word = "-" if value is None else str(value)
    _value(word, name)
    return word


def read_record(row: str) -> Record:
    """The record of a row."""
    head, note = _parted(row)
    kind = "".join(head.split(" ")[3:4])
    says = _SAYS[kind]
    change, entered, on, _, *about = words.split(head, 4 + len(says))
    said: dict[str, Any] = {
        name.removesuffix("?"): _value(word, name) for name, word in zip(says, about, strict=True)
    }
    return Record(
        change=words.read_whole(change),
        entered=words.read_instant(entered),
        on=words.read_day(on),
        kind=_KINDS[kind],
        note=note,
        **said,
    )


def _value(word: str, name: str) -> object:
    return None if word == "-" and name.endswith("?") else _READERS[name.removesuffix("?")](word)


def accepted_row(line: Accepted) -> str:
    """`1 2026-01-02T12:00:00Z 2026-01-05 0 begins 2026-09-06 0 0 0 0 - | reason`: change, entered,
    as of, revision, begins, finish, retitled, moved, added, removed, kept, and the reason if there
    is one.
    """
    begins = "begins" if line.begins else "-"
    place = f"{line.change} {words.instant(line.entered)} {line.as_of} {line.revision} {begins}"
    counts = f"{line.retitled} {line.moved} {line.added} {line.removed}"
    head = f"{place} {line.finish} {counts} {words.maybe(line.kept)}"
    return _with_text(head, line.reason)


def read_accepted(row: str) -> Accepted:
    """The accepted plan of a row."""
    head, reason = _parted(row)
    fields = words.split(head, 11)
    change, entered, as_of, revision, begins, finish, *counts, kept = fields
    retitled, moved, added, removed = map(words.read_whole, counts)
    return Accepted(
        change=words.read_whole(change),
        entered=words.read_instant(entered),
        as_of=words.read_day(as_of),
        revision=words.read_whole(revision),
        begins=_BEGINS[begins],
        finish=words.read_day(finish),
        retitled=retitled,
        moved=moved,
        added=added,
        removed=removed,
        kept=words.read_maybe(kept),
        reason=reason,
    )


def _with_text(head: str, text: str) -> str:
    return f"{head} | {words.text(text)}" if text else head


def _parted(row: str) -> tuple[str, str]:
    head, _, text = row.partition(" | ")
    return head, words.read_text(text)
