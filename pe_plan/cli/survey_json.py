"""Where the learner stands, and a topic's card, as JSON: every number by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from pe_plan.app.overview import Card, Standing
from pe_plan.cli.views_json import encoded, session_rows, texts
from pe_plan.model import Progress
from pe_plan.tracking.standing import Readiness

_Json = dict[str, Any]


def status(stand: Standing) -> tuple[bytes, ...]:
    """The figures of `status`: lengths in minutes, shares and recall from 0 to 1."""
    titles = {phase.id: phase.title for phase in stand.plan.phases}
    return encoded(
        {
            "as_of": stand.as_of.isoformat(),
            "week": stand.week.n,
            "weeks": len(stand.plan.weeks),
            "balance": {
                "verdict": stand.balance.word,
                "ahead": stand.balance.minutes,
                "open_before": stand.balance.before,
                "done_after": stand.balance.after,
            },
            "unmarked": [session.id for session in stand.unmarked],
            "phases": [
                {
                    "id": phase.id,
                    "title": titles[phase.id],
                    "done": phase.done,
                    "open": phase.open,
                    "share": _share(phase.share),
                }
                for phase in stand.phases
            ],
            "rounds": [_round(found, stand) for found in stand.rounds],
            "reviews_due": [
                {
                    "topic": due.topic,
                    "since": due.since.isoformat(),
                    "recall": _share(due.recall),
                    "planned": _day(due.planned),
                }
                for due in stand.due
            ],
            "next_mock": _mock(stand),
            "cushion": {
                "flex": stand.cushion.flex,
                "catch_up": stand.cushion.catch_up,
                "finish": stand.plan.finish.isoformat(),
                "latest": stand.plan.latest.isoformat(),
                "days": stand.cushion.days,
            },
        }
    )


def topic(card: Card) -> tuple[bytes, ...]:
    """The topic's card."""
    given = card.given
    studied = card.studied.get(card.topic.id)
    return encoded(
        {
            "as_of": card.as_of.isoformat(),
            "topic": texts(card.topic)
            | {
                "phase": card.phase.id,
                "priority": card.topic.priority,
                "rounds": list(card.topic.rounds),
                "alongside": card.topic.alongside,
                "requires": list(card.topic.requires),
                "level": given.level if given else None,
                "depth": round(float(given.depth), 3) if given else 0.0,
                "minutes": given.minutes if given else 0,
                "done": studied.done if studied else 0,
                "open": studied.open if studied else 0,
                "share": _share(studied.share if studied else 0),
            },
            "sessions": session_rows(card.sessions, card.plan, card.profile, card.progress),
            "reviews": [{"on": day.isoformat(), "answer": answer} for day, answer in card.answers],
            "memory": None
            if card.recall is None
            else {"recall": _share(card.recall), "due": _day(card.due)},
        }
    )


def _round(found: Readiness, stand: Standing) -> _Json:
    titles = {round.id: round.title for round in stand.roadmap.rounds}
    return {
        "id": found.round,
        "title": titles[found.round],
        "ready": _share(found.ready),
        "done": _share(found.covered),
        "topics": [
            {
                "topic": part.topic,
                "weight": round(float(part.weight), 1),
                "done": _share(part.done),
                "recall": _share(part.recall),
            }
            for part in found.parts
        ],
        "mocks": [
            {"on": day.isoformat(), "score": score}
            for day, score in stand.scores.get(found.round, ())
        ],
    }


def _mock(stand: Standing) -> _Json | None:
    if stand.mock is None:
        return None
    return session_rows((stand.mock,), stand.plan, stand.profile, Progress())[0]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _share(share: object) -> float:
    return round(float(share), 4)  # type: ignore[arg-type]
