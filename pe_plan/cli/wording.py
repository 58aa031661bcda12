"""Sessions in words: what one is about, when it is, how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pe_plan.documents.words import clock
from pe_plan.model import Plan, Profile, Progress, Session


class Wording:
    """The words for sessions of a plan as they stand on the day `as_of`; `topics` and `rounds`
    map ids to what people call them."""

    def __init__(
        self,
        *,
        plan: Plan,
        profile: Profile,
        progress: Progress,
        as_of: date,
        topics: Mapping[str, str],
        rounds: Mapping[str, str],
    ) -> None:
        self._profile = profile
        self._progress = progress
        self._as_of = as_of
        self._early = {session.id for session in plan.early}
        self._topics = topics
        self._rounds = rounds
        self._phases = {phase.id: phase.title for phase in plan.phases}

    def subject(self, session: Session) -> str:
        """What the work is about: "Practise DNS (2 of 4)", "Mock interview: Coding"."""
        about = self._topics.get(session.topic or "", session.topic or "")
        phase = self._phases.get(session.phase or "", session.phase or "")
        if session.kind == "study":
            part = f"({session.part} of {session.parts})" if session.parts > 1 else ""
            return _joined((session.activity or "study").capitalize(), about, part)
        if session.kind == "review":
            return _joined("Review", about) if session.topic else _joined("Recall", phase)
        if session.kind == "mock":
            round_ = self._rounds.get(session.round or "", session.round or "")
            return _joined("Mock interview:", round_, phase and f"(checkpoint of {phase})")
        name = session.kind.capitalize()
        return f"{name}: {about}" if about else name

    def state(self, session: Session) -> str:
        """How it stands: done, open, missed, and so on; nothing for time kept free."""
        if session.is_free:
            return ""
        done = self._progress.done.get(session.id, 0)
        if session.status == "done" or done >= session.minutes:
            return "done early" if session.id in self._early else "done"
        part = f"{done} of {session.minutes} min done" if done else ""
        if session.status == "missed":
            return ", ".join(filter(None, (part, "the rest moved" if part else "missed")))
        if part:
            return part
        past = self._profile.day_of(session.start) < self._as_of
        made_up = " (made up)" if session.made_up else ""
        return f"{'not marked' if past else 'open'}{made_up}"

    def day(self, session: Session) -> date:
        """The day on the learner's wall clock."""
        return self._profile.day_of(session.start)

    def time(self, session: Session) -> str:
        """19:00–20:45."""
        return clock(session.start, session.minutes, self._profile.zone_at(session.start))


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))
