"""What the log says of an accepted plan: its line, and why it was changed in a few words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime

from pe_plan.errors import printable
from pe_plan.inputs.answers import Answers
from pe_plan.model import Accepted, Plan
from pe_plan.tracking.changes import Changes

_LONGEST = 200


def reason(answers: Answers, before: Plan, after: Plan, *, begins: bool, said: str = "") -> str:
    """What was `said` otherwise than by flags, what was missed or done ahead, then what was typed:
    "1 block moved, missed 3 sessions, --hours 10"."""
    missed = _missed(after) - _missed(before)
    ahead = len(after.early) - len(before.early)
    words = [*(["begun again"] if begins else []), *([said] if said else [])]
    if missed > 0 and not begins:
        words.append(f"missed {_counted(missed)}")
    if ahead > 0 and not begins:
        words.append(f"{_counted(ahead)} ahead")
    words += _typed(answers)
    return printable(", ".join(words) or "what was done", _LONGEST)


def accepted_line(
    plan: Plan,
    *,
    change: int,
    now: datetime,
    begins: bool,
    changed: Changes | None,
    reason: str,
) -> Accepted:
    """The line of the log for a plan that was accepted `now`; nothing `changed` with a first."""
    return Accepted(
        change=change,
        entered=now.replace(microsecond=0),
        as_of=plan.as_of,
        revision=plan.revision,
        begins=begins,
        finish=plan.finish,
        retitled=len(changed.retitled) if changed else 0,
        moved=len(changed.moved) if changed else 0,
        added=len(changed.added) if changed else 0,
        removed=len(changed.removed) if changed else 0,
        reason=reason,
    )


def _missed(plan: Plan) -> int:
    return sum(session.status == "missed" for session in plan.sessions)


def _counted(number: int) -> str:
    return f"{number} session" if number == 1 else f"{number} sessions"


def _typed(answers: Answers) -> Iterator[str]:
    """The flags as they can be typed again."""
    for name in Answers.__struct_fields__:
        value, flag = getattr(answers, name), name.replace("_", "-")
        if value is False and not name.startswith("no_"):
            yield f"--no-{flag}"
        elif value is True:
            yield f"--{flag}"
        elif value:
            for each in (value,) if isinstance(value, str) else value:
                yield f"--{flag} {shlex.quote(each)}"
