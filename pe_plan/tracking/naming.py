"""The names that learners type, matched with those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pe_plan.errors import Exit, PePlanError, Problem, nearest, quoted
from pe_plan.model import Session

Known = Mapping[str, Iterable[str]]  # id -> the titles that it goes by, too
LOOK_UP = "`pe-plan roadmap show` lists the names"
_SHOWN = 6  # candidates that a message has room for


def matches(typed: str, known: Known) -> tuple[str, ...]:
    """The ids that `typed` may mean, in the order of `known`: the one that is exactly so called,
    else those with that title, else all whose id or title begins so. Case counts for nothing."""
    if not (wanted := _folded(typed)):
        return ()
    names = {id: [_folded(name) for name in (id, *titles)] for id, titles in known.items()}
    exact = [id for id, folded in names.items() if folded[0] == wanted]
    titled = [id for id, folded in names.items() if wanted in folded[1:]]
    begun = [id for id, folded in names.items() if any(n.startswith(wanted) for n in folded)]
    return tuple(exact or titled or begun)


def only(typed: str, known: Known, what: str, otherwise: str = "") -> str:
    """The one id that `typed` means; an id as it stands means itself. `what` says what is looked
    for, `otherwise` what to do where no known name is much like it.

    Raises PePlanError where there are none or several.
    """
    found = (typed,) if typed in known else matches(typed, known)
    if len(found) == 1:
        return found[0]
    if found:
        more = len(found) - _SHOWN
        shown = ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        what, hint = f"could be {shown}", "type a little more of it"
    else:
        what, hint = f"no {what} is called so", nearest(typed, known, otherwise)
    raise PePlanError(Exit.BAD_INPUT, [Problem(where=quoted(typed), what=what, hint=hint)])


def topic_or_session(
    typed: str, known: Known, sessions: Iterable[Session], what: str, otherwise: str = LOOK_UP
) -> str | Session:
    """The topic's id or the session that is meant; a topic wins over a session's beginning.

    Raises PePlanError where there are none or several.
    """
    by_id = {session.id: session for session in sessions}
    if typed in by_id:
        return by_id[typed]
    ids: Known = dict.fromkeys(by_id, ())
    if not matches(typed, known) and matches(typed, ids):
        return by_id[only(typed, ids, what)]
    return only(typed, known, what, otherwise)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
