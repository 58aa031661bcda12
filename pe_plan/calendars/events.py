"""Blocks as calendar events: what a learner sees when they open one."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from pe_plan.calendars.ledger import Event
from pe_plan.model import ACTIVITIES, Activity, Block, Kind, Plan, Profile, Roadmap, Session, Topic

_MOCK = "Answer aloud against the clock, best with a partner, and note what to practise next."
_RECALL = "Take the phase topic by topic: a blank page first, then look up what was missing."
_REVIEW = "Write down what you remember on a blank page, then look up what was missing."
_HINTS: dict[Kind, str] = {
    "warm-up": "Solve one problem against the clock and say aloud what you think.",
    "flex": "Time kept free: finish what is open, or rest.",
    "catch-up": "Finish what is open. All done? Solve a few problems or hold a mock interview.",
}
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, lone surrogates, and the two code points that XML (so CalDAV) forbids.
_UNPRINTABLE = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def events(plan: Plan, roadmap: Roadmap, profile: Profile) -> tuple[Event, ...]:
    """One event per block, in the plan's order.

    An event speaks of its own block alone (no totals, no "2 of 5"), so that a re-plan leaves it
    as it is unless the block itself changes.
    """
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
    """`text` as it is safe where clients render descriptions as HTML, lines kept.

    Tags turn into ‹ ›; a lone ">" (as in "ls > out") means nothing in HTML and stays. The "&" of
    an entity becomes the wide "＆"; any other stays.
    """
    tagless = re.sub("<([^<>]*)>", r"‹\1›", _printable(text)).replace("<", "‹")
    return re.sub(r"&#?\w+;?", _undecodable, tagless).strip()


def _undecodable(entity: re.Match[str]) -> str:
    found = entity[0]
    return found if unescape(found) == found else "＆" + found[1:]


def _printable(text: str) -> str:
    """`text` with every kind of line break as a newline, and without what no client can show."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


class _Lookup:
    """The roadmap by id, and which activities the plan gives each topic."""

    def __init__(self, plan: Plan, roadmap: Roadmap) -> None:
        self.topics = {topic.id: topic for topic in roadmap.topics}
        self.phases = {phase.id: phase.title for phase in roadmap.phases}
        self.rounds = {round.id: round for round in roadmap.rounds}
        self._activities: dict[str | None, set[Activity | None]] = {}
        for session in (*plan.sessions, *plan.early):
            self._activities.setdefault(session.topic, set()).add(session.activity)

    def carried_by(self, session: Session) -> tuple[Activity, ...]:
        """The session's activity, and those that joined it, being too short for sessions.

        Each joins the one before it, and where there is none the one after.
        """
        present = [a for a in ACTIVITIES if a in self._activities[session.topic]]
        carried: dict[Activity, Activity] = {}
        home = present[0]
        for activity in ACTIVITIES:
            home = carried[activity] = activity if activity in present else home
        return tuple(a for a in ACTIVITIES if carried[a] == session.activity)


def _description(block: Block, lookup: _Lookup) -> str:
    """The agenda; what to do for each topic and kind of session; how to mark the block done: by the
    names of its sessions, which marking leaves as they are. Time kept free needs no mark."""
    studied = dict.fromkeys(s.topic for s in block.sessions if s.kind == "study" and s.topic)
    ids = [s.id for s in block.sessions if not s.is_free]
    paragraphs = [
        "\n".join(f"{s.minutes} min  {plain(_label(s, lookup))}" for s in block.sessions),
        *(_study(lookup.topics[id], block, lookup) for id in studied),
        *dict.fromkeys(_hint(s, lookup) for s in block.sessions if s.kind != "study"),
        *([f"Done? pe-plan done {' '.join(ids)}"] if ids else []),
    ]
    return "\n\n".join(paragraphs)


def _label(session: Session, lookup: _Lookup) -> str:
    """A session's line in the agenda."""
    topic = lookup.topics[session.topic].short if session.topic else ""
    phase = lookup.phases[session.phase] if session.phase else ""
    text = ""
    match session.kind:
        case "study":
            part = f" {session.part}" if session.part > 1 else ""
            text = f"{topic}: {session.activity}{part}"
        case "review":
            text = f"Review: {topic}" if topic else f"Recall: {phase}"
        case "mock" if session.round:
            text = f"Mock interview: {lookup.rounds[session.round].title}"
        case "warm-up" if topic:
            text = f"Warm-up: {topic}"
    return one_line(text or _name(session.kind))


def _name(kind: Kind) -> str:
    return "Mock interview" if kind == "mock" else kind.capitalize()


def _study(topic: Topic, block: Block, lookup: _Lookup) -> str:
    """What to do for a topic in this block: its tasks, how to check oneself, where to read."""
    sessions = [s for s in block.sessions if s.kind == "study" and s.topic == topic.id]
    at_hand = {activity for session in sessions for activity in lookup.carried_by(session)}
    tasks = [(a.capitalize(), getattr(topic, a)) for a in ACTIVITIES if a in at_hand]
    told = [*tasks, ("Self-check", topic.self_check)]
    lines = [one_line(topic.title), *(f"{name}: {text}" for name, text in told if text)]
    # A bare URL has no "<" or ">" by right, and "&" has to stay for it to work.
    urls = [one_line(each.url) for each in topic.resources]
    links = [url.replace("<", "%3C").replace(">", "%3E") for url in urls]
    return "\n".join([*map(plain, lines), *links])


def _hint(session: Session, lookup: _Lookup) -> str:
    """One helpful line about a session that is not study."""
    match session.kind:
        case "mock":
            covers = lookup.rounds[session.round].covers if session.round else ""
            return plain(f"Mock interview ({one_line(covers)}): {_MOCK}" if covers else _MOCK)
        case "review" if session.topic:
            topic = lookup.topics[session.topic]
            check = f" Self-check: {topic.self_check}" if topic.self_check else ""
            return plain(f"Review of {one_line(topic.short)}: {_REVIEW}{check}")
        case "review":
            return _RECALL
        case kind:
            return _HINTS[kind]


def _categories(block: Block, lookup: _Lookup) -> tuple[str, ...]:
    """The phases of the main kind of session, then that kind."""
    kind = max(block.sessions, key=_weight).kind
    phases = dict.fromkeys(s.phase for s in block.sessions if s.kind == kind and s.phase)
    return (*(one_line(lookup.phases[id]) for id in phases), _name(kind))


def _weight(session: Session) -> tuple[bool, bool, bool, int]:
    """A block is about its mocks and recalls of a phase first, about flex last."""
    return session.kind == "mock", session.recalls_phase, session.kind != "flex", session.minutes
