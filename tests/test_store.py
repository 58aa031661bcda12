"""state.json keeps any state exactly; damage to it is told with its place, never a traceback."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError
from msgspec.structs import replace

from pe_plan.errors import Exit, PePlanError
from pe_plan.inputs.roadmap import read_roadmap
from pe_plan.model import Pin, State
from pe_plan.store import (
    HISTORY,
    MOST_KEPT,
    decode,
    encode,
    kept_roadmap,
    outdated,
    read,
    read_before,
    write,
)
from pe_plan.store import read_roadmap as read_kept_roadmap
from tests.support_child import with_memory
from tests.support_cli import complaints
from tests.support_folder import NEW, OLD, forks, linux, rewrite
from tests.support_roadmap import SMALL
from tests.support_states import instants, states, texts
from tests.support_store import (
    EVENING,
    STARTS,
    accepted,
    among_others,
    block,
    lasting,
    record,
    session,
    state,
)

PLAIN, AMONG = encode(state()), encode(among_others())
ROADMAP = kept_roadmap(read_roadmap(SMALL.encode(), "small"))


def told(raw: bytes) -> State:
    return decode(raw, State, "state.json")


def unreadable(place: Path) -> str:
    """What is said of a folder whose state cannot be read."""
    return "\n".join(complaints(lambda: read(place), Exit.STATE))


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[bytes], str]:
    """What is said of a damaged file, the folder's name left out."""

    def said(raw: bytes) -> str:
        (tmp_path / "state.json").write_bytes(raw)
        return unreadable(tmp_path).replace(f"{tmp_path}/", "")

    return said


# ── The round trip ────────────────────────────────────────────────────────────────────────────
@given(states)
def test_any_state_comes_back_as_it_was_and_gives_the_same_bytes(any_state):
    raw = encode(any_state)
    assert told(raw) == any_state
    assert encode(told(raw)) == raw


@given(texts | st.text())
def test_a_text_may_say_anything_that_a_file_can_hold(text):
    log = (record(2, "mock", round="coding", score=3, note=text),)
    profile = replace(state().profile, calendars=(text,))
    noted = replace(state(), profile=profile, log=log, accepted=(accepted(1, reason=text),))
    assert told(encode(noted)) == noted


def test_neither_the_order_of_skills_nor_a_mark_of_an_editor_counts():
    skills = dict(reversed(state().profile.skills.items()))
    assert encode(replace(state(), profile=replace(state().profile, skills=skills))) == PLAIN
    assert told(b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n")) == state()


def test_a_person_can_read_and_compare_it():
    lines = PLAIN.decode().splitlines()
    assert lines[:2] == ["{", ' "schema": 4,']
    for line in (
        '    "title": "TCP/IP stack: practise 3",',
        '      "start": "2026-01-05T18:00:00Z",',
        '    "depth": "937/1000",',
        '   "kind": "undo",',
        '   "undone": 4',
    ):
        assert line in lines
    assert "interview" not in PLAIN.decode(), "what is not said is not written"


def test_another_length_of_one_block_is_a_difference_of_a_line():
    plan = state().plan
    longer = replace(plan, weeks=(replace(plan.weeks[0], capacity=600),))
    pairs = zip(PLAIN.splitlines(), encode(replace(state(), plan=longer)).splitlines(), strict=True)
    assert sum(was != now for was, now in pairs) == 1


# ── States that cannot be ─────────────────────────────────────────────────────────────────────
def later(**changed: object) -> State:
    """The state with other values of its plan."""
    return replace(state(), plan=replace(state().plan, **changed))


def busy(**changed: object) -> State:
    known = among_others()
    return replace(known, profile=replace(known.profile, **changed))


def with_log(*lines: Any) -> State:
    return replace(state(), log=lines)


LATE = session("late", 105, start=block(0).start + timedelta(minutes=20))
GAP = replace(block(0), sessions=(block(0).sessions[0], LATE))
FIRST, SECOND = among_others().plan.blocks
ELSEWHERE = Pin(uid=SECOND.uid, start=EVENING, minutes=120, home=EVENING, home_minutes=60)
IMPOSSIBLE = [
    (later(blocks=(block(1), block(1))), "plan.blocks: 'b-1@pe-plan.invalid' stands there 2 times"),
    (later(blocks=(replace(block(1), minutes=125),)), "of 'b-1@pe-plan.invalid' do not fill it"),
    (later(blocks=(GAP,)), "do not fill it exactly"),
    (later(blocks=(replace(GAP, sessions=()),)), "do not fill it exactly"),
    (later(blocks=(replace(block(1), title="\x1b[2J"),)), "holds what no terminal shows"),
    (later(early=(session("boot.learn.0", 30),)), "plan.early: 'boot.learn.0' stands there 2"),
    (later(topics=()), "plan.blocks: 'boot.review.0': the plan has no topic 'boot'"),
    (
        later(early=(session("x", 30, activity=None),)),
        "plan.early: 'x': to study, it needs a topic and an activity",
    ),
    (later(weeks=()), "plan.weeks: there is no week"),
    (later(weeks=(state().plan.weeks[0],) * 2), "the weeks are not numbered from 1 to 2"),
    (
        later(weeks=(state().plan.weeks[0], replace(state().plan.weeks[0], n=2))),
        "plan.weeks: the weeks do not follow one another",
    ),
    (later(finish=date(1, 1, 1)), "plan: 0001-01-01 lies beyond the calendar"),
    (replace(state(), ledger=state().ledger * 2), "ledger: 'b-0@pe-plan.invalid' stands there 2"),
    (busy(timezone="Mars/Base"), "profile.timezone: no time zone is called 'Mars/Base'"),
    (busy(timezone="../../etc"), "profile.timezone: no time zone is called '../../etc'"),
    (busy(abroad=((STARTS, "Nowhere"),)), "profile.abroad[0]: no time zone is called 'Nowhere'"),
    (
        busy(abroad=((STARTS, "UTC"), (STARTS - timedelta(1), "UTC"))),
        "profile.abroad: the days do not stand in order",
    ),
    (busy(busy=(lasting(EVENING, 0),)), "profile.busy: the stretch from 2026-01-05T18:00:00+00:00"),
    (busy(busy=(lasting(EVENING.replace(year=1), 9),)), "profile.busy: 0001-01-05T18:00:00+00:00"),
    (
        busy(dropped=(lasting(EVENING, 60), lasting(EVENING, 60))),
        "profile.dropped: the stretch from 2026-01-05T18:00:00+00:00 does not come after the one",
    ),
    (busy(pins=(ELSEWHERE, ELSEWHERE)), "profile.pins: 'b-1@pe-plan.invalid' stands there 2 times"),
    (busy(pins=()), "plan.blocks: 'b-1@pe-plan.invalid' is pinned, yet not in profile.pins"),
    (busy(pins=(ELSEWHERE,)), "'b-1@pe-plan.invalid' does not stand where profile.pins has it"),
    (with_log(*state().log[::-1]), "log: the numbers of the changes do not rise from 1"),
    (with_log(record(2, "undo", undone=2)), "log: change 2 takes back change 2, which is no"),
    (with_log(record(2, "done")), "log[0]: a record of kind done lacks its session"),
    (
        with_log(record(2, "done", session="x", topic="boot")),
        "log[0]: a record of kind done says nothing of its topic",
    ),
    (with_log(record(2, "review", topic="boot")), "log[0]: a record of kind review lacks its ans"),
    (with_log(record(2, "mock", round="coding")), "log[0]: a record of kind mock lacks its score"),
    (with_log(record(2, "mastered", topic="x", minutes=5)), "mastered says nothing of its minutes"),
    (replace(state(), accepted=(accepted(1),) * 2), "accepted: 'change 1' stands there 2 times"),
    (replace(state(), accepted=(accepted(0),)), "accepted: the numbers of the changes do not rise"),
]


@pytest.mark.parametrize(("impossible", "said"), IMPOSSIBLE, ids=lambda each: str(each)[:40])
def test_a_state_that_contradicts_itself_is_neither_written_nor_read(
    impossible, said, refusal, monkeypatch
):
    with pytest.raises(ValueError, match="'") as raised:
        encode(impossible)
    assert any(said in f"{path}: {what}" for path, what in raised.value.args[0])
    with monkeypatch.context() as patched:
        patched.setattr("pe_plan.store.folder.contradictions", lambda _: ())
        raw = encode(impossible)
    assert said in refusal(raw)


def test_stretches_may_touch_and_a_pin_may_outlive_its_block():
    touching = (lasting(EVENING, 30), lasting(EVENING + timedelta(minutes=30), 30))
    known = busy(busy=touching, dropped=touching)
    assert told(encode(known)) == known


def test_what_is_over_or_was_worked_on_stays_where_it_took_place():
    day = SECOND.start.date()
    for as_of, status in ((day + timedelta(days=1), "planned"), (day, "done")):
        sessions = tuple(replace(session, status=status) for session in SECOND.sessions)
        moved = busy(pins=(ELSEWHERE,))
        blocks = (FIRST, replace(SECOND, sessions=sessions))
        harmless = replace(moved, plan=replace(moved.plan, as_of=as_of, blocks=blocks))
        assert told(encode(harmless)) == harmless


@given(instants, st.integers(0, 3000))
def test_a_pin_of_any_length_is_kept_or_refused(start, minutes):
    pin = Pin(uid="b-9", start=start, minutes=minutes, home=start, home_minutes=minutes)
    held = busy(pins=(among_others().profile.pins[0], pin))
    if 25 <= minutes <= 1440:
        assert told(encode(held)) == held
    else:
        with pytest.raises(ValidationError, match=r"profile\.pins"):
            encode(held)


# ── Damage ────────────────────────────────────────────────────────────────────────────────────
DAMAGED = [
    ("schema", None, "state.json: schema: "),
    ("schema", 5, "state.json: has schema 5; this pe-plan reads 4; upgrade pe-plan"),
    ("profile.finish_early", 0, "profile.finish_early"),
    ("profile.minutes_per_week", -5, "profile.minutes_per_week"),
    ("profile.start", "soon", "profile.start"),
    ("profile.start", "2026-02-30", "profile.start"),
    ("profile.skills.linux", "so-so", "profile.skills"),
    ("profile.windows.0.weekday", 7, "profile.windows"),
    ("profile.windows.0.end", 1441, "profile.windows"),
    ("profile.busy_margin", 241, "profile.busy_margin"),
    ("profile.busy.0", ["2026-01-05T18:00:00Z"], "profile.busy"),
    ("profile.busy.0.0", "2026-01-05T18:00:00", "profile.busy"),
    ("profile.pins.1.minutes", 20, "profile.pins"),
    ("profile.pins.1.home_minutes", 0, "profile.pins"),
    ("plan.verdict", "outside", "plan.verdict"),
    ("plan.left_out", [3], "plan.left_out"),
    ("plan.topics.0.depth", "937/0", "plan.topics"),
    ("plan.topics.0.depth", "0.937", "plan.topics"),
    ("plan.topics.0.depth", "1e999999999", "plan.topics"),
    ("plan.blocks.0.minutes", "ten", "plan.blocks"),
    ("plan.blocks.0.minutes", 10**30, "plan.blocks"),
    ("plan.blocks.0.sessions.0.kind", "rehearsal", "plan.blocks"),
    ("plan.blocks.0.sessions.0.status", "open", "plan.blocks"),
    ("plan.calender", 1, "plan"),
    ("ledger.1.removed", "gone", "ledger"),
    ("ledger.1.sequence", 2**40, "ledger"),
    ("log.0.kind", "nap", "log"),
    ("log.4.score", 6, "log"),
    ("log.2.answer", "fine", "log"),
    ("accepted.1.begins", 3, "accepted"),
]


def changed(raw: bytes, path: str, value: object) -> bytes:
    """The document with another value at a path."""
    document = at = json.loads(raw)
    *above, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in above:
        at = at[key]
    at[last] = value
    return json.dumps(document).encode() + b"\n"


@pytest.mark.parametrize(("path", "value", "place"), DAMAGED)
def test_damage_is_told_with_its_place(path, value, place, refusal):
    said = refusal(changed(AMONG, path, value))
    assert place in said
    assert said.startswith("state.json: ")
    assert all(len(line) < 300 and line.isprintable() for line in said.splitlines())


def places(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every value in a document, of lists the first alone."""
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value[:1]) if isinstance(value, list) else pairs
    for key, inner in pairs:
        yield (*path, str(key))
        yield from places(inner, (*path, str(key)))


@pytest.mark.parametrize("path", tuple(places(json.loads(AMONG))), ids=".".join)
def test_a_value_of_any_other_type_is_a_problem_and_no_traceback(path, refusal):
    at = json.loads(AMONG)
    for key in path:
        at = at[int(key) if key.isdigit() else key]
    for value in (True, 3, 1.5, "\x1b[2J", ["x"], [["x"]], {}, {"x": 1}):
        if type(at) is not type(value) or (isinstance(at, dict) and value):
            said = refusal(changed(AMONG, ".".join(path), value))
            assert said
            assert said.replace("\n", " ").isprintable()


@given(st.integers(0, len(AMONG)), st.integers(0, 40), st.binary(max_size=6))
def test_no_scratch_in_the_file_is_a_traceback(at, length, scratch):
    with suppress(PePlanError):
        found = told(AMONG[:at] + scratch + AMONG[at + length :])
        with suppress(ValueError):
            assert told(encode(found)) == found


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"\0\n", b"\xff\xfe\n", b"[" * 99_999, b"9" * 9_999, b"[]", b'{"schema": 4}'],
)
def test_what_is_no_plan_at_all(raw, refusal):
    assert refusal(raw).startswith("state.json: ")


def test_no_beginning_of_the_file_passes_for_the_whole():
    for length in range(0, len(PLAIN) - 2, 3):
        with pytest.raises(PePlanError):
            told(PLAIN[:length])


def test_a_merge_that_is_not_resolved_is_told_with_its_line(refusal):
    ours, theirs = b'  "revision": 0,\n', b'  "revision": 3,\n'
    merged = b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> laptop\n"
    raw = PLAIN.replace(ours, merged)
    line = PLAIN[: PLAIN.index(ours)].count(b"\n") + 1
    assert (
        refusal(raw) == f"state.json: line {line}: a merge is not resolved; keep one of its sides"
    )


def test_a_plan_of_an_older_pe_plan_is_named_and_left_alone(tmp_path):
    (tmp_path / "plan.toml").write_bytes(b"schema = 3\n")
    said = unreadable(tmp_path)
    assert said.startswith(f"{tmp_path / 'plan.toml'}: an older pe-plan kept its plan here")
    assert "left as it is" in said
    write(tmp_path, {"state.json": PLAIN})
    assert read(tmp_path) == state()


# ── Files ─────────────────────────────────────────────────────────────────────────────────────
def test_a_folder_called_state(tmp_path):
    (tmp_path / "state.json").mkdir()
    assert unreadable(tmp_path) == f"{tmp_path / 'state.json'}: is not a file; move it away"


@forks
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "state.json")
    assert unreadable(tmp_path) == f"{tmp_path / 'state.json'}: is not a file; move it away"


def sized(place: Path, size: int) -> Path:
    """The folder with a state.json of that size, which takes no room on the disk."""
    with (place / "state.json").open("wb") as file:
        file.truncate(size)
    return place


@linux
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_of_a_huge_file_no_more_is_read_than_a_plan_may_have(tmp_path):
    too_large = f"{tmp_path / 'state.json'}: is larger than 50 MB"
    assert unreadable(sized(tmp_path, 50_000_001)) == too_large
    assert "larger" not in unreadable(sized(tmp_path, 50_000_000))
    sized(tmp_path, 4_000_000_000)
    assert with_memory(200_000_000, lambda: unreadable(tmp_path)) == too_large


def test_the_newest_earlier_state_is_pointed_out(place):
    rewrite(place)
    (place / "state.json").write_bytes(encode(NEW)[:400])
    back = ".history/state-{}.json is an earlier state: copy it over state.json to go back to it"
    assert unreadable(place).endswith(f"; {back.format(7)}")
    (place / HISTORY / "state-12.json").write_bytes(b"")
    (place / HISTORY / "state-99.old").write_bytes(b"")
    assert unreadable(place).endswith(f"; {back.format(12)}")
    for path in (place / HISTORY).iterdir():
        path.unlink()
    assert "earlier state" not in unreadable(place)


def test_what_was_kept_is_read_and_what_was_not_is_not_there(place):
    rewrite(place)
    assert (read(place), read_before(place, 7)) == (NEW, OLD)
    with pytest.raises(PePlanError, match="this earlier plan is no longer there") as raised:
        read_before(place, 8)
    assert raised.value.code is Exit.STATE
    (place / HISTORY / "state-8.json").write_bytes(encode(OLD)[:400])
    with pytest.raises(PePlanError) as raised:
        read_before(place, 8)
    (problem,) = raised.value.problems
    assert (problem.where, problem.hint) == (str(place / HISTORY / "state-8.json"), "")


def test_the_last_fifty_states_are_kept(place):
    assert list(outdated(place)) == []
    (place / HISTORY).mkdir()
    for n in range(2, MOST_KEPT + 4):
        (place / HISTORY / f"state-{n}.json").write_bytes(b"")
    (place / HISTORY / "plan.md.1").write_bytes(b"mine")
    gone = [f"{HISTORY}/state-{n}.json" for n in (2, 3, 4)]
    assert list(outdated(place)) == gone, "with the one that comes there are fifty"


def test_a_roadmap_is_found_by_its_hash_here_or_in_the_history(tmp_path):
    other = kept_roadmap(replace(ROADMAP.roadmap, title="Another"))
    assert other.hash != ROADMAP.hash == kept_roadmap(ROADMAP.roadmap).hash
    kept = {f"{HISTORY}/roadmap-{other.hash}.json": encode(other)}
    write(tmp_path, {"roadmap.json": encode(ROADMAP)} | kept)
    assert read_kept_roadmap(tmp_path, ROADMAP.hash) == ROADMAP.roadmap
    assert read_kept_roadmap(tmp_path, other.hash).title == "Another"
    with pytest.raises(PePlanError, match="the roadmap of this plan is not there"):
        read_kept_roadmap(tmp_path, "0" * 16)
    (tmp_path / "roadmap.json").write_bytes(encode(ROADMAP)[:300])
    with pytest.raises(PePlanError, match=r"roadmap\.json: .*; plan anew with") as raised:
        read_kept_roadmap(tmp_path, ROADMAP.hash)
    assert raised.value.code is Exit.STATE


def test_the_zone_of_an_instant_does_not_count():
    east = timezone(timedelta(hours=1))
    ledger = tuple(replace(one, changed=one.changed.astimezone(east)) for one in state().ledger)
    assert told(encode(replace(state(), ledger=ledger))) == state()
