"""A glance at a roadmap finds what reading all of it finds, whatever the text looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.inputs import glance
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.model import Topic
from tests.support_planning import DATA, ROADMAP
from tests.support_roadmap import SMALL

BUNDLED = (DATA / "meta-production-engineer.toml").read_text("utf-8")
TEXTS = {"bundled": BUNDLED, "small": SMALL}


def outlined(topic: Topic) -> tuple[object, ...]:
    return topic.id, topic.title, topic.short, topic.weight, topic.priority, topic.rounds


def in_full(topic: Topic) -> tuple[object, ...]:
    texts = (topic.learn, topic.practise, topic.prove, topic.self_check, topic.note)
    resources = tuple((each.title, each.url) for each in topic.resources)
    return (*outlined(topic), topic.requires, topic.alongside, topic.tools, texts, resources)


@pytest.mark.parametrize("name", TEXTS)
def test_the_outline_is_the_roadmap_without_its_texts(name: str) -> None:
    text = TEXTS[name]
    whole, found = read_roadmap(text.encode(), name), glance.outline(text)
    assert [outlined(topic) for topic in found.topics] == [outlined(t) for t in whole.topics]
    assert [(p.id, p.title, p.weeks) for p in found.phases] == [
        (p.id, p.title, p.weeks) for p in whole.phases
    ]
    assert [(r.id, r.title, r.count) for r in found.rounds] == [
        (r.id, r.title, r.count) for r in whole.rounds
    ]
    assert glance.rounds(text) == found.rounds
    assert (found.id, found.reference_hours) == (whole.id, whole.reference_hours)


@given(st.sets(st.sampled_from([topic.id for topic in ROADMAP.topics]), max_size=5))
def test_single_topics_are_those_of_the_whole(ids: set[str]) -> None:
    found = glance.topics(BUNDLED, ids)
    whole = {topic.id: topic for topic in ROADMAP.topics if topic.id in ids}
    assert {id: in_full(topic) for id, topic in found.items()} == {
        id: in_full(topic) for id, topic in whole.items()
    }


OTHERWISE = {
    "keys in quotes": SMALL.replace("\nid = ", '\n"id" = ').replace("\nweight", '\n"weight"'),
    "spaced headings": SMALL.replace("[[phases.topics]]", "[[ phases . topics ]]"),
    "lists over lines": SMALL.replace("rounds = [", "rounds = [\n"),
    "a heading inside a text": SMALL.replace(
        'learn = "', 'learn = """\n[[phases.topics]]\nid = "dns"\n""" #', 1
    ),
    "a false topic inside a text": SMALL.replace(
        'learn = "', 'learn = """\n[[phases.topics]]\nid = "two"\ntitle = "No"\n""" #', 1
    ),
    "resources in tables": SMALL.replace(
        "\n[[questions]]",
        '\n[[phases.topics.resources]]\ntitle = "T"\nurl = "https://x.org"\n\n[[questions]]',
    ),
}


@pytest.mark.parametrize("how", OTHERWISE)
def test_a_text_laid_out_otherwise_is_read_as_well(how: str) -> None:
    text = OTHERWISE[how]
    assert text != SMALL
    whole = read_roadmap(text.encode(), how)
    assert [outlined(topic) for topic in glance.outline(text).topics] == [
        outlined(topic) for topic in whole.topics
    ]
    for topic in whole.topics:
        (found,) = glance.topics(text, {topic.id}).values()
        assert found.title == topic.title
        assert found.learn.split() == topic.learn.split()


BROKEN = ("", "x", "[[phases", 'id = "', "phases = 3", "rounds = 1", "[[phases]]\ntopics = 1")


@pytest.mark.parametrize("text", [*BROKEN, SMALL[:900], SMALL.replace('"', "", 1)])
def test_of_a_broken_text_what_cannot_be_read_is_missing(text: str) -> None:
    assert glance.topics(text, {"no-such"}) == {}
    assert all(round.id for round in glance.rounds(text))
    glance.outline(text)


def test_nothing_that_a_terminal_should_not_see() -> None:
    text = SMALL.replace('title = "', 'title = "\\u001b[31m')
    assert "\x1b" not in glance.outline(text).topics[0].title


@given(st.integers(0, len(SMALL)), st.text(max_size=3), st.integers(0, 3))
def test_a_text_broken_anywhere_breaks_nothing(at: int, put: str, cut: int) -> None:
    text = SMALL[:at] + put + SMALL[at + cut :]
    glance.outline(text)
    glance.rounds(text)
    assert len(glance.topics(text, {topic.id for topic in ROADMAP.topics})) >= 0
