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
    """The state in the folder and its roadmap. Raises PePlanError (Exit.STATE) where there is none,
    and, where it is `checked`, with all by which the plan is strange to its roadmap: who only looks
    or writes down what was done can go on without that."""
    state = state_in(folder)
    roadmap = store.read_roadmap(folder, state.roadmap, _faults)
    if checked:
        agree(state, roadmap, folder / store.STATE, store.backup_hint(folder))
    return state, roadmap


def state_or_none(folder: Path) -> State | None:
    """The state in the folder, None where there is no plan. Raises PePlanError (Exit.STATE) with
    everything that is wrong with it."""
    return store.read(folder, _faults)


def _faults(kind: type, value: object, hook: store.Hook) -> tuple[tuple[str, str], ...]:
    from pe_plan.inputs.tables import faults_in  # only for who needs it

    return faults_in(kind, value, hook)


def state_in(folder: Path) -> State:
    """The state in the folder. Raises PePlanError where there is none."""
    state = state_or_none(folder)
    if state is None:
        hint = "make one with `pe-plan generate`, or name its folder with --plan"
        raise PePlanError(
            Exit.STATE, [Problem(where=str(folder), what="there is no plan here", hint=hint)]
        )
    return state


def agree(state: State, roadmap: Roadmap, path: Path, backup: str = "") -> None:
    """Raise PePlanError (Exit.STATE) where the state in that file does not go with the roadmap."""
    from pe_plan.tracking.agreement import strangers

    if faults := list(strangers(state, roadmap)):
        hint = backup or "put that right, or plan anew with `pe-plan generate --force`"
        raise PePlanError(
            Exit.STATE,
            [
                Problem(where=f"{path}: {place}", what=what, hint=hint)
                for place, what in faults[:_SHOWN]
            ],
        )


def shown(state: State) -> State:
    """The state as documents show it: what the log says is done has that status."""
    from pe_plan.tracking.progress import marked, progress

    done = progress(state.plan, state.log, state.accepted)
    return replace(state, plan=marked(state.plan, done))


def content(path: Path) -> bytes:
    """The bytes of a roadmap or a profile; never more than a few, never a wait on a pipe."""
    from pe_plan.inputs.tables import LARGEST

    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise PePlanError(Exit.BAD_INPUT, [Problem(where=str(path), what=what)])
        with path.open("rb") as file:
            return file.read(LARGEST + 1)  # the reader refuses more
    except (OSError, ValueError) as error:
        what = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise PePlanError(Exit.BAD_INPUT, [Problem(where=repr(str(path)), what=what)]) from None
