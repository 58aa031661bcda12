"""The texts that a plan is written as: a new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable

from pe_plan.documents.markdown import to_markdown
from pe_plan.documents.plan_json import to_json
from pe_plan.model import Roadmap, State

TEXTS: dict[str, Callable[[State, Roadmap], str]] = {"md": to_markdown, "json": to_json}
