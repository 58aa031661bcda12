"""A roadmap, with the names by which commands know what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from pe_plan.cli.output import Heading, Part, Table
from pe_plan.documents.words import count
from pe_plan.model import Roadmap

_PRIORITIES = {1: "must", 2: "should", 3: "could"}


def line(roadmap: Roadmap) -> str:
    """The roadmap in one line."""
    least, most = roadmap.window_months
    return (
        f"{roadmap.title}: {count(len(roadmap.phases), 'phase')}, "
        f"{count(len(roadmap.topics), 'topic')}, "
        f"{least}–{most} months at {roadmap.reference_hours} h/week"
    )


def show(roadmap: Roadmap) -> Iterator[Part]:
    """Phases and topics with their names, weights and priorities."""
    yield Heading(text=line(roadmap))
    rows: list[tuple[str, ...]] = []
    for phase in roadmap.phases:
        rows.append((phase.id, phase.title, f"{'–'.join(map(str, phase.weeks))} weeks", ""))
        rows += [
            (f"  {topic.id}", topic.title, f"{topic.weight} %", _PRIORITIES[topic.priority])
            for topic in phase.study_order
        ]
    yield Table(columns=("Name", "Title", ">Share", ">Priority"), rows=tuple(rows))
