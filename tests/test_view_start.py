"""What the commands that look may load: whoever asks for today is not to wait for a library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support_cli import typed
from tests.support_views import planned

NOT_TO_LOOK = {"icalendar", "pydantic", "recurring_ical_events", "rich", "unittest", "asyncio"}
NOT_TODAY = NOT_TO_LOOK | {
    *("fsrs", "dateutil", "tzlocal", "json", "pe_plan.planning", "pe_plan.calendars"),
    *("pe_plan.inputs.roadmap", "pe_plan.app.generate", "pe_plan.documents.markdown"),
}
LOADED = """\
import sys
from pe_plan.cli import main
try:
    main()
finally:
    names = sorted(sys.modules)
    import json
    print(json.dumps(names), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("word", "unwanted"), [("today", NOT_TODAY), ("week", NOT_TODAY), ("status", NOT_TO_LOOK)]
)
def test_a_look_loads_only_what_it_shows(word: str, unwanted: set[str], tmp_path: Path) -> None:
    done = typed(word, "--as-of", "2026-01-07", folder=planned(tmp_path), code=LOADED)
    assert done.code == 0
    modules = set(json.loads(done.err.splitlines()[-1]))
    assert "pe_plan.cli.look" in modules
    assert modules & unwanted == set()
