"""What reading busy calendars costs, counted: seconds are measured in benchmarks/."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import icalendar
import pytest

from tests.support_calendars import RULES, calls, decade, read

THREE_YEARS = date(2029, 1, 7)
_LOADED = """\
import json, sys
from pathlib import Path
from tests.support_calendars import LAST, LEARNER
from pe_plan.calendars.busy import taken
for name in [name for name in sys.modules if name.startswith("recurring_ical_events")]:
    del sys.modules[name]
print(len(taken([("a.ics", Path(sys.argv[1]).read_bytes())], LEARNER, (), LAST).stretches))
print("recurring_ical_events" in sys.modules)
"""


@pytest.mark.parametrize(("rules", "most"), [(RULES, 1), (("FREQ=DAILY",), 2.5)])
def test_ten_years_are_read_in_about_the_calls_that_icalendar_takes_to_parse_them(rules, most):
    """A tenth of the calendar that the budget of 5 speaks of. Measured: 0.5, and 2.1 where every
    series is a daily one without an end."""
    data = decade(980, 20, rules)
    read(data)  # imports

    ours = calls(lambda: read(data, last=THREE_YEARS))
    assert ours <= most * calls(lambda: icalendar.Calendar.from_ical(data))


@pytest.mark.parametrize(("series", "loads"), [(0, "False"), (1, "True")])
def test_plain_events_are_read_without_the_library_for_series(tmp_path, series, loads):
    (tmp_path / "a.ics").write_bytes(decade(50, series, ("FREQ=WEEKLY",)))
    said = subprocess.run(
        [sys.executable, "-c", _LOADED, str(tmp_path / "a.ics")],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert said.split()[1] == loads
