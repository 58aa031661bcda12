"""A day and a week of the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pe_plan.app.context import Outcome
from pe_plan.app.look import TextRow, Today, WeekView
from pe_plan.cli.output import Facts, Heading, Lines, Part, Table
from pe_plan.documents.sessions import sentence
from pe_plan.documents.words import Titles, count, long_date, span, weekday
from pe_plan.model import ACTIVITIES, Activity, Plan, Week
from pe_plan.tracking.standing import days_of

_WEEKS = {"catch-up": "catch-up", "final": "final week", "off": "off"}
_WAY_ON = "`pe-plan done` marks what you did, `pe-plan replan` finds room for the rest"
_REVIEW = "a blank page first, then look up what was missing, and say how it went:"


def today(found: Outcome[Today]) -> Iterator[Part]:
    """The sessions of the day, what to do in them, and what to type afterwards."""
    json, plan, titles = found.json, found.state.plan, Titles(found.roadmap)
    if json.day is None:
        yield Heading(text=f"Your plan ended on {long_date(plan.finish)}.")
        over = "Everything in it lies behind you. Rest well before the interview, and good luck!"
        yield Facts(rows=(("Now", over), *earlier(json.unmarked)))
        return
    when = "Today" if json.day == json.as_of else "Nothing today. Next"
    week = plan.weeks[json.week - 1]
    place = f"{weekday(json.day)}, week {week.n} of {len(plan.weeks)}"
    yield Heading(text=f"{when}: {place}, {_about(week, titles)}")
    rows = tuple((s.time, sentence(s, titles), s.state(json.as_of)) for s in json.sessions)
    yield Table(columns=("Time", "What", "State"), rows=rows)
    yield from _studies(json, plan)
    yield Facts(rows=tuple(_next_steps(json)))


def week(found: Outcome[WeekView]) -> Iterator[Part]:
    """The week's sessions in a table."""
    json, plan, titles = found.json, found.state.plan, Titles(found.roadmap)
    place = f"Week {json.week.n} of {len(plan.weeks)}, {span(*days_of(plan, json.week))}"
    yield Heading(text=f"{place}: {_about(json.week, titles)}")
    if not json.sessions:
        yield Facts(rows=(("", "No sessions this week."),))
        return
    rows, shown = [], None
    for session in json.sessions:
        day = session.start.date()
        name = "" if day == shown else weekday(day)
        rows.append((name, session.time, sentence(session, titles), session.state(json.as_of)))
        shown = day
    yield Table(columns=("Day", "Time", "What", "State"), rows=tuple(rows))
    yield Facts(rows=tuple(earlier(json.unmarked)))


def earlier(unmarked: Sequence[str]) -> Iterator[tuple[str, str]]:
    """One line on past work of which nothing was said, with the way on."""
    if unmarked:
        are = "is" if len(unmarked) == 1 else "are"
        sessions = count(len(unmarked), "earlier session")
        yield "Earlier", f"{sessions} {are} not marked yet: {_WAY_ON}"


def tasks(topic: TextRow, activities: Collection[Activity]) -> Iterator[tuple[str, str]]:
    """What to do in these activities, and how to know that it went well."""
    texts = {"learn": topic.learn, "practise": topic.practise, "prove": topic.prove}
    said = [(activity.capitalize(), texts[activity]) for activity in activities]
    said += [("Self-check", topic.self_check), ("Note", topic.note)]
    yield from (fact for fact in said if fact[1])


def links(topic: TextRow) -> Lines:
    """Where to read on."""
    read = [f"- {each.title}: {each.url}" for each in topic.resources]
    return Lines(rows=("Read", *read) if read else ())


def _about(week: Week, titles: Titles) -> str:
    return _WEEKS.get(week.kind) or titles.phase(week.phase) or "study"


def _studies(json: Today, plan: Plan) -> Iterator[Part]:
    """A card for each topic that is studied, in order of time."""
    topics = {topic.id: topic for topic in json.topics}
    studied = [s for s in json.sessions if s.kind == "study" and s.topic in topics]
    for id in dict.fromkeys(session.topic or "" for session in studied):
        present = {session.activity for session in studied if session.topic == id}
        yield Heading(text=topics[id].title)
        yield Facts(rows=tuple(tasks(topics[id], _carried(plan, id, present))))
        yield links(topics[id])


def _carried(plan: Plan, topic: str, present: set[Activity | None]) -> list[Activity]:
    """The activities of today's sessions, and those that joined them, being too short for
    sessions of their own: each joins the one before it, and where there is none the one after."""
    planned = {s.activity for s in (*plan.sessions, *plan.early) if s.topic == topic}
    home, carried = next(each for each in ACTIVITIES if each in planned), list[Activity]()
    for activity in ACTIVITIES:
        home = activity if activity in planned else home
        carried += [activity] * (home in present)
    return carried


def _next_steps(json: Today) -> Iterator[tuple[str, str]]:
    """What to type when it is done."""
    is_now = json.day == json.as_of
    left = [session for session in json.sessions if session.is_open]
    untouched = [session for session in left if not session.done_minutes]
    begun = [session.id for session in left if session.done_minutes]
    if untouched and is_now:
        yield "Done?", "`pe-plan done` marks today's sessions"
    if reviews := [s.topic for s in untouched if s.kind == "review" and s.topic]:
        yield "Review", f"{_REVIEW} `pe-plan review {reviews[0]} again|hard|good|easy`"
    if mocks := [s.round for s in untouched if s.kind == "mock" and s.round]:
        yield "Mock", f"aloud and against the clock, then `pe-plan mock {mocks[0]} 1-5`"
    if begun and is_now:
        yield "The rest", f"`pe-plan done {begun[0]}` marks what is left of it"
    if is_now and not left:
        yield "All done", "that was all for today"
    yield from earlier(json.unmarked)
