"""How Hypothesis searches: the same examples every time in CI, new ones elsewhere; and far more
with `--hypothesis-profile=thorough`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pe_plan.store import write
from tests.support_folder import OLD_FILES
from tests.support_life import Life, life
from tests.support_log import Learner
from tests.support_replan import planned

# Cases are large and plans of one sort are rare among them; neither says that a test is wrong.
calm = {
    "deadline": None,
    "suppress_health_check": (HealthCheck.too_slow, HealthCheck.filter_too_much),
}
settings.register_profile("default", max_examples=60, **calm)
settings.register_profile("ci", max_examples=60, derandomize=True, print_blob=True, **calm)
settings.register_profile("thorough", max_examples=3000, **calm)
settings.load_profile("ci" if os.environ.get("CI") else "default")


# Few tests that take long, since they wait for other programs: begun last, one of these files would
# let the other workers stand idle.
LONG = ("test_radicale.py", "test_calendar_programs.py", "test_budgets.py", "test_vdirsyncer.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the default plan from Monday 5 January 2026 on."""
    return planned(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the old plan in it."""
    write(tmp_path / "plan", OLD_FILES)
    return tmp_path / "plan"


@pytest.fixture
def eva(folder: Path) -> Learner:
    """A learner in that folder."""
    return Learner(folder=folder)


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """That plan, all done until Saturday 28 February, nothing since; a review and a mock told."""
    told = (("done", "--all-until", "2026-02-28"), ("mock", "coding", "4"))
    told += (("review", "syscalls", "hard"),)
    return planned(tmp_path, *(("2026-02-28", *words) for words in told))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="keep the plans of now in tests/golden"
    )


@pytest.fixture
def lived() -> Life:
    """A life with the plan of 12 hours a week."""
    return life()
