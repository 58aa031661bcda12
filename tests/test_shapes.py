"""What the types of an outcome say is what is kept for scripts, no more and no less."""

from __future__ import annotations

from typing import Any

import pytest

from pe_plan.app.capacity import Capacity, Fits, Lacks
from pe_plan.app.look import Status, Today, TopicCard, WeekView
from pe_plan.documents.plan_json import PlanDocument
from tests.support_shapes import comparable, either, kept, kept_view, told

VIEWS = (("today", Today), ("week", WeekView), ("topic", TopicCard), ("status", Status))


@pytest.mark.parametrize(
    ("kind", "shape"),
    [*((kind, kept_view(name)) for name, kind in VIEWS), (PlanDocument, kept("plan"))],
)
def test_a_type_has_the_kept_shape(kind, shape):
    assert told(kind) == comparable(shape)


def test_what_comes_of_the_hours_is_a_plan_or_what_it_lacks():
    fits, lacks = (told(Capacity[kind]) for kind in (Fits, Lacks))  # type: ignore[valid-type]
    plans = either(fits["properties"].pop("plan"), lacks["properties"].pop("plan"))
    shape = comparable(kept("capacity"))
    assert shape["properties"].pop("plan") == plans
    assert fits == lacks == shape


@pytest.mark.parametrize("name", ["plan", "views", "capacity"])
def test_the_kept_shapes_allow_nothing_else(name):
    def objects(schema: Any) -> list[dict[str, Any]]:
        if isinstance(schema, list):
            return [found for each in schema for found in objects(each)]
        if not isinstance(schema, dict):
            return []
        own = [schema] if schema.get("type") == "object" else []
        return own + [found for each in schema.values() for found in objects(each)]

    for each in objects(kept(name)):
        assert each["additionalProperties"] is False or "propertyNames" in each
        assert sorted(each.get("required", [])) == sorted(each.get("properties", {}))
