"""What the learner says of what happened, into the log: done, review and mock.

Each holds the folder's lock from reading to writing and writes plan.toml alone: the documents
follow with the next re-plan or export. What takes long to import stays out of `done`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.around import Circumstances
from pe_plan.app.desk import Desk, Nothing, Recorded
from pe_plan.app.files import state_in
from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.model import ANSWERS, Answer, Session, State
from pe_plan.tracking import choosing
from pe_plan.tracking.progress import is_open, live

SHORTEST, LONGEST = 3, 24 * 60  # minutes that count: fewer are nearer to none than to five
SCORES = {str(score): score for score in range(1, 6)}


# ── Done ──────────────────────────────────────────────────────────────────────────────────────


def done(
    folder: Path,
    names: Sequence[str] = (),
    *,
    on: str | None = None,
    minutes: str | None = None,
    mastered: bool = False,
    all_until: str | None = None,
    as_of: str | None = None,
    around: Circumstances,
) -> Recorded:
    """Mark what was done: the sessions named, or all until a day, or today's, else those of the
    last day that has unmarked ones; or topics as mastered.

    Raises PePlanError with every problem of what was typed.
    """
    flags = {"--on": on, "--minutes": minutes, "--mastered": mastered or None}
    if problems := list(_contradictions(names, flags, all_until)):
        raise PePlanError(Exit.USAGE, problems)
    with store.locked(folder):
        desk = Desk(folder, as_of, around)
        day, until = desk.past_day(on, "--on"), desk.past_day(all_until, "--all-until")
        took = desk.of(lambda: _minutes(minutes))
        if mastered:
            return _mastered(desk, names, day)
        chosen = _chosen(desk, names, day, until)
        desk.stop()
        if took and len(chosen) > 1:
            raise PePlanError(Exit.USAGE, [_which_of(chosen)])
        for session in chosen:
            happened = day or min(desk.profile.day_of(session.start), desk.day)
            desk.add(replace(desk.line("done", happened), session=session.id, minutes=took))
        made = desk.close()
        return made if chosen else replace(made, nothing=_nothing(desk, day, until))


def _contradictions(
    names: Sequence[str], flags: Mapping[str, object], all_until: str | None
) -> Iterator[Problem]:
    """What cannot be meant together."""
    given = [flag for flag, value in flags.items() if value is not None]
    if all_until is not None and (names or given):
        others = ", ".join([*(["names"] if names else []), *given])
        what = f"marks every session on its own day, so it goes without: {others}"
        yield Problem(where="--all-until", what=what)
    if "--minutes" in given and ("--mastered" in given or len(names) > 1):
        yield Problem(where="--minutes", what="speaks of one session", hint="name just that one")
    if "--mastered" in given and not names:
        hint = "name them: pe-plan done dns --mastered"
        yield Problem(where="--mastered", what="speaks of topics", hint=hint)


def _minutes(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(LONGEST))
    if digits and SHORTEST <= int(text) <= LONGEST:
        return int(text)
    what = f"expected whole minutes from {SHORTEST} to {LONGEST}, got {quoted(text)}"
    hint = "time counts in steps of five minutes" if text in ("1", "2") else ""
    raise PePlanError(Exit.BAD_INPUT, [Problem(where="--minutes", what=what, hint=hint)])


def _which_of(sessions: Sequence[Session]) -> Problem:
    ids = ", ".join(session.id for session in sessions)
    return Problem(where="--minutes", what="speaks of one session", hint=f"name one of: {ids}")


def _chosen(
    desk: Desk, names: Sequence[str], day: date | None, until: date | None
) -> tuple[Session, ...]:
    """The sessions to mark, each once."""
    given = desk.plan, desk.progress, desk.profile.day_of
    if until:
        return tuple(choosing.up_to(until, *given))
    if names:
        return _named(desk, names)
    return choosing.of_day(day, *given) if day else choosing.of_last_day(desk.day, *given)


def _nothing(desk: Desk, day: date | None, until: date | None) -> Nothing:
    """Why nothing is left to mark of the day, or up to it, or on the last day with sessions."""
    last = day or until or desk.day
    found = choosing.work_up_to(last, desk.plan, desk.profile.day_of)
    if not until:
        last = day or max((on for on, _ in found), default=last)
        found = [(on, session) for on, session in found if on == last]
    if any(session.status == "missed" for _, session in found):
        return "missed"
    return "marked" if found else "none"


def _named(desk: Desk, names: Sequence[str]) -> tuple[Session, ...]:
    chosen: dict[str, Session] = {}
    for name in names:
        found = desk.topic_or_session(name)
        if isinstance(found, str):
            next_one = choosing.next_of_topic(found, desk.plan, desk.progress, chosen)
            if next_one:
                chosen[next_one.id] = next_one
            else:
                _spent(desk, found)
        elif found:
            _look_at(desk, found, chosen)
    return tuple(chosen.values())


def _spent(desk: Desk, topic: str) -> None:
    """A topic without anything to mark: all of it was, or it never stood in the plan."""
    if any(session.topic == topic for session in (*desk.plan.sessions, *desk.plan.early)):
        desk.already.append(desk.titles.topic(topic))
    else:
        desk.refuse(_not_planned(topic))


def _look_at(desk: Desk, session: Session, chosen: dict[str, Session]) -> None:
    """Take a session that was named, unless there is nothing to mark about it."""
    id = session.id
    if session.is_free:
        hint = "name the session or the topic that you worked on in it"
        desk.refuse(Problem(where=quoted(id), what="is time kept free", hint=hint))
    elif session.status == "missed":
        desk.refuse(_planned_again(desk, session))
    elif is_open(session, desk.progress):
        chosen[id] = session
    else:
        desk.already.append(id)


def _planned_again(desk: Desk, session: Session) -> Problem:
    again = choosing.carrier(session, desk.plan, desk.progress)
    where, what = quoted(session.id), "its work was planned again"
    if again is None:
        return Problem(where=where, what=what)
    start = again.start.astimezone(desk.profile.zone_at(again.start))
    hint = f"mark {again.id} instead, on {start:%Y-%m-%d} at {start:%H:%M}"
    return Problem(where=where, what=what, hint=hint)


def _mastered(desk: Desk, names: Sequence[str], day: date | None) -> Recorded:
    topics = []
    for name in names:
        found = desk.topic_or_session(name)
        if isinstance(found, Session):
            hint = f"name its topic: pe-plan done {found.topic} --mastered" if found.topic else ""
            desk.refuse(Problem(where=quoted(name), what="is a session, not a topic", hint=hint))
        elif found:
            topics.append(found)
    desk.stop()
    for topic in dict.fromkeys(topics):
        studied = any(s.topic == topic and s.kind == "study" for s in desk.plan.sessions)
        if topic in desk.progress.mastered or (
            studied and not choosing.open_study(topic, desk.plan, desk.progress)
        ):
            desk.already.append(desk.titles.topic(topic))
        else:
            desk.add(replace(desk.line("mastered", day or desk.day), topic=topic))
    return desk.close()


# ── Reviews and mocks ─────────────────────────────────────────────────────────────────────────


def review(
    folder: Path,
    topic: str,
    answer: str,
    *,
    on: str | None = None,
    as_of: str | None = None,
    around: Circumstances,
) -> Recorded:
    """How well a finished topic was recalled; it counts for the earliest review of it that was
    due and is unmarked, if there is one.

    Raises PePlanError with every problem of what was typed, or where the topic is not finished.
    """
    with store.locked(folder):
        desk = Desk(folder, as_of, around)
        day = desk.past_day(on, "--on") or desk.day
        said = desk.of(lambda: _answer(answer))
        about = desk.topic(topic)
        if about and (problem := _unfinished(desk, about)):
            desk.refuse(problem)
        desk.stop()
        line = replace(desk.line("review", day), session=desk.due("review", about))
        desk.add(replace(line, topic=about, answer=said))
        made = desk.close()
    return replace(made, due=_due(made, about, day))


def _answer(text: str) -> Answer:
    for answer in ANSWERS:
        if text.strip().lower() == answer:
            return answer
    what = f"expected again, hard, good or easy, got {quoted(text)}"
    raise PePlanError(Exit.BAD_INPUT, [Problem(where="ANSWER", what=what)])


def _unfinished(desk: Desk, topic: str) -> Problem | None:
    """Why the topic cannot be reviewed yet."""
    if topic in desk.progress.mastered:
        return None
    left = choosing.open_study(topic, desk.plan, desk.progress)
    if not left and any(s.topic == topic and s.kind == "study" for s in desk.plan.sessions):
        return None
    if not left:
        return _not_planned(topic)
    ends = desk.profile.day_of(left[-1].start)
    return Problem(
        where=quoted(topic),
        what=f"{desk.titles.topic(topic)} is being learned until {ends}; recall comes after that",
        hint=f"if you know all of it: pe-plan done {topic} --mastered",
    )


def _not_planned(topic: str) -> Problem:
    return Problem(where=quoted(topic), what="is not in this plan")


def _due(made: Recorded, topic: str | None, day: date) -> date | None:
    """When memory wants the topic next, today's answer included."""
    from pe_plan.planning.memory import memories

    tomorrow = max(day, made.day) + timedelta(days=1)
    known = memories(made.state.plan, made.progress, made.state.profile, tomorrow)
    return next((memory.due for memory in known if memory.topic == topic), None)


def mock(
    folder: Path,
    round: str,
    score: str,
    *,
    note: str = "",
    on: str | None = None,
    as_of: str | None = None,
    around: Circumstances,
) -> Recorded:
    """How a mock interview went, 1 to 5; it counts for the earliest mock of that round that was
    due and is unmarked, if there is one.

    Raises PePlanError with every problem of what was typed.
    """
    with store.locked(folder):
        desk = Desk(folder, as_of, around)
        day = desk.past_day(on, "--on") or desk.day
        about = desk.round(round)
        given = SCORES.get(score.strip())
        if given is None:
            what = f"expected a whole number from 1 to 5, got {quoted(score)}"
            desk.refuse(Problem(where="SCORE", what=what, hint="5 is the best"))
        desk.stop()
        line = replace(desk.line("mock", day), session=desk.due("mock", about))
        desk.add(replace(line, round=about, score=given, note=_sound(note)))
        return desk.close()


def _sound(note: str) -> str:
    """The note as it can be kept: bytes that were no text become question marks."""
    return note.encode("utf-8", "replace").decode().strip()


# ── The log ───────────────────────────────────────────────────────────────────────────────────


def logged(folder: Path) -> tuple[State, frozenset[int]]:
    """The state, and the numbers of its changes that were not taken back."""
    state = state_in(folder)
    return state, live(state.log, state.accepted)
