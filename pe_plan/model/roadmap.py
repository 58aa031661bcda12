"""What there is to learn."""

from __future__ import annotations

from datetime import date

from pe_plan.model.words import Value


class Resource(Value, frozen=True, kw_only=True):
    """Something to study from; `checked` is the day its link was last seen to work, if known."""

    title: str
    url: str
    checked: date | None = None


class Topic(Value, frozen=True, kw_only=True):
    """The smallest plannable unit. `weight` is its percentage of the phase, `priority` 1 (must)
    to 3 (could), `requires` the ids of topics to finish first. `alongside` spreads it over its
    whole phase."""

    id: str
    title: str
    short: str
    weight: int
    priority: int
    kind: str
    rounds: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    alongside: bool = False
    learn: str = ""
    practise: str = ""
    prove: str = ""
    self_check: str = ""
    tools: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    note: str = ""


class Phase(Value, frozen=True, kw_only=True):
    """A stretch of the roadmap: `weeks` is its published range, `topics` stand in published
    order and `order` holds their ids in the order of study."""

    id: str
    title: str
    subtitle: str
    level: str
    weeks: tuple[int, int]
    topics: tuple[Topic, ...]
    order: tuple[str, ...]
    tools: tuple[str, ...] = ()

    @property
    def study_order(self) -> tuple[Topic, ...]:
        """The topics in the order of study."""
        by_id = {topic.id: topic for topic in self.topics}
        return tuple(by_id[id] for id in self.order)


class Round(Value, frozen=True, kw_only=True):
    """An interview round; a full loop holds it `count` times."""

    id: str
    title: str
    count: int
    covers: str = ""


class Question(Value, frozen=True, kw_only=True):
    """A frequently asked question and its answer, as published."""

    question: str
    answer: str


class Roadmap(Value, frozen=True, kw_only=True):
    """What there is to learn, with nothing of the learner in it. `window_months` bounds the
    finish, in calendar months from the start; `reference_hours` is the weekly pace that the
    week ranges describe."""

    id: str
    title: str
    summary: str
    window_months: tuple[int, int]
    reference_hours: int
    rounds: tuple[Round, ...]
    phases: tuple[Phase, ...]
    questions: tuple[Question, ...] = ()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic, phase by phase, in published order."""
        return tuple(topic for phase in self.phases for topic in phase.topics)

    @property
    def topic_names(self) -> dict[str, tuple[str, ...]]:
        """Topic id -> the names that it goes by, too."""
        return {topic.id: (topic.short, topic.title) for topic in self.topics}

    @property
    def round_names(self) -> dict[str, tuple[str, ...]]:
        """Round id -> the names that it goes by, too."""
        return {round.id: (round.title,) for round in self.rounds}

    @property
    def phase_of(self) -> dict[str, str]:
        """Topic id -> phase id."""
        return {topic.id: phase.id for phase in self.phases for topic in phase.topics}
