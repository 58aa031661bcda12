"""A roadmap in words."""

from __future__ import annotations

from pe_plan.cli.parts import Heading, Part, Table
from pe_plan.documents.words import count
from pe_plan.model import Roadmap

_PRIORITIES = {1: "must", 2: "should", 3: "could"}


def roadmap_line(roadmap: Roadmap) -> str:
    """The roadmap in one line."""
    least, most = roadmap.window_months
    return (
        f"{roadmap.title}: {count(len(roadmap.phases), 'phase')}, "
        f"{count(len(roadmap.topics), 'topic')}, "
        f"{least}–{most} months at {roadmap.reference_hours} h/week"
    )


def roadmap_parts(roadmap: Roadmap) -> tuple[Part, ...]:
    """Phases and topics with their names, weights and priorities."""
    rows: list[tuple[str, ...]] = []
    for phase in roadmap.phases:
        weeks = "–".join(map(str, phase.weeks))
        rows.append((phase.id, phase.title, f"{weeks} weeks", ""))
        rows += [
            (f"  {topic.id}", topic.title, f"{topic.weight} %", _PRIORITIES[topic.priority])
            for topic in phase.study_order
        ]
    columns = ("Name", "Title", ">Share", ">Priority")
    return (Heading(text=roadmap_line(roadmap)), Table(columns=columns, rows=tuple(rows)))
