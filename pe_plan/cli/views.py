"""A day and a week of the plan, as parts of a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe_plan.app.viewing import View
from pe_plan.cli.parts import Facts, Heading, Lines, Part, Table
from pe_plan.cli.wording import Wording
from pe_plan.documents.words import count, long_date, span, weekday
from pe_plan.model import ACTIVITIES, Activity, Session, Topic
from pe_plan.tracking.standing import open_minutes

_WEEKS = {"catch-up": "catch-up", "final": "final week", "off": "off"}

_WAY_ON = "`pe-plan done` marks what you did, `pe-plan replan` finds room for the rest"
_REVIEW = "a blank page first, then look up what was missing, and say how it went:"


def today(view: View) -> tuple[Part, ...]:
    """The sessions of the day, what to do in them, and what to type afterwards."""
    if view.days is None:
        return tuple(_over(view))
    words = wording(view)
    return (
        Heading(text=_day_line(view)),
        _sessions(view, words),
        *_studies(view),
        *_facts(list(_next_steps(view, words))),
    )


def week(view: View) -> tuple[Part, ...]:
    """The week's sessions in a table."""
    words = wording(view)
    first, last = view.days or (view.week.starts, view.week.starts)
    heading = f"Week {view.week.n} of {len(view.plan.weeks)}, {span(first, last)}: {_about(view)}"
    rows: list[tuple[str, ...]] = []
    shown = None
    for session in view.sessions:
        day = words.day(session)
        name = "" if day == shown else weekday(day)
        rows.append((name, words.time(session), words.subject(session), words.state(session)))
        shown = day
    if not rows:
        return (Heading(text=heading), Facts(rows=(("", "No sessions this week."),)))
    table = Table(columns=("Day", "Time", "What", "State"), rows=tuple(rows))
    return (Heading(text=heading), table, *_facts(list(earlier(view.unmarked))))


def wording(view: View) -> Wording:
    """The words for the view's sessions."""
    return Wording(
        plan=view.plan,
        profile=view.profile,
        progress=view.progress,
        as_of=view.as_of,
        topics={topic.id: topic.short for topic in view.topics.values()},
        rounds=view.rounds,
    )


def earlier(unmarked: Sequence[Session]) -> Iterator[tuple[str, str]]:
    """One line on past work of which nothing was said, with the way on."""
    if unmarked:
        sessions = count(len(unmarked), "earlier session")
        are = "is" if len(unmarked) == 1 else "are"
        yield "Earlier", f"{sessions} {are} not marked yet: {_WAY_ON}"


def tasks(topic: Topic, activities: Sequence[Activity]) -> Iterator[tuple[str, str]]:
    """What to do in these activities, and how to know that it went well."""
    texts = {"learn": topic.learn, "practise": topic.practise, "prove": topic.prove}
    for activity in activities:
        if texts[activity]:
            yield activity.capitalize(), texts[activity]
    if topic.self_check:
        yield "Self-check", topic.self_check
    if topic.note:
        yield "Note", topic.note


def links(topic: Topic) -> Iterator[Lines]:
    """Where to read on."""
    if topic.resources:
        yield Lines(rows=("Read", *(f"- {each.title}: {each.url}" for each in topic.resources)))


def _over(view: View) -> Iterator[Part]:
    yield Heading(text=f"Your plan ended on {long_date(view.plan.finish)}.")
    rows = [
        ("Now", "Everything in it lies behind you. Rest well before the interview, and good luck!"),
        *earlier(view.unmarked),
    ]
    yield Facts(rows=tuple(rows))


def _day_line(view: View) -> str:
    day = view.days[0] if view.days else view.as_of
    when = "Today" if day == view.as_of else "Nothing today. Next"
    return f"{when}: {weekday(day)}, week {view.week.n} of {len(view.plan.weeks)}, {_about(view)}"


def _about(view: View) -> str:
    phase = next((each.title for each in view.plan.phases if each.id == view.week.phase), "study")
    return _WEEKS.get(view.week.kind, phase)


def _sessions(view: View, words: Wording) -> Table:
    rows = [
        (words.time(session), words.subject(session), words.state(session))
        for session in view.sessions
    ]
    return Table(columns=("Time", "What", "State"), rows=tuple(rows))


def _studies(view: View) -> Iterator[Part]:
    """A card for each topic that is studied."""
    studied = [s for s in view.sessions if s.kind == "study" and s.topic in view.topics]
    for id in dict.fromkeys(session.topic or "" for session in studied):
        topic = view.topics[id]
        present = {session.activity for session in studied if session.topic == id}
        rows = tuple(tasks(topic, _carried(view, id, present)))
        yield Heading(text=topic.title)
        yield from _facts(list(rows))
        yield from links(topic)


def _carried(view: View, topic: str, present: set[Activity | None]) -> list[Activity]:
    """The activities of today's sessions, and those that joined them, being too short for
    sessions of their own: each joins the one before it, and where there is none the one after."""
    all_sessions = (*view.plan.sessions, *view.plan.early)
    planned = {session.activity for session in all_sessions if session.topic == topic}
    own = [activity for activity in ACTIVITIES if activity in planned]
    carried: list[Activity] = []
    for n, activity in enumerate(ACTIVITIES):
        home = next((a for a in reversed(ACTIVITIES[: n + 1]) if a in own), own[0])
        if home in present:
            carried.append(activity)
    return carried


def _next_steps(view: View, words: Wording) -> Iterator[tuple[str, str]]:
    """What to type when it is done."""
    open_now = [s for s in view.sessions if words.state(s).removesuffix(" (made up)") == "open"]
    todays = view.days is not None and view.days[0] == view.as_of
    if open_now and todays:
        yield "Done?", "`pe-plan done` marks today's sessions"
    reviews = list(dict.fromkeys(s.topic for s in open_now if s.kind == "review" and s.topic))
    if reviews:
        yield "Review", f"{_REVIEW} `pe-plan review {reviews[0]} again|hard|good|easy`"
    mocks = [s.round for s in open_now if s.kind == "mock" and s.round]
    if mocks:
        yield "Mock", f"aloud and against the clock, then `pe-plan mock {mocks[0]} 1-5`"
    begun = [s.id for s in view.sessions if open_minutes(s, view.progress) and s not in open_now]
    if begun and todays:
        yield "The rest", f"`pe-plan done {begun[0]}` marks what is left of it"
    if todays and not open_now and not begun:
        yield "All done", "that was all for today"
    yield from earlier(view.unmarked)


def _facts(rows: Sequence[tuple[str, str]]) -> Iterator[Facts]:
    if rows:
        yield Facts(rows=tuple(rows))
