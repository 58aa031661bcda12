"""What commands read: data files, the learner's files, and the plan folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pe_plan import store
from pe_plan.errors import Exit, PePlanError, Problem

if TYPE_CHECKING:
    from pe_plan.model import Roadmap, State

ROADMAP = "meta-production-engineer.toml"
DEFAULT_WEEK = "default-week.toml"

_SHOWN = 5  # faults of a state


def bundled(name: str) -> bytes:
    """A data file: beside the code in an installed package, beside the package in a checkout."""
    package = Path(__file__).parents[1]
    beside = package / "data" / name
    return (beside if beside.exists() else package.parent / "data" / name).read_bytes()


def roadmap(file: Path | None) -> Roadmap:
    """The roadmap in the file, or the one that comes with pe-plan, checked."""
    from pe_plan.inputs.roadmap import read_roadmap

    return read_roadmap(content(file) if file else bundled(ROADMAP), str(file or ROADMAP))


def opened(folder: Path, *, checked: bool = True) -> tuple[State, Roadmap]:
    """The state in the folder and its roadmap. Raises PePlanError where there is none."""
    state = state_in(folder)
    return state, roadmap_of(state, folder, checked=checked)


def state_in(folder: Path) -> State:
    """The state in the folder. Raises PePlanError where there is none."""
    state = store.read(folder)
    if state is None:
        hint = "make one with `pe-plan generate`, or name its folder with --plan"
        raise PePlanError(
            Exit.STATE, [Problem(where=str(folder), what="there is no plan here", hint=hint)]
        )
    return state


def shown(state: State) -> State:
    """The state as documents show it: what the log says is done has that status."""
    from pe_plan.tracking.progress import marked, progress

    done = progress(state.plan, state.log, state.accepted)
    return replace(state, plan=marked(state.plan, done))


def roadmap_of(
    state: State, folder: Path, name: str = store.PLAN, *, checked: bool = True
) -> Roadmap:
    """The roadmap kept in the state. Raises PePlanError (Exit.STATE) with all that is wrong with
    it, or with the plan beside it, in the file of that name."""
    from pe_plan.app.agreement import strangers
    from pe_plan.inputs.roadmap import read_roadmap

    try:
        found = read_roadmap(state.roadmap.encode(), f"{folder / name}: roadmap.text")
    except PePlanError as error:
        raise PePlanError(Exit.STATE, error.problems) from None
    if checked and (faults := list(strangers(state, found))):
        backup = store.backup_hint(folder) if name == store.PLAN else ""
        hint = backup or "put that row right, or plan anew with `pe-plan generate --force`"
        where = f"{folder / name}: "
        raise PePlanError(
            Exit.STATE,
            [Problem(where=where + path, what=what, hint=hint) for path, what in faults[:_SHOWN]],
        )
    return found


def content(path: Path) -> bytes:
    """The bytes of a roadmap or a profile; never more than a few, never a wait on a pipe."""
    from pe_plan.inputs.toml import LARGEST

    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise PePlanError(Exit.BAD_INPUT, [Problem(where=str(path), what=what)])
        with path.open("rb") as file:
            return file.read(LARGEST + 1)  # the reader refuses more
    except (OSError, ValueError) as error:
        what = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where=repr(str(path)), what=what)]) from None
