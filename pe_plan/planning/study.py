"""A phase's study time shared out to its topics, and a topic's time to its activities: study time
comes in pieces, and no part of one is shorter than a session may be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from types import MappingProxyType

from pe_plan.model import ACTIVITIES, SHORTEST, STEP, Activity, Topic

Part = tuple[int, int]  # (which piece, minutes of it)
Study = tuple[str, Activity, int]  # topic id, activity, minutes
Shares = tuple[tuple[Activity, Fraction], ...]  # what part of a topic each activity takes

_USUAL_ALONGSIDE = 90
_USUAL: Shares = tuple(
    zip(ACTIVITIES, (Fraction(35, 100), Fraction(45, 100), Fraction(20, 100)), strict=True)
)


def room(pieces: Sequence[int]) -> int:
    """How many sessions of the shortest length the pieces can hold."""
    return sum(piece // SHORTEST for piece in pieces)


def fair_shares(weights: Sequence[Fraction], minutes: int) -> list[Fraction]:
    """`minutes` in proportion to the weights, but never under the shortest session: who would get
    less gets that, and the others share the rest in proportion."""
    shares = [Fraction(SHORTEST)] * len(weights)
    able = list(range(len(weights)))
    left = Fraction(minutes)
    while able:
        whole = sum((weights[i] for i in able), Fraction(0))
        small = [i for i in able if weights[i] * left < SHORTEST * whole]
        if not small:
            for i in able:
                shares[i] = weights[i] * left / whole
            break
        left -= SHORTEST * len(small)
        able = [i for i in able if i not in small]
    return shares


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
    in_order = [topic for topic in topics if not topic.alongside] or topics
    left, spare = list(pieces), room(pieces) - len(topics)
    fair = fair_shares([efforts[topic.id] for topic in topics], sum(pieces))
    spread: dict[str, list[Part]] = {}
    for topic, share in zip(topics, fair, strict=True):
        if topic in in_order:
            continue
        # Each week until it has had its share of the time gone by; every topic still to come keeps
        # room for one session.
        run = spread[topic.id] = []
        given = passed = 0
        for week in dict.fromkeys(weeks):
            members = [k for k, w in enumerate(weeks) if w == week]
            passed += sum(pieces[k] for k in members)
            due, able = share * passed / sum(pieces) - given, [(left[k], k) for k in members]
            for k, minutes in _sittings(due, able, spare, first=not run):
                spare -= _loss(left[k], minutes) - (not run)
                left[k] -= minutes
                given += minutes
                run.append((k, minutes))
    shares = fair_shares([efforts[topic.id] for topic in in_order], sum(left))
    runs = dict(zip((topic.id for topic in in_order), divide(left, shares), strict=True))
    agenda: list[list[Study]] = [[] for _ in pieces]
    for topic_id, run in (runs | spread).items():
        for k, activity, minutes in _activities(run, activities.get(topic_id, _USUAL)):
            agenda[k].append((topic_id, activity, minutes))
    return agenda


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


def divide(pieces: Sequence[int], shares: Sequence[Fraction]) -> list[list[Part]]:
    """Cut the pieces, laid end to end, into one run of parts for each share, in order.

    Each cut falls as near to its share's true end as sessions of the shortest length on both of
    its sides allow, so errors do not add up. Pieces hold nothing, or at least the shortest length,
    and together at least one session for each share (ValueError otherwise).
    """
    if room(pieces) < len(shares):
        raise ValueError("the pieces cannot hold one session for each share")
    line = _Line(pieces)
    latest = [line.length]
    for _ in shares[1:]:
        latest.append(line.before(latest[-1]))
    cuts = [0]
    for target, bound in zip(accumulate(shares), reversed(latest), strict=True):
        earliest = line.after(cuts[-1])
        cuts.append(bound if bound == line.length else line.nearest(target, earliest, bound))
    return [line.parts(a, b) for a, b in pairwise(cuts)]


class _Line:
    """The pieces end to end. A place may be cut when it is a joint, or at least the shortest
    session away from the joints on both sides."""

    def __init__(self, pieces: Sequence[int]) -> None:
        self.joints = (0, *accumulate(pieces))
        self.length = self.joints[-1]

    def after(self, cut: int) -> int:
        """The nearest place that leaves a shortest session after `cut`."""
        end = self.joints[bisect_right(self.joints, cut)]
        place = cut + SHORTEST
        return place if end - place >= SHORTEST else end

    def before(self, cut: int) -> int:
        """The nearest place that leaves a shortest session before `cut`."""
        start = self.joints[bisect_left(self.joints, cut) - 1]
        place = cut - SHORTEST
        return place if place - start >= SHORTEST else start

    def nearest(self, target: Fraction, earliest: int, latest: int) -> int:
        """The place nearest to `target` between two places, the earlier on a tie."""
        k = min(max(bisect_right(self.joints, target), 1), len(self.joints) - 1)
        start, end = self.joints[k - 1], self.joints[k]
        inner = min(max(round(target / STEP) * STEP, start + SHORTEST), end - SHORTEST)
        places = [start, end, earliest, latest]
        if end - start >= 2 * SHORTEST:
            places.append(inner)
        allowed = [place for place in places if earliest <= place <= latest]
        return min(allowed, key=lambda place: (abs(place - target), place))

    def parts(self, first: int, stop: int) -> list[Part]:
        """What lies between two places, piece by piece."""
        cut = ((k, max(a, first), min(b, stop)) for k, (a, b) in enumerate(pairwise(self.joints)))
        return [(k, end - start) for k, start, end in cut if start < end]
