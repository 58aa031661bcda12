"""Where the learner stands, and the study card of a topic."""

from __future__ import annotations

from collections.abc import Iterator

from pe_plan.app.context import Outcome
from pe_plan.app.look import Status, TopicCard
from pe_plan.cli.output import Bars, Facts, Heading, Part, Table, percent
from pe_plan.cli.screens.look import earlier, links, tasks
from pe_plan.documents.sessions import sentence
from pe_plan.documents.words import Titles, count, few, hours, listed, long_date, weekday
from pe_plan.model import ACTIVITIES
from pe_plan.tracking.progress import progress
from pe_plan.tracking.standing import Studied, topics_studied

_PRIORITIES = {1: "must know", 2: "should know", 3: "could know"}
_READY = (
    "the share of a round's topics that you have done, each times how likely you are to recall it "
    "today; a topic counts by its weight in the roadmap"
)
_LISTED = 6  # names that a line has room for
_SCORES = 3  # of a round, the last ones


def status(found: Outcome[Status]) -> Iterator[Part]:
    """On track or not, phases, rounds, and what comes next."""
    json, balance = found.json, found.json.balance
    stands = "On track"
    if balance.verdict != "on track":
        stands = f"{_hours(abs(balance.ahead))} {balance.verdict}"
    yield Heading(text=f"{stands} · {weekday(json.as_of)}, week {json.week} of {json.weeks}")
    phases = ((each.title, each.share, _studied(each.done, each.open)) for each in json.phases)
    yield Bars(rows=tuple(phases))
    rows = []
    for each in json.rounds:
        scores = ", ".join(str(mock.score) for mock in each.mocks[-_SCORES:])
        rows.append((each.title, percent(each.ready), percent(each.done), scores or "none yet"))
    yield Table(columns=("Interview round", ">Ready", ">Done", "Last mocks"), rows=tuple(rows))
    yield Facts(rows=tuple(_status(json, Titles(found.roadmap))))


def _status(json: Status, titles: Titles) -> Iterator[tuple[str, str]]:
    if json.rounds:
        yield "Ready", _READY
    past = (json.balance.open_before, "of earlier days are open")
    ahead = (json.balance.done_after, "of later days are done already")
    if parts := [f"{_hours(minutes)} {words}" for minutes, words in (past, ahead) if minutes]:
        yield "Balance", ", ".join(parts)
    yield "Reviews", _due(json, titles)
    mock = json.next_mock
    when = f"{titles.round(mock.round)}, {weekday(mock.start.date())}" if mock else "none ahead"
    yield "Next mock", when
    yield "Finish", long_date(json.cushion.finish)
    yield "Cushion", _cushion(json)
    yield from earlier(json.unmarked)


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


# ── A topic ───────────────────────────────────────────────────────────────────────────────────


def topic(found: Outcome[TopicCard]) -> Iterator[Part]:
    """The study card."""
    json, card, titles = found.json, found.json.topic, Titles(found.roadmap)
    yield Heading(text=f"{card.title} ({card.id})")
    tools = [("Tools", ", ".join(card.tools))] if card.tools else []
    yield Facts(rows=(*_about(found, titles), *tasks(card, ACTIVITIES), *tools))
    yield links(card)
    sessions = []
    for each in json.sessions:
        if each.kind != "warm-up":  # one a week for half a year
            day = f"{weekday(each.start.date())} {each.start.year}"
            what = sentence(each, titles, named=False)  # the heading names it
            sessions.append((day, each.time, what, each.state(json.as_of)))
    yield Table(columns=("Day", "Time", "What", "State"), rows=tuple(sessions))
    yield Facts(rows=tuple(_kept_fresh(json)))


def _about(found: Outcome[TopicCard], titles: Titles) -> Iterator[tuple[str, str]]:
    card, plan = found.json.topic, found.state.plan
    yield "Phase", titles.phase(card.phase)
    rounds = [each.title for each in found.roadmap.rounds if each.id in card.rounds]
    asked = f"; asked in {listed(rounds)}" if rounds else ""
    beside = "; alongside the whole phase" if card.alongside else ""
    yield "Why", f"{_PRIORITIES[card.priority]}{asked}{beside}"
    given = next((each for each in plan.topics if each.id == card.id), None)
    if given is None or card.id in plan.left_out:
        yield "Effort", "left out of this plan"
    else:
        depth = f", shortened to {round(given.depth * 100)} %" if given.depth < 1 else ""
        effort = _studied(card.done, card.open)
        yield "Effort", f"{effort} done, at level “{given.level}”{depth}"
    if card.requires:
        state = found.state
        studied = topics_studied(plan, progress(plan, state.log, state.accepted))
        needed = [f"{titles.topic(id)} ({_share(studied.get(id))})" for id in card.requires]
        yield "After", listed(needed)


def _share(studied: Studied | None) -> str:
    if studied is None or not studied.share:
        return "not begun"
    return "done" if studied.share == 1 else f"{percent(float(studied.share))} done"


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
