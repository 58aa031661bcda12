"""What topics and rounds are called, for commands that need a few names of a roadmap at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property


class Titles:
    """The titles in the text of a roadmap, read when they are asked for. What cannot be read any
    more goes by its id."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._short: dict[str, str] = {}

    def topic(self, id: str) -> str:
        """The topic's short title."""
        if id not in self._short:
            from pe_plan.inputs.glance import topics

            found = topics(self._text, [id]).get(id)
            self._short[id] = found.short if found else id
        return self._short[id]

    def round(self, id: str) -> str:
        """The round's title."""
        return self.rounds.get(id, (id,))[0]

    @cached_property
    def topics(self) -> Mapping[str, tuple[str, ...]]:
        """Every topic's short title and title, by id."""
        from pe_plan.inputs.glance import outline

        return {topic.id: (topic.short, topic.title) for topic in outline(self._text).topics}

    @cached_property
    def rounds(self) -> Mapping[str, tuple[str, ...]]:
        """Every round's title, by id."""
        from pe_plan.inputs.glance import rounds

        return {round_.id: (round_.title,) for round_ in rounds(self._text)}
