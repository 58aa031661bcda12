"""Where the learner stands: the days and weeks of the plan, behind or ahead, how far each phase
is, how ready for each round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import starmap
from typing import Literal

from msgspec import Struct

from pe_plan.model import SHORTEST, Plan, Profile, Progress, Session, Week
from pe_plan.tracking.progress import open_minutes

Verdict = Literal["behind", "on track", "ahead"]


class Balance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many minutes `ahead` the learner is (behind, where negative): of later days' work that is
    `done_after` the day already, less what was planned and is `open_before` it. Less than a
    shortest session either way is on track."""

    verdict: Verdict
    ahead: int
    open_before: int
    done_after: int


class Studied(Struct, frozen=True, kw_only=True):
    """Minutes of study, of a topic or a phase: `done`, and still `open` in the plan. `whole` says
    that there is nothing more to do although nothing was planned (it was mastered)."""

    id: str
    done: int
    open: int
    whole: bool = False

    @property
    def share(self) -> Fraction:
        """Done of what is planned, 0 to 1."""
        if self.whole or (self.done and not self.open):
            return Fraction(1)
        return Fraction(self.done, self.done + self.open) if self.done else Fraction(0)


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a topic gives to a round: its `weight` in minutes, as the roadmap has it, the share of
    it that is `done`, and the `recall` predicted for it (1 as long as it is not finished)."""

    topic: str
    weight: float
    done: float
    recall: float


class Readiness(Struct, frozen=True, kw_only=True):
    """How ready the learner is for a round, topic by topic: the share of its topics that is done,
    by weight, and the same with each topic times its predicted recall; 0 to 1."""

    round: str
    parts: tuple[Part, ...]
    covered: float
    ready: float


class Cushion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left to fall back on: minutes of flex and of catch-up weeks still ahead, and days
    between the finish and the latest day."""

    flex: int
    catch_up: int
    finish: date
    latest: date
    days: int


def _done(session: Session, progress: Progress) -> int:
    """The minutes of it that count as done; a session that a re-plan called done is all done."""
    return session.minutes if session.status == "done" else progress.done.get(session.id, 0)


def balance(plan: Plan, progress: Progress, profile: Profile, as_of: date) -> Balance:
    """What was planned before `as_of` against what is done; the day itself counts neither way."""
    before = after = 0
    for session in (*plan.sessions, *plan.early):
        day = profile.day_of(session.start)
        if day < as_of:
            before += open_minutes(session, progress)
        elif day > as_of and not session.is_free:
            after += _done(session, progress)
    ahead = after - before
    verdict: Verdict = "on track" if abs(ahead) < SHORTEST else "ahead" if ahead > 0 else "behind"
    return Balance(verdict=verdict, ahead=ahead, open_before=before, done_after=after)


def topics_studied(plan: Plan, progress: Progress) -> dict[str, Studied]:
    """Every topic of the plan with its study."""
    study = [session for session in (*plan.sessions, *plan.early) if session.kind == "study"]
    found = {}
    for id in (topic.id for topic in plan.topics):
        its = [session for session in study if session.topic == id]
        done = sum(_done(session, progress) for session in its)
        still = sum(open_minutes(session, progress) for session in its)
        found[id] = Studied(id=id, done=done, open=still, whole=id in progress.mastered)
    return found


def phases_studied(
    plan: Plan, studied: Mapping[str, Studied], phase_of: Mapping[str, str]
) -> tuple[Studied, ...]:
    """The phases with the study of their topics."""
    found = []
    for id in (phase.id for phase in plan.phases):
        its = [topic for topic in studied.values() if phase_of.get(topic.id) == id]
        done, still = sum(topic.done for topic in its), sum(topic.open for topic in its)
        whole = bool(studied) and all(topic.share == 1 for topic in its)
        found.append(Studied(id=id, done=done, open=still, whole=whole))
    return tuple(found)


def readiness(
    asked_in: Mapping[str, Iterable[tuple[str, Fraction]]],
    studied: Mapping[str, Studied],
    recall: Mapping[str, float],
) -> tuple[Readiness, ...]:
    """How ready for each round, from its topics with their weights in minutes (a topic that was
    left out is not done)."""

    def part(id: str, weight: Fraction) -> Part:
        done = float(studied[id].share) if id in studied else 0.0
        return Part(topic=id, weight=float(weight), done=done, recall=recall.get(id, 1.0))

    found = []
    for round, topics in asked_in.items():
        parts = tuple(starmap(part, topics))
        total = sum(each.weight for each in parts) or 1
        covered = sum(each.weight * each.done for each in parts) / total
        ready = sum(each.weight * (each.done * each.recall) for each in parts) / total
        found.append(Readiness(round=round, parts=parts, covered=covered, ready=ready))
    return tuple(found)


def cushion(plan: Plan, profile: Profile, as_of: date) -> Cushion:
    """What is left to fall back on from `as_of` on."""
    ahead = [s for s in plan.sessions if profile.day_of(s.start) >= as_of]
    return Cushion(
        flex=sum(session.minutes for session in ahead if session.kind == "flex"),
        catch_up=sum(session.minutes for session in ahead if session.kind == "catch-up"),
        finish=plan.finish,
        latest=plan.latest,
        days=(plan.latest - plan.finish).days,
    )


def days_of(plan: Plan, week: Week) -> tuple[date, date]:
    """The week's first and last day; the plan's last week ends with the plan."""
    last = week.starts + timedelta(days=6)
    return week.starts, max(week.starts, min(last, plan.finish)) if week is plan.weeks[-1] else last
