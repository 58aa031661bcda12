"""The same lives as a learner types them: generate, mark, re-plan, undo, begin again, in any order;
what the folder then holds, and what calendars are told."""

from __future__ import annotations

import re
import shlex
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from shutil import rmtree

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pe_plan import store
from pe_plan.app.context import Circumstances
from pe_plan.model import State
from tests.support_cli import Ran, ran

START = date(2026, 1, 5)
FINE, DOES_NOT_FIT = 0, 6
CHANGES = (
    *("", "", "--hours 9", "--hours 15", "--skill linux=solid", "--tz America/New_York"),
    *("--finish-early", "--when 'mon,wed 20:00-22:00' --when 'sun 10:00-14:00'"),
)


class Commands(RuleBasedStateMachine):
    """A folder, the day, and what the calendar was told so far."""

    @initialize(hours=st.sampled_from(("6", "12", "20")))
    def generate(self, hours):
        self.folder = Path(tempfile.mkdtemp())
        self.today, self.told, self.log = START, {}, ()
        assert self.type("generate", "--start", str(START), "--hours", hours).code == FINE

    def teardown(self):
        if hasattr(self, "folder"):
            rmtree(self.folder)

    def type(self, *words: str) -> Ran:
        now = datetime.combine(self.today, time(20), UTC)
        around = Circumstances(now=now, zone="Europe/Berlin", fresh_id="a-plan")
        return ran(*words, folder=self.folder, around=around)

    @property
    def state(self) -> State:
        return store.read(self.folder / "study-plan")

    # ── What may be typed ─────────────────────────────────────────────────────────────────────

    @rule(days=st.integers(1, 30))
    def days_go_by(self, days):
        self.today += timedelta(days=days)

    @rule()
    def mark_today(self):
        assert self.type("done").code == FINE

    @rule(back=st.integers(0, 20))
    def mark_all_until(self, back):
        until = max(self.today - timedelta(days=back), START)
        assert self.type("done", "--all-until", str(until)).code == FINE

    @rule(topic=st.sampled_from(("dns", "leetcode", "procfs", "stories")))
    def mark_a_topic(self, topic):
        assert self.type("done", topic).code in (FINE, 3)

    @rule(score=st.integers(1, 5))
    def keep_a_score(self, score):
        assert self.type("mock", "coding", str(score), "--note", "übung | ''' # \\x41").code == FINE

    @rule(change=st.sampled_from(CHANGES))
    def replan(self, change):
        told = self.type("replan", "--assume", "missed", "--yes", *shlex.split(change))
        assert told.code in (FINE, DOES_NOT_FIT), told.err

    @rule(ahead=st.integers(1, 60), length=st.sampled_from((0, 6)))
    def replan_with_days_off(self, ahead, length):
        first = self.today + timedelta(days=ahead)
        off = f"{first}..{first + timedelta(days=length)}"
        told = self.type("replan", "--assume", "done", "--yes", "--off", off)
        assert told.code in (FINE, DOES_NOT_FIT), told.err

    @rule()
    def replan_and_take_it_back(self):
        before = self.state
        told = self.type("replan", "--assume", "missed", "--yes", "--hours", "11")
        if told.code == FINE and "Nothing to change" not in told.out:
            self._published()
            assert self.type("undo").code == FINE
            back = self.state
            assert back.profile == before.profile
            assert _without_uids(back) == _without_uids(before)

    @rule()
    def undo(self):
        assert self.type("undo").code == FINE

    @rule()
    def begin_again(self):
        told = self.type("replan", "--restart", "--start", str(self.today), "--yes")
        assert told.code in (FINE, DOES_NOT_FIT), told.err

    # ── What then holds ───────────────────────────────────────────────────────────────────────

    @precondition(lambda self: hasattr(self, "folder"))
    @invariant()
    def the_folder_is_whole(self):
        self._published()
        state = self.state
        lines = (*state.log, *state.accepted)
        assert set(self.log) <= set(lines)
        self.log = lines
        page = (self.folder / "study-plan/plan.ics").read_bytes()
        assert self.type("export", "ics").out.encode() == page

    def _published(self):
        """The calendar holds the plan's blocks; no uid comes back, and SEQUENCE rises by one on
        events whose content has changed, and on no others."""
        shown = _events(self.folder / "study-plan/plan.ics")
        assert set(shown) == {block.uid for block in self.state.plan.blocks}
        for uid, (sequence, content) in shown.items():
            if uid in self.told:
                before, was = self.told[uid]
                assert sequence == before + (content != was), uid
                assert was is not None, "a uid that was removed is back"
            else:
                assert sequence == 0
        gone = {uid: (sequence, None) for uid, (sequence, _) in self.told.items()}
        self.told = gone | shown


def _events(path: Path) -> dict[str, tuple[int, str]]:
    """uid -> SEQUENCE and everything else but the stamps, as it stands in the file."""
    found = {}
    for text in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", path.read_bytes().decode(), re.DOTALL):
        fields = dict(re.findall(r"^(UID|SEQUENCE):(.*)\r$", text, re.MULTILINE))
        stamps = r"^(SEQUENCE|DTSTAMP|LAST-MODIFIED):.*\n"
        assert fields["UID"] not in found
        content = re.sub(stamps, "", text, flags=re.MULTILINE)
        found[fields["UID"]] = (int(fields["SEQUENCE"]), content)
    return found


def _without_uids(state: State) -> list[tuple[object, ...]]:
    return [(b.start, b.minutes, b.title, b.sessions) for b in state.plan.blocks]


Commands.TestCase.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
TestCommands = Commands.TestCase
