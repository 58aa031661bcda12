"""The bundled roadmap many times over: more topics, each with the same effort on average."""

from __future__ import annotations

import tomllib
from itertools import count, islice
from pathlib import Path
from typing import Any

import tomli_w

from pe_plan.app import folder as app

SIZES = (38, 380, 1_000)


def write(folder: Path, topics: int) -> Path:
    """A roadmap file of so many topics: phases repeated under new ids, the window scaled.

    Raises ValueError where whole phases do not make up that number.
    """
    roadmap = tomllib.loads(app.bundled(app.ROADMAP).decode())
    size = sum(len(phase["topics"]) for phase in roadmap["phases"])
    copies = (_renamed(phase, n) for n in count() for phase in roadmap["phases"])
    phases: list[dict[str, Any]] = []
    while topics > sum(len(phase["topics"]) for phase in phases):
        phases += islice(copies, 1)
    if sum(len(phase["topics"]) for phase in phases) != topics:
        raise ValueError(f"whole phases do not make {topics} topics")
    window = [round(months * topics / size) for months in roadmap["window_months"]]
    path = folder / f"roadmap-{topics}.toml"
    path.write_text(tomli_w.dumps(roadmap | {"phases": phases, "window_months": window}), "utf-8")
    return path


def _renamed(phase: dict[str, Any], n: int) -> dict[str, Any]:
    """The n-th copy of a phase; it requires topics of its own copy alone."""

    def name(id: str) -> str:
        return f"{id}-{n}"

    topics = [
        topic | {"id": name(topic["id"]), "requires": [*map(name, topic.get("requires", []))]}
        for topic in phase["topics"]
    ]
    return phase | {
        "id": name(phase["id"]),
        "order": [*map(name, phase["order"])],
        "topics": topics,
    }
