"""A phase's study time shared out to its topics, and a topic's time to its activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from pe_plan.model import ACTIVITIES, SHORTEST, STEP, Activity, Topic
from pe_plan.planning.dividing import Part, divide, fair_shares, room

Study = tuple[str, Activity, int]  # topic id, activity, minutes
Shares = tuple[tuple[Activity, Fraction], ...]  # what part of a topic each activity takes

_USUAL_ALONGSIDE = 90
_USUAL: Shares = tuple(
    zip(ACTIVITIES, (Fraction(35, 100), Fraction(45, 100), Fraction(20, 100)), strict=True)
)


def share_out(
    pieces: Sequence[int],
    weeks: Sequence[int],
    topics: Sequence[Topic],
    efforts: Mapping[str, Fraction],
    activities: Mapping[str, Shares] = MappingProxyType({}),
) -> list[list[Study]]:
    """What each piece of study time (minutes, 0 or at least the shortest session; `weeks` holds
    each one's week) is spent on: topics in study order in proportion to effort, those `alongside`
    spread over all weeks and put last in their pieces. `activities` holds the shares of topics
    that are begun already."""
    alongside = [topic for topic in topics if topic.alongside]
    if len(alongside) == len(topics):
        alongside = []
    in_order = [topic for topic in topics if topic not in alongside]
    left = list(pieces)
    runs = _spread(left, weeks, topics, alongside, efforts)
    open_pieces = [k for k, piece in enumerate(left) if piece]
    lengths = [left[k] for k in open_pieces]
    shares = fair_shares([efforts[topic.id] for topic in in_order], sum(lengths))
    ordered = {
        topic.id: [(open_pieces[k], minutes) for k, minutes in run]
        for topic, run in zip(in_order, divide(lengths, shares), strict=True)
    }
    agenda: list[list[Study]] = [[] for _ in pieces]
    for topic_id, run in (ordered | runs).items():
        for k, activity, minutes in _activities(run, activities.get(topic_id, _USUAL)):
            agenda[k].append((topic_id, activity, minutes))
    return agenda


def _spread(
    left: list[int],
    weeks: Sequence[int],
    topics: Sequence[Topic],
    alongside: Sequence[Topic],
    efforts: Mapping[str, Fraction],
) -> dict[str, list[Part]]:
    """Take the sessions of the `alongside` topics out of `left`, week by week, so that each has
    had its share of the time gone by; every topic still to come keeps room for one session."""
    pieces = tuple(left)
    whole = sum(pieces)
    spare = room(pieces) - len(topics)
    shares = dict(
        zip(
            (topic.id for topic in topics),
            fair_shares([efforts[topic.id] for topic in topics], whole),
            strict=True,
        )
    )
    runs: dict[str, list[Part]] = {}
    for topic in alongside:
        run: list[Part] = []
        given = passed = 0
        for week in dict.fromkeys(weeks):
            members = [k for k, w in enumerate(weeks) if w == week]
            passed += sum(pieces[k] for k in members)
            due = shares[topic.id] * passed / whole - given
            for k, minutes in _sittings(due, [(left[k], k) for k in members], spare, first=not run):
                spare -= _loss(left[k], minutes) - (not run)
                left[k] -= minutes
                given += minutes
                run.append((k, minutes))
        runs[topic.id] = run
    return runs


def _sittings(
    due: Fraction, pieces: Sequence[tuple[int, int]], spare: int, *, first: bool
) -> list[Part]:
    """The week's sessions of one topic: as many as keep each near an hour and a half, in the
    longest pieces, and longer ones where much is due; at least one where it is the topic's
    `first`."""
    able = sorted((piece for piece in pieces if piece[0] >= SHORTEST), key=lambda p: (-p[0], p[1]))
    left = sum(length for length, _ in able)
    chosen: list[Part] = []
    for length, k in able:
        own = first and not chosen
        wanted = due / max(round(due / _USUAL_ALONGSIDE), 1)
        minutes = _take(length, max(wanted, due * length / left))
        if _loss(length, minutes) - own > spare:
            minutes = _take(length, Fraction(SHORTEST))
        if not own and (_loss(length, minutes) > spare or minutes > 2 * due):
            break
        spare -= _loss(length, minutes) - own
        due -= minutes
        left -= length
        chosen.append((k, minutes))
    return sorted(chosen)


def _take(length: int, wanted: Fraction) -> int:
    """Minutes of a piece as near to `wanted` as sessions of the shortest length on both sides
    allow; all of it where that is as near."""
    inner = min(max(round(wanted / STEP) * STEP, SHORTEST), length - SHORTEST)
    if inner < SHORTEST or abs(length - wanted) <= abs(inner - wanted):
        return length
    return inner


def _loss(length: int, minutes: int) -> int:
    return room([length]) - room([length - minutes])


def _activities(run: Sequence[Part], usual: Shares) -> list[tuple[int, Activity, int]]:
    """Learn, practise, prove: each in one stretch of the topic's run, those too short joined."""
    lengths = [minutes for _, minutes in run]
    shares = [share * sum(lengths) for _, share in usual]
    while len(shares) > 1 and (min(shares) < SHORTEST or room(lengths) < len(shares)):
        joined = shares.pop()
        shares[-1] += joined
    return [
        (run[k][0], activity, minutes)
        for (activity, _), parts in zip(usual, divide(lengths, shares), strict=False)
        for k, minutes in parts
    ]
