"""What a screen is made of, however it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that says what follows."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under column titles; columns whose title starts with ">" are set right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels, each with a sentence or two."""

    rows: tuple[tuple[str, str], ...]


Part = Heading | Table | Facts
