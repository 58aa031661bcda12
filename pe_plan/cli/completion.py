"""What the shell offers when Tab is pressed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator


def one_of(*words: str) -> Callable[[str], Iterator[str]]:
    """Offers these words."""
    return lambda incomplete: (word for word in words if word.startswith(incomplete))


def skills(incomplete: str) -> Iterator[str]:
    """all=, phases and topics of the bundled roadmap; levels once it is clear whose."""
    from pe_plan.app import folder
    from pe_plan.model import LEVELS

    who, equals, level = incomplete.partition("=")
    if not equals:
        roadmap = folder.roadmap(None)
        known = ["all", *(phase.id for phase in roadmap.phases), *(t.id for t in roadmap.topics)]
        names = [name for name in known if name.startswith(who)]
        if len(names) != 1:
            yield from (f"{name}=" for name in names)
            return
        who = names[0]
    yield from (f"{who}={each}" for each in LEVELS if each.startswith(level))


def offer_levels() -> bool:
    """Whether bash stood behind `--skill WHO=`, which it hands over in three words so that typer
    cannot see it, and was offered the levels."""
    from pe_plan.model import LEVELS

    at = os.environ.get("COMP_CWORD", "")
    words = os.environ.get("COMP_WORDS", "").split("\n")[: int(at) + 1 if at.isdecimal() else 0]
    begun = words.pop() if words[-1:] != ["="] and words else ""
    if words[-1:] != ["="] or "--skill" not in words[-4:-2]:
        return False
    offered = list(one_of(*LEVELS)(begun))
    sys.stdout.write("".join(f"{level}\n" for level in offered))
    return bool(offered)


def zones(incomplete: str) -> Iterator[str]:
    """IANA time zones."""
    from zoneinfo import available_timezones

    return one_of(*sorted(available_timezones()))(incomplete)
