"""How much of a calendar is read, whoever wrote it. Work is counted before it is done, so that the
worst file ends as soon as a long one."""

from __future__ import annotations

from datetime import timedelta

MOST_EVENTS = 100_000  # of a reading; 27 a day for ten years
MOST_A_DAY = 24  # times that one rule makes of a day
MOST_DATES = 10_000  # that one event or zone names one by one (RDATE, EXDATE)
MOST_LINES = 1_500_000  # of a file that are looked into; an event has about ten
MOST_STEPS = 5_000_000  # of a reading, in days looked at; each takes about a microsecond
MOST_STEPS_OF_ONE = 600_000  # of one event: an hourly one in three years, or a daily one in 800
STEPS_OF_A_TIME = 20  # what it costs to hand a time on, in the same measure
STEPS_OF_A_DATE = 5  # and to read one that is named
LONGEST_REPEATED = timedelta(days=366)  # an event that repeats, and a move of all that follow
LONGEST_VALUE = 1_000  # bytes of what stands alone, as a start does
DEEPEST = 50  # parts inside parts; a calendar that means it has four


class BrokenError(ValueError):
    """What is wrong with an event, or with a whole file, as words that follow its name."""


class TooMuchError(BrokenError):
    """More than is read, even where broken events are passed over."""


class Steps:
    """The work that may still be done: for a whole reading, and for the event at hand."""

    def __init__(self) -> None:
        self._left = MOST_STEPS
        self._left_of_one = MOST_STEPS_OF_ONE

    def begin(self) -> None:
        """From now on the next event pays."""
        self._left_of_one = MOST_STEPS_OF_ONE

    def spend(self, steps: int) -> None:
        """Take so many. Raises BrokenError where the event has none left, TooMuchError where the
        reading has none."""
        self._left -= steps
        self._left_of_one -= steps
        if self._left < 0:
            raise TooMuchError(
                f"holds events that repeat more often than is read (over {MOST_STEPS:,} steps)"
            )
        if self._left_of_one < 0:
            raise BrokenError(
                f"repeats too often, or began too long ago (over {MOST_STEPS_OF_ONE:,} steps)"
            )
