"""Sharing study time that comes in pieces, so that no part is shorter than a session may be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from pe_plan.model import SHORTEST, STEP

Part = tuple[int, int]  # (which piece, minutes of it)


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


def divide(pieces: Sequence[int], shares: Sequence[Fraction]) -> list[list[Part]]:
    """Cut the pieces, laid end to end, into one run of parts for each share, in order.

    Each cut falls as near to its share's true end as sessions of the shortest length on both of
    its sides allow, so errors do not add up. Pieces hold at least the shortest length each and
    together at least one session for each share (ValueError otherwise).
    """
    if room(pieces) < len(shares):
        raise ValueError("the pieces cannot hold one session for each share")
    line = _Line(pieces)
    latest = [line.length]
    for _ in shares[1:]:
        latest.append(line.before(latest[-1]))
    latest.reverse()
    cuts = [0]
    for target, bound in zip(accumulate(shares), latest, strict=True):
        earliest = line.after(cuts[-1])
        cuts.append(bound if bound == line.length else line.nearest(target, earliest, bound))
    return [line.parts(a, b) for a, b in pairwise(cuts)]


class _Line:
    """The pieces end to end. A place may be cut when it is a joint, or at least the shortest
    session away from the joints on both sides."""

    __slots__ = ("joints", "length")

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
        found: list[Part] = []
        k = bisect_right(self.joints, first) - 1
        while first < stop:
            end = min(self.joints[k + 1], stop)
            found.append((k, end - first))
            first, k = end, k + 1
        return found
