"""A TOML or JSON table as a Struct, or every fault in it with its key path.

The Struct's types are the schema. msgspec judges each value by its type, and here it is said what
that type expected; where a type has a title, that says it. What is wrong is left empty, so that one
pass finds every fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import FieldInfo
from msgspec.structs import fields as fields_of

from pe_plan.errors import Exit, PePlanError, Problem, nearest, printable, quoted
from pe_plan.inputs.values import DATE, RefusedError, read_date

T = TypeVar("T")
Hook = Callable[[type, Any], Any]

LARGEST = 2_000_000  # bytes of a file
_KNOWN = 1000  # among more names than these the nearest is not looked for,
_ENOUGH = 100  # nor after as many problems: each search takes milliseconds
_LONGEST = 120  # characters of what tomllib says
_PLACE = re.compile(r"(?s)(.*) \(at (line \d+, column \d+|end of document)\)")
_ABSENT = object()
_EMPTY: Mapping[object, object] = {str: "", int: 0, bool: False, tuple: (), dict: {}}
_CALLED: Mapping[object, str] = {
    str: "a text",
    bool: "true or false",
    float: "a number",
    date: "a date",
    datetime: "a date with a time",
    dict: "a table",
    tuple: "a list",
}


class Faults:
    """The problems of one document, in the order in which they are found; `source` names it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def note(self, path: str, what: str, hint: str = "") -> None:
        """Keep a problem at the key path, or with the document itself where that is empty."""
        where = ": ".join(filter(None, (self.source, path)))
        self.problems.append(Problem(where=where, what=what, hint=hint))

    def near(self, name: str, known: Collection[str], otherwise: str) -> str:
        """A hint naming the known name most like `name`, or `otherwise`."""
        few = len(known) <= _KNOWN and len(self.problems) < _ENOUGH
        return nearest(name, known, otherwise) if few else otherwise


def build(kind: type[T], table: Mapping[str, Any], faults: Faults) -> T:
    """The TOML table as the Struct `kind`; what is wrong in it is noted and left empty."""
    made: T = _Reader(faults, exact=(date, datetime)).struct(kind, table, "")
    return made


def faults_in(kind: type, value: object, hook: Hook | None = None) -> tuple[tuple[str, str], ...]:
    """Every fault of a decoded JSON value against the Struct `kind`, as its key path and what is
    wrong; `hook` makes values of types that JSON does not know, as msgspec's `dec_hook`."""
    faults = Faults("")
    _Reader(faults, hook=hook).struct(kind, value, "")
    told = ((each, f"; {each.hint}" * each.hint.startswith("did you")) for each in faults.problems)
    return tuple((each.where, each.what + near) for each, near in told)


# ── Types ─────────────────────────────────────────────────────────────────────────────────────


class _Form(NamedTuple):
    """A type taken apart: its `kind` is str, tuple, dict, Literal, a Struct and so on."""

    type: Any
    kind: Any
    meta: Meta
    items: tuple[_Form, ...] = ()  # what a tuple or the values of a table are
    choices: tuple[str, ...] = ()
    optional: bool = False  # None will do, too
    endless: bool = False  # a tuple of any length


def _form(type_: Any) -> _Form:  # noqa: ANN401
    kind, meta = type_, Meta()
    if get_origin(kind) is Annotated:
        kind, meta = kind.__origin__, kind.__metadata__[-1]
    origin, args = get_origin(kind), get_args(kind)
    if NoneType in args:
        [only] = (each for each in args if each is not NoneType)
        return _form(only)._replace(type=type_, optional=True)
    if origin is Literal:
        return _Form(type_, Literal, meta, choices=tuple(map(str, args)))
    if origin is tuple:
        items = tuple(_form(each) for each in args if each is not ...)
        return _Form(type_, tuple, meta, items, endless=args[-1] is ...)
    if origin and issubclass(origin, Mapping):
        return _Form(type_, dict, meta, (_form(args[1]),))
    return _Form(type_, kind, meta)


@cache
def _fields(kind: type) -> dict[str, tuple[FieldInfo, _Form]]:
    return {each.encode_name: (each, _form(each.type)) for each in fields_of(kind)}


def _is_struct(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and issubclass(kind, Struct)


def _wanted(form: _Form) -> str:
    """What a type expects, in words."""
    kind, least, most = form.kind, form.meta.ge, form.meta.le
    if form.meta.title:
        return form.meta.title
    if kind is int and least is not None and least == most:
        return str(least)
    if kind is int:
        limits = "" if least is None else f" from {least}" + f" to {most}" * (most is not None)
        return f"a whole number{limits}"
    if kind is Literal:
        return f"one of: {', '.join(form.choices)}"
    if kind is tuple and form.endless:
        return f"a list of {_wanted(form.items[0]._replace(meta=Meta())).removeprefix('a ')}s"
    return _CALLED.get(kind) or ("a table" if _is_struct(kind) else f"a {kind.__name__.lower()}")


def _way(form: _Form, path: str, value: object) -> str:
    """What to write instead."""
    key, meta = path.rpartition(".")[2], form.meta
    if meta.examples:
        return f"write {key} = {meta.examples[0]}, say"
    outside = isinstance(value, int) and not isinstance(value, bool)
    texts = form.endless and form.items[0].kind is str
    heading = re.sub(r"\[\d+\]", "", path)
    ways: Mapping[object, str] = {
        int: "choose another" if outside else "write digits without quotes",
        bool: "write it in small letters, without quotes",
        str: f'write {key} = "…"' if value is _ABSENT else "write it in quotes",
        date: f"write {key} = 2026-01-31, without quotes" + ", or leave it out" * form.optional,
        tuple: f'write {key} = ["…", "…"]' if texts else f"begin each with [[{heading}]]",
    }
    return meta.description or ways.get(form.kind, "")


# ── Values ────────────────────────────────────────────────────────────────────────────────────


class _Reader(Struct, frozen=True):
    """Reads values by their forms and notes what is wrong; `exact` are types beside those of JSON
    that values must have already."""

    faults: Faults
    exact: tuple[type, ...] = ()
    hook: Hook | None = None

    def struct(self, kind: type, value: object, path: str) -> Any:  # noqa: ANN401
        """A table as a Struct."""
        if not isinstance(value, dict):
            self.faults.note(path, f"expected a table, got {quoted(value)}")
            return self._empty(kind, path)
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
            if _is_struct(form.kind):
                return self.struct(form.kind, value, path)
            if form.kind is tuple and isinstance(value, list):
                return self._items(form, value, path)
            if form.kind is dict and isinstance(value, dict):
                each = form.items[0]
                return {key: self.value(each, one, _at(path, key)) for key, one in value.items()}
        try:
            made = convert(value, form.type, builtin_types=self.exact, dec_hook=self.hook)
            order = (form.meta.extra or {}).get("order")
            if not order or order(*made):
                return made
        except ValidationError:
            pass
        is_text = form.kind is str and isinstance(value, str)
        by_limit = is_text and not form.meta.title
        if not (by_limit and self._is_told(form.meta, str(value), path)):
            self._wrong(form, value, path)
        return value if is_text else self._empty(form.kind, path)

    def _items(self, form: _Form, values: list[object], path: str) -> tuple[object, ...]:
        least, most = form.meta.min_length or 0, form.meta.max_length or len(values)
        forms = form.items * (len(values) if form.endless else 1)
        if len(values) != len(forms):
            self.faults.note(path, f"expected {len(forms)} values, got {len(values)}")
        elif not least <= len(values) <= most:
            self.faults.note(path, f"expected {least} to {most} of them, got {len(values)}")
        pairs = enumerate(zip(forms, values, strict=False))
        made = [self.value(each, value, f"{path}[{n}]") for n, (each, value) in pairs]
        if not (form.meta.extra_json_schema or {}).get("uniqueItems"):
            return tuple(made)
        unlike: dict[object, None] = {}
        for n, each in enumerate(made):
            if each and each in unlike:
                self.faults.note(f"{path}[{n}]", f"{quoted(each)} is listed twice", "take one out")
            unlike[each] = None
        return tuple(filter(None, unlike))

    def _is_told(self, limits: Meta, text: str, path: str) -> bool:
        """Whether it could be noted which limit the text breaks."""
        told, most = len(self.faults.problems), limits.max_length
        if not text.strip():
            self.faults.note(path, "expected a text, got an empty one", "write a few words")
        elif most and len(text) > most:
            what = f"expected at most {most} characters, got {len(text)}"
            self.faults.note(path, what, "shorten it")
        pattern = re.compile(limits.pattern or "")
        for at, sign in enumerate(text):
            if not (sign.isprintable() or pattern.search(f"x{sign}")):
                what = f"holds the control character U+{ord(sign):04X} at position {at}"
                way = "write it on one line" if sign == "\n" else "take it out"
                self.faults.note(path, what, way)
                break
        return len(self.faults.problems) > told

    def _wrong(self, form: _Form, value: object, path: str) -> None:
        """Note that a value is missing or not what was wanted."""
        hint, wanted, shown = _way(form, path, value), _wanted(form), quoted(value)
        if form.kind is Literal:
            hint = self.faults.near(str(value), form.choices, "")
        if form.kind is tuple and isinstance(value, list) and len(value) == len(form.items):
            shown = f"[{', '.join(map(quoted, value))}]"
        missing = value is _ABSENT
        what = f"missing, expected {wanted}" if missing else f"expected {wanted}, got {shown}"
        self.faults.note(path, what, hint)

    def _empty(self, kind: Any, path: str) -> Any:  # noqa: ANN401
        """A value of the type with nothing in it, and nothing more to say of it."""
        return _Reader(Faults("")).struct(kind, {}, path) if _is_struct(kind) else _EMPTY.get(kind)


def _at(path: str, key: str) -> str:
    return ".".join(filter(None, (path, printable(key))))


# ── The text of a file ────────────────────────────────────────────────────────────────────────


def read_toml(raw: bytes, source: str) -> dict[str, Any]:
    """The file's values; `source` names it in messages.

    Raises PePlanError (BAD_INPUT) where it is too large, not UTF-8 or not TOML.
    """
    place = ""
    try:
        if len(raw) <= LARGEST:
            return tomllib.loads(raw.decode("utf-8-sig"))
        what, hint = f"is larger than {LARGEST // 10**6} MB", "shorten it"
    except UnicodeDecodeError as error:
        place = "line " + str(raw.count(b"\n", 0, error.start) + 1)
        what, hint = f"the byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8"
    except RecursionError:
        what, hint = "brackets stand too deep in each other", "flatten them"
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        said, place = found.groups() if found else (str(error), "")
        what = f"not TOML: {printable(said, _LONGEST)}"
        hint = _impossible_date(raw.decode()) if said.startswith("Invalid date") else ""
        hint = hint or "texts stand in quotes, lists in [ ], and each key once"
    except ValueError:  # Python reads no number of more than 4,300 digits
        what, hint = "a number in it is far too long", "shorten it"
    faults = Faults(source)
    faults.note(place, what, hint)
    raise PePlanError(Exit.BAD_INPUT, faults.problems)


def _impossible_date(text: str) -> str:
    """Which date TOML stumbled over, as it does not say."""
    for match in DATE.finditer(text):
        try:
            read_date(match[0])
        except RefusedError as error:
            return error.what
    return ""
