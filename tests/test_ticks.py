"""plan.md shows what the log says, and what a learner ticked or wrote there is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support_replan import replanned, said

TICK, EMPTY = "  - [x] ", "  - [ ] "


def page(folder: Path) -> Path:
    return folder / "study-plan/plan.md"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "study-plan/.history").glob("plan.md.*"))


def test_an_export_ticks_what_is_done(folder):
    before = page(folder).read_text("utf-8")
    assert TICK not in before
    said("2026-01-05", "done", folder=folder)
    after = said("2026-01-05", "export", "md", folder=folder).out
    changed = [(a, b) for a, b in zip(before.split("\n"), after.split("\n"), strict=True) if a != b]
    assert len(changed) == 2
    assert all(b == a.replace(EMPTY, TICK) for a, b in changed)
    assert page(folder).read_text("utf-8") == before


def test_a_replan_with_nothing_to_change_ticks_what_is_done(folder):
    calendar = (folder / "study-plan/plan.ics").read_bytes()
    said("2026-01-05", "done", folder=folder)
    told = said("2026-01-06", "replan", folder=folder)
    assert told.out.startswith("Nothing to change")
    assert page(folder).read_text("utf-8").count(TICK) == 2
    assert kept(folder) == []
    assert (folder / "study-plan/plan.ics").read_bytes() == calendar


@pytest.mark.parametrize(
    ("old", "new", "times", "is_ours"),
    [
        ("- [ ]", "- [ ]", 0, True),  # it lacks a tick of the log
        ("- [ ] 75 min", "- [x] 75 min", 1, True),  # they ticked what is logged
        ("- [ ]", "- [x]", 2, False),  # one of the ticks the log lacks
        ("- [ ] ", "- [ ] hard! ", 1, False),
    ],
)
def test_a_page_is_kept_that_says_more_than_the_log(folder, old, new, times, *, is_ours):
    theirs = page(folder).read_bytes().replace(old.encode(), new.encode(), times)
    page(folder).write_bytes(theirs)
    # The second session of Monday is done, the first is not; the re-plan makes room for it.
    said("2026-01-05", "done", "leetcode", folder=folder)
    out = replanned("2026-01-06", folder=folder)
    assert kept(folder) == ([] if is_ours else ["plan.md.1"])
    assert ("the plan.md that you edited, as .history/plan.md.1" in out) != is_ours
    if is_ours:
        assert page(folder).read_text("utf-8").count(TICK) == 1
    else:
        assert (folder / "study-plan/.history/plan.md.1").read_bytes() == theirs
