"""A plan folder and the days on which its learner comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pe_plan.app.context import Circumstances
from pe_plan.model import Block, State
from pe_plan.store import decode
from tests.support_cli import Ran, contents, ran
from tests.support_radicale import Shown, shown

GENERATE = ("generate", "--start", "2026-01-05", "--hours", "12", "--tz", "Europe/Berlin")
FIRST_DAY = "2025-12-29"
NINTH = "2026-03-04"  # a Wednesday in the ninth week


def on(day: str) -> Circumstances:
    """Eight in the morning of that day, in UTC."""
    moment = datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)
    return Circumstances(now=moment, zone="UTC", fresh_id="6f3c1f1e-98a7-4a65-9c58-2d3c4b5a6978")


def said(day: str, *words: str, folder: Path) -> Ran:
    """The command on that day, which has to work."""
    done = ran(*words, folder=folder, around=on(day))
    assert (done.code, done.err) == (0, ""), (words, done)
    return done


@cache
def _files(*steps: tuple[str, ...]) -> dict[str, bytes | None]:
    """What a plan's folder holds after commands, each said after its day."""
    with TemporaryDirectory() as place:
        for day, *words in steps:
            said(day, *words, folder=Path(place))
        return contents(Path(place) / "study-plan")


def planned(folder: Path, *then: tuple[str, ...]) -> Path:
    """The folder, with the default plan and what further commands have made of it."""
    plan = folder / "study-plan"
    plan.mkdir()
    for name, content in _files((FIRST_DAY, *GENERATE), *then).items():
        if content is None:
            (plan / name).mkdir()
        else:
            (plan / name).write_bytes(content)
    return folder


def replanned(day: str, *words: str, folder: Path, assume: str = "missed") -> str:
    """What a re-plan on that day says on one line, written without a question."""
    done = said(day, "replan", "--assume", assume, "--yes", *words, folder=folder)
    return " ".join(done.out.split())


def state(folder: Path) -> State:
    """What the plan folder remembers."""
    return decode((folder / "study-plan/state.json").read_bytes(), State, "state.json")


def blocks(folder: Path) -> dict[str, Block]:
    """The plan's blocks by uid."""
    return {block.uid: block for block in state(folder).plan.blocks}


def calendar(folder: Path, name: str = "plan.ics") -> dict[str, Shown]:
    """The events of one of the plan's calendars by uid, none where there is no such file."""
    file = folder / "study-plan" / name
    events = shown(file.read_bytes()) if file.exists() else []
    assert len({event.uid for event in events}) == len(events)
    return {event.uid: event for event in events}
