"""The names that learners type, matched with those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pe_plan.errors import Exit, PePlanError, Problem, nearest, quoted

Titles = Mapping[str, Iterable[str]]  # id -> the titles that it goes by, too
_SHOWN = 6  # candidates that a message has room for


def matches(typed: str, known: Titles) -> tuple[str, ...]:
    """The ids that `typed` may mean, in the order of `known`: the one that is exactly so called,
    else those with that title, else all whose id or title begins so. Case counts for nothing."""
    wanted = _folded(typed)
    if not wanted:
        return ()
    exact = [id for id in known if _folded(id) == wanted]
    titled = [id for id, titles in known.items() if wanted in map(_folded, titles)]
    begun = [
        id
        for id, titles in known.items()
        if any(_folded(name).startswith(wanted) for name in (id, *titles))
    ]
    return tuple(exact or titled or begun)


def only(typed: str, known: Titles, what: str, otherwise: str = "") -> str:
    """The one id that `typed` means. Raises PePlanError where there are none or several."""
    found = matches(typed, known)
    if len(found) != 1:
        problem = ambiguous(typed, found) if found else unknown(typed, known, what, otherwise)
        raise PePlanError(Exit.BAD_INPUT, [problem])
    return found[0]


def ambiguous(typed: str, ids: Iterable[str]) -> Problem:
    """Several names begin as the typed one does."""
    found = list(ids)
    more = len(found) - _SHOWN
    shown = ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return Problem(where=quoted(typed), what=f"could be {shown}", hint="type a little more of it")


def unknown(typed: str, ids: Iterable[str], what: str, otherwise: str = "") -> Problem:
    """Nothing is called so; `what` says what was looked for, `otherwise` what to do where no
    known name is much like it."""
    return Problem(
        where=quoted(typed), what=f"no {what} is called so", hint=nearest(typed, ids, otherwise)
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
