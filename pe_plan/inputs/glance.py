"""A few topics out of a roadmap's text, or its outline, without reading all of it.

The text in plan.toml was checked when the plan was made, and reading all of it takes longer than
starting Python. So its tables are told apart by their headings, and only what is asked for is read
as TOML. Where that does not come out as it must, the whole text is read instead; where even that is
no TOML any more, nothing is found. Texts come without what no terminal should see.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from pe_plan.model import Resource, Topic

if TYPE_CHECKING:
    from pe_plan.model import Phase, Roadmap, Round

_TABLE = re.compile(r"^(?=[ \t]*\[\[(?!phases\.topics\.))", re.MULTILINE)
_HEADING = re.compile(r"[ \t]*\[\[([a-z.]+)\]\]")
_ID = re.compile(r"^[ \t]*id[ \t]*=[ \t]*[\"']([a-z0-9-]+)[\"']", re.MULTILINE)
_FACTS = re.compile(  # the lines of an outline
    r"^[ \t]*(?:id|title|short|weight|priority|rounds|count|weeks|reference_hours_per_week)[ \t]*="
    r".*",
    re.MULTILINE,
)
_OUTLINED = ("", "rounds", "phases", "phases.topics")
_Values = Mapping[str, Any]


def topics(text: str, ids: Collection[str]) -> dict[str, Topic]:
    """The topics of these ids, in full; those that cannot be found are missing."""
    tables = [table for kind, table in _tables(text) if kind == "phases.topics"]
    wanted = [table for table in tables if (id := _ID.search(table)) and id[1] in ids]
    try:
        found = _dicts(tomllib.loads("".join(wanted)).get("phases", {}).get("topics"))
    except (ValueError, AttributeError):
        found = []
    if sorted(_text(table, "id") for table in found) != sorted(ids):
        whole = _roadmap(_all(text)).topics
        return {topic.id: topic for topic in whole if topic.id in ids}
    return {topic.id: topic for topic in map(_topic, found)}


def rounds(text: str) -> tuple[Round, ...]:
    """The rounds of the interview."""
    try:
        tables = "".join(table for kind, table in _tables(text) if kind == "rounds")
        return _roadmap(tomllib.loads(tables)).rounds
    except ValueError:
        return _roadmap(_all(text)).rounds


def outline(text: str) -> Roadmap:
    """The roadmap without what its topics ask: names, weights, weeks and rounds."""
    tables = [(kind, table) for kind, table in _tables(text) if kind in _OUTLINED]
    try:
        found = _roadmap(tomllib.loads("".join(_facts(*table) for table in tables)))
    except ValueError:
        return _roadmap(_all(text))
    kinds = [kind for kind, _ in tables]
    counts = (kinds.count("rounds"), kinds.count("phases"), kinds.count("phases.topics"))
    whole = counts == (len(found.rounds), len(found.phases), len(found.topics))
    if whole and found.reference_hours and all(t.id and t.weight for t in found.topics):
        return found
    return _roadmap(_all(text))


def _tables(text: str) -> list[tuple[str, str]]:
    """The kind and the text of each [[kind]] table, its parts included; "" is what stands before
    all tables."""
    return [
        (heading[1] if (heading := _HEADING.match(table)) else "", table)
        for table in _TABLE.split(text)
    ]


def _facts(kind: str, table: str) -> str:
    """The table's heading and those of its lines that an outline needs."""
    own = table.partition("[[phases.topics.")[0]
    return "\n".join((f"[[{kind}]]" if kind else "", *_FACTS.findall(own), ""))


def _all(text: str) -> _Values:
    """The values of the whole text, none if it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


# ── Values of which nothing is sure to have the right type ────────────────────────────────────


def _roadmap(table: _Values) -> Roadmap:
    from pe_plan.model import Roadmap

    return Roadmap(
        schema=1,
        id=_text(table, "id"),
        title=_text(table, "title"),
        summary="",
        window_months=(0, 0),
        reference_hours=_whole(table, "reference_hours_per_week"),
        rounds=tuple(_round(each) for each in _dicts(table.get("rounds"))),
        phases=tuple(_phase(each) for each in _dicts(table.get("phases"))),
    )


def _round(table: _Values) -> Round:
    from pe_plan.model import Round

    id = _text(table, "id")
    return Round(id=id, title=_text(table, "title") or id, count=_whole(table, "count"))


def _phase(table: _Values) -> Phase:
    from pe_plan.model import Phase

    weeks = table.get("weeks")
    ends = [each for each in weeks if type(each) is int] if isinstance(weeks, list) else []
    return Phase(
        id=_text(table, "id"),
        title=_text(table, "title"),
        subtitle="",
        level="",
        weeks=(ends[0], ends[-1]) if ends else (0, 0),
        topics=tuple(_topic(each) for each in _dicts(table.get("topics"))),
        order=(),
    )


def _topic(table: _Values) -> Topic:
    title = _text(table, "title")
    return Topic(
        id=_text(table, "id"),
        title=title,
        short=_text(table, "short") or title.partition(" — ")[0] or _text(table, "id"),
        weight=_whole(table, "weight"),
        priority=_whole(table, "priority"),
        kind=_text(table, "kind"),
        rounds=_texts(table, "rounds"),
        requires=_texts(table, "requires"),
        alongside=table.get("alongside") is True,
        learn=_text(table, "learn"),
        practise=_text(table, "practise"),
        prove=_text(table, "prove"),
        self_check=_text(table, "self_check"),
        tools=_texts(table, "tools"),
        resources=tuple(
            Resource(title=_text(each, "title"), url=_text(each, "url"))
            for each in _dicts(table.get("resources"))
        ),
        note=_text(table, "note"),
    )


def _text(table: _Values, key: str) -> str:
    value = table.get(key)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _texts(table: _Values, key: str) -> tuple[str, ...]:
    values = table.get(key)
    found = values if isinstance(values, list) else []
    return tuple(_text({key: each}, key) for each in found)


def _whole(table: _Values, key: str) -> int:
    value = table.get(key)
    return value if type(value) is int else 0


def _dicts(values: object) -> list[dict[str, Any]]:
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []
