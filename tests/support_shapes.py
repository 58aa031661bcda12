"""The kept shapes of what scripts read, and what types say of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

Schema = dict[str, Any]

# Words are no part of a shape, and limits (the form of an id, that no length is negative) are kept
# for the documents themselves, which the tests hold against them.
_ASIDE = {
    *("$schema", "title", "description", "default", "format", "pattern", "propertyNames"),
    *("minimum", "maximum", "minLength", "minItems", "maxItems"),
}


def kept(name: str) -> Schema:
    """A kept shape by the name of its file."""
    file = Path(__file__).parent / f"{name}.schema.json"
    found: Schema = json.loads(file.read_text("utf-8"))
    return found


def kept_view(view: str) -> Schema:
    """That of today, week, topic or status, with the sessions and blocks of the whole plan."""
    plan = kept("plan")
    rows = {name: plan["properties"][name]["items"] for name in ("blocks", "weeks", "sessions")}
    session = copy.deepcopy(rows["sessions"])
    session["required"].append("done_minutes")
    session["properties"]["done_minutes"] = {"type": "integer", "minimum": 0}
    shared = {"block": rows["blocks"], "plan_week": rows["weeks"], "session": session}
    return {"$ref": f"#/$defs/{view}", "$defs": plan["$defs"] | kept("views")["$defs"] | shared}


def faults(document: object, shape: Schema) -> list[str]:
    """What of the document is not as the shape wants it."""
    Draft202012Validator.check_schema(shape)
    return [error.message for error in Draft202012Validator(shape).iter_errors(document)]


def told(kind: Any) -> Schema:
    """The shape that a type has, comparable with a kept one."""
    return comparable(msgspec.json.schema(kind))


def comparable(shape: Schema) -> Schema:
    """The same shape, with references followed and in one way of saying it."""
    found: Schema = _plain(shape, shape.get("$defs", {}))
    return found


def _plain(shape: Any, names: Schema) -> Any:
    while "$ref" in shape:
        shape = names[shape["$ref"].rpartition("/")[2]]
    if several := shape.get("anyOf") or shape.get("oneOf"):
        return either(*(_plain(each, names) for each in several))
    if "const" in shape:  # there is no type of True alone
        const = shape["const"]
        return {"type": "boolean"} if isinstance(const, bool) else {"enum": [const]}
    if "enum" in shape:
        words = sorted(word for word in shape["enum"] if word is not None)
        nullable = len(words) < len(shape["enum"])
        return either({"enum": words}, *([{"type": "null"}] if nullable else []))
    if "properties" in shape:
        fields = {name: _plain(each, names) for name, each in shape["properties"].items()}
        # All fields are written, those with a default like any other.
        usual = [name for name, each in shape["properties"].items() if "default" in each]
        needed = sorted({*shape["required"], *usual})
        closed = shape["additionalProperties"]
        return {"properties": fields, "required": needed, "additionalProperties": closed}
    if "prefixItems" in shape:  # a pair
        return {"type": "array", "items": _plain(shape["prefixItems"][0], names)}
    return {
        key: _plain(each, names) if isinstance(each, dict) else each
        for key, each in shape.items()
        if key not in _ASIDE
    }


def either(*shapes: Schema) -> Schema:
    """One of these shapes, or the only one."""
    ordered = sorted(shapes, key=json.dumps)
    return {"anyOf": ordered} if len(ordered) > 1 else ordered[0]
