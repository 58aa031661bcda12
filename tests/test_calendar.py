"""Events, their ledger and the calendar file, read back by four programs of other people."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.app import Circumstances
from pe_plan.calendars.events import events, plain
from pe_plan.calendars.ics import removed_ics, to_ics
from pe_plan.calendars.ledger import Event, block_uid, fingerprint, publish, vanished
from pe_plan.model import Entry, Plan
from pe_plan.store import decode, encode
from tests.support_calendar import (
    NOW,
    PLAN,
    PLAN_ID,
    PROFILE,
    ROADMAP,
    STARTS,
    block,
    plan,
    session,
    study,
)
from tests.support_cli import ran
from tests.support_programs import give_up, need

EVENTS = events(PLAN, ROADMAP, PROFILE)
LEDGER = publish(EVENTS, (), NOW)
READER = Path(__file__).parent / "calendar"
BEGIN = b"\r\nBEGIN:VEVENT\r\n"
LATER = NOW + timedelta(days=30)


def file_of(shown: tuple[Event, ...] = EVENTS, ledger: tuple[Entry, ...] = LEDGER) -> bytes:
    (data,) = to_ics(shown, ledger, name="A plan; with, marks")
    return data


def event_of(made: Plan, n: int = 0) -> Event:
    return events(made, ROADMAP, PROFILE)[n]


def gist(event: Event) -> tuple[object, ...]:
    end = event.start + timedelta(minutes=event.minutes)
    return event.uid, event.start, end, event.summary, event.description, event.categories


# ── What an event says ────────────────────────────────────────────────────────────────────────


def test_an_event_holds_the_agenda_then_each_topic_once() -> None:
    made = plan(
        block(
            1,
            "Dns: learn",
            session("review", topic="boot", phase="linux", minutes=15),
            study("dns", minutes=45, part=2, parts=7),
            study("dns", "practise", minutes=30, parts=3),
        ),
        block(2, "Dns: prove", study("dns", "prove")),
    )
    assert event_of(made).description == (
        "15 min  Review: Boot\n"
        "45 min  Dns: learn 2\n"
        "30 min  Dns: practise\n"
        "\n"
        "Dns in full\n"
        "Learn: read about dns\n"
        "Practise: build dns\n"
        "Self-check: you can draw dns\n"
        "https://example.org/dns?a=1&b=2\n"
        "\n"
        "Review of Boot: Write down what you remember on a blank page, then look up what was "
        "missing. Self-check: you can draw boot"
    )


def test_an_activity_without_a_session_joins_the_one_before_it() -> None:
    description = event_of(plan(block(1, "Dns", study("dns", "practise")))).description
    assert "Learn: read about dns\nPractise: build dns\nProve: explain dns" in description


@pytest.mark.parametrize(
    ("kind", "fields", "line", "advice"),
    [
        ("mock", {"round": "pe"}, "Mock interview: PE round", "(Linux, networking): Answer aloud"),
        ("mock", {}, "Mock interview", "Answer aloud"),
        ("review", {"phase": "linux"}, "Recall: Linux", "topic by topic"),
        ("warm-up", {}, "Warm-up", "one problem"),
        ("warm-up", {"topic": "dns"}, "Warm-up: Dns", "one problem"),
        ("catch-up", {}, "Catch-up", "Finish what is open"),
        ("flex", {}, "Flex", "Time kept free"),
    ],
)
def test_other_sessions_get_a_line_and_advice(
    kind: str, fields: dict[str, object], line: str, advice: str
) -> None:
    twice = (session(kind, **fields), session(kind, **fields))
    description = event_of(plan(block(1, "x", *twice))).description
    assert description.startswith(f"60 min  {line}\n60 min  {line}\n\n")
    assert description.count(advice) == 1


def test_only_a_block_of_flex_alone_leaves_the_time_free() -> None:
    assert [event.summary for event in EVENTS if event.transparent] == ["Flex"]
    mixed = plan(block(1, "x", study("dns"), session("flex")))
    assert not event_of(mixed).transparent


def test_categories_are_the_phases_of_the_main_kind_and_the_kind() -> None:
    assert [event.categories for event in EVENTS] == [
        ("Networks, wires; and waves", "Study"),
        ("Networks, wires; and waves", "Study"),
        ("Networks, wires; and waves", "Study"),
        ("Mock interview",),
        ("Linux", "Review"),
        ("Flex",),
        ("Catch-up",),
    ]
    two = block(1, "x", study("dns"), study("boot", phase="linux"), session("flex", minutes=90))
    assert event_of(plan(two)).categories == ("Networks, wires; and waves", "Linux", "Study")


@given(n=st.integers(0, 6), days=st.integers(0, 2))
def test_an_event_does_not_change_when_others_are_retitled_moved_or_added(
    n: int, days: int
) -> None:
    old = PLAN.blocks[n]
    other = replace(old, title="Other", start=old.start + timedelta(days=days))
    added = block(6, "More", study("dns", part=9), start=STARTS[6] + timedelta(days=3))
    after = events(plan(*PLAN.blocks[:n], other, *PLAN.blocks[n + 1 :], added), ROADMAP, PROFILE)
    assert after[:n] + after[n + 1 : -1] == EVENTS[:n] + EVENTS[n + 1 :]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>x</script>", "‹script›x‹/script›"),
        ("a < b", "a ‹ b"),
        ("ls | wc > out, R+W>N", "ls | wc > out, R+W>N"),
        ("`&` jobs, AT&T, a && b", "`&` jobs, AT&T, a && b"),
        ("&lt;b&gt; &#35; &#x3c; &copy &amp;lt;", "＆lt;b＆gt; ＆#35; ＆#x3c; ＆copy ＆amp;lt;"),
        ("a\r\nb\rc\u2028d\x85e\x0bf\tg", "a\nb\nc\nd\ne\nf g"),
        ("\x1b[31mred\x00\x7f\x9b\ud800\ufffe", "[31mred"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),  # joiners are spelling
    ],
)
def test_text_is_safe_where_it_is_rendered_as_html(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_opens_a_tag_or_carries_a_control_character(text: str) -> None:
    shown = plain(text)
    assert not re.search("<|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", shown)
    assert plain(shown) == shown
    shown.encode()


# ── The ledger ────────────────────────────────────────────────────────────────────────────────


def titled(uid: str, n: int, title: str) -> Event:
    return Event(
        uid=uid,
        start=STARTS[n],
        minutes=60,
        summary=title,
        description="",
        categories=(),
        transparent=False,
    )


@given(st.lists(st.dictionaries(st.integers(0, 4), st.sampled_from("abc")), max_size=8))
def test_sequence_rises_by_one_exactly_when_an_event_changes(
    calendars: list[dict[int, str]],
) -> None:
    ledger: tuple[Entry, ...] = ()
    live: dict[int, str] = {}
    for step, titles in enumerate(calendars):
        now = NOW + timedelta(days=step)
        retired = {entry.uid for entry in ledger if entry.removed} | {
            uid for n, uid in live.items() if n not in titles
        }
        live = {n: live.get(n) or block_uid(PLAN_ID, STARTS[n], retired) for n in titles}
        shown = [titled(live[n], n, title) for n, title in titles.items()]
        before, ledger = {entry.uid: entry for entry in ledger}, publish(shown, ledger, now)
        after = {entry.uid: entry for entry in ledger}

        assert len(after) == len(ledger)
        assert {uid for uid, entry in after.items() if not entry.removed} == set(live.values())
        for uid, entry in after.items():
            old = before.get(uid)
            if old is None:
                assert (entry.sequence, entry.changed) == (0, now)
            elif (old.fingerprint, old.removed) == (entry.fingerprint, entry.removed):
                assert entry == old
            else:
                assert (entry.sequence, entry.changed) == (old.sequence + 1, now)
        gone = {uid for uid, old in before.items() if not old.removed} - set(live.values())
        assert {entry.uid for entry in vanished(tuple(before.values()), ledger)} == gone
        assert before.keys() <= after.keys()
        assert publish(shown[::-1], ledger, LATER) == ledger


@pytest.mark.parametrize(
    "change",
    [
        {"start": STARTS[3]},
        {"minutes": 65},
        {"summary": "Other"},
        {"description": "other"},
        {"categories": ("a", "b")},
        {"transparent": True},
        {"remind": None},
    ],
)
def test_everything_exported_counts_for_the_fingerprint(change: dict[str, object]) -> None:
    event = replace(EVENTS[1], categories=("a, b",))
    changed = replace(event, **change)  # type: ignore[arg-type]
    assert fingerprint(changed) != fingerprint(event)
    ledger = publish([changed], publish([event], (), NOW), LATER)
    assert [(e.sequence, e.start, e.minutes, e.summary) for e in ledger] == [
        (1, changed.start, changed.minutes, changed.summary)
    ]


def test_a_fingerprint_does_not_depend_on_the_zone_an_instant_is_written_in() -> None:
    event = EVENTS[1]
    elsewhere = replace(event, start=event.start.astimezone(ZoneInfo("Asia/Kolkata")))
    assert fingerprint(elsewhere) == fingerprint(event)


def test_an_instant_of_change_is_in_utc_and_whole_seconds() -> None:
    local = datetime(2026, 1, 2, 9, 30, 0, 999_999, tzinfo=ZoneInfo("Europe/Berlin"))
    (entry,) = publish(EVENTS[:1], (), local)
    assert (entry.changed, entry.changed.tzinfo) == (NOW, UTC)
    with pytest.raises(ValueError, match="time zone"):
        publish(EVENTS, (), NOW.replace(tzinfo=None))


def test_a_removed_uid_does_not_come_back_and_none_occurs_twice() -> None:
    gone = publish((), LEDGER, NOW)
    with pytest.raises(ValueError, match="same uid"):
        publish(EVENTS, gone, LATER)
    with pytest.raises(ValueError, match="two events"):
        publish(EVENTS + EVENTS[:1], (), NOW)


def test_uids_are_stable_and_name_no_one() -> None:
    first = block_uid(PLAN_ID, STARTS[1], ())
    # Written out on purpose: were this to change, every calendar would get its events twice.
    assert first == "f4387c23-e648-5d18-855d-d3ab6e59dd68@pe-plan.invalid"
    assert block_uid(PLAN_ID, STARTS[1].astimezone(ZoneInfo("Asia/Tokyo")), ()) == first
    second = block_uid(PLAN_ID, STARTS[1], {first})
    third = block_uid(PLAN_ID, STARTS[1], {first, second})
    others = {block_uid(PLAN_ID, STARTS[2], ()), block_uid("other plan", STARTS[1], ())}
    assert len({first, second, third} | others) == 5


# ── The file ──────────────────────────────────────────────────────────────────────────────────


def test_lines_are_folded_at_75_octets_without_cutting_characters_or_escapes() -> None:
    data = file_of()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) == 75
    for line, following in zip(lines, [*lines[1:], b""], strict=True):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line.decode())
        escapes_cut = re.sub(rb"\\[\\;,n]", b"", line.removeprefix(b" ")).count(b"\\")
        assert not escapes_cut, (line, following)


@given(st.text(st.sampled_from("\\;,Nn é日👩"), min_size=40, max_size=400))
def test_any_text_survives_the_file(text: str) -> None:
    event = replace(EVENTS[1], summary=text, description=text + "\n" + text, categories=(text,))
    data = file_of((event,), publish([event], (), NOW))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (read,) = icalendar.Calendar.from_ical(data).events
    assert (read["SUMMARY"], read["DESCRIPTION"]) == (text, text + "\n" + text)
    assert list(read.categories) == [text]


def test_icalendar_reads_back_what_was_written() -> None:
    calendar = icalendar.Calendar.from_ical(file_of())
    assert not calendar.errors
    read = {str(event["UID"]): event for event in calendar.events}
    assert len(read) == len(EVENTS)
    for event, entry in zip(EVENTS, LEDGER, strict=True):
        found = read[event.uid]
        assert not found.errors
        assert gist(event) == (
            event.uid,
            found.start,
            found.end,
            str(found["SUMMARY"]),
            str(found["DESCRIPTION"]),
            tuple(found.categories),
        )
        assert found["SEQUENCE"] == entry.sequence
        assert found.stamp == found.last_modified == entry.changed
        assert found["TRANSP"] == ("TRANSPARENT" if event.transparent else "OPAQUE")
        (alarm,) = found.alarms.times
        assert alarm.trigger == event.start - timedelta(minutes=10)


def test_the_calendar_has_the_properties_that_clients_read_and_no_others() -> None:
    unfolded = file_of().replace(b"\r\n ", b"").decode()
    head = unfolded.split(BEGIN.decode())[0].split("\r\n")
    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//pe-plan//pe-plan//EN",
        "CALSCALE:GREGORIAN",
        "NAME:A plan\\; with\\, marks",
        "X-WR-CALNAME:A plan\\; with\\, marks",
        "COLOR:steelblue",
        "LAST-MODIFIED:20260102T083000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    names = set(re.findall(r"^([A-Z-]+)[:;]", unfolded.split(BEGIN.decode(), 1)[1], re.MULTILINE))
    assert names == {
        *("BEGIN", "END", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND"),
        *("SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP", "ACTION", "TRIGGER"),
    }
    assert re.findall(r"DTSTART:(.*)\r", unfolded)[:4] == [
        "19710601T194430Z",
        "20260327T180000Z",
        "20260329T003000Z",
        "20260330T170000Z",
    ]


def test_without_a_reminder_there_is_no_alarm() -> None:
    quiet = events(PLAN, ROADMAP, replace(PROFILE, remind=None))
    assert b"VALARM" not in file_of(quiet, publish(quiet, (), NOW))


def test_the_same_input_gives_the_same_bytes_and_a_change_touches_its_event_only() -> None:
    assert file_of() == file_of(EVENTS, publish(EVENTS, LEDGER, LATER))
    changed = (*EVENTS[:2], replace(EVENTS[2], summary="Other"), *EVENTS[3:])
    data = file_of(changed, publish(changed, LEDGER, LATER))
    old, new = file_of().split(BEGIN), data.split(BEGIN)
    assert [n for n, pair in enumerate(zip(old, new, strict=True)) if len(set(pair)) > 1] == [0, 3]
    assert b"LAST-MODIFIED:20260201T083000Z" in new[0]
    assert b"SEQUENCE:1" in new[3]


def test_removed_events_are_cancelled_in_a_file_of_their_own() -> None:
    gone = publish(EVENTS[2:], LEDGER, LATER)
    (data,) = removed_ics(vanished(LEDGER, gone), name="A plan")
    read = icalendar.Calendar.from_ical(data).events
    assert [(e["UID"], e["STATUS"], e["SEQUENCE"], e["TRANSP"], e["SUMMARY"]) for e in read] == [
        (event.uid, "CANCELLED", 1, "TRANSPARENT", f"[removed] {event.summary}")
        for event in EVENTS[:2]
    ]
    assert [e.start for e in read] == [event.start for event in EVENTS[:2]]
    assert {e.stamp for e in read} == {LATER}


def test_no_empty_calendar_and_none_that_the_ledger_does_not_know() -> None:
    with pytest.raises(ValueError, match="without events"):
        to_ics((), LEDGER, name="x")
    with pytest.raises(ValueError, match="without events"):
        removed_ics((), name="x")
    with pytest.raises(ValueError, match="never published"):
        to_ics(EVENTS, LEDGER[1:], name="x")
    with pytest.raises(ValueError, match="never published"):
        to_ics((replace(EVENTS[0], minutes=65),), LEDGER, name="x")
    with pytest.raises(ValueError, match="only removed"):
        removed_ics(LEDGER, name="x")


def many(count: int, description: str) -> tuple[Event, ...]:
    starts = (STARTS[1] + timedelta(days=day) for day in range(count))
    return tuple(
        replace(EVENTS[1], uid=f"{n}@pe-plan.invalid", start=start, description=description)
        for n, start in enumerate(starts)
    )


@pytest.mark.parametrize(
    ("count", "description", "files"),
    [(1_000, "", 1), (1_001, "", 2), (900, "word " * 80, 1), (1_000, "word " * 180, 2)],
)
def test_a_large_calendar_is_split_into_complete_files(
    count: int, description: str, files: int
) -> None:
    shown = many(count, description.strip())
    parts = to_ics(shown, publish(shown, (), NOW), name="A plan")
    assert len(parts) == files
    assert all(len(part) <= 900_000 for part in parts)
    calendars = [icalendar.Calendar.from_ical(part) for part in parts]
    assert [e.start for calendar in calendars for e in calendar.events] == [e.start for e in shown]
    assert len({part.split(BEGIN)[0] for part in parts}) == 1


# ── The calendar in a folder ──────────────────────────────────────────────────────────────────

THEN = Circumstances(now=NOW, zone="UTC", fresh_id=PLAN_ID)
GENERATE = ("generate", "--start", "2026-03-02", "--tz", "Europe/Berlin", "--force")
SHORT = ("--when", "mon-sun 07:00-07:25", "--when", "mon-sun 12:00-12:25", "--overrun")


def test_a_part_that_a_smaller_calendar_no_longer_has_goes(tmp_path: Path) -> None:
    place = tmp_path / "study-plan"
    assert ran(*GENERATE, *SHORT, "--skill", "all=new", folder=tmp_path, around=THEN).code == 0
    parts = [place / "plan.ics", place / "plan-2.ics"]
    large = [len(icalendar.Calendar.from_ical(part.read_bytes()).events) for part in parts]
    assert large[0] == 1_000
    assert large[1] > 0
    for name in ("plan-3.ics", "plan-notes.ics", "plan-2.ics.txt"):  # the first is no one's
        (place / name).write_bytes(b"mine")

    assert ran(*GENERATE, "--hours", "12", folder=tmp_path, around=THEN).code == 0
    assert sorted(path.name for path in place.glob("plan*.ics*")) == [
        *("plan-2.ics.txt", "plan-notes.ics"),
        *("plan-removed-2.ics", "plan-removed.ics", "plan.ics"),
    ]
    gone = [place / "plan-removed.ics", place / "plan-removed-2.ics"]
    removed = [len(icalendar.Calendar.from_ical(part.read_bytes()).events) for part in gone]
    assert removed[0] == 1_000
    assert removed[1] > 0


def test_an_export_that_words_an_event_anew_is_remembered(tmp_path: Path) -> None:
    assert ran(*GENERATE, "--hours", "12", folder=tmp_path, around=THEN).code == 0
    file = tmp_path / "study-plan" / "plan.toml"
    made = decode(file.read_bytes(), "plan.toml")
    # As if the pe-plan of then had worded the first event otherwise.
    first = replace(made.ledger[0], fingerprint="0123456789abcdef")
    file.write_bytes(earlier := encode(replace(made, ledger=(first, *made.ledger[1:]))))

    def exported(kind: str, days: int) -> bytes:
        around = replace(THEN, now=NOW + timedelta(days=days))
        done = ran("export", kind, folder=tmp_path, around=around)
        assert (done.code, done.err) == (0, "")
        return done.out.encode()

    exported("md", 1)
    assert file.read_bytes() == earlier, "a page tells no calendar anything"
    calendar = exported("ics", 2)
    sequences = {
        str(event["UID"]): (event["SEQUENCE"], event.stamp)
        for event in icalendar.Calendar.from_ical(calendar).events
    }
    raised = {uid: found for uid, found in sequences.items() if found != (0, NOW)}
    assert raised == {first.uid: (1, NOW + timedelta(days=2))}
    assert exported("ics", 3) == calendar, "raised once, not at every export"
    ledger = decode(file.read_bytes(), "plan.toml").ledger
    assert ledger[0] == replace(made.ledger[0], sequence=1, changed=NOW + timedelta(days=2))
    assert ledger[1:] == made.ledger[1:]


# ── Other people's programs ───────────────────────────────────────────────────────────────────


def test_recurring_ical_events_finds_them_on_the_right_days() -> None:
    calendar = icalendar.Calendar.from_ical(file_of())
    found = recurring_ical_events.of(calendar).between((1970, 1, 1), (2027, 1, 1))
    read = {
        (str(e["UID"]), e.start, e.end, str(e["SUMMARY"]), str(e["DESCRIPTION"])) for e in found
    }
    assert read == {gist(event)[:5] for event in EVENTS}
    (late,) = recurring_ical_events.of(calendar).at((2026, 3, 30))
    assert late.start.astimezone(ZoneInfo("Europe/Berlin")).isoformat() == (
        "2026-03-30T19:00:00+02:00"
    )


@pytest.fixture(scope="session")
def ical_js() -> str:
    """Node, with ical.js installed beside the reader."""
    node = need("node", "apt install nodejs npm")
    if not (READER / "node_modules" / "ical.js").is_dir():
        npm = need("npm", "apt install nodejs npm")
        line = [npm, "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(line, cwd=READER, capture_output=True, text=True, check=False)
        if done.returncode:
            give_up(f"ical.js is missing; install it with: (cd tests/calendar && npm ci)\n{done}")
    return node


def test_ical_js_reads_the_same_events(ical_js: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_bytes(file_of())
    line = [ical_js, str(READER / "read.mjs"), str(path)]
    output = subprocess.run(line, capture_output=True, check=True).stdout
    read = json.loads(output)
    assert [
        (
            e["uid"],
            datetime.fromisoformat(e["start"]),
            datetime.fromisoformat(e["end"]),
            e["summary"],
            e["description"],
            tuple(e["categories"]),
        )
        for e in read
    ] == [gist(event) for event in EVENTS]
    assert {(e["sequence"], *e["alarms"]) for e in read} == {(0, "-PT10M")}


class Khal:
    """khal with a calendar, a configuration and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = need("khal", "python -m pip install khal")
        (folder / "config").write_text(
            f"[calendars]\n[[plan]]\npath = {folder / 'plan'}\n"
            f"[sqlite]\npath = {folder / 'khal.db'}\n"
            "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        (folder / "plan").mkdir()

    def __call__(self, *words: str) -> str:
        line = [self.program, "-c", str(self.folder / "config"), *words]
        home = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(line, env=home, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def take(self, data: bytes) -> list[str]:
        """Import a file, then list what khal shows from March to April 2026."""
        (self.folder / "in.ics").write_bytes(data)
        self("import", "--batch", "-a", "plan", str(self.folder / "in.ics"))
        layout = "{start-date} {start-time}-{end-time} {title}"
        shown = self("list", "--day-format", "", "--format", layout, "2026-03-01", "60d")
        return [line for line in shown.splitlines() if line]


def test_khal_imports_replaces_and_never_doubles(tmp_path: Path) -> None:
    khal = Khal(tmp_path)
    first = khal.take(file_of())
    # 19:00 in Berlin on both sides of the switch; 01:30 on its night; the others seen from Berlin.
    assert [line[:22] for line in first] == [
        "2026-03-27 19:00-20:15",
        "2026-03-29 01:30-03:30",
        "2026-03-30 19:00-21:00",
        "2026-04-03 10:00-12:00",
        "2026-04-06 10:30-11:30",
        "2026-04-07 15:45-16:45",
    ]
    assert [line[23:] for line in first] == [event.summary for event in EVENTS[1:]]
    assert khal.take(file_of()) == first

    changed = (*EVENTS[:3], replace(EVENTS[3], summary="Changed"), *EVENTS[4:])
    second = khal.take(file_of(changed, publish(changed, LEDGER, LATER)))
    assert second == [*first[:2], "2026-03-30 19:00-21:00 Changed", *first[3:]]


def test_a_missing_program_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it with: apt install it"):
        need("no-such-program", "apt install it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install it"):
        need("no-such-program", "apt install it")
