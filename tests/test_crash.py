"""A kill while `generate --force` plans anew: the plan is the old or the new one, and what the
learner wrote into plan.md is still somewhere."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pe_plan import store
from pe_plan.app import Circumstances
from tests.support_child import kills
from tests.support_cli import contents, ran
from tests.support_roadmap import SMALL

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

FIRST = ("generate", "--start", "2026-01-05", "--hours", "6", "--tz", "Europe/Berlin")
FIRST += ("--roadmap", "small.toml", "--plan", "plan")
AGAIN = (*FIRST, "--force", "--hours", "4")
THEN = Circumstances(now=datetime(2026, 1, 2, tzinfo=UTC), zone="UTC", fresh_id="0" * 32)


def generate(folder: Path, *words: str) -> None:
    done = ran(*words, folder=folder, around=THEN)
    assert (done.code, done.err) == (0, "")


def put(folder: Path, files: dict[str, bytes | None]) -> None:
    """Make the files all that the folder holds."""
    for path in folder.iterdir():
        path.unlink()
    for name, raw in files.items():
        assert raw is not None
        (folder / name).write_bytes(raw)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan whose page has a tick."""
    (tmp_path / "small.toml").write_bytes(SMALL.encode())
    generate(tmp_path, *FIRST)
    page = tmp_path / "plan" / "plan.md"
    page.write_bytes(page.read_bytes().replace(b"- [ ]", b"- [x]", 1))
    return tmp_path


def test_a_kill_at_any_change_loses_neither_the_plan_nor_a_tick(folder):
    plan = folder / "plan"
    old = contents(plan)
    ticked = old["plan.md"]
    assert ticked is not None
    assert b"- [x]" in ticked
    found = []
    for at in kills(lambda: generate(folder, *AGAIN)):
        left = contents(plan)
        found.append(left["plan.toml"])
        assert store.read(plan) is not None
        pages = {raw for name, raw in left.items() if name.startswith("plan.md")}
        assert ticked in pages, f"the tick is gone after a kill at change {at}"
        assert left.get("plan.md.1") in (None, ticked)
        assert left.get("plan.toml.1") in (None, old["plan.toml"])

        generate(folder, *AGAIN)
        kept = {raw for name, raw in contents(plan).items() if name.startswith("plan.md.")}
        assert kept == {ticked}
        assert not list(plan.glob(".*")), "a killed command's leftovers are swept"
        put(plan, old)

    assert len(found) > 40
    new = found[-1]
    assert new != old["plan.toml"]
    turn = found.index(new)
    assert found == [old["plan.toml"]] * turn + [new] * (len(found) - turn)
    assert 20 < turn < len(found) - 5
