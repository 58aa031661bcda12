"""Roadmap TOML to a Roadmap, or every problem found in it.

The file is taken to be hostile: nothing in it is trusted to have the right type, length or sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pe_plan.errors import Exit, PePlanError, Problem, quoted
from pe_plan.inputs.fields import PROSE, SENTENCE, Table
from pe_plan.inputs.toml import read_toml
from pe_plan.model import Phase, Question, Resource, Roadmap, Round, Topic

SCHEMA = 1
_EVERYTHING = "all"  # what the learner calls every phase at once, so no id
_FULL = 100  # per cent of a phase
_CYCLES = 20  # as many are told of a phase
_ENDS = 6  # as many ids at either end of a long one


def read_roadmap(raw: bytes, source: str) -> Roadmap:
    """The roadmap that the TOML text `raw` describes; `source` is the file's name in messages.

    Raises PePlanError (BAD_INPUT) with every problem found.
    """
    problems: list[Problem] = []
    table = Table(_values(raw, source), source, problems)
    roadmap = _roadmap(table)
    _check_ids(roadmap, table)
    _check_topics(roadmap, table)
    for n, phase in enumerate(roadmap.phases):
        _check_phase(phase, Table({}, source, problems, f"phases[{n}]"))
    if problems:
        raise PePlanError(Exit.BAD_INPUT, problems)
    return roadmap


def _values(raw: bytes, source: str) -> dict[str, Any]:
    """The TOML's values, of a schema that this version reads."""
    values = read_toml(raw, source)
    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        what = f"{quoted(schema)} is newer than what this version reads ({SCHEMA})"
        problem = Problem(where=f"{source}: schema", what=what, hint="upgrade pe-plan")
        raise PePlanError(Exit.BAD_INPUT, [problem])
    return values


# ── Values to the model ───────────────────────────────────────────────────────────────────────


def _roadmap(table: Table) -> Roadmap:
    table.only(
        "schema", "id", "title", "summary", "window_months", "reference_hours_per_week",
        "rounds", "phases", "questions",
    )  # fmt: skip
    table.whole("schema", SCHEMA, SCHEMA)
    return Roadmap(
        id=table.name("id"),
        title=table.text("title"),
        summary=table.text("summary", SENTENCE, optional=True),
        window_months=table.span("window_months", 300, rising=True),
        reference_hours=table.whole("reference_hours_per_week", 1, 80),
        rounds=tuple(_round(each) for each in table.tables("rounds")),
        phases=tuple(_phase(each) for each in table.tables("phases", 1, 200)),
        questions=tuple(_question(each) for each in table.tables("questions")),
    )


def _round(table: Table) -> Round:
    table.only("id", "title", "count", "covers")
    return Round(
        id=table.name("id"),
        title=table.text("title"),
        count=table.whole("count", 1, 9),
        covers=table.text("covers", SENTENCE, optional=True),
    )


def _question(table: Table) -> Question:
    table.only("question", "answer")
    return Question(question=table.text("question", SENTENCE), answer=table.text("answer", PROSE))


def _phase(table: Table) -> Phase:
    table.only("id", "title", "subtitle", "level", "weeks", "tools", "order", "topics")
    topics = tuple(_topic(each) for each in table.tables("topics", 1, 200))
    return Phase(
        id=table.name("id"),
        title=table.text("title"),
        subtitle=table.text("subtitle", SENTENCE, optional=True),
        level=table.text("level", optional=True),
        weeks=table.span("weeks", 104, rising=False),
        topics=topics,
        order=table.lines("order") or tuple(topic.id for topic in topics),
        tools=table.lines("tools"),
    )


def _topic(table: Table) -> Topic:
    table.only(
        "id", "title", "short", "weight", "priority", "kind", "rounds", "requires", "alongside",
        "learn", "practise", "prove", "self_check", "tools", "note", "resources",
    )  # fmt: skip
    title = table.text("title")
    return Topic(
        id=table.name("id"),
        title=title,
        short=table.text("short", optional=True) or title.partition(" — ")[0],
        weight=table.whole("weight", 1, 100),
        priority=table.whole("priority", 1, 3),
        kind=table.text("kind"),
        rounds=table.lines("rounds"),
        requires=table.lines("requires"),
        alongside=table.flag("alongside"),
        learn=table.text("learn", PROSE, optional=True),
        practise=table.text("practise", PROSE, optional=True),
        prove=table.text("prove", PROSE, optional=True),
        self_check=table.text("self_check", PROSE, optional=True),
        tools=table.lines("tools"),
        resources=tuple(_resource(each) for each in table.tables("resources")),
        note=table.text("note", PROSE, optional=True),
    )


def _resource(table: Table) -> Resource:
    table.only("title", "url", "checked")
    return Resource(title=table.text("title"), url=table.url("url"), checked=table.day("checked"))


# ── What the parts must be to each other ──────────────────────────────────────────────────────


def _check_ids(roadmap: Roadmap, table: Table) -> None:
    """Rounds have ids of their own; phases and topics share theirs."""
    rounds = [(f"rounds[{n}]", round.id) for n, round in enumerate(roadmap.rounds)]
    _check_unique(rounds, table)
    parts: list[tuple[str, str]] = []
    for n, phase in enumerate(roadmap.phases):
        parts.append((f"phases[{n}]", phase.id))
        parts += [(f"phases[{n}].topics[{m}]", topic.id) for m, topic in enumerate(phase.topics)]
    _check_unique(parts, table)
    for path, id in parts:
        if id == _EVERYTHING:
            table.note(f"{path}.id", f"'{id}' means every phase at once", "choose another id")


def _check_unique(parts: list[tuple[str, str]], table: Table) -> None:
    taken: dict[str, str] = {}
    for path, id in parts:
        if id and taken.setdefault(id, path) != path:
            table.note(f"{path}.id", f"{quoted(id)} is taken by {taken[id]}", "choose another id")


def _check_topics(roadmap: Roadmap, table: Table) -> None:
    """Topics name rounds that exist, and require topics that come no later than they do."""
    rounds = {round.id for round in roadmap.rounds}
    phase_number = {t.id: n for n, phase in enumerate(roadmap.phases) for t in phase.topics}
    for n, phase in enumerate(roadmap.phases):
        for m, topic in enumerate(phase.topics):
            path = f"phases[{n}].topics[{m}]"
            for round in topic.rounds:
                if round not in rounds:
                    hint = table.near(round, rounds, "add it to [[rounds]]")
                    table.note(f"{path}.rounds", f"there is no round {quoted(round)}", hint)
            for id in topic.requires:
                if id not in phase_number:
                    hint = table.near(id, phase_number, "name a topic of this roadmap by its id")
                    table.note(f"{path}.requires", f"there is no topic {quoted(id)}", hint)
                elif phase_number[id] > n:
                    what = f"{quoted(id)} is in a later phase, phases[{phase_number[id]}]"
                    table.note(f"{path}.requires", what, "take it out, or move one of the two")


def _check_phase(phase: Phase, table: Table) -> None:
    """The weights make a whole, and the topics can be studied in the phase's order."""
    weights = [topic.weight for topic in phase.topics]
    if weights and all(weights) and sum(weights) != _FULL:
        what = f"the weights of its topics add up to {sum(weights)}"
        table.note("", what, "weights are percentages of the phase: make it 100")
    within = _required_within(phase)
    _check_alongside(phase, within, table)
    cycles = list(islice(_cycles(within), _CYCLES))
    for cycle in cycles:
        table.note(
            "topics", f"a circle of requirements: {_joined(' → ', cycle)}", "take one of them out"
        )
    if not cycles and _is_permutation(phase, table):
        _check_order(phase, within, table)


def _required_within(phase: Phase) -> dict[str, tuple[str, ...]]:
    """Topic id -> the topics of the same phase that it requires."""
    ids = {topic.id for topic in phase.topics}
    return {t.id: tuple(id for id in t.requires if id in ids) for t in phase.topics}


def _check_alongside(phase: Phase, within: dict[str, tuple[str, ...]], table: Table) -> None:
    """What runs through a whole phase neither waits for a topic of it nor lets one wait."""
    alongside = {topic.id for topic in phase.topics if topic.alongside}
    for m, topic in enumerate(phase.topics):
        for id in within[topic.id]:
            if alongside & {id, topic.id}:
                who = "this topic" if topic.alongside else quoted(id)
                what = f"{who} runs alongside the whole phase, so {quoted(id)} cannot come first"
                table.note(f"topics[{m}].requires", what, "take it out, or take alongside out")


def _cycles(requires: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each circle that a walk along the requirements closes, its first id repeated at the end.
    The walk keeps its own path, since a chain may be longer than Python's stack."""
    done: set[str] = set()
    for start, first in requires.items():
        path = {} if start in done else {start: iter(first)}
        while path:
            topic = next(reversed(path))
            following = next(path[topic], None)
            if following is None:
                del path[topic]
                done.add(topic)
            elif following in path:
                walked = list(path)
                yield (*walked[walked.index(following) :], following)
            elif following not in done:
                path[following] = iter(requires[following])


def _joined(by: str, ids: Sequence[str]) -> str:
    """The ids, those in the middle left out where there are many."""
    names = [quoted(id) for id in ids]
    return by.join(names if len(names) <= 2 * _ENDS else [*names[:_ENDS], "…", *names[-_ENDS:]])


def _is_permutation(phase: Phase, table: Table) -> bool:
    """Whether `order` names each topic of the phase once; what it does not is kept."""
    ids = {topic.id for topic in phase.topics}
    for n, id in enumerate(phase.order):
        if id not in ids:
            hint = table.near(id, ids, "name a topic of this phase by its id")
            table.note(f"order[{n}]", f"there is no topic {quoted(id)} in this phase", hint)
    placed = set(phase.order)
    if left := [topic.id for topic in phase.topics if topic.id not in placed]:
        what = f"leaves out {_joined(', ', left)}"
        table.note("order", what, "name every topic of the phase once")
    return placed == ids


def _check_order(phase: Phase, within: dict[str, tuple[str, ...]], table: Table) -> None:
    place = {id: n for n, id in enumerate(phase.order)}
    for topic, required in within.items():
        for id in required:
            if place[id] > place[topic]:
                what = f"{quoted(topic)} stands before {quoted(id)}, which it requires"
                table.note("order", what, f"put {quoted(id)} first")
