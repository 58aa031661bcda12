"""Learners whose plans are kept word for word: each folder of golden/ holds what one types in
command.txt, the files that they have already in given/, what it prints, and the files that it
writes. `make golden` writes them anew; the difference is then for a person to read."""

from __future__ import annotations

import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pe_plan.app.context import Circumstances
from tests.support_cli import contents, ran

GOLDEN = Path(__file__).parent / "golden"
LEARNERS = sorted(path.parent.name for path in GOLDEN.glob("*/command.txt"))
THEN = Circumstances(
    now=datetime(2025, 12, 29, 9, 30, tzinfo=UTC),
    zone="UTC",
    fresh_id="6f3c1f1e-98a7-4a65-9c58-2d3c4b5a6978",
)


def made(learner: str, folder: Path) -> dict[str, bytes]:
    """What the learner's command prints and writes; the state aside, which has tests of its own."""
    if (given := GOLDEN / learner / "given").exists():
        shutil.copytree(given, folder, dirs_exist_ok=True)
    words = shlex.split((GOLDEN / learner / "command.txt").read_text("utf-8"))
    done = ran(*words, folder=folder, around=THEN)
    assert (done.code, done.err) == (0, "")
    written = contents(folder / "study-plan")
    files = {
        name: raw
        for name, raw in written.items()
        if raw is not None and name not in ("state.json", "roadmap.json")
    }
    return {"stdout.txt": done.out.encode(), **files}


def test_there_are_at_least_four_learners():
    assert len(LEARNERS) >= 4


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_plan_is_the_one_that_was_kept(learner, tmp_path, pytestconfig):
    files = made(learner, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        for name, raw in files.items():
            (GOLDEN / learner / name).write_bytes(raw)
    kept = {name: raw for name, raw in contents(GOLDEN / learner).items() if name[:5] != "given"}
    assert kept.keys() - {"command.txt"} == files.keys()
    for name, raw in files.items():
        assert raw.decode().splitlines() == (kept[name] or b"").decode().splitlines(), name
        assert raw == kept[name], f"{name}: line ends"
