"""A state.json that somebody changed by hand: what cannot be is a problem, never a traceback, and
the file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support_log import Learner
from tests.support_roadmap import SMALL

DAY = "2026-01-12"
LIGHT = (("today",), ("status",), ("log",), ("week",), ("done",), ("mock", "pe", "3"))
HEAVY = (
    ("export", "md"),
    ("export", "ics"),
    ("export", "json"),
    ("replan", "--assume", "missed", "--yes"),
    ("replan", "--assume", "done", "--yes", "--hours", "10"),
)


Value = dict[str, Any]


def edited(eva: Learner, change: Callable[[Value], None], name: str = "state.json") -> None:
    """Let somebody change what a file of the folder holds."""
    file = eva.folder / "study-plan" / name
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def sessions(state: Value, **like: str) -> Iterator[Value]:
    """The sessions of which that is true, in order of time."""
    every = (session for block in state["plan"]["blocks"] for session in block["sessions"])
    yield from (s for s in every if all(s.get(key) == value for key, value in like.items()))


def to(value: object, *path: str | int) -> Callable[[Value], None]:
    """Put another value to a place."""

    def change(state: Value) -> None:
        at: Any = state
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def of_first(key: str, value: str, **like: str) -> Callable[[Value], None]:
    """Say something else of the first session like that."""
    return lambda state: next(sessions(state, **like)).update({key: value})


PIN = {"uid": "b-9", "start": "2026-01-06T18:00:00Z", "minutes": 20, "home_minutes": 60}
BROKEN = [  # one of each sort; all that can be are the store's to know
    (to(3, "plan", "weeks", 1, "n"), "plan.weeks: the weeks are not numbered from 1 to 35"),
    (
        of_first("topic", "gone", id="syscalls.learn.1"),
        "plan.blocks: 'syscalls.learn.1': the plan has no topic 'gone'",
    ),
    (to([PIN | {"home": PIN["start"]}], "profile", "pins"), "profile.pins[0].minutes: "),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_a_plan_that_contradicts_itself_is_read_by_no_command(eva, change, said):
    edited(eva, change)
    for words in (*LIGHT, *HEAVY):
        (line,) = eva.is_refused(*words, on=DAY, code=4)
        assert line.startswith(f"study-plan/state.json: {said}"), words


def renamed(id: str, within: tuple[str, ...]) -> Callable[[Value], None]:
    """Another id for a phase or topic wherever the plan speaks of it."""

    def rename(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {key: rename(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [rename(inner, key) for inner in value]
        return "gone" if value == id and key in within else value

    return lambda state: state.update(plan=rename(state["plan"]))


def outside(state: Value) -> None:
    del state["plan"]["weeks"][-1]


def overlapping(state: Value) -> None:
    state["profile"]["windows"].append({"weekday": 0, "start": 1170, "end": 1230})


STRANGE = [
    (renamed("infra", ("id", "topic")), "plan.topics: the roadmap has no topic 'gone'"),
    (renamed("infra", ("id", "topic")), "plan.topics: the roadmap's topic 'infra' is missing"),
    (renamed("culture", ("id", "phase")), "plan.phases: the roadmap has no phase 'gone'"),
    (to("gone", "plan", "weeks", 1, "phase"), "plan.weeks: the roadmap has no phase 'gone'"),
    (
        of_first("phase", "gone", id="syscalls.learn.1"),
        "plan.blocks: the roadmap has no phase 'gone'",
    ),
    (of_first("round", "gone", kind="mock"), "plan.blocks: the roadmap has no round 'gone'"),
    (overlapping, "profile.windows: two windows overlap on monday at 19:30"),
    (outside, "is in none of the plan's weeks"),
    (to("gone", "log", 0, "topic"), "log: the roadmap has no topic 'gone'"),
    (to("gone", "log", 1, "round"), "log: the roadmap has no round 'gone'"),
]


@pytest.mark.parametrize(("change", "said"), STRANGE)
def test_a_plan_that_is_strange_to_its_roadmap_is_refused_where_that_is_read(eva, change, said):
    eva.hears("done", "http", "--mastered")
    eva.hears("mock", "pe", "3")
    edited(eva, change)
    hint = "; put that right, or plan anew with `pe-plan generate --force`"
    for words in (("topic", "memory"), *HEAVY):
        lines = eva.is_refused(*words, on=DAY, code=4)
        assert any(said in line for line in lines), (words, lines)
        assert lines[-1].endswith(hint)
    for words in (*LIGHT, ("done", "dns"), ("undo",), ("undo",)):
        assert eva.types(*words, on=DAY).code == 0, words


def strange(state: Value) -> None:
    next(sessions(state, kind="mock"))["round"] = "gone"


def test_the_state_that_was_kept_is_the_way_back(eva):
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    edited(eva, strange)
    (said,) = eva.is_refused("export", "md", on=DAY, code=4)
    back = ".history/state-2.json is an earlier state: copy it over state.json to go back to it"
    assert said.endswith(f"; {back}")


def test_what_was_recorded_before_the_plan_began_may_speak_of_another_roadmap(eva):
    eva.hears("done", "http", "--mastered")
    assert eva.types("replan", "--restart", "--yes", "--start", DAY, on=DAY).code == 0
    edited(eva, to("gone", "log", 0, "topic"))
    eva.hears("export", "md", on=DAY)


def test_a_kept_state_that_is_strange_to_its_roadmap_is_not_brought_back(eva):
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    edited(eva, strange, ".history/state-2.json")
    (said,) = eva.is_refused("undo", on=DAY, code=4)
    assert said.startswith(
        "study-plan/.history/state-2.json: plan.blocks: the roadmap has no round 'gone'"
    )


def test_a_kept_state_of_another_moment_is_not_brought_back(eva):
    first = eva.files["state.json"] or b""
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    eva.types("replan", "--hours", "10", "--assume", "missed", "--yes", on="2026-01-13")
    (eva.folder / "study-plan/.history/state-3.json").write_bytes(first)
    (said,) = eva.is_refused("undo", on="2026-01-13", code=4)
    assert said == ("study-plan/.history/state-3.json: this is not the state from before that plan")


@pytest.mark.parametrize("words", [("today",), ("done",), ("export", "md")], ids=" ".join)
def test_a_plan_without_its_roadmap_says_so(eva, words):
    (eva.folder / "study-plan/roadmap.json").unlink()
    (said,) = eva.is_refused(*words, on=DAY, code=4)
    assert said == (
        "study-plan/roadmap.json: the roadmap of this plan is not there; "
        "plan anew with `pe-plan generate --force`"
    )
    assert eva.types("generate", "--start", DAY, "--force", on=DAY).code == 0
    eva.hears(*words, on=DAY)


def in_phase(key: str, value: object) -> Callable[[Value], None]:
    return to(value, "roadmap", "phases", 0, key)


DISORDERED = [
    (in_phase("order", ["syscalls"]), "roadmap.phases[0].order: leaves out"),
    (in_phase("order", ["gone"]), "roadmap.phases[0].order[0]: there is no topic 'gone' in this"),
    (
        to(1, "roadmap", "phases", 0, "topics", 0, "weight"),
        "roadmap.phases[0]: the weights of its topics add up to",
    ),
    (
        to(["gone"], "roadmap", "phases", 0, "topics", 0, "rounds"),
        "roadmap.phases[0].topics[0].rounds: there is no round 'gone'",
    ),
    (
        to(["gone"], "roadmap", "phases", 0, "topics", 0, "requires"),
        "roadmap.phases[0].topics[0].requires: there is no topic 'gone'",
    ),
]


@pytest.mark.parametrize(("change", "said"), DISORDERED)
def test_a_roadmap_that_contradicts_itself_is_refused_where_plans_are_made(eva, change, said):
    edited(eva, change, "roadmap.json")
    for words in HEAVY:
        lines = eva.is_refused(*words, on=DAY, code=4)
        assert lines[0].startswith(f"study-plan/roadmap.json: {said}"), (words, lines)
        assert lines[-1].endswith("; plan anew with `pe-plan generate --force`")
    for words in (*LIGHT, ("topic", "memory"), ("done", "dns"), ("undo",), ("undo",)):
        assert eva.types(*words, on=DAY).code == 0, words


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u202e", "\r", "\x7f"])
@pytest.mark.parametrize("escaped", [True, False])
def test_no_command_shows_what_no_terminal_should(eva, sign, escaped):
    file = eva.folder / "study-plan/roadmap.json"
    document = json.loads(file.read_bytes())
    document["roadmap"]["phases"][0]["topics"][0]["title"] = f"a{sign}b"
    raw = json.dumps(document, ensure_ascii=escaped)
    file.write_text(raw, "utf-8", newline="")
    for words in (*LIGHT, *HEAVY):
        (said,) = eva.is_refused(*words, on=DAY, code=4)
        assert said == (
            "study-plan/roadmap.json: roadmap.phases[0].topics[0].title: "
            f"holds the control character U+{ord(sign):04X} at position 1; "
            "plan anew with `pe-plan generate --force`"
        )


def test_a_roadmap_changed_by_hand_is_the_plan_s_through_every_re_plan(eva):
    edited(eva, to("Mine", "roadmap", "title"), "roadmap.json")
    for day in ("2026-01-12", "2026-01-19", "2026-01-26"):
        eva.hears("replan", "--assume", "missed", "--yes", on=day)
    eva.hears("undo", on="2026-01-26")
    assert (eva.folder / "study-plan/plan.md").read_text("utf-8").startswith("# Mine")
    assert not list((eva.folder / "study-plan/.history").glob("roadmap-*"))


def test_what_lies_in_the_place_of_the_roadmap_is_kept_under_its_own_hash(eva):
    plan = eva.folder / "study-plan"
    (eva.folder / "own.toml").write_text(SMALL, "utf-8")
    before = (plan / "state.json").read_bytes()
    eva.hears("generate", "--roadmap", str(eva.folder / "own.toml"), "--hours", "5", "--force")
    own = (plan / "roadmap.json").read_bytes()
    (plan / "state.json").write_bytes(before)  # as who goes back to an earlier state
    eva.hears("replan", "--assume", "missed", "--yes", on=DAY)
    kept = [file.read_bytes() for file in (plan / ".history").glob("roadmap-*")]
    assert own in kept


@pytest.mark.parametrize("hash", ["x/../../../evil", "", "0" * 15, "0" * 15 + "\n"])
def test_a_state_names_its_roadmap_by_a_hash_alone(eva, hash):
    edited(eva, to(hash, "roadmap"))
    for words in (*LIGHT, *HEAVY):
        (said,) = eva.is_refused(*words, on=DAY, code=4)
        assert said.startswith("study-plan/state.json: roadmap: expected "), said
