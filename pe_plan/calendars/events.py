"""Blocks as calendar events: what a learner sees when they open one."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from html import unescape

from pe_plan.calendars.ledger import Event
from pe_plan.model import Activity, Block, Kind, Plan, Profile, Roadmap, Session, carried

_RECALL = "Take the phase topic by topic: a blank page first, then look up what was missing."
_HINTS: dict[Kind, str] = {
    "review": "Write down what you remember on a blank page, then look up what was missing.",
    "mock": "Answer aloud against the clock, best with a partner, and note what to practise next.",
    "warm-up": "Solve one problem against the clock and say aloud what you think.",
    "flex": "Time kept free: finish what is open, or rest.",
    "catch-up": "Finish what is open. All done? Solve a few problems or hold a mock interview.",
}
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, lone surrogates, and the two code points that XML (so CalDAV) forbids.
_UNPRINTABLE = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def events(plan: Plan, roadmap: Roadmap, profile: Profile) -> tuple[Event, ...]:
    """One event per block, in the plan's order. It speaks of its own block alone (no totals, no
    "2 of 5"), so that a re-plan leaves it as it is unless the block itself changes."""
    lookup = _Lookup(plan, roadmap)
    return tuple(
        Event(
            uid=block.uid,
            start=block.start,
            minutes=block.minutes,
            summary=one_line(block.title),
            description=_description(block, lookup),
            categories=_categories(block, lookup),
            transparent=profile.free or all(session.kind == "flex" for session in block.sessions),
            remind=profile.remind,
        )
        for block in plan.blocks
    )


@lru_cache(1_024)  # a topic's texts come in every block that studies it
def one_line(text: str) -> str:
    """`text` without control characters and on one line."""
    return " ".join(_printable(text).split())


@lru_cache(1_024)
def plain(text: str) -> str:
    """`text` as it is safe where clients render descriptions as HTML, lines kept. Tags turn into
    ‹ ›; a lone ">" (as in "ls > out") means nothing in HTML and stays. The "&" of an entity becomes
    the wide "＆"; any other stays."""
    tagless = re.sub("<([^<>]*)>", r"‹\1›", _printable(text)).replace("<", "‹")
    return re.sub(r"&(#?\w+;?)", _undecodable, tagless).strip()


def _undecodable(entity: re.Match[str]) -> str:
    return entity[0] if unescape(entity[0]) == entity[0] else "＆" + entity[1]


def _printable(text: str) -> str:
    """`text` with every kind of line break as a newline, and without what no client can show."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


class _Lookup:
    """The roadmap by id, and which activities the plan gives each topic."""

    def __init__(self, plan: Plan, roadmap: Roadmap) -> None:
        self.topics = {topic.id: topic for topic in roadmap.topics}
        self.phases = {phase.id: one_line(phase.title) for phase in roadmap.phases}
        self.rounds = {round.id: round for round in roadmap.rounds}
        self.activities = defaultdict[str | None, set[Activity | None]](set)
        for session in (*plan.sessions, *plan.early):
            self.activities[session.topic].add(session.activity)


def _description(block: Block, lookup: _Lookup) -> str:
    """The agenda; what to do for each topic and kind of session; how to mark the block done: by the
    names of its sessions, which marking leaves as they are. Time kept free needs no mark."""
    told = [_told(session, lookup) for session in block.sessions]
    agenda = zip(block.sessions, told, strict=True)
    studied = dict.fromkeys(s.topic for s in block.sessions if s.kind == "study" and s.topic)
    ids = [s.id for s in block.sessions if not s.is_free]
    paragraphs = [
        "\n".join(f"{s.minutes} min  {plain(one_line(label))}" for s, (label, _) in agenda),
        *(_study(id, block, lookup) for id in studied),
        *dict.fromkeys(plain(hint) for _, hint in told if hint),
        *([f"Done? pe-plan done {' '.join(ids)}"] if ids else []),
    ]
    return "\n\n".join(paragraphs)


def _told(session: Session, lookup: _Lookup) -> tuple[str, str]:
    """A session's line in the agenda, and one helpful line about one that is not study."""
    topic = lookup.topics[session.topic] if session.topic else None
    hint = _HINTS.get(session.kind, "")
    match session.kind:
        case "study" if topic:
            part = f" {session.part}" if session.part > 1 else ""
            return f"{topic.short}: {session.activity}{part}", hint
        case "review" if topic:
            check = f" Self-check: {topic.self_check}" if topic.self_check else ""
            return f"Review: {topic.short}", f"Review of {one_line(topic.short)}: {hint}{check}"
        case "review":
            return f"Recall: {lookup.phases[session.phase] if session.phase else ''}", _RECALL
        case "mock" if session.round:
            round = lookup.rounds[session.round]
            about = f"Mock interview ({one_line(round.covers)}): " if round.covers else ""
            return f"Mock interview: {round.title}", about + hint
        case "warm-up" if topic:
            return f"Warm-up: {topic.short}", hint
    return _name(session.kind), hint


def _name(kind: Kind) -> str:
    return "Mock interview" if kind == "mock" else kind.capitalize()


def _study(id: str, block: Block, lookup: _Lookup) -> str:
    """What to do for a topic in this block: its tasks, how to check oneself, where to read."""
    topic, planned = lookup.topics[id], lookup.activities[id]
    here = {s.activity for s in block.sessions if s.kind == "study" and s.topic == id}
    told = [(each.capitalize(), getattr(topic, each)) for each in carried(planned, here)]
    told.append(("Self-check", topic.self_check))
    lines = [one_line(topic.title), *(f"{name}: {text}" for name, text in told if text)]
    # A bare URL has no "<" or ">" by right, and "&" has to stay for it to work.
    urls = [one_line(each.url) for each in topic.resources]
    links = [url.replace("<", "%3C").replace(">", "%3E") for url in urls]
    return "\n".join([*map(plain, lines), *links])


def _categories(block: Block, lookup: _Lookup) -> tuple[str, ...]:
    """The phases of the main kind of session, then that kind."""
    kind = max(block.sessions, key=_weight).kind
    phases = dict.fromkeys(s.phase for s in block.sessions if s.kind == kind and s.phase)
    return (*(lookup.phases[id] for id in phases), _name(kind))


def _weight(session: Session) -> tuple[bool, bool, bool, int]:
    """A block is about its mocks and recalls of a phase first, about flex last."""
    return session.kind == "mock", session.recalls_phase, session.kind != "flex", session.minutes
