"""What a screen is made of, however it is shown.

Named tuples, not dataclasses: five of these cost `today` a thirtieth of its time.
"""

from __future__ import annotations

from msgspec import Struct


class Heading(Struct, frozen=True, kw_only=True):
    """A line that says what follows."""

    text: str


class Table(Struct, frozen=True, kw_only=True):
    """Rows under column titles; columns whose title starts with ">" are set right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Facts(Struct, frozen=True, kw_only=True):
    """Labels, each with a sentence or two."""

    rows: tuple[tuple[str, str], ...]


class Bars(Struct, frozen=True, kw_only=True):
    """Labels, each with a share from 0 to 1, drawn as a bar where that is possible and told in per
    cent everywhere, and a few words."""

    rows: tuple[tuple[str, float, str], ...]


class Lines(Struct, frozen=True, kw_only=True):
    """Lines that are never broken, such as addresses to click on."""

    rows: tuple[str, ...]


Part = Heading | Table | Facts | Bars | Lines
