"""What the shell offers when Tab is pressed."""

from __future__ import annotations

from collections.abc import Iterator


def complete_skill(incomplete: str) -> Iterator[str]:
    """all=, phases and topics of the bundled roadmap; levels once it is clear whose."""
    from pe_plan import app
    from pe_plan.model import LEVELS

    who, equals, level = incomplete.partition("=")
    if not equals:
        roadmap = app.roadmap(None)
        known = ["all", *(phase.id for phase in roadmap.phases), *(t.id for t in roadmap.topics)]
        names = [name for name in known if name.startswith(who)]
        if len(names) != 1:
            yield from (f"{name}=" for name in names)
            return
        who = names[0]
    yield from (f"{who}={each}" for each in LEVELS if each.startswith(level))


def levels_in_bash(words: str, at: str) -> tuple[str, ...]:
    """The levels for `--skill WHO=`, which bash hands over in three words: COMP_WORDS up to the
    one at COMP_CWORD. Nothing anywhere else."""
    from pe_plan.model import LEVELS

    typed = words.split("\n")[: int(at) + 1]
    begun = "" if typed[-1] == "=" else typed.pop()
    if typed[-1:] != ["="] or "--skill" not in typed[-4:-2]:
        return ()
    return tuple(level for level in LEVELS if level.startswith(begun))


def complete_format(incomplete: str) -> Iterator[str]:
    """The documents there are."""
    from pe_plan.app import FORMATS

    yield from (name for name in FORMATS if name.startswith(incomplete))


def complete_zone(incomplete: str) -> Iterator[str]:
    """IANA time zones."""
    from zoneinfo import available_timezones

    yield from (zone for zone in sorted(available_timezones()) if zone.startswith(incomplete))
