"""A TOML or JSON table as a Struct, or every fault in it with its key path.

The Struct's types are the schema. msgspec judges each value by its type, and here it is said what
that type expected; where a type has a title, that says it. In `extra` a type names what msgspec
does not know: `fits`, which judges a value, and that a list is `unique`. What is wrong is left
empty, so that one pass finds every fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import FieldInfo
from msgspec.structs import fields as fields_of

from pe_plan.errors import Fault, Problems, nearest, printable, quoted

T = TypeVar("T")
Hook = Callable[[type, Any], Any]

_KNOWN = 1000  # among more names than these the nearest is not looked for,
_ENOUGH = 100  # nor after as many problems: each search takes milliseconds
_ABSENT = object()
_KINDS: Mapping[object, tuple[str, object]] = {  # what it is called, and an empty one
    str: ("a text", ""),
    int: ("a whole number", 0),
    bool: ("true or false", False),
    date: ("a date", None),
    datetime: ("a date with a time", None),
    dict: ("a table", {}),
    tuple: ("a list", ()),
}


class Faults(Problems):
    """The problems of one document, in the order in which they are found; `source` names it."""

    def __init__(self, source: str = "") -> None:
        super().__init__()
        self.source = source

    def note(self, path: str, what: str, hint: str = "") -> None:
        """Keep a problem at the key path, or with the document itself where that is empty."""
        self.refuse(": ".join(filter(None, (self.source, path))), what, hint)

    def near(self, name: str, known: Collection[str], otherwise: str) -> str:
        """A hint naming the known name most like `name`, or `otherwise`."""
        few = len(known) <= _KNOWN and len(self.found) < _ENOUGH
        return nearest(name, known, otherwise) if few else otherwise

    def told(self) -> tuple[Fault, ...]:
        """Where and what each is, with the name that was probably meant."""
        near = ((each, f"; {each.hint}" * each.hint.startswith("did you")) for each in self.found)
        return tuple((each.where, each.what + hint) for each, hint in near)


def build(kind: type[T], table: Mapping[str, Any], faults: Faults) -> T:
    """The TOML table as the Struct `kind`; what is wrong in it is noted and left empty."""
    made: T = _Reader(faults, (date, datetime)).struct(kind, table, "")
    return made


def faults_in(kind: type, value: object, hook: Hook | None = None) -> tuple[Fault, ...]:
    """Every fault of a decoded JSON value against the Struct `kind`; `hook` makes values of types
    that JSON does not know, as msgspec's `dec_hook`."""
    faults = Faults()
    _Reader(faults, hook=hook).struct(kind, value, "")
    return faults.told()


# ── Types ─────────────────────────────────────────────────────────────────────────────────────


class _Form(NamedTuple):
    """A type taken apart: its `kind` is str, tuple, dict, Literal, a Struct and so on."""

    type: Any
    kind: Any
    meta: Meta
    args: tuple[Any, ...]
    optional: bool = False  # None will do, too

    @property
    def is_table(self) -> bool:
        return isinstance(self.kind, type) and issubclass(self.kind, Struct)

    def asks(self, name: str) -> Any:  # noqa: ANN401
        return (self.meta.extra or {}).get(name)


def _form(type_: Any) -> _Form:  # noqa: ANN401
    kind, meta = type_, Meta()
    if get_origin(kind) is Annotated:
        kind, meta = kind.__origin__, kind.__metadata__[-1]
    origin, args = get_origin(kind), get_args(kind)
    if NoneType in args:
        [only] = (each for each in args if each is not NoneType)
        return _form(only)._replace(type=type_, optional=True)
    return _Form(type_, dict if origin is Mapping else origin or kind, meta, args)


@cache
def _fields(kind: type) -> dict[str, tuple[FieldInfo, _Form]]:
    return {each.encode_name: (each, _form(each.type)) for each in fields_of(kind)}


def _wanted(form: _Form) -> str:
    """What a type expects, in words."""
    kind, meta = form.kind, form.meta
    if meta.title:
        return meta.title
    if kind is Literal:
        return f"one of: {', '.join(form.args)}"
    if kind is tuple and ... in form.args:
        each = _form(form.args[0])._replace(meta=Meta())
        return f"a list of {_wanted(each).removeprefix('a ')}s"
    called = "a table" if form.is_table else f"a {kind.__name__.lower()}"
    limits = (
        "" if meta.ge is None else f" from {meta.ge}" + f" to {meta.le}" * (meta.le is not None)
    )
    return _KINDS.get(kind, (called,))[0] + limits


def _way(form: _Form, path: str, value: object) -> str:
    """What to write instead."""
    key, texts = path.rpartition(".")[2], form.kind is tuple and _form(form.args[0]).kind is str
    if form.meta.examples:
        return f"write {key} = {form.meta.examples[0]}, say"
    table = re.sub(r"\[\d+\]", "", path)
    ways: Mapping[object, str] = {
        int: "choose another" if type(value) is int else "write digits without quotes",
        bool: "write it in small letters, without quotes",
        str: f'write {key} = "…"' if value is _ABSENT else "write it in quotes",
        date: f"write {key} = 2026-01-31, without quotes" + ", or leave it out" * form.optional,
        tuple: f'write {key} = ["…", "…"]' if texts else f"begin each with [[{table}]]",
    }
    return form.meta.description or ways.get(form.kind, "")


def _excess(form: _Form, text: str) -> Iterator[tuple[str, str]]:
    """What there is too much or too little of in a text, and what to do."""
    most, fits = form.meta.max_length, form.asks("fits") or bool
    if not text.strip():
        yield "expected a text, got an empty one", "write a few words"
    elif most and len(text) > most:
        yield f"expected at most {most} characters, got {len(text)}", "shorten it"
    for at, sign in enumerate(text):
        if not (sign.isprintable() or fits(f"x{sign}")):
            what = f"holds the control character U+{ord(sign):04X} at position {at}"
            yield what, "write it on one line" if sign == "\n" else "take it out"
            break


# ── Values ────────────────────────────────────────────────────────────────────────────────────


class _Reader(NamedTuple):
    """Reads values by their forms and notes what is wrong; `exact` are types beside those of JSON
    that values must have already."""

    faults: Faults
    exact: tuple[type, ...] = ()
    hook: Hook | None = None

    def struct(self, kind: type, value: object, path: str) -> Any:  # noqa: ANN401
        """A table as a Struct."""
        if not isinstance(value, dict):
            self.faults.note(path, f"expected a table, got {quoted(value)}")
            return _empty(_form(kind))
        known = _fields(kind)
        for key in value:
            if key not in known:
                hint = self.faults.near(key, known, "") or "take it out"
                self.faults.note(_at(path, key), "no such key here", hint)
        return kind(
            **{
                field.name: self.value(form, value.get(key, _ABSENT), _at(path, key))
                for key, (field, form) in known.items()
                if field.required or (key in value and not value[key] == field.default == "")
            }
        )

    def value(self, form: _Form, value: object, path: str) -> object:
        """One value of any form; one with a title is judged as a whole."""
        if value is None and form.optional:
            return None
        if value is not _ABSENT and not form.meta.title:
            if form.is_table:
                return self.struct(form.kind, value, path)
            if form.kind is tuple and isinstance(value, list):
                return self._items(form, value, path)
            if form.kind is dict and isinstance(value, dict):
                each = _form(form.args[1])
                return {key: self.value(each, one, _at(path, key)) for key, one in value.items()}
        with suppress(ValidationError):
            made = convert(value, form.type, builtin_types=self.exact, dec_hook=self.hook)
            if not (fits := form.asks("fits")) or fits(made):
                return made
        text = value if form.kind is str and isinstance(value, str) else None
        told = [] if text is None or form.meta.title else [*_excess(form, text)]
        for what, way in told or [self._mismatch(form, value, path)]:
            self.faults.note(path, what, way)
        return _empty(form) if text is None else text

    def _items(self, form: _Form, values: list[object], path: str) -> tuple[object, ...]:
        least, most = form.meta.min_length or 0, form.meta.max_length or len(values)
        forms = [_form(each) for each in form.args if each is not ...]
        forms *= len(values) if ... in form.args else 1
        if len(values) != len(forms):
            self.faults.note(path, f"expected {len(forms)} values, got {len(values)}")
        elif not least <= len(values) <= most:
            self.faults.note(path, f"expected {least} to {most} of them, got {len(values)}")
        pairs = enumerate(zip(forms, values, strict=False))
        made = [self.value(each, value, f"{path}[{n}]") for n, (each, value) in pairs]
        if not form.asks("unique"):
            return tuple(made)
        unlike: dict[object, None] = {}
        for n, each in enumerate(made):
            if each and each in unlike:
                self.faults.note(f"{path}[{n}]", f"{quoted(each)} is listed twice", "take one out")
            unlike[each] = None
        return tuple(filter(None, unlike))

    def _mismatch(self, form: _Form, value: object, path: str) -> tuple[str, str]:
        """What to say of a value that is missing or not what was wanted, and what to do."""
        if value is _ABSENT:
            return f"missing, expected {_wanted(form)}", _way(form, path, value)
        hint, shown = _way(form, path, value), quoted(value)
        if form.kind is Literal:
            hint = self.faults.near(str(value), form.args, "")
        if form.kind is tuple and isinstance(value, list) and len(value) == len(form.args):
            shown = f"[{', '.join(map(quoted, value))}]"
        return f"expected {_wanted(form)}, got {shown}", hint


def _empty(form: _Form) -> Any:  # noqa: ANN401
    """A value of the form with nothing in it, and nothing more to say of it."""
    if form.is_table:
        return _Reader(Faults()).struct(form.kind, {}, "")
    return _KINDS.get(form.kind, ("", None))[1]


def _at(path: str, key: str) -> str:
    return ".".join(filter(None, (path, printable(key))))
