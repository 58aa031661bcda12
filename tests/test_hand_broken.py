"""A plan.toml that somebody changed by hand: a row that cannot be is a problem, never a traceback,
and the file stays as it is."""

from __future__ import annotations

import re

import pytest

from tests.support_log import Learner

DAY = "2026-01-12"
LIGHT = (("today",), ("status",), ("log",), ("week",), ("done",), ("mock", "pe", "3"))
HEAVY = (
    ("topic", "memory"),
    ("export", "md"),
    ("export", "ics"),
    ("export", "json"),
    ("replan", "--assume", "missed", "--yes"),
    ("replan", "--assume", "done", "--yes", "--hours", "10"),
)


def broken(eva: Learner, old: str, new: str) -> None:
    """Put the row's new text for the old (a pattern) into plan.toml."""
    file = eva.folder / "study-plan/plan.toml"
    text, times = re.subn(old, new, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert times == 1, old
    file.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"^2 2026-01-12", "3 2026-01-12", "plan.weeks: the weeks are not numbered from 1 to 35"),
        (r"^2 2026-01-12", "2 2026-01-13", "plan.weeks: the weeks do not follow one another"),
        (
            r"study \w+ syscalls learn",
            "study coding gone learn",
            "plan.blocks: 'syscalls.learn.1': the plan has no topic 'gone'",
        ),
        (
            r"study \w+ syscalls learn",
            "study coding syscalls -",
            "plan.blocks: 'syscalls.learn.1': to study, it needs a topic and an activity",
        ),
        (
            r"^2026-01-05\S+ (.* \| )",
            r"0001-01-05T18:00:00Z \1",
            "plan.blocks[0]: '0001-01-05T18:00:00Z' lies beyond the calendar of some time zone",
        ),
        (
            r"^abroad = ''",
            "abroad = ''\nbusy = '''\n2026-01-06T18:00:00Z 0\n'''",
            "profile.busy: the stretch from 2026-01-06T18:00:00Z lasts no time",
        ),
        (
            r"^abroad = ''",
            "abroad = ''\npins = '''\nb-9 2026-01-06T18:00:00Z 20 2026-01-06T18:00:00Z 60\n'''",
            "profile.pins[0]: a pinned block lasts from 25 minutes to a day, not 20",
        ),
    ],
)
def test_a_plan_that_contradicts_itself_is_read_by_no_command(eva, old, new, said):
    broken(eva, old, new)
    for words in (*LIGHT, *HEAVY):
        assert eva.is_refused(*words, on=DAY, code=4) == [f"study-plan/plan.toml: {said}"], words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"^infra (new|some)", r"gone \1", "plan.topics: the roadmap has no topic 'gone'"),
        (r"^infra (new|some)", r"gone \1", "plan.topics: the roadmap's topic 'infra' is missing"),
        (r"^culture (.*)", r"gone \1", "plan.phases: the roadmap has no phase 'gone'"),
        (
            r"^(2 2026-01-12 \w+) \w+",
            r"\1 gone",
            "plan.weeks: the roadmap has no phase 'gone'",
        ),
        (
            r"study \w+ syscalls learn",
            "study gone syscalls learn",
            "plan.blocks: the roadmap has no phase 'gone'",
        ),
        (
            r"mock (\S+) - - coding",
            r"mock \1 - - gone",
            "plan.blocks: the roadmap has no round 'gone'",
        ),
        (
            r"^mon (\S+) (.*)$",
            r"mon \1 \2\nmon 19:30-20:30 9 25",
            "profile.windows: two windows overlap on monday at 19:30",
        ),
        (r"^35 .*\n", "", "is in none of the plan's weeks"),
        (
            r"(2 \S+Z 2026-01-05 mastered) http",
            r"\1 gone",
            "log.records: the roadmap has no topic 'gone'",
        ),
        (
            r"(3 \S+Z 2026-01-05 mock) pe",
            r"\1 gone",
            "log.records: the roadmap has no round 'gone'",
        ),
    ],
)
def test_a_plan_that_is_strange_to_its_roadmap_is_refused_where_that_is_read(eva, old, new, said):
    eva.hears("done", "http", "--mastered")
    eva.hears("mock", "pe", "3")
    if "culture" in old:  # what speaks of the phase follows it, so that the plan agrees in itself
        file = eva.folder / "study-plan/plan.toml"
        head, mark, roadmap = file.read_text("utf-8").partition("[roadmap]")
        file.write_text(re.sub(r"\bculture\b", "gone", head) + mark + roadmap, "utf-8")
    elif "infra" in old:
        file = eva.folder / "study-plan/plan.toml"
        head, mark, roadmap = file.read_text("utf-8").partition("[roadmap]")
        file.write_text(
            re.sub(r"\binfra (?=[a-z-]+ [-0-9])", "gone ", head) + mark + roadmap, "utf-8"
        )
    else:
        broken(eva, old, new)
    hint = "; put that row right, or plan anew with `pe-plan generate --force`"
    for words in HEAVY:
        lines = eva.is_refused(*words, on=DAY, code=4)
        assert any(said in line and line.endswith(hint) for line in lines), (words, lines)
    for words in (*LIGHT, ("done", "dns"), ("undo",), ("undo",)):
        assert eva.types(*words, on=DAY).code == 0, words


def test_the_state_that_was_kept_is_the_way_back(eva):
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    broken(eva, r"mock (\S+) - - coding", r"mock \1 - - gone")
    (said,) = eva.is_refused("export", "md", on=DAY, code=4)
    assert said.endswith(
        "; plan.toml.1 is an earlier state: copy it over plan.toml to go back to it"
    )


def test_what_was_recorded_before_the_plan_began_may_speak_of_another_roadmap(eva):
    eva.hears("done", "http", "--mastered")
    assert eva.types("replan", "--restart", "--yes", "--start", DAY, on=DAY).code == 0
    broken(eva, r"(2 \S+Z 2026-01-05 mastered) http", r"\1 gone")
    eva.hears("export", "md", on=DAY)


def test_a_kept_state_that_is_strange_to_its_roadmap_is_not_brought_back(eva):
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    kept = eva.folder / "study-plan/plan.toml.1"
    kept.write_text(re.sub(r"mock (\S+) - - coding", r"mock \1 - - gone", kept.read_text("utf-8")))
    (said,) = eva.is_refused("undo", on=DAY, code=4)
    assert said.startswith("study-plan/plan.toml.1: plan.blocks: the roadmap has no round 'gone'")


def test_a_kept_state_of_another_moment_is_not_brought_back(eva):
    first = eva.files["plan.toml"] or b""
    eva.types("replan", "--assume", "missed", "--yes", on=DAY)
    eva.types("replan", "--hours", "10", "--assume", "missed", "--yes", on="2026-01-13")
    (eva.folder / "study-plan/plan.toml.2").write_bytes(first)
    (said,) = eva.is_refused("undo", on="2026-01-13", code=4)
    assert said == "study-plan/plan.toml.2: this is not the state from before that plan"
