"""Measure, print, and leave with 0: a budget that is not kept is told, never enforced."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from benchmarks import calendars, instructions, lives, scaled, taskjuggler
from benchmarks.processes import Place, bare, interleaved, pe_plan
from benchmarks.report import Row, table

GENERATE = (
    *("generate", "--start", "2026-01-05", "--hours", "12", "--tz", "Europe/Berlin"),
    *("--off", "2026-03-02..2026-03-08"),
)
COMMANDS = {"--version": ("--version",), "--help": ("--help",), "generate": GENERATE}
# What is typed with a plan there, which began on the last Monday.
LATER = {
    "today": (("today",), 10),
    "status": (("status",), 13),
    "done": (("done",), 10),
    "done dns": (("done", "dns"), None),
    "replan": (("replan", "--as-of", "2026-01-20", "--assume", "missed", "--yes"), None),
}
TASKJUGGLER_GRIDS = {"tj3": 60, "tj3, our grid": 5}  # minutes; its default is an hour
TASKJUGGLER_BUDGETS = {"tj3": 0.6, "tj3, our grid": None}
MEBIBYTE = 1 << 20


def main() -> None:
    """All tables, one after another."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="measured rounds (default: 11)")
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder:
        place = Place(bytecode=Path(folder) / "bytecode")
        print(f"{platform.python_implementation()} {platform.python_version()}, {rounds} rounds\n")
        for lines in (
            _starts(place, Path(folder), rounds),
            _instructions(place),
            _later(place, Path(folder)),
            _sizes(place, Path(folder), rounds),
            calendars.tables(rounds),
            lives.tables(),
        ):
            print("\n".join(lines), flush=True)


def _starts(place: Place, folder: Path, rounds: int) -> Iterator[str]:
    commands = {"python -c pass": bare()} | {n: pe_plan(*c) for n, c in COMMANDS.items()}
    tj3 = shutil.which("tj3")
    if tj3:
        commands |= _same_for_taskjuggler(place, folder, tj3)
    seconds = interleaved(place, commands, rounds)
    rows = [
        Row(
            what=name,
            figures=(
                f"{1000 * median(each):.0f}",
                f"{_ratio(each, seconds['python -c pass']):.1f}",
            ),
        )
        for name, each in seconds.items()
    ]
    for name, budget in TASKJUGGLER_BUDGETS.items() if tj3 else ():
        share = _ratio(seconds["generate"], seconds[name])
        figures = ("", f"{share:.2f}")
        rows.append(Row(what=f"generate / {name}", figures=figures, measured=share, budget=budget))
    yield from table("Wall time", ("ms", "x bare"), rows)
    if not tj3:
        yield "For the comparison with TaskJuggler 3: sudo apt-get install tj3\n"


def _same_for_taskjuggler(place: Place, folder: Path, tj3: str) -> dict[str, list[str]]:
    """Commands for the plan that `generate` makes, once they are known to place every topic."""
    place.run(pe_plan(*GENERATE, "--format", "json", "--plan", str(folder)))
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    commands = {}
    for name, grid in TASKJUGGLER_GRIDS.items():
        file = folder / f"plan-{grid}.tjp"
        file.write_text(taskjuggler.project(plan, grid), "utf-8")
        commands[name] = taskjuggler.command(tj3, file)
        place.run([*commands[name], "--output-dir", str(folder)])
        placed, wanted = taskjuggler.scheduled(folder), len(plan["topics"])
        if placed != wanted:
            raise ValueError(f"{name} placed {placed} of {wanted} topics")
    return commands


def _instructions(place: Place) -> Iterator[str]:
    valgrind = shutil.which("valgrind")
    if not valgrind:
        yield "For instruction counts: sudo apt-get install valgrind\n"
        return
    rows = []
    for name, arguments in COMMANDS.items():
        ratio = instructions.ratio(place, pe_plan(*arguments), valgrind)
        budget = None if name == "generate" else 10
        rows.append(Row(what=name, figures=(f"{ratio:.2f}",), measured=ratio, budget=budget))
    yield from table("Instructions", ("x bare",), rows)


def _later(place: Place, folder: Path) -> Iterator[str]:
    """What a command takes that has a plan to read."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        return
    rows = []
    for name, (words, budget) in LATER.items():
        plan = ("--plan", str(folder / name))
        today = datetime.now(UTC).date()
        monday = today - timedelta(days=today.weekday())
        start = "2026-01-05" if name == "replan" else monday.isoformat()
        first = pe_plan("generate", "--start", start, *GENERATE[3:], *plan)
        place.run(first)
        environment = replace(place, variables={"PE_PLAN_DIR": plan[1]})
        ratio = instructions.ratio(environment, pe_plan(*words), valgrind)
        rows.append(Row(what=name, figures=(f"{ratio:.2f}",), measured=ratio, budget=budget))
    yield from table("Instructions with a plan there", ("x bare",), rows)


def _sizes(place: Place, folder: Path, rounds: int) -> Iterator[str]:
    commands = {
        f"{size:,} topics": pe_plan(*GENERATE, "--roadmap", str(scaled.write(folder, size)))
        for size in scaled.SIZES
    }
    seconds = interleaved(place, commands, rounds)
    each = {
        name: [s / size for s in seconds[name]]
        for name, size in zip(commands, scaled.SIZES, strict=True)
    }
    rows = []
    for name, command in commands.items():
        peak = place.peak(command) / MEBIBYTE
        figures = (
            f"{1000 * median(seconds[name]):.0f}",
            f"{1000 * median(each[name]):.2f}",
            f"{peak:.0f}",
        )
        rows.append(Row(what=name, figures=figures, measured=peak, budget=200))
    growth = _ratio(each["1,000 topics"], each["380 topics"])
    rows.append(
        Row(what="1,000 / 380", figures=("", f"{growth:.2f}", ""), measured=growth, budget=1.5)
    )
    yield from table("generate by size", ("ms", "ms a topic", "peak MiB"), rows)


def _ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """The median over the rounds of one to the other, each within its round."""
    return median(a / b for a, b in zip(these, those, strict=True))


if __name__ == "__main__":
    main()
