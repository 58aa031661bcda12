"""Why the numbers are what they are, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from pe_plan.model import Phase
from pe_plan.planning.effort import Efforts


def hours(minutes: Fraction | int) -> str:
    """Minutes as hours, to the quarter where that is exact, else to the tenth: "16.5"."""
    exact = Fraction(minutes) / 60
    shown = float(exact) if exact.limit_denominator(4) == exact else round(float(exact), 1)
    return f"{shown:g}"


def why_weeks(phase: Phase, efforts: Efforts, depths: Mapping[str, Fraction], spare: int) -> str:
    """How a phase comes to its weeks: its levels, its hours of work, and weeks left over."""
    levels = {efforts.levels[topic.id] for topic in phase.topics}
    level = levels.pop() if len(levels) == 1 else "mixed levels"
    full = sum((efforts.full[topic.id] for topic in phase.topics), Fraction(0))
    asked = sum((efforts.full[topic.id] * depths[topic.id] for topic in phase.topics), Fraction(0))
    work = f"{hours(asked)} of {hours(full)}" if asked < full else hours(full)
    room = f", +{spare} week{'s' * (spare > 1)}" if spare > 0 else ""
    return f"{level}: {work} h{room}"
