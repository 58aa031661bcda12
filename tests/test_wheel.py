"""What is installed from the wheel, or by `make plan`, works without the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support_cli import CHECKOUT, contents
from tests.support_programs import give_up, need

NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "dist", "study-plan")


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in the folder, with nothing of this Python or of a plan in its environment."""
    ours = ("PYTHON", "PE_PLAN", "VIRTUAL_ENV", "MAKE", "MFLAGS")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def worked(*command: str | Path, folder: Path) -> str:
    """What the command prints; it has to succeed."""
    done = run(*command, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The wheel, the folder of the programs it was installed beside, and an empty folder."""

    wheel: Path
    programs: Path
    empty: Path

    def pe_plan(self, *words: str) -> str:
        """What the installed command prints."""
        return worked(self.programs / "pe-plan", *words, folder=self.empty)


def need_registry(place: Path) -> None:
    """Give up where the package registry, from which builds fetch what they need, is far."""
    place.mkdir()
    fetch = (sys.executable, "-m", "pip", "download", "--no-deps", "--dest", place, "hatchling")
    if run(*fetch, folder=place).returncode:
        give_up("the package registry cannot be reached, so nothing can be built or installed")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Installed:
    place = tmp_path_factory.mktemp("wheel")
    need_registry(place / "fetched")
    source = place / "source"
    shutil.copytree(CHECKOUT, source, ignore=NOT_COPIED)
    worked(sys.executable, "-m", "venv", place / "venv", folder=place)
    programs = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip")
    worked(*pip, "wheel", "--no-deps", "--wheel-dir", place, source, folder=place)
    (wheel,) = place.glob("*.whl")
    worked(*pip, "install", wheel, folder=place)
    shutil.rmtree(source)
    empty = place / "empty"
    empty.mkdir()
    return Installed(wheel=wheel, programs=programs, empty=empty)


def test_the_wheel_holds_the_code_and_the_data_and_nothing_else(installed):
    names = zipfile.ZipFile(installed.wheel).namelist()
    code = {str(path.relative_to(CHECKOUT).as_posix()) for path in CHECKOUT.glob("pe_plan/**/*.py")}
    data = {f"pe_plan/data/{path.name}" for path in CHECKOUT.glob("data/*.toml")}
    assert len(data) >= 2
    assert {name for name in names if ".dist-info/" not in name} - {"pe_plan/py.typed"} == (
        code | data
    )


def test_the_newest_of_everything_goes_together(installed):
    python = installed.programs / "python"
    worked(python, "-m", "pip", "check", folder=installed.empty)
    listed = worked(python, "-m", "pip", "list", "--format=freeze", folder=installed.empty)
    assert "\nicalendar==" in f"\n{listed}"
    assert "pydantic" not in listed, "it would be loaded on every command"


def test_the_installed_command_plans_in_an_empty_folder(installed):
    version = installed.wheel.name.split("-")[1]
    assert installed.pe_plan("--version") == f"pe-plan {version}\n"

    first = ("generate", "--start", "2026-01-05", "--hours", "12", "--tz", "Europe/Berlin")
    said = installed.pe_plan(*first, "--format", "md,ics,json")

    assert said.startswith("Meta Production Engineer Roadmap: 35 weeks at 12 h")
    written = contents(installed.empty / "study-plan")
    assert sorted(written) == ["plan.ics", "plan.json", "plan.md", "roadmap.json", "state.json"]
    assert installed.pe_plan("export", "json").encode() == written["plan.json"]
    assert installed.pe_plan("roadmap", "show").count("\n") > 44
    assert "38 topics" in installed.pe_plan("roadmap", "check")


def test_make_plan_sets_everything_up_and_plans_anew_until_something_is_logged(tmp_path):
    make = need("make", "sudo apt-get install make")
    need_registry(tmp_path / "fetched")
    clone = tmp_path / "clone"
    shutil.copytree(CHECKOUT, clone, ignore=NOT_COPIED)
    python = f"PYTHON={sys.executable}"

    assert "35 weeks at 12 h" in worked(make, "plan", python, folder=clone)
    first = contents(clone / "study-plan")
    again = worked(make, "plan", python, "START=2027-01-04", "HOURS=8", folder=clone)

    assert "weeks at 8 h, 4 Jan 2027" in again
    second = contents(clone / "study-plan")
    assert second[".history/state-2.json"] == first["state.json"]
    assert second["state.json"] != first["state.json"]

    pe_plan = clone / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "pe-plan"
    worked(pe_plan, "done", "dns", folder=clone)
    third = contents(clone / "study-plan")
    said = worked(make, "plan", python, folder=clone)
    assert said.startswith("Your plan is in study-plan, with what you recorded;")
    assert contents(clone / "study-plan") == third
