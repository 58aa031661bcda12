"""Roadmap TOML to a Roadmap, or every problem found in it.

The file is taken to be hostile: nothing in it is trusted to have the right type, length or sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pe_plan.errors import Fault, quoted
from pe_plan.inputs.values import read_toml
from pe_plan.model import Phase, Roadmap
from pe_plan.model.faults import Faults, build

SCHEMA = 1
_EVERYTHING = "all"  # what the learner calls every phase at once, so no id
_FULL = 100  # per cent of a phase
_CYCLES = 20  # as many are told of a phase
_ENDS = 6  # as many ids at either end of a long one


def read_roadmap(raw: bytes, source: str) -> Roadmap:
    """The roadmap that the TOML text `raw` describes; `source` is the file's name in messages.

    Raises PePlanError (BAD_INPUT) with every problem found.
    """
    values, faults = read_toml(raw, source), Faults(source)
    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        what = f"{quoted(schema)} is newer than what this version reads ({SCHEMA})"
        faults.note("schema", what, "upgrade pe-plan")
    else:
        roadmap = build(Roadmap, values, faults)
        _check(roadmap, faults)
    faults.stop()
    return roadmap


def contradictions(roadmap: Roadmap) -> tuple[Fault, ...]:
    """Where the parts of a roadmap do not go together, each part fine by itself."""
    faults = Faults()
    _check(roadmap, faults)
    return faults.told()


# ── What the parts must be to each other ──────────────────────────────────────────────────────


def _check(roadmap: Roadmap, faults: Faults) -> None:
    """Rounds have ids of their own; phases and topics share theirs."""
    rounds = [(f"rounds[{n}]", each.id) for n, each in enumerate(roadmap.rounds)]
    parts = []
    for n, phase in enumerate(roadmap.phases):
        parts.append((f"phases[{n}]", phase.id))
        parts += [(f"phases[{n}].topics[{m}]", topic.id) for m, topic in enumerate(phase.topics)]
    for namesakes in (rounds, parts):
        taken: dict[str, str] = {}
        for path, id in namesakes:
            if id and taken.setdefault(id, path) != path:
                what = f"{quoted(id)} is taken by {taken[id]}"
                faults.note(f"{path}.id", what, "choose another id")
    for path, id in parts:
        if id == _EVERYTHING:
            faults.note(f"{path}.id", f"'{id}' means every phase at once", "choose another id")
    _check_topics(roadmap, faults)
    for n, phase in enumerate(roadmap.phases):
        _check_phase(phase, f"phases[{n}]", faults)


def _check_topics(roadmap: Roadmap, faults: Faults) -> None:
    """Topics name rounds that exist, and require topics that come no later than they do."""
    rounds = {each.id for each in roadmap.rounds}
    phase_number = {topic.id: n for n, each in enumerate(roadmap.phases) for topic in each.topics}
    for n, phase in enumerate(roadmap.phases):
        for m, topic in enumerate(phase.topics):
            path = f"phases[{n}].topics[{m}]"
            for id in (id for id in topic.rounds if id not in rounds):
                hint = faults.near(id, rounds, "add it to [[rounds]]")
                faults.note(f"{path}.rounds", f"there is no round {quoted(id)}", hint)
            for id in topic.requires:
                if id not in phase_number:
                    hint = faults.near(id, phase_number, "name a topic of this roadmap by its id")
                    faults.note(f"{path}.requires", f"there is no topic {quoted(id)}", hint)
                elif phase_number[id] > n:
                    what = f"{quoted(id)} is in a later phase, phases[{phase_number[id]}]"
                    faults.note(f"{path}.requires", what, "take it out, or move one of the two")


def _check_phase(phase: Phase, path: str, faults: Faults) -> None:
    """The weights make a whole, and the topics can be studied in the phase's order. What runs
    through a whole phase neither waits for a topic of it nor lets one wait."""
    weights = [topic.weight for topic in phase.topics]
    if weights and all(weights) and sum(weights) != _FULL:
        what = f"the weights of its topics add up to {sum(weights)}"
        faults.note(path, what, "weights are percentages of the phase: make it 100")
    ids = {topic.id for topic in phase.topics}
    alongside = {topic.id for topic in phase.topics if topic.alongside}
    within = {t.id: tuple(id for id in t.requires if id in ids) for t in phase.topics}
    for m, topic in enumerate(phase.topics):
        for id in (id for id in within[topic.id] if alongside & {id, topic.id}):
            who = "this topic" if topic.alongside else quoted(id)
            what = f"{who} runs alongside the whole phase, so {quoted(id)} cannot come first"
            hint = "take it out, or take alongside out"
            faults.note(f"{path}.topics[{m}].requires", what, hint)
    cycles = list(islice(_cycles(within), _CYCLES))
    for cycle in cycles:
        what = f"a circle of requirements: {_joined(' → ', cycle)}"
        faults.note(f"{path}.topics", what, "take one of them out")
    if cycles or not _is_permutation(phase, f"{path}.order", faults):
        return
    place = {id: n for n, id in enumerate(phase.order)}
    for first, second in ((id, each) for each, required in within.items() for id in required):
        if place[first] > place[second]:
            what = f"{quoted(second)} stands before {quoted(first)}, which it requires"
            faults.note(f"{path}.order", what, f"put {quoted(first)} first")


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


def _is_permutation(phase: Phase, path: str, faults: Faults) -> bool:
    """Whether `order` names each topic of the phase once; what it does not is kept."""
    ids = {topic.id for topic in phase.topics}
    for n, id in enumerate(phase.order):
        if id not in ids:
            hint = faults.near(id, ids, "name a topic of this phase by its id")
            faults.note(f"{path}[{n}]", f"there is no topic {quoted(id)} in this phase", hint)
    placed = set(phase.order)
    if left := [topic.id for topic in phase.topics if topic.id not in placed]:
        what = f"leaves out {_joined(', ', left)}"
        faults.note(path, what, "name every topic of the phase once")
    return placed == ids
