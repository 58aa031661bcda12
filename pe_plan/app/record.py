"""What the learner says of what happened, into the log: done, review and mock.

Each holds the folder's lock from reading to writing and writes the state alone: the documents
follow with the next re-plan or export. They raise PePlanError with every problem of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.app.context import minutes as minutes_typed
from pe_plan.app.log import Logbook, Nothing, Recorded
from pe_plan.errors import Exit, PePlanError, Problem, quoted, refusal
from pe_plan.model import ANSWERS, Session
from pe_plan.tracking.naming import LOOK_UP, only
from pe_plan.tracking.progress import carrier, is_open, next_of_topic, open_minutes

Day = str | None  # as it was typed
SHORTEST, LONGEST = 3, 24 * 60  # minutes that count: fewer are nearer to none than to five
SCORES = ("1", "2", "3", "4", "5")

_MINUTES = f"whole minutes from {SHORTEST} to {LONGEST}"
_NOT_PLANNED = "is not in this plan"


def done(
    folder: Path,
    names: Sequence[str],
    *,
    on: Day,
    minutes: str | None,
    mastered: bool,
    all_until: Day,
    as_of: Day,
    around: Circumstances,
) -> Recorded:
    """Mark what was done: the sessions named, or all until a day, or today's, else those of the
    last day that has unmarked ones; or topics as mastered."""
    flags = {"--on": on, "--minutes": minutes, "--mastered": mastered or None}
    if problems := list(_contradictions(names, flags, all_until)):
        raise PePlanError(Exit.USAGE, problems)
    with store.locked(folder):
        book = Logbook(folder, as_of, around)
        today, day_of = book.here.day, book.here.profile.day_of
        day, until = book.past_day(on, "--on"), book.past_day(all_until, "--all-until")
        hint = "time counts in steps of five minutes" if minutes in ("1", "2") else ""
        took = book.of(minutes_typed, minutes, range(SHORTEST, LONGEST + 1), _MINUTES, hint)
        if mastered:
            return _mastered(book, names, day or today)
        unmarked = book.here.unmarked(until or day or today)
        chosen = _named(book, names) if names else _meant(unmarked, book, day, until)
        book.stop()
        if took and len(chosen) > 1:
            hint = f"name one of: {', '.join(session.id for session in chosen)}"
            raise refusal("--minutes", "speaks of one session", hint, Exit.USAGE)
        for session in chosen:
            happened = day or min(day_of(session.start), today)
            book.add("done", happened, session=session.id, minutes=took)
        made = book.close()
        return made if chosen else replace(made, nothing=_nothing(book, day, until))


def _contradictions(
    names: Sequence[str], flags: Mapping[str, object], all_until: str | None
) -> Iterator[Problem]:
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


def _meant(
    sessions: Iterable[Session], book: Logbook, day: date | None, until: date | None
) -> list[Session]:
    """All of them if they were asked for up to a day, else those of the day, else of the last."""
    days = [(book.here.profile.day_of(session.start), session) for session in sessions]
    last = day or max((on for on, _ in days), default=None)
    return [session for on, session in days if until or on == last]


def _named(book: Logbook, names: Sequence[str]) -> list[Session]:
    """The sessions named, and of each topic its next: what can be marked of that."""
    chosen, here = dict[str, Session](), book.here
    for name in names:
        found = book.topic_or_session(name)
        if isinstance(found, Session) and _can_be_marked(found, book):
            chosen[found.id] = found
        elif isinstance(found, str):
            following = next_of_topic(found, here.plan, here.progress, chosen)
            if following:
                chosen[following.id] = following
            elif any(session.topic == found for session in here.sessions):
                book.already.append(book.titles.topic(found))
            else:
                book.refuse(quoted(found), _NOT_PLANNED)
    return list(chosen.values())


def _can_be_marked(session: Session, book: Logbook) -> bool:
    """Whether there is something to mark about it. Why not is noted."""
    where, here = quoted(session.id), book.here
    if session.is_free:
        hint = "name the session or the topic that you worked on in it"
        book.refuse(where, "is time kept free", hint)
    elif session.status == "missed":
        hint = ""
        if again := carrier(session, here.plan, here.progress):
            start = here.profile.local(again.start)
            hint = f"mark {again.id} instead, on {start:%Y-%m-%d} at {start:%H:%M}"
        book.refuse(where, "its work was planned again", hint)
    elif not is_open(session, here.progress):
        book.already.append(session.id)
    else:
        return True
    return False


def _nothing(book: Logbook, day: date | None, until: date | None) -> Nothing:
    """Why nothing is left to mark of the days that were meant."""
    last, day_of = until or day or book.here.day, book.here.profile.day_of
    work = (s for s in book.here.sessions if not s.is_free and day_of(s.start) <= last)
    found = _meant(work, book, day, until)
    if any(session.status == "missed" for session in found):
        return "missed"
    return "marked" if found else "none"


def _mastered(book: Logbook, names: Sequence[str], day: date) -> Recorded:
    topics = []
    for name in names:
        found = book.topic_or_session(name)
        if isinstance(found, Session):
            hint = f"name its topic: pe-plan done {found.topic} --mastered" if found.topic else ""
            book.refuse(quoted(name), "is a session, not a topic", hint)
        elif found:
            topics.append(found)
    book.stop()
    freed = 0
    for topic in dict.fromkeys(topics):
        if book.is_finished(topic):
            book.already.append(book.titles.topic(topic))
        else:
            book.add("mastered", day, topic=topic)
            study = book.open_study(topic) or ()
            freed += sum(open_minutes(session, book.here.progress) for session in study)
    return replace(book.close(), freed=freed)


def review(
    folder: Path, topic: str, answer: str, *, on: Day, as_of: Day, around: Circumstances
) -> Recorded:
    """How well a finished topic was recalled; it counts for the earliest review of it that was
    due and is unmarked, if there is one."""
    with store.locked(folder):
        book = Logbook(folder, as_of, around)
        day = book.past_day(on, "--on") or book.here.day
        if (said := answer.strip().lower()) not in ANSWERS:
            book.refuse("ANSWER", f"expected again, hard, good or easy, got {quoted(answer)}")
        about = book.of(only, topic, book.here.roadmap.topic_names, "topic", LOOK_UP)
        if about and not book.is_finished(about):
            what, hint = _NOT_PLANNED, ""
            if left := book.open_study(about):
                ends, called = book.here.profile.day_of(left[-1].start), book.titles.topic(about)
                what = f"{called} is being learned until {ends}; recall comes after that"
                hint = f"if you know all of it: pe-plan done {about} --mastered"
            book.refuse(quoted(about), what, hint)
        book.stop()
        book.add("review", day, session=book.due("review", about), topic=about, answer=said)
        made = book.close()
    from pe_plan.planning.memory import memories

    # When memory wants it next, today's answer included.
    tomorrow = max(day, made.day) + timedelta(days=1)
    known = memories(made.plan, made.progress, made.profile, tomorrow)
    return replace(made, due=next((memory.due for memory in known if memory.topic == about), None))


def mock(
    folder: Path, round: str, score: str, *, note: str, on: Day, as_of: Day, around: Circumstances
) -> Recorded:
    """How a mock interview went, 1 to 5; it counts for the earliest mock of that round that was
    due and is unmarked, if there is one."""
    with store.locked(folder):
        book = Logbook(folder, as_of, around)
        day = book.past_day(on, "--on") or book.here.day
        about = book.of(
            only, round, {one.id: (one.title,) for one in book.here.roadmap.rounds}, "round"
        )
        if score.strip() not in SCORES:
            what = f"expected a whole number from 1 to 5, got {quoted(score)}"
            book.refuse("SCORE", what, "5 is the best")
        book.stop()
        # Bytes that were no text cannot be kept: they become question marks.
        said = note.encode("utf-8", "replace").decode().strip()
        due = book.due("mock", about)
        book.add("mock", day, session=due, round=about, score=int(score), note=said)
        return book.close()
