"""plan.md shows what the log says, and what a learner ticked or wrote there is never lost."""

from __future__ import annotations

from pathlib import Path

from tests.support_replan import replanned, said
from tests.support_views import planned

TICK, EMPTY = "  - [x] ", "  - [ ] "


def page(folder: Path) -> Path:
    return folder / "study-plan/plan.md"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "study-plan/.history").glob("plan.md.*"))


def test_an_export_ticks_what_is_done(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    before = page(folder).read_text("utf-8")
    assert TICK not in before
    said("2026-01-05", "done", folder=folder)
    after = said("2026-01-05", "export", "md", folder=folder).out
    changed = [(a, b) for a, b in zip(before.split("\n"), after.split("\n"), strict=True) if a != b]
    assert len(changed) == 2
    assert all(b == a.replace(EMPTY, TICK) for a, b in changed)
    assert page(folder).read_text("utf-8") == before


def monday_half_done(folder: Path) -> None:
    """The second session of Monday is done, the first is not; the re-plan makes room for it."""
    said("2026-01-05", "done", "leetcode", folder=folder)
    replanned("2026-01-06", folder=folder)


def rewritten(folder: Path, old: bytes, new: bytes, times: int = 1) -> bytes:
    theirs = page(folder).read_bytes().replace(old, new, times)
    page(folder).write_bytes(theirs)
    return theirs


def test_a_replan_with_nothing_to_change_ticks_what_is_done(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    calendar = (folder / "study-plan/plan.ics").read_bytes()
    said("2026-01-05", "done", folder=folder)
    told = said("2026-01-06", "replan", folder=folder)
    assert told.out.startswith("Nothing to change")
    assert page(folder).read_text("utf-8").count(TICK) == 2
    assert kept(folder) == []
    assert (folder / "study-plan/plan.ics").read_bytes() == calendar


def test_a_page_that_lacks_ticks_of_the_log_is_ours(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    monday_half_done(folder)
    assert kept(folder) == []
    assert page(folder).read_text("utf-8").count(TICK) == 1


def test_a_page_on_which_the_learner_ticked_what_is_logged_is_ours(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    rewritten(folder, b"- [ ] 75 min", b"- [x] 75 min")
    monday_half_done(folder)
    assert kept(folder) == []


def test_a_page_with_a_tick_that_the_log_lacks_is_kept(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    theirs = rewritten(folder, b"- [ ]", b"- [x]", times=2)
    monday_half_done(folder)
    assert (folder / "study-plan/.history/plan.md.1").read_bytes() == theirs


def test_a_page_with_a_note_is_kept(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    theirs = rewritten(folder, b"- [ ] ", b"- [ ] hard! ")
    monday_half_done(folder)
    assert (folder / "study-plan/.history/plan.md.1").read_bytes() == theirs
