"""Each topic once in full, and the links that lead to it.

A card's heading is the topic's id. GitHub makes a heading's anchor from its lower-case words joined
by hyphens, Obsidian finds it by its text: only a heading that is one lower-case word is the same to
both. It is also the word that the command line knows the topic by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pe_plan.documents.escape import escape, link
from pe_plan.documents.words import Titles, hours, listed, short_date
from pe_plan.model import Plan, Resource, Roadmap, Topic

PRIORITIES = {1: "must", 2: "should", 3: "could"}


class Links(Titles):
    """Titles in Markdown; a topic's leads to its card."""

    def __init__(self, roadmap: Roadmap) -> None:
        super().__init__(roadmap)
        self._topics = {id: f"[{escape(short)}](#{id})" for id, short in self._topics.items()}
        self._phases = {id: escape(title) for id, title in self._phases.items()}
        self._rounds = {id: escape(title) for id, title in self._rounds.items()}


class Cards:
    """The topics of a roadmap as a plan gives them."""

    def __init__(self, plan: Plan, roadmap: Roadmap, links: Links) -> None:
        self._roadmap, self._links = roadmap, links
        self._given = {given.id: given for given in plan.topics if given.id not in plan.left_out}
        dates = Counter(each.checked for topic in roadmap.topics for each in topic.resources)
        self._checked = dates.most_common(1)[0][0] if dates else None  # most links were, then

    def lines(self) -> Iterator[str]:
        """The chapter, phase by phase in the order of study."""
        about = "When a link was last checked is not known, unless it is said beside it."
        if self._checked:
            day = short_date(self._checked)
            about = f"Links were last checked on {day}, unless said otherwise."
        yield from ("", "## Topics", "")
        yield f"Each heading is the word by which `--skill` knows the topic. {about}"
        for number, phase in enumerate(self._roadmap.phases, 1):
            yield from ("", f"### {number}. {escape(phase.title)}")
            if said := ": ".join(escape(text) for text in (phase.level, phase.subtitle) if text):
                yield from ("", said)
            for topic in phase.study_order:
                facts = " · ".join(self._facts(topic))
                yield from ("", f"#### {topic.id}", "", f"**{escape(topic.title)}** · {facts}", "")
                yield from self._texts(topic)

    def _facts(self, topic: Topic) -> Iterator[str]:
        yield PRIORITIES[topic.priority]
        if given := self._given.get(topic.id):
            yield f"{hours(given.minutes)} h at level “{given.level}”"
            if given.depth < 1:
                yield f"shortened to {round(given.depth * 100)} %"
        else:
            yield "left out of this plan"
        if topic.alongside:
            yield "alongside the whole phase"
        if topic.rounds:
            yield f"asked in {listed([self._links.round(id) for id in topic.rounds])}"
        if topic.requires:
            yield f"after {listed([self._links.topic(id) for id in topic.requires])}"

    def _texts(self, topic: Topic) -> Iterator[str]:
        texts = (
            ("Note", topic.note),
            ("Learn", topic.learn),
            ("Practise", topic.practise),
            ("Prove", topic.prove),
            ("Self-check", topic.self_check),
            ("Tools", ", ".join(topic.tools)),
        )
        yield from (f"- **{name}:** {escape(text)}" for name, text in texts if text)
        if topic.resources:
            yield f"- **Read:** {' · '.join(self._resource(each) for each in topic.resources)}"

    def _resource(self, resource: Resource) -> str:
        text = link(resource.title, resource.url)
        if resource.checked == self._checked:
            return text
        if resource.checked is None:
            return f"{text} (not known when last checked)"
        return f"{text} (link last checked {short_date(resource.checked)})"
