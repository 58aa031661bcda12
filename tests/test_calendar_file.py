"""The calendar file, read back, and the one in a plan folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.app.context import Circumstances
from pe_plan.app.folder import opened
from pe_plan.calendars.events import events
from pe_plan.calendars.ics import removed_ics, to_ics
from pe_plan.calendars.ledger import Event, publish, vanished
from pe_plan.model import State
from pe_plan.store import decode, encode
from tests.support_calendar import (
    BEGIN,
    EVENTS,
    LATER,
    LEDGER,
    NOW,
    PLAN,
    PLAN_ID,
    PROFILE,
    ROADMAP,
    STARTS,
    file_of,
    gist,
)
from tests.support_cli import ran


def test_lines_are_folded_at_75_octets_without_cutting_characters_or_escapes():
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
def test_any_text_survives_the_file(text):
    event = replace(EVENTS[1], summary=text, description=text + "\n" + text, categories=(text,))
    data = file_of((event,), publish([event], (), NOW))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (read,) = icalendar.Calendar.from_ical(data).events
    assert (read["SUMMARY"], read["DESCRIPTION"]) == (text, text + "\n" + text)
    assert list(read.categories) == [text]


def test_icalendar_reads_back_what_was_written():
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


def test_the_calendar_has_the_properties_that_clients_read_and_no_others():
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


def test_without_a_reminder_there_is_no_alarm():
    quiet = events(PLAN, ROADMAP, replace(PROFILE, remind=None))
    assert b"VALARM" not in file_of(quiet, publish(quiet, (), NOW))


def test_the_same_input_gives_the_same_bytes_and_a_change_touches_its_event_only():
    assert file_of() == file_of(EVENTS, publish(EVENTS, LEDGER, LATER))
    changed = (*EVENTS[:2], replace(EVENTS[2], summary="Other"), *EVENTS[3:])
    data = file_of(changed, publish(changed, LEDGER, LATER))
    old, new = file_of().split(BEGIN), data.split(BEGIN)
    assert [n for n, pair in enumerate(zip(old, new, strict=True)) if len(set(pair)) > 1] == [0, 3]
    assert b"LAST-MODIFIED:20260201T083000Z" in new[0]
    assert b"SEQUENCE:1" in new[3]


def test_removed_events_are_cancelled_in_a_file_of_their_own():
    gone = publish(EVENTS[2:], LEDGER, LATER)
    (data,) = removed_ics(vanished(LEDGER, gone), name="A plan")
    read = icalendar.Calendar.from_ical(data).events
    assert [(e["UID"], e["STATUS"], e["SEQUENCE"], e["TRANSP"], e["SUMMARY"]) for e in read] == [
        (event.uid, "CANCELLED", 1, "TRANSPARENT", f"[removed] {event.summary}")
        for event in EVENTS[:2]
    ]
    assert [e.start for e in read] == [event.start for event in EVENTS[:2]]
    assert {e.stamp for e in read} == {LATER}


def test_no_empty_calendar_and_none_that_the_ledger_does_not_know():
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


def check_parts(parts: Sequence[bytes], shown: Sequence[Event]) -> None:
    """Each is a calendar of its own within both limits; together they have the events in order."""
    calendars = [icalendar.Calendar.from_ical(part) for part in parts]
    for part, calendar in zip(parts, calendars, strict=True):
        assert 1 <= len(calendar.events) <= 1_000
        assert len(part) <= 900_000 or len(calendar.events) == 1
        assert part.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
        assert not calendar.errors
    read = [
        (str(e["UID"]), e.start, e.end, str(e["SUMMARY"]), str(e["DESCRIPTION"]), e.categories)
        for calendar in calendars
        for e in calendar.events
    ]
    assert [(*event[:5], tuple(event[5])) for event in read] == [gist(event) for event in shown]
    assert len({part.split(BEGIN)[0] for part in parts}) == 1


def test_a_file_may_have_900_000_bytes_and_not_one_more():
    def parts(size: int, title: str) -> tuple[bytes, ...]:
        first, second = many(2, "x" * size)
        shown = (first, replace(second, description="", summary=title, remind=None))
        return to_ics(shown, publish(shown, (), NOW), name="A plan")

    lacking = 900_000 - len(parts(800_000, "")[0])
    size = 800_000 + lacking * 74 // 77 - 10  # a line of 77 bytes holds 74
    lacking = 900_000 - len(parts(size, "")[0])
    assert 0 < lacking < 60, "what a title can hold without a further line"
    assert [len(part) for part in parts(size, "x" * lacking)] == [900_000]
    assert len(parts(size, "x" * (lacking + 1))) == 2


@given(st.lists(st.integers(0, 1_100_000), min_size=1, max_size=8))
@settings(max_examples=15)
def test_events_of_any_size_are_split_within_the_limits(sizes):
    sized = zip(many(len(sizes), ""), sizes, strict=True)
    shown = [replace(event, description="x" * size) for event, size in sized]
    check_parts(to_ics(shown, publish(shown, (), NOW), name="A plan"), shown)


THEN = Circumstances(now=NOW, zone="UTC", fresh_id=PLAN_ID)
GENERATE = ("generate", "--start", "2026-03-02", "--tz", "Europe/Berlin", "--force")
SHORT = ("--when", "mon-sun 07:00-07:25", "--when", "mon-sun 12:00-12:25", "--overrun")


def test_a_part_that_a_smaller_calendar_no_longer_has_goes(tmp_path):
    place = tmp_path / "study-plan"
    assert ran(*GENERATE, *SHORT, "--skill", "all=new", folder=tmp_path, around=THEN).code == 0
    made = decode((place / "state.json").read_bytes(), State, "x")
    shown = events(made.plan, opened(place)[1], made.profile)
    assert 1_000 < len(shown) < 2_000
    parts = [(place / name).read_bytes() for name in ("plan.ics", "plan-2.ics")]
    check_parts(parts, shown)
    assert parts[0].count(BEGIN) == 1_000, "as many as one file may have"
    assert ran("export", "ics", "-o", "all.ics", folder=tmp_path, around=THEN).code == 0
    assert [(tmp_path / name).read_bytes() for name in ("all.ics", "all-2.ics")] == parts
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


def test_an_export_that_words_an_event_anew_is_remembered(tmp_path):
    assert ran(*GENERATE, "--hours", "12", folder=tmp_path, around=THEN).code == 0
    file = tmp_path / "study-plan" / "state.json"
    made = decode(file.read_bytes(), State, "x")
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
    ledger = decode(file.read_bytes(), State, "x").ledger
    assert ledger[0] == replace(made.ledger[0], sequence=1, changed=NOW + timedelta(days=2))
    assert ledger[1:] == made.ledger[1:]
