"""Where the learner stands, and the study card of a topic, as parts of a screen."""

from __future__ import annotations

from collections.abc import Iterator

from pe_plan.app.overview import Card, Due, Standing
from pe_plan.cli.parts import Bars, Facts, Heading, Part, Table
from pe_plan.cli.screen import percent
from pe_plan.cli.views import earlier, links, tasks
from pe_plan.cli.wording import Wording
from pe_plan.documents.words import count, hours, listed, long_date, weekday
from pe_plan.model import ACTIVITIES, Session
from pe_plan.tracking.progress import is_open
from pe_plan.tracking.standing import Balance, Studied

_PRIORITIES = {1: "must know", 2: "should know", 3: "could know"}
_READY = (
    "the share of a round's topics that you have done, each times how likely you are to recall it "
    "today; a topic counts by its weight in the roadmap"
)
_LISTED = 6  # names that a line has room for
_SCORES = 3  # of a round, the last ones


def status(stand: Standing) -> tuple[Part, ...]:
    """On track or not, phases, rounds, and what comes next."""
    heading = (
        f"{balance(stand.balance)} · {weekday(stand.as_of)}, "
        f"week {stand.week.n} of {len(stand.plan.weeks)}"
    )
    titles = {phase.id: phase.title for phase in stand.plan.phases}
    bars = Bars(
        rows=tuple(
            (titles[phase.id], float(phase.share), _studied(phase)) for phase in stand.phases
        )
    )
    return (Heading(text=heading), bars, *_rounds(stand), Facts(rows=tuple(_facts(stand))))


def balance(found: Balance) -> str:
    """On track, or by how much not."""
    if found.word == "on track":
        return "On track"
    return f"{_hours(abs(found.minutes))} {found.word}"


def _hours(minutes: int) -> str:
    return f"{hours(minutes)} h" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004


def _studied(phase: Studied) -> str:
    return f"{hours(phase.done)} of {hours(phase.done + phase.open)} h"


def _rounds(stand: Standing) -> Iterator[Part]:
    titles = {round.id: round.title for round in stand.roadmap.rounds}
    rows = []
    for found in stand.rounds:
        scores = [str(score) for _, score in stand.scores.get(found.round, ())[-_SCORES:]]
        ready, covered = percent(found.ready), percent(found.covered)
        rows.append((titles[found.round], ready, covered, ", ".join(scores) or "none yet"))
    if rows:
        yield Table(columns=("Interview round", ">Ready", ">Done", "Last mocks"), rows=tuple(rows))


def _facts(stand: Standing) -> Iterator[tuple[str, str]]:
    if stand.rounds:
        yield "Ready", _READY
    if stand.balance.before or stand.balance.after:
        yield "Balance", _balance(stand.balance)
    yield "Reviews", _due(stand)
    yield "Next mock", _mock(stand, stand.mock)
    yield "Finish", long_date(stand.plan.finish)
    yield "Cushion", _cushion(stand)
    yield from earlier(stand.unmarked)


def _balance(found: Balance) -> str:
    """What it is made of."""
    parts = []
    if found.before:
        parts.append(f"{_hours(found.before)} of earlier days are open")
    if found.after:
        parts.append(f"{_hours(found.after)} of later days are done already")
    return ", ".join(parts)


def _due(stand: Standing) -> str:
    if not stand.due:
        return "none due"
    names = {topic.id: topic.short for topic in stand.roadmap.topics}
    shown = [
        f"{names.get(due.topic, due.topic)} (recall {percent(due.recall)}{_planned(due, stand)})"
        for due in stand.due[:_LISTED]
    ]
    more = len(stand.due) - len(shown)
    return f"{len(stand.due)} due: {'; '.join(shown)}" + (f" and {more} more" if more else "")


def _planned(due: Due, stand: Standing) -> str:
    if due.planned is None:
        return ""
    word = "open since" if due.planned < stand.as_of else "planned for"
    return f", {word} {weekday(due.planned)}"


def _mock(stand: Standing, mock: Session | None) -> str:
    if mock is None:
        return "none ahead"
    titles = {round.id: round.title for round in stand.roadmap.rounds}
    day = stand.profile.day_of(mock.start)
    return f"{titles.get(mock.round or '', mock.round)}, {weekday(day)}"


def _cushion(stand: Standing) -> str:
    held = stand.cushion
    parts = [f"{hours(held.flex)} h of flex"]
    if held.catch_up:
        parts.append(f"{hours(held.catch_up)} h in catch-up weeks")
    ahead = f"{listed(parts)} still ahead"
    if (weeks := held.days // 7) > 0:
        return f"{ahead}; the finish may move by up to {count(weeks, 'week')}, to the latest day"
    return ahead


# ── A topic ───────────────────────────────────────────────────────────────────────────────────


def topic(card: Card) -> tuple[Part, ...]:
    """The study card."""
    rows = [
        *_about(card),
        *tasks(card.topic, ACTIVITIES),
        *([("Tools", ", ".join(card.topic.tools))] if card.topic.tools else []),
    ]
    return (
        Heading(text=f"{card.topic.title} ({card.topic.id})"),
        Facts(rows=tuple(rows)),
        *links(card.topic),
        *_sessions(card),
        *([Facts(rows=fresh)] if (fresh := tuple(_kept_fresh(card))) else []),
    )


def _about(card: Card) -> Iterator[tuple[str, str]]:
    yield "Phase", card.phase.title
    rounds = [round.title for round in card.roadmap.rounds if round.id in card.topic.rounds]
    asked = f"; asked in {listed(rounds)}" if rounds else ""
    beside = "; alongside the whole phase" if card.topic.alongside else ""
    yield "Why", f"{_PRIORITIES[card.topic.priority]}{asked}{beside}"
    yield "Effort", _effort(card)
    names = {each.id: each.short for each in card.roadmap.topics}
    if card.topic.requires:
        needed = [f"{names[id]} ({_share(card, id)})" for id in card.topic.requires]
        yield "After", listed(needed)


def _effort(card: Card) -> str:
    given = card.given
    if given is None or card.topic.id in card.plan.left_out:
        return "left out of this plan"
    depth = f", shortened to {round(given.depth * 100)} %" if given.depth < 1 else ""
    level = f"at level “{given.level}”{depth}"
    return f"{_studied(card.studied[card.topic.id])} done, {level}"


def _share(card: Card, id: str) -> str:
    found = card.studied.get(id)
    if found is None or not found.share:
        return "not begun"
    return "done" if found.share == 1 else f"{percent(float(found.share))} done"


def _sessions(card: Card) -> Iterator[Part]:
    words = Wording(
        plan=card.plan,
        profile=card.profile,
        progress=card.progress,
        as_of=card.as_of,
        topics={card.topic.id: ""},  # the card's heading says it
        rounds={},
    )
    rows = []
    for session in card.sessions:
        if session.kind == "warm-up":  # one a week for half a year
            continue
        day = f"{weekday(words.day(session))} {words.day(session).year}"
        rows.append((day, words.time(session), words.subject(session), words.state(session)))
    if rows:
        yield Table(columns=("Day", "Time", "What", "State"), rows=tuple(rows))


def _kept_fresh(card: Card) -> Iterator[tuple[str, str]]:
    if warm_ups := [session for session in card.sessions if session.kind == "warm-up"]:
        ahead = [s for s in warm_ups if is_open(s, card.progress)]
        coming = [day for s in ahead if (day := card.profile.day_of(s.start)) >= card.as_of]
        following = f", the next on {weekday(min(coming))}" if coming else ""
        yield "Warm-ups", f"{len(warm_ups) - len(ahead)} of {len(warm_ups)} done{following}"
    if card.answers:
        told = (f"{answer} on {weekday(day)}" for day, answer in card.answers)
        yield "Reviewed", ", ".join(told)
    if card.recall is not None and card.due is not None:
        due = "a review is due" if card.due <= card.as_of else f"next due {weekday(card.due)}"
        yield "Memory", f"recall today {percent(card.recall)}, {due}"
