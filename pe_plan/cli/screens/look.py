"""A day and a week of the plan, where the learner stands, the card of a topic, the roadmap."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from pe_plan.app.context import Outcome
from pe_plan.app.look import Status, TextRow, Today, TopicCard, WeekView
from pe_plan.cli.output import Bars, Facts, Heading, Lines, Part, Table, percent
from pe_plan.documents.plan_json import SessionNow
from pe_plan.documents.words import (
    PRIORITIES,
    Titles,
    clock,
    count,
    hours,
    listed,
    long_date,
    sentence,
    span,
    weekday,
)
from pe_plan.model import ACTIVITIES, Activity, Plan, Roadmap, Week, carried, few
from pe_plan.tracking.progress import progress
from pe_plan.tracking.standing import days_of, topics_studied

_WEEKS = {"catch-up": "catch-up", "final": "final week", "off": "off"}
_WAY_ON = "`pe-plan done` marks what you did, `pe-plan replan` finds room for the rest"
_REVIEW = "a blank page first, then look up what was missing, and say how it went:"
_READY = (
    "the share of a round's topics that you have done, each times how likely you are to recall it "
    "today; a topic counts by its weight in the roadmap"
)
_LISTED = 6  # names that a line has room for
_SCORES = 3  # of a round, the last ones


def today(found: Outcome[Today]) -> Iterator[Part]:
    """The sessions of the day, what to do in them, and what to type afterwards."""
    json, plan, titles = found.json, found.state.plan, Titles(found.roadmap)
    if json.day is None:
        yield Heading(f"Your plan ended on {long_date(plan.finish)}.")
        over = "Everything in it lies behind you. Rest well before the interview, and good luck!"
        yield Facts((("Now", over), *_earlier(json.unmarked)))
        return
    when = "Today" if json.day == json.as_of else "Nothing today. Next"
    week = plan.weeks[json.week - 1]
    place = f"{weekday(json.day)}, week {week.n} of {len(plan.weeks)}"
    yield Heading(f"{when}: {place}, {_about(week, titles)}")
    rows = [_line(session, titles, json.as_of) for session in json.sessions]
    yield Table(("Time", "What", "State"), rows)
    yield from _studies(json, plan)
    yield Facts(tuple(_next_steps(json)))


def week(found: Outcome[WeekView]) -> Iterator[Part]:
    """The week's sessions in a table."""
    json, plan, titles = found.json, found.state.plan, Titles(found.roadmap)
    days = span(*days_of(plan, json.week))
    yield Heading(f"Week {json.week.n} of {len(plan.weeks)}, {days}: {_about(json.week, titles)}")
    if not json.sessions:
        yield Facts((("", "No sessions this week."),))
        return
    rows, shown = [], None
    for session in json.sessions:
        day = session.start.date()
        name = "" if day == shown else weekday(day)
        rows.append((name, *_line(session, titles, json.as_of)))
        shown = day
    yield Table(("Day", "Time", "What", "State"), rows)
    yield Facts(tuple(_earlier(json.unmarked)))


def _earlier(unmarked: Sequence[str]) -> Iterator[tuple[str, str]]:
    """One line on past work of which nothing was said, with the way on."""
    if unmarked:
        are = "is" if len(unmarked) == 1 else "are"
        sessions = count(len(unmarked), "earlier session")
        yield "Earlier", f"{sessions} {are} not marked yet: {_WAY_ON}"


def _tasks(topic: TextRow, activities: Collection[Activity]) -> Iterator[tuple[str, str]]:
    """What to do in these activities, and how to know that it went well."""
    texts = {"learn": topic.learn, "practise": topic.practise, "prove": topic.prove}
    said = [(activity.capitalize(), texts[activity]) for activity in activities]
    said += [("Self-check", topic.self_check), ("Note", topic.note)]
    yield from (fact for fact in said if fact[1])


def _links(topic: TextRow) -> Lines:
    """Where to read on."""
    read = [f"- {each.title}: {each.url}" for each in topic.resources]
    return Lines(("Read", *read) if read else ())


def _line(
    session: SessionNow, titles: Titles, as_of: date, *, named: bool = True
) -> tuple[str, str, str]:
    """When it is, what it is about, how it stands."""
    time = clock(session.start, session.minutes)
    return time, sentence(session, titles, named=named), session.state(as_of)


def _about(week: Week, titles: Titles) -> str:
    return _WEEKS.get(week.kind) or titles.phase(week.phase) or "study"


def _studies(json: Today, plan: Plan) -> Iterator[Part]:
    """A card for each topic that is studied, in order of time."""
    topics = {topic.id: topic for topic in json.topics}
    studied = [s for s in json.sessions if s.kind == "study" and s.topic in topics]
    for id in dict.fromkeys(session.topic or "" for session in studied):
        present = {session.activity for session in studied if session.topic == id}
        yield Heading(topics[id].title)
        planned = {s.activity for s in (*plan.sessions, *plan.early) if s.topic == id}
        yield Facts(tuple(_tasks(topics[id], carried(planned, present))))
        yield _links(topics[id])


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
    yield from _earlier(json.unmarked)


def status(found: Outcome[Status]) -> Iterator[Part]:
    """On track or not, phases, rounds, and what comes next."""
    json, balance = found.json, found.json.balance
    stands = "On track"
    if balance.verdict != "on track":
        stands = f"{_hours(abs(balance.ahead))} {balance.verdict}"
    yield Heading(f"{stands} · {weekday(json.as_of)}, week {json.week} of {json.weeks}")
    yield Bars([(each.title, each.share, _studied(each.done, each.open)) for each in json.phases])
    rows = []
    for each in json.rounds:
        scores = ", ".join(str(mock.score) for mock in each.mocks[-_SCORES:])
        rows.append((each.title, percent(each.ready), percent(each.done), scores or "none yet"))
    yield Table(("Interview round", ">Ready", ">Done", "Last mocks"), rows)
    yield Facts(tuple(_status(json, Titles(found.roadmap))))


def _status(json: Status, titles: Titles) -> Iterator[tuple[str, str]]:
    balance, mock = json.balance, json.next_mock
    if json.rounds:
        yield "Ready", _READY
    earlier = (balance.open_before, "earlier days are open")
    sides = (earlier, (balance.done_after, "later days are done already"))
    if parts := [f"{_hours(minutes)} of {what}" for minutes, what in sides if minutes]:
        yield "Balance", ", ".join(parts)
    yield "Reviews", _due(json, titles)
    ahead = f"{titles.round(mock.round)}, {weekday(mock.start.date())}" if mock else "none ahead"
    yield "Next mock", ahead
    yield "Finish", long_date(json.cushion.finish)
    yield "Cushion", _cushion(json)
    yield from _earlier(json.unmarked)


def _hours(minutes: int) -> str:
    return f"{hours(minutes)} h" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004


def _studied(done: int, still: int) -> str:
    return f"{hours(done)} of {hours(done + still)} h"


def _due(json: Status, titles: Titles) -> str:
    names = []
    for due in json.reviews_due:
        planned = ""
        if due.planned:
            word = "open since" if due.planned < json.as_of else "planned for"
            planned = f", {word} {weekday(due.planned)}"
        names.append(f"{titles.topic(due.topic)} (recall {percent(due.recall)}{planned})")
    return f"{len(names)} due: {few(names, _LISTED, '; ')}" if names else "none due"


def _cushion(json: Status) -> str:
    parts = [f"{hours(json.cushion.flex)} h of flex"]
    if json.cushion.catch_up:
        parts.append(f"{hours(json.cushion.catch_up)} h in catch-up weeks")
    ahead = f"{listed(parts)} still ahead"
    if (weeks := json.cushion.days // 7) > 0:
        return f"{ahead}; the finish may move by up to {count(weeks, 'week')}, to the latest day"
    return ahead


def topic(found: Outcome[TopicCard]) -> Iterator[Part]:
    """The study card."""
    json, card, titles = found.json, found.json.topic, Titles(found.roadmap)
    yield Heading(f"{card.title} ({card.id})")
    tools = [("Tools", ", ".join(card.tools))] * bool(card.tools)
    yield Facts((*_card(found, titles), *_tasks(card, ACTIVITIES), *tools))
    yield _links(card)
    rows = []
    for each in json.sessions:
        if each.kind != "warm-up":  # one a week for half a year
            day = f"{weekday(each.start.date())} {each.start.year}"
            # The heading names the topic.
            rows.append((day, *_line(each, titles, json.as_of, named=False)))
    yield Table(("Day", "Time", "What", "State"), rows)
    yield Facts(tuple(_kept_fresh(json)))


def _card(found: Outcome[TopicCard], titles: Titles) -> Iterator[tuple[str, str]]:
    card, plan = found.json.topic, found.state.plan
    yield "Phase", titles.phase(card.phase)
    rounds = [each.title for each in found.roadmap.rounds if each.id in card.rounds]
    asked = f"; asked in {listed(rounds)}" if rounds else ""
    beside = "; alongside the whole phase" if card.alongside else ""
    yield "Why", f"{PRIORITIES[card.priority]} know{asked}{beside}"
    given = next((each for each in plan.topics if each.id == card.id), None)
    if given is None or card.id in plan.left_out:
        yield "Effort", "left out of this plan"
    else:
        depth = f", shortened to {round(given.depth * 100)} %" if given.depth < 1 else ""
        studied = _studied(card.done, card.open)
        yield "Effort", f"{studied} done, at level “{given.level}”{depth}"
    if card.requires:
        told = progress(plan, found.state.log, found.state.accepted)
        shares = topics_studied(plan, told)
        needed = []
        for id in card.requires:
            share = shares[id].share if id in shares else 0
            begun = f"{percent(float(share))} done" if share else "not begun"
            needed.append(f"{titles.topic(id)} ({'done' if share == 1 else begun})")
        yield "After", listed(needed)


def _kept_fresh(json: TopicCard) -> Iterator[tuple[str, str]]:
    if warm_ups := [session for session in json.sessions if session.kind == "warm-up"]:
        ahead = [session.start.date() for session in warm_ups if session.is_open]
        coming = [day for day in ahead if day >= json.as_of]
        following = f", the next on {weekday(coming[0])}" if coming else ""
        yield "Warm-ups", f"{len(warm_ups) - len(ahead)} of {len(warm_ups)} done{following}"
    if json.reviews:
        yield "Reviewed", ", ".join(f"{told.answer} on {weekday(told.on)}" for told in json.reviews)
    if memory := json.memory:
        due = "a review is due" if memory.due <= json.as_of else f"next due {weekday(memory.due)}"
        yield "Memory", f"recall today {percent(memory.recall)}, {due}"


def in_a_line(roadmap: Roadmap) -> str:
    """The roadmap in one line."""
    least, most = roadmap.window_months
    return (
        f"{roadmap.title}: {count(len(roadmap.phases), 'phase')}, "
        f"{count(len(roadmap.topics), 'topic')}, "
        f"{least}–{most} months at {roadmap.reference_hours} h/week"
    )


def roadmap(roadmap: Roadmap) -> Iterator[Part]:
    """Phases and topics with their names, weights and priorities."""
    yield Heading(in_a_line(roadmap))
    rows: list[tuple[str, ...]] = []
    for phase in roadmap.phases:
        rows.append((phase.id, phase.title, f"{'–'.join(map(str, phase.weeks))} weeks", ""))
        rows += [
            (f"  {topic.id}", topic.title, f"{topic.weight} %", PRIORITIES[topic.priority])
            for topic in phase.study_order
        ]
    yield Table(("Name", "Title", ">Share", ">Priority"), rows)
