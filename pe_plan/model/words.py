"""Words and measures that all of the model uses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Level = Literal["new", "some", "solid", "strong"]
Instant = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=2_000_000_000)]  # calendars count in 32 bits
Minutes = Annotated[int, Meta(ge=0, le=10_000_000)]  # of a whole plan, say
OfDay = Annotated[int, Meta(ge=0, le=24 * 60)]  # minutes of one sitting, or after midnight

LEVELS: tuple[Level, ...] = ("new", "some", "solid", "strong")
STEP = 5  # every length is a multiple of five minutes
SHORTEST = 25  # no session is shorter, reviews and flex aside
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def clock(minutes: int) -> str:
    """Minutes after midnight as 19:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def spoken(minutes: int) -> str:
    """A length as it is said: "6 h", "6 h 30 min", "25 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def few(names: Sequence[str], most: int, between: str = ", ") -> str:
    """A, B and 3 more: the first few of many, and how many there are beside them."""
    more = len(names) - most
    return between.join(names[:most]) + (f" and {more} more" if more > 0 else "")


class Value(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A frozen value of the domain: it is stored as JSON as it stands, defaults left out."""
