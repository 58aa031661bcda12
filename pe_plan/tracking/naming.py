"""The names that learners type, and those that a state holds, beside those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from pe_plan.errors import nearest, quoted, refusal
from pe_plan.model import WEEKDAYS, Roadmap, Session, State, clock, few
from pe_plan.tracking.progress import told

Known = Mapping[str, Iterable[str]]  # id -> the titles that it goes by, too
LOOK_UP = "`pe-plan roadmap show` lists the names"
_SHOWN = 6  # candidates that a message has room for


def matches(typed: str, known: Known) -> tuple[str, ...]:
    """The ids that `typed` may mean, in the order of `known`: the one that is exactly so called,
    else those with that title, else all whose id or title begins so. Case counts for nothing."""
    if not (wanted := _folded(typed)):
        return ()
    names = {id: [_folded(name) for name in (id, *titles)] for id, titles in known.items()}
    exact = [id for id, folded in names.items() if folded[0] == wanted]
    titled = [id for id, folded in names.items() if wanted in folded[1:]]
    begun = [id for id, folded in names.items() if any(n.startswith(wanted) for n in folded)]
    return tuple(exact or titled or begun)


def only(typed: str, known: Known, what: str, otherwise: str = "") -> str:
    """The one id that `typed` means; an id as it stands means itself. `what` says what is looked
    for, `otherwise` what to do where no known name is much like it. Raises PePlanError where there
    are none or several."""
    found = (typed,) if typed in known else matches(typed, known)
    if len(found) == 1:
        return found[0]
    if found:
        what, hint = f"could be {few(found, _SHOWN)}", "type a little more of it"
    else:
        what, hint = f"no {what} is called so", nearest(typed, known, otherwise)
    raise refusal(quoted(typed), what, hint)


def topic_or_session(
    typed: str, known: Known, sessions: Iterable[Session], what: str, otherwise: str = LOOK_UP
) -> str | Session:
    """The topic's id or the session that is meant; a topic wins over a session's beginning."""
    by_id = {session.id: session for session in sessions}
    if typed in by_id:
        return by_id[typed]
    ids: Known = dict.fromkeys(by_id, ())
    if not matches(typed, known) and matches(typed, ids):
        return by_id[only(typed, ids, what)]
    return only(typed, known, what, otherwise)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def strangers(state: State, roadmap: Roadmap) -> Iterator[tuple[str, str]]:
    """Where (in state.json) and how a state does not go with its roadmap, as somebody may have
    changed either by hand: phases, topics and rounds that only one of the two has, and what the
    next plan would stumble over. What was recorded before the plan began may speak of another."""
    plan, lines = state.plan, told(state.log, state.accepted)
    rounds = {round.id for round in roadmap.rounds}
    topics = {topic.id for topic in roadmap.topics}
    phases = {phase.id for phase in roadmap.phases}
    sessions = (*plan.sessions, *plan.early)
    for path, what, found, known in (
        # At short notice a phase of which nothing is studied is none of the plan's.
        ("plan.phases", "phase", [phase.id for phase in plan.phases], phases),
        ("plan.topics", "topic", [topic.id for topic in plan.topics], topics),
        ("plan.left_out", "topic", plan.left_out, topics),
        ("plan.blocks", "round", [session.round for session in sessions], rounds),
        ("plan.blocks", "phase", [session.phase for session in sessions], phases),
        ("plan.weeks", "phase", [week.phase for week in plan.weeks], phases),
        ("plan.unplaced", "round", [missing.round for missing in plan.unplaced], rounds),
        ("plan.unplaced", "phase", [missing.phase for missing in plan.unplaced], phases),
        ("profile.skills", "phase or topic", state.profile.skills, {"all"} | topics | phases),
        ("log", "topic", [line.topic for line in lines], topics),
        ("log", "round", [line.round for line in lines], rounds),
    ):
        for id in dict.fromkeys(found):
            if id is not None and id not in known:
                yield path, f"the roadmap has no {what} {quoted(id)}"
    for id in sorted(topics - {topic.id for topic in plan.topics}):
        yield "plan.topics", f"the roadmap's topic {quoted(id)} is missing"
    for path, windows in (("profile", state.profile.windows), ("plan", plan.windows)):
        in_order = sorted(windows, key=lambda window: (window.weekday, window.start))
        for first, second in pairwise(in_order):
            if second.weekday == first.weekday and second.start < first.end:
                at = f"{WEEKDAYS[first.weekday]} at {clock(second.start)}"
                yield f"{path}.windows", f"two windows overlap on {at}"
    for block in plan.blocks:
        day_of = state.profile.day_of(block.start)
        if not plan.weeks[0].starts <= day_of < plan.weeks[-1].starts + timedelta(days=7):
            yield "plan.blocks", f"{quoted(block.uid)} on {day_of} is in none of the plan's weeks"
