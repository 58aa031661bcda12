"""What the shell offers when Tab is pressed."""

from __future__ import annotations

from collections.abc import Iterator


def complete_skill(incomplete: str) -> Iterator[str]:
    """all=, phases and topics of the bundled roadmap, then levels."""
    from pe_plan import app
    from pe_plan.model import LEVELS

    who, equals, level = incomplete.partition("=")
    if equals:
        yield from (f"{who}={known}" for known in LEVELS if known.startswith(level))
        return
    roadmap = app.roadmap(None)
    names = ["all", *(phase.id for phase in roadmap.phases), *(t.id for t in roadmap.topics)]
    yield from (f"{name}=" for name in names if name.startswith(who))


def complete_zone(incomplete: str) -> Iterator[str]:
    """IANA time zones."""
    from zoneinfo import available_timezones

    yield from (zone for zone in sorted(available_timezones()) if zone.startswith(incomplete))
