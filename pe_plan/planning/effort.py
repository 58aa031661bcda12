"""What each topic asks of this learner, in minutes.

    weeks(level) of a phase: new = its maximum, some = midpoint, solid = its minimum, strong = half
    effort(topic) = weight/100 x weeks(level) x reference hours x depth(priority)

The roadmap states weeks and never hours; its reference pace makes the two agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from pe_plan.model import Level, Phase, Roadmap, Topic

DIAL_END = 3000  # thousandths: one stage for each priority, the lowest first
_WHOLE: Mapping[str, Fraction] = {}  # of every topic
_SHALLOWEST = {3: Fraction(1, 4), 2: Fraction(1, 4), 1: Fraction(13, 20)}


def depth(priority: int, dial: int) -> Fraction:
    """The factor on a topic's effort when the dial stands at `dial` thousandths (0 to DIAL_END):
    priority 3 goes down first, then 2, then 1, each to its shallowest."""
    turned = min(max(dial - 1000 * (3 - priority), 0), 1000)
    return 1 - Fraction(turned, 1000) * (1 - _SHALLOWEST[priority])


def full_effort(topic: Topic, phase: Phase, level: Level, reference_hours: int) -> Fraction:
    """Minutes the topic asks at full depth: its part of the phase's weeks at the reference pace."""
    least, most = phase.weeks
    twice = {"new": 2 * most, "some": least + most, "solid": 2 * least, "strong": least}
    return Fraction(topic.weight, 100) * Fraction(twice[level], 2) * reference_hours * 60


class Efforts:
    """The efforts of one roadmap for one learner, at any position of the dial; `shares` of its
    topics are still open, and none goes deeper than it has in `deepest`. `phases` are those that
    are planned, if they are not the roadmap's own."""

    def __init__(
        self,
        roadmap: Roadmap,
        skills: Mapping[str, Level],
        *,
        shares: Mapping[str, Fraction] = _WHOLE,
        deepest: Mapping[str, Fraction] = _WHOLE,
        phases: Sequence[Phase] | None = None,
    ) -> None:
        self.levels: dict[str, Level] = {}
        self.full: dict[str, Fraction] = {}
        self._deepest = deepest
        self._by_priority: list[dict[tuple[int, Fraction], Fraction]] = []
        for phase in roadmap.phases:
            for topic in phase.topics:
                said = [skills[who] for who in (topic.id, phase.id, "all") if who in skills]
                self.levels[topic.id] = level = said[0] if said else "some"  # the narrowest wins
                minutes = full_effort(topic, phase, level, roadmap.reference_hours)
                self.full[topic.id] = minutes * shares.get(topic.id, 1)
        for phase in roadmap.phases if phases is None else phases:
            asked: dict[tuple[int, Fraction], Fraction] = defaultdict(Fraction)
            for topic in phase.topics:
                asked[topic.priority, deepest.get(topic.id, Fraction(1))] += self.full[topic.id]
            self._by_priority.append(asked)

    def of_phases(self, dial: int) -> tuple[Fraction, ...]:
        """Minutes that each phase asks, in roadmap order."""
        depths = {priority: depth(priority, dial) for priority in _SHALLOWEST}
        return tuple(
            sum((m * min(depths[p], most) for (p, most), m in asked.items()), Fraction(0))
            for asked in self._by_priority
        )

    def depth(self, topic: Topic, dial: int) -> Fraction:
        """How deep one topic goes."""
        return min(depth(topic.priority, dial), self._deepest.get(topic.id, Fraction(1)))

    def of(self, topic: Topic, dial: int) -> Fraction:
        """Minutes that one topic asks."""
        return self.full[topic.id] * self.depth(topic, dial)
