"""The plan as documents. A new format is one module and a few lines here.

A format is imported when it is written: who only needs the words for a date waits for none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pe_plan.model import Roadmap, State


def to_markdown(state: State, roadmap: Roadmap) -> str:
    """The plan as one Markdown file."""
    from pe_plan.documents.markdown import to_markdown as written

    return written(state, roadmap)


def to_json(state: State, roadmap: Roadmap) -> str:
    """The plan as JSON."""
    from pe_plan.documents.plan_json import to_json as written

    return written(state, roadmap)


FORMATS: dict[str, Callable[[State, Roadmap], str]] = {"md": to_markdown, "json": to_json}
