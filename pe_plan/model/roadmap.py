"""What there is to learn; the types hold every limit that a value by itself has."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from operator import le, lt
from typing import Annotated

from msgspec import Meta
from msgspec.structs import force_setattr

from pe_plan.model.words import Value

# C0, DEL and C1 controls (terminal escapes among them), the Unicode line breaks, and the overrides
# that make a line read in another order than it is written.
_CONTROLS = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\\<>\"`\[\]]+)"


def _like(pattern: str) -> dict[str, object]:
    """What a file that a person writes is held to: compiled for that alone, not at every start."""
    return {"fits": partial(re.fullmatch, pattern)}


_LINE = _like(rf"(?=\s*\S)[^\n{_CONTROLS}]*")
_LINES = _like(rf"(?=\s*\S)[^{_CONTROLS}]*")
_ID = _like(r"[a-z0-9][a-z0-9-]{0,39}")
_URL = _like(
    rf"(?=[^{_CONTROLS}]*\Z)[Hh][Tt]{{2}}[Pp][Ss]?://{_HOST}(?::\d{{1,5}})?(?:[/?#][^\s\\<>\"`]*)?"
)

_OF_ID = "an id has 1 to 40 of a-z, 0-9 and -, and begins with no -"
_OF_URL = "it begins with https:// or http:// and a host, and has no spaces"
Id = Annotated[str, Meta(title="an id", description=_OF_ID, extra=_ID)]
Title = Annotated[str, Meta(max_length=200, extra=_LINE)]
Sentence = Annotated[str, Meta(max_length=4000, extra=_LINE)]
Prose = Annotated[str, Meta(max_length=4000, extra=_LINES)]
Titles = Annotated[tuple[Title, ...], Meta(extra={"unique": True})]
Address = Annotated[
    str, Meta(max_length=4000, title="a web address", description=_OF_URL, extra=_URL)
]


def _range(most: int, order: str, fits: Callable[[int, int], bool]) -> Meta:
    return Meta(
        title=f"two whole numbers from 1 to {most}, the {order} first",
        examples=[[6, 8]],
        extra={"fits": lambda both: fits(*both)},
    )


WeekNumber = Annotated[int, Meta(ge=1, le=104)]
MonthNumber = Annotated[int, Meta(ge=1, le=300)]
WeekRange = Annotated[tuple[WeekNumber, WeekNumber], _range(104, "least", le)]
MonthRange = Annotated[tuple[MonthNumber, MonthNumber], _range(300, "smaller", lt)]


class Resource(Value, frozen=True, kw_only=True):
    """Something to study from; `checked` is the day its link was last seen to work, if known."""

    title: Title
    url: Address
    checked: date | None = None


class Topic(Value, frozen=True, kw_only=True):
    """The smallest plannable unit. `short` is its title up to the dash unless it is given, `weight`
    its percentage of the phase, `priority` 1 (must) to 3 (could), `requires` the ids of topics to
    finish first. `alongside` spreads it over its whole phase."""

    id: Id
    title: Title
    short: Title = ""
    weight: Annotated[int, Meta(ge=1, le=100)]
    priority: Annotated[int, Meta(ge=1, le=3)]
    kind: Title
    rounds: Titles = ()
    requires: Titles = ()
    alongside: bool = False
    learn: Prose = ""
    practise: Prose = ""
    prove: Prose = ""
    self_check: Prose = ""
    tools: Titles = ()
    resources: tuple[Resource, ...] = ()
    note: Prose = ""

    def __post_init__(self) -> None:
        if not self.short:
            force_setattr(self, "short", self.title.partition(" — ")[0])


class Phase(Value, frozen=True, kw_only=True):
    """A stretch of the roadmap: `weeks` is its published range, `topics` stand in published
    order and `order` holds their ids in the order of study, which is the same unless given."""

    id: Id
    title: Title
    subtitle: Sentence = ""
    level: Title = ""
    weeks: WeekRange
    topics: Annotated[tuple[Topic, ...], Meta(min_length=1, max_length=200)]
    order: Titles = ()
    tools: Titles = ()

    def __post_init__(self) -> None:
        if not self.order:
            force_setattr(self, "order", tuple(topic.id for topic in self.topics))

    @property
    def study_order(self) -> tuple[Topic, ...]:
        """The topics in the order of study."""
        by_id = {topic.id: topic for topic in self.topics}
        return tuple(by_id[id] for id in self.order)


class Round(Value, frozen=True, kw_only=True):
    """An interview round; a full loop holds it `count` times."""

    id: Id
    title: Title
    count: Annotated[int, Meta(ge=1, le=9)]
    covers: Sentence = ""


class Question(Value, frozen=True, kw_only=True):
    """A frequently asked question and its answer, as published."""

    question: Sentence
    answer: Prose


_FILED = {"reference_hours": "reference_hours_per_week"}


class Roadmap(Value, frozen=True, kw_only=True, rename=_FILED):
    """What there is to learn, with nothing of the learner in it. `schema` is the version of its
    format; `window_months` bounds the finish, in calendar months from the start;
    `reference_hours` is the weekly pace that the week ranges describe."""

    schema: Annotated[int, Meta(ge=1, le=1, title="1")]
    id: Id
    title: Title
    summary: Sentence = ""
    window_months: MonthRange
    reference_hours: Annotated[int, Meta(ge=1, le=80)]
    rounds: tuple[Round, ...] = ()
    phases: Annotated[tuple[Phase, ...], Meta(min_length=1, max_length=200)]
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
    def phase_of(self) -> dict[str, str]:
        """Topic id -> phase id."""
        return {topic.id: phase.id for phase in self.phases for topic in phase.topics}
