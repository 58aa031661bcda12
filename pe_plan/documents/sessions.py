"""Sessions in words: what one is about, when it is, how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pe_plan.documents.plan_json import SessionRow, row, session_rows
from pe_plan.documents.words import Titles, clock
from pe_plan.model import FREE, Plan, Profile, Progress, Session, Unplaced


class SessionNow(SessionRow, frozen=True, kw_only=True):
    """A session as it stands now: what is done of it in full has that status."""

    done_minutes: int

    @property
    def is_open(self) -> bool:
        """Whether some of its work is still to do."""
        return self.status == "planned" and self.kind not in FREE

    @property
    def time(self) -> str:
        """19:00–20:45."""
        return clock(self.start, self.minutes)

    def state(self, as_of: date) -> str:
        """How it stands on that day: done, open, missed, and so on; nothing for time kept free."""
        if self.kind in FREE:
            return ""
        if self.status == "done" or self.done_minutes >= self.minutes:
            return "done early" if self.early else "done"
        part = f"{self.done_minutes} of {self.minutes} min done" if self.done_minutes else ""
        if self.status == "missed":
            return f"{part}, the rest moved" if part else "missed"
        word = "not marked" if self.start.date() < as_of else "open"
        return part or (f"{word} (made up)" if self.made_up else word)


def as_they_stand(
    sessions: Iterable[Session], plan: Plan, profile: Profile, progress: Progress
) -> tuple[SessionNow, ...]:
    """These sessions of the plan, in order of time."""
    found = []
    for session in session_rows(sessions, plan, profile):
        done = progress.done.get(session.id, session.minutes if session.status == "done" else 0)
        is_done = session.status == "planned" and done >= session.minutes
        status = "done" if is_done else session.status
        found.append(row(SessionNow, session, status=status, done_minutes=done))
    return tuple(found)


def subject(work: Session | SessionRow | Unplaced, titles: Titles, *, named: bool = True) -> str:
    """What the work is about: "learn DNS", "recall Networking", "mock interview: Coding"; unless
    the topic is to be `named`, without it."""
    id = getattr(work, "topic", None)  # what found no place has none
    topic = titles.topic(id) if named else ""
    match work.kind:
        case "study":
            return f"{getattr(work, 'activity', None) or 'study'} {topic}".rstrip()
        case "review":
            return f"review {topic}".rstrip() if id else f"recall {titles.phase(work.phase)}"
        case "mock":
            return f"mock interview: {titles.round(work.round)}"
        case kind:
            return f"{kind}: {topic}" if topic else kind


def sentence(session: Session | SessionRow, titles: Titles, *, named: bool = True) -> str:
    """The same as a line begins: "Learn DNS (2 of 4)"."""
    text = subject(session, titles, named=named)
    more = ""
    if session.kind == "study" and session.parts > 1:
        more = f" ({session.part} of {session.parts})"
    elif session.kind == "mock" and session.phase:
        more = f" (checkpoint of {titles.phase(session.phase)})"
    return text[:1].upper() + text[1:] + more
