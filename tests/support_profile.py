"""A small roadmap, and one line that reads a profile or gives its problems."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from pe_plan.inputs.answers import Answers, Reading, read_profile
from pe_plan.inputs.week import read_default_week
from pe_plan.model import Profile, Roadmap, Window
from tests import support_plan as made
from tests.support_cli import complaints

DATA = Path(__file__).parent.parent / "data" / "default-week.toml"
DEFAULT_WEEK = read_default_week(DATA.read_bytes(), "default-week.toml")
WEDNESDAY = date(2026, 1, 7)


def roadmap(hours: int = 12) -> Roadmap:
    linux = made.phase("linux", made.topic("boot"), made.topic("memory"), weeks=(4, 6))
    networking = made.phase("networking", made.topic("dns"), made.topic("tls"), weeks=(4, 6))
    return made.roadmap(linux, networking, reference_hours=hours)


ROADMAP = roadmap()


def read(
    *,
    toml: str | bytes | None = None,
    today: date = WEDNESDAY,
    known: Roadmap | None = ROADMAP,
    found: str | None = "Europe/Berlin",
    name: str = "me.toml",
    **answers: object,
) -> Reading:
    raw = toml.encode() if isinstance(toml, str) else toml
    return read_profile(
        Answers(**answers),
        file=None if raw is None else (name, raw),
        roadmap=known,
        default_week=DEFAULT_WEEK,
        now=datetime.combine(today, time(12), UTC),
        found_zone=found,
    )


def profile(**given: object) -> Profile:
    return read(**given).profile


def problems(**given: object) -> list[str]:
    return complaints(lambda: read(**given))


def window(weekday: int, start: int, end: int) -> Window:
    return Window(weekday=weekday, start=start * 60, end=end * 60)
