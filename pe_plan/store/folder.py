"""The plan folder read: the state that it holds, its roadmap, and those of before."""

import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, json

from pe_plan.errors import Exit, Fault, PePlanError, Problem, quoted, refusal
from pe_plan.model import SCHEMA, Hash, Roadmap, State
from pe_plan.store.checks import contradictions

STATE, ROADMAP = "state.json", "roadmap.json"
HISTORY = ".history"
MOST_KEPT = 50  # earlier states

T = TypeVar("T")
Hint = Callable[[], str]
Rules = Callable[[Roadmap], Iterable[Fault]]

_OLDER = "plan.toml"  # what pe-plan kept its state in before
_KEPT = r"state-([0-9]{1,9})\.json"
_MARK = b"\xef\xbb\xbf"  # that some editors put before a text
_DEPTH = re.compile(r"[0-9]{1,40}(?:/0{0,40}[1-9][0-9]{0,39})?")
_CONFLICT = rb"(?m)^(<{7}|={7}|>{7})( |$)"
_ANEW = "plan anew with `pe-plan generate --force`"
_LARGEST = 50_000_000  # bytes; a plan of a thousand topics takes about a hundredth
_MOST_SHOWN = 10


class _Head(Struct):
    schema: int | None = None
    hash: Hash | None = None


class KeptRoadmap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A roadmap as a file keeps it, under the hash by which states name it: to look costs less than
    to work it out again."""

    hash: Hash
    roadmap: Roadmap


# ── Values and bytes ──────────────────────────────────────────────────────────────────────────


def _fraction(kind: type, text: object) -> Fraction:
    share = Fraction(text) if isinstance(text, str) and _DEPTH.fullmatch(text) else None
    if kind is not Fraction or share is None or share > 1:
        raise ValueError(f"expected a share like 3/4, got {quoted(text)}")
    return share


def encode(value: State | KeptRoadmap) -> bytes:
    """The value as JSON that a person can read and compare; equal values give identical bytes.

    Raises ValueError for a state that breaks its own rules (a uid twice, sessions that do not
    fill their block), and msgspec.ValidationError for a value that its type does not allow: what
    could not be read back is never written.
    """
    if isinstance(value, State) and (faults := list(contradictions(value))):
        raise ValueError(faults)
    raw = json.encode(value, enc_hook=str, order="deterministic")
    json.decode(raw, type=type(value), dec_hook=_fraction)
    return json.format(raw, indent=1) + b"\n"


def kept_roadmap(roadmap: Roadmap) -> KeptRoadmap:
    """The roadmap under its hash."""
    from hashlib import sha256

    digest = sha256(json.encode(roadmap)).hexdigest()[:16]
    return KeptRoadmap(hash=digest, roadmap=roadmap)


def decode(raw: bytes, kind: type[T], source: str, hint: Hint = str) -> T:
    """The value that `raw` holds; `source` names the file in messages, `hint` is asked what to do
    about a damaged one.

    Raises PePlanError (Exit.STATE).
    """
    raw = raw.removeprefix(_MARK)
    try:
        return json.decode(raw, type=kind, dec_hook=_fraction)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise damaged(source, _faults(raw, kind, error), hint) from None


def _faults(raw: bytes, kind: type, error: Exception) -> Iterable[Fault]:
    """What is wrong with the bytes: what a merge of two versions left to be decided, else every
    value that is none, else what the decoder said first."""
    if found := re.search(_CONFLICT, raw):
        line = raw.count(b"\n", 0, found.start()) + 1
        return [("", f"line {line}: a merge is not resolved; keep one of its sides")]
    what, _, path = str(error).partition(" - at `$")
    first = path.strip("`.").replace("[...]", ""), what[:1].lower() + what[1:]
    with suppress(msgspec.DecodeError, RecursionError):
        return _every_fault(raw, kind) or [first]
    return [first]


def _every_fault(raw: bytes, kind: type) -> tuple[Fault, ...]:
    from pe_plan.model.faults import faults_in  # only who needs it waits for it

    return faults_in(kind, json.decode(raw.removeprefix(_MARK)), _fraction)


def _hidden(raw: bytes) -> tuple[Fault, ...]:
    """What no terminal should show in a roadmap, put there by hand. To see that there is none is
    quick, and else every text is looked at."""
    text = raw.decode().replace("\n", "")
    plain = text.count("\\") == text.count("\\n") + text.count('\\"')
    return () if plain and text.isprintable() else _every_fault(raw, KeptRoadmap)


def damaged(source: str, faults: Iterable[Fault], hint: Hint) -> PePlanError:
    """The faults as problems of that file, the first few of them in full, the hint on the last."""
    shown = (found := list(faults))[:_MOST_SHOWN]
    if more := len(found) - len(shown):
        shown.append(("", f"and {more} more like these"))
    told = [(f"{source}: {path}" if path else source, what, "") for path, what in shown]
    told[-1] = (*told[-1][:2], hint())
    problems = (Problem(where=where, what=what, hint=way) for where, what, way in told)
    return PePlanError(Exit.STATE, problems)


# ── Files ─────────────────────────────────────────────────────────────────────────────────────


def read(folder: Path) -> State | None:
    """The state in the folder, None where there is no plan.

    Raises PePlanError (Exit.STATE) for a state.json that cannot be read or is damaged, and for a
    plan of an older pe-plan.
    """
    path = folder / STATE
    if (raw := _content(path, folder)) is None:
        if (older := folder / _OLDER).is_file():
            what = "an older pe-plan kept its plan here, and this one does not read it"
            hint = "it is left as it is: plan anew in another folder with --plan, or move it away"
            raise refusal(str(older), what, hint, Exit.STATE)
        return None
    return _state(raw, path, lambda: backup_hint(folder))


def read_before(folder: Path, change: int) -> State:
    """The state that the change of that number replaced.

    Raises PePlanError (Exit.STATE) where it is gone, cannot be read or is damaged.
    """
    path = folder / before(change)
    if (raw := _content(path)) is None:
        what = f"this earlier plan is no longer there (the last {MOST_KEPT} are kept)"
        raise refusal(str(path), what, code=Exit.STATE)
    return _state(raw, path, str)


def _state(raw: bytes, path: Path, hint: Hint) -> State:
    with suppress(msgspec.DecodeError):
        schema = json.decode(raw, type=_Head).schema
        if schema is not None and schema != SCHEMA:
            what = f"has schema {quoted(schema)}; this pe-plan reads {SCHEMA}"
            raise refusal(
                str(path), what, "upgrade pe-plan" if schema > SCHEMA else hint(), Exit.STATE
            )
    state = decode(raw, State, str(path), hint)
    if faults := list(contradictions(state)):
        raise damaged(str(path), faults, hint)
    return state


def read_roadmap(folder: Path, hash: str, rules: Rules | None = None) -> Roadmap:
    """The roadmap of that hash: the present one, else one of before; `rules` tell where its parts
    do not go together.

    Raises PePlanError (Exit.STATE) where it is gone, cannot be read or is damaged.
    """
    for path in (folder / ROADMAP, folder / roadmap_name(hash)):
        if (raw := _content(path)) is not None:
            kept = decode(raw, KeptRoadmap, str(path), lambda: _ANEW)
            if kept.hash == hash:
                broken = rules(kept.roadmap) if rules else ()
                if faults := [*_hidden(raw), *((f"roadmap.{key}", what) for key, what in broken)]:
                    raise damaged(str(path), faults, lambda: _ANEW)
                return kept.roadmap
    raise refusal(str(folder / ROADMAP), "the roadmap of this plan is not there", _ANEW, Exit.STATE)


def before(change: int) -> str:
    """Under which name the state is kept that the change of that number replaced."""
    return f"{HISTORY}/state-{change}.json"


def roadmap_name(hash: str) -> str:
    """Under which name an earlier roadmap is kept."""
    return f"{HISTORY}/roadmap-{hash}.json"


def replaced(folder: Path, state: State, by: KeptRoadmap) -> dict[str, bytes]:
    """Name -> content of what is kept when another plan takes the place of the state's; the roadmap
    that is there only where another comes, under its own hash as far as that can be read."""
    kept = {before(state.next_change): _content(folder / STATE)}
    if raw := _content(folder / ROADMAP):
        own = state.roadmap
        with suppress(msgspec.DecodeError):
            own = json.decode(raw, type=_Head).hash or own
        kept |= {roadmap_name(own): raw} if own != by.hash else {}
    return {name: raw for name, raw in kept.items() if raw is not None}


def outdated(folder: Path) -> Iterator[str]:
    """The names of the earlier states beyond those that are kept, when one is added."""
    yield from map(before, _kept(folder)[: -MOST_KEPT + 1])


def backup_hint(folder: Path) -> str:
    """What to do where state.json is damaged; nothing where no earlier state was kept."""
    if not (numbers := _kept(folder)):
        return ""
    return f"{before(numbers[-1])} is an earlier state: copy it over {STATE} to go back to it"


def _kept(folder: Path) -> list[int]:
    """The changes of which the state before them is kept, in order."""
    with suppress(OSError):
        names = (re.fullmatch(_KEPT, path.name) for path in (folder / HISTORY).iterdir())
        return sorted(int(found[1]) for found in names if found)
    return []


def _content(path: Path, folder: Path | None = None) -> bytes | None:
    """What is in the file, None where there is none."""
    try:
        # Asked before opening: to open a pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise refusal(str(path), "is not a file", "move it away", Exit.STATE)
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise refusal(str(path), f"cannot be read ({why})", code=Exit.STATE) from None
    if len(raw) > _LARGEST:
        hint = backup_hint(folder) if folder else ""
        raise refusal(str(path), f"is larger than {_LARGEST // 1_000_000} MB", hint, Exit.STATE)
    return raw
