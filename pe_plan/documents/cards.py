"""Each topic once in full, and the links that lead to it.

A card's heading is the topic's id. GitHub makes a heading's anchor from its lower-case words joined
by hyphens, Obsidian finds it by its text: only a heading that is one lower-case word is the same to
both. It is also the word that the command line knows the topic by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from pe_plan.documents.escape import escape, link
from pe_plan.documents.words import hours, listed, short_date
from pe_plan.model import Phase, Plan, Resource, Roadmap, Topic, TopicPlan

_PRIORITY = {1: "must", 2: "should", 3: "could"}


class Cards(Struct, frozen=True, kw_only=True):
    """The topics of a roadmap as the plan gives them; `checked` is when most links were seen."""

    roadmap: Roadmap
    links: Mapping[str, str]
    given: Mapping[str, TopicPlan]
    left_out: frozenset[str]
    rounds: Mapping[str, str]
    checked: date | None

    @classmethod
    def of(cls, plan: Plan, roadmap: Roadmap) -> Cards:
        """The cards of `plan`."""
        topics = roadmap.topics
        dates = Counter(resource.checked for topic in topics for resource in topic.resources)
        return cls(
            roadmap=roadmap,
            links={topic.id: f"[{escape(topic.short)}](#{topic.id})" for topic in topics},
            given={topic.id: topic for topic in plan.topics},
            left_out=frozenset(plan.left_out),
            rounds={round.id: escape(round.title) for round in roadmap.rounds},
            checked=dates.most_common(1)[0][0] if dates else None,
        )

    def link(self, id: str) -> str:
        """A link to the card of topic `id`, showing its short name."""
        return self.links[id]

    def lines(self) -> Iterator[str]:
        """The chapter, phase by phase in the order of study."""
        yield from ("", "## Topics", "")
        yield f"Each heading is the word by which `--skill` knows the topic. {self._about_links()}"
        for number, phase in enumerate(self.roadmap.phases, 1):
            yield from ("", f"### {number}. {escape(phase.title)}", *_about(phase))
            for topic in phase.study_order:
                yield from self._card(topic)

    def _about_links(self) -> str:
        if self.checked:
            return f"Links were last checked on {short_date(self.checked)}, unless said otherwise."
        return "When a link was last checked is not known, unless it is said beside it."

    def _card(self, topic: Topic) -> Iterator[str]:
        facts = " · ".join(self._facts(topic))
        yield from ("", f"#### {topic.id}", "", f"**{escape(topic.title)}** · {facts}", "")
        texts = (
            ("Note", topic.note),
            ("Learn", topic.learn),
            ("Practise", topic.practise),
            ("Prove", topic.prove),
            ("Self-check", topic.self_check),
            ("Tools", ", ".join(topic.tools)),
        )
        for name, text in texts:
            if text:
                yield f"- **{name}:** {escape(text)}"
        if topic.resources:
            yield f"- **Read:** {' · '.join(self._resource(each) for each in topic.resources)}"

    def _facts(self, topic: Topic) -> Iterator[str]:
        yield _PRIORITY[topic.priority]
        given = self.given.get(topic.id)
        if topic.id in self.left_out or given is None:
            yield "left out of this plan"
        else:
            yield f"{hours(given.minutes)} h at level “{given.level}”"
            if given.depth < 1:
                yield f"shortened to {round(given.depth * 100)} %"
        if topic.alongside:
            yield "alongside the whole phase"
        if topic.rounds:
            yield f"asked in {listed([self.rounds[id] for id in topic.rounds])}"
        if topic.requires:
            yield f"after {listed([self.links[id] for id in topic.requires])}"

    def _resource(self, resource: Resource) -> str:
        text = link(resource.title, resource.url)
        if resource.checked == self.checked:
            return text
        if resource.checked is None:
            return f"{text} (not known when last checked)"
        return f"{text} (link last checked {short_date(resource.checked)})"


def _about(phase: Phase) -> Iterator[str]:
    words = ": ".join(escape(text) for text in (phase.level, phase.subtitle) if text)
    if words:
        yield from ("", words)
