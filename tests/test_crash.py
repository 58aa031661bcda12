"""A kill, or a full disk, while a plan with a log is planned anew: the plan is the old or the new
one, the log is whole, the old plan is kept, and so is what the learner wrote into plan.md."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.model import Record
from tests.support_child import failures, kills
from tests.support_cli import contents, ran
from tests.support_roadmap import SMALL

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

FIRST = ("generate", "--start", "2026-01-05", "--hours", "6", "--tz", "Europe/Berlin")
FIRST += ("--roadmap", "small.toml", "--plan", "plan")
MARKED = (("done", "--all-until", "2026-01-05"), ("mock", "talk", "4", "--note", "it | 'went'"))
AGAIN = (
    (*FIRST, "--force", "--hours", "4"),
    ("replan", "--assume", "missed", "--yes", "--hours", "5", "--plan", "plan"),
)
LATER = Circumstances(now=datetime(2026, 1, 12, 9, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)
THEN = Circumstances(now=datetime(2026, 1, 2, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)


def run(folder: Path, *words: str, around: Circumstances = THEN) -> None:
    done = ran(*words, folder=folder, around=around)
    assert done.code == 0, done.err


def put(folder: Path, files: dict[str, bytes | None]) -> None:
    """Make the files all that the folder holds."""
    shutil.rmtree(folder)
    folder.mkdir()
    for name, raw in files.items():
        assert raw is not None
        (folder / name).write_bytes(raw)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan with a log, an earlier plan beside it, and a tick on its page."""
    (tmp_path / "small.toml").write_bytes(SMALL.encode())
    run(tmp_path, *FIRST)
    for words in MARKED:
        run(tmp_path, *words, "--plan", "plan", around=LATER)
    page = tmp_path / "plan" / "plan.md"
    before, _, after = page.read_bytes().rpartition(b"- [ ]")  # not one that was marked
    page.write_bytes(before + b"- [x]" + after)
    return tmp_path


def logged(plan: Path) -> tuple[int, tuple[Record, ...]]:
    """How many plans were accepted, and the log."""
    state = store.read(plan)
    assert state is not None
    return len(state.accepted), state.log


@pytest.mark.parametrize("again", AGAIN, ids=lambda words: words[0])
def test_a_kill_at_any_change_loses_nothing(folder, again):
    plan = folder / "plan"
    old, (accepted, log) = contents(plan), logged(plan)
    ticked = old["plan.md"]
    assert ticked is not None
    assert b"- [x]" in ticked
    assert [record.kind for record in log] == ["done", "mock"]
    found = []
    for at in kills(lambda: run(folder, *again, around=LATER)):
        left = contents(plan)
        found.append(left["state.json"])
        new = found[-1] != old["state.json"]
        assert logged(plan) == (accepted + new, log)
        assert left.get(".history/state-4.json") == old["state.json"] if new else True
        pages = {raw for name, raw in left.items() if "plan.md" in name}
        assert ticked in pages, f"the tick is gone after a kill at change {at}"
        assert left.get(".history/plan.md.1") in (None, ticked)

        if not new:
            run(folder, *again, around=LATER)
        else:
            run(folder, "undo", "--plan", "plan", around=LATER)
        kept = {raw for name, raw in contents(plan).items() if "plan.md." in name}
        assert ticked in kept
        assert not list(plan.rglob(".pe-plan*")), "a killed command's leftovers are swept"
        put(plan, old)

    assert len(found) > 40
    new = found[-1]
    assert new != old["state.json"]
    turn = found.index(new)
    assert found == [old["state.json"]] * turn + [new] * (len(found) - turn)
    assert 20 < turn < len(found) - 5


@pytest.mark.parametrize("again", AGAIN, ids=lambda words: words[0])
def test_a_disk_full_at_any_change_changes_nothing(folder, again):
    plan = folder / "plan"
    old = contents(plan)
    outcomes = []
    for _ in failures(lambda: outcomes.append(ran(*again, folder=folder, around=LATER))):
        done = outcomes[-1]
        if done.code:
            assert (done.code, done.out) == (5, "")
            assert "no space is left on the disk; free some space, then try again" in done.err
            assert contents(plan) == old
        else:
            assert logged(plan)[0] == 2
            assert not list(plan.rglob(".pe-plan*"))
            put(plan, old)
    assert sum(done.code == 5 for done in outcomes) > 15
    assert outcomes[-1].code == 0
