"""The busy calendars that a learner named: where they are, what of them counts, what is said."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.app.busy import busy_now, last_day, minutes_taken
from pe_plan.model import Days, Profile, Window
from tests import support_documents
from tests.support_calendars import BERLIN, MINUTE, calendar, event, timed, wall
from tests.support_cli import complaints
from tests.support_profile import profile, window

MONDAY = date(2026, 1, 5)
LATER = date(2026, 3, 4)
EVENINGS = profile(start="2026-01-05", when=("mon-thu 19:00-21:00", "sat 09:00-13:00"))
ONCE = timed("20260106T183000", "20260106T193000", uid="once")
WEEKLY = timed("20260105T200000", "20260105T203000", "RRULE:FREQ=WEEKLY;COUNT=20", uid="weekly")
BROKEN = event("DTSTART:soon", uid="broken")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two calendars, in which the test stands."""
    (tmp_path / "once.ics").write_bytes(calendar(ONCE))
    (tmp_path / "weekly.ics").write_bytes(calendar(WEEKLY))
    return tmp_path


def of(folder: Path, *names: str, learner: Profile = EVENINGS, **about: object) -> Profile:
    """The learner, who named these calendars of the folder."""
    paths = tuple(str(folder / name) for name in names)
    return replace(learner, calendars=paths, **about)


def read(
    learner: Profile,
    before: Profile | None = None,
    day: date = MONDAY,
    own: frozenset[str] = frozenset(),
) -> Profile:
    """The learner with busy times, where there is nothing to say of them."""
    found, notes = busy_now(learner, before, own, day)
    assert notes == ()
    return found


def told(learner: Profile, before: Profile | None = None, day: date = MONDAY) -> list[str]:
    return complaints(lambda: busy_now(learner, before, frozenset(), day))


# ── What counts ───────────────────────────────────────────────────────────────────────────────
def test_only_what_takes_time_of_a_window_is_kept(folder):
    """Whole stretches, though, so that other hours find them."""
    (folder / "life.ics").write_bytes(
        calendar(
            timed("20260106T120000", "20260106T190000"),  # until the window begins
            timed("20260107T210000", "20260107T230000"),  # from its end on
            timed("20260109T190000", "20260109T210000"),  # a day without one
            timed("20260108T080000", "20260108T190100"),
            timed("20260109T230000", "20260110T090100"),
            timed("20260102T190000", "20260103T210000"),  # before the plan
            timed("20290106T190000", "20290106T210000"),  # the last day
            timed("20290108T190000", "20290108T210000"),  # after it
        )
    )
    assert wall(*read(of(folder, "life.ics")).busy) == [
        "2026-01-08 08:00 2026-01-08 19:01",
        "2026-01-09 23:00 2026-01-10 09:01",
    ]
    assert last_day(EVENINGS) == date(2029, 1, 7)
    longer = of(folder, "life.ics", interview=date(2029, 1, 8))
    assert [line[:10] for line in wall(*read(longer).busy)][2:] == ["2029-01-08"]


def test_how_they_are_read_is_as_the_learner_said(folder):
    whole = event("DTSTART;VALUE=DATE:20260107", uid="whole")
    (folder / "life.ics").write_bytes(calendar(ONCE, whole))
    assert wall(*read(of(folder, "life.ics", busy_margin=15, ignore_all_day=True)).busy) == [
        "2026-01-06 18:15 2026-01-06 19:45"
    ]
    assert wall(*read(of(folder, "life.ics")).busy) == [
        "2026-01-06 18:30 2026-01-06 19:30",
        "2026-01-07 00:00 2026-01-08 00:00",
    ]
    own = frozenset({"once", "whole"})
    assert (
        read(of(folder, "life.ics", "weekly.ics"), own=own).busy
        == read(of(folder, "weekly.ics")).busy
    )


# ── Where they are ────────────────────────────────────────────────────────────────────────────
def test_a_path_is_kept_from_the_root_on_and_each_place_once(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    (folder / "link.ics").symlink_to("once.ics")
    paths = ("once.ics", "./once.ics", "~/once.ics", "link.ics", f"{folder}/x/../once.ics", "~")
    found = read(replace(EVENINGS, calendars=paths))
    assert found.calendars == (f"{folder}/once.ics", str(folder))
    (folder / "~once.ics").write_bytes(calendar(WEEKLY))
    assert read(replace(EVENINGS, calendars=("./~once.ics",))).calendars == (f"{folder}/~once.ics",)


def test_what_is_no_path_here_is_told_with_the_rest(folder, monkeypatch):
    odd = folder / os.fsdecode(b"\xff")
    odd.mkdir()
    monkeypatch.chdir(odd)
    learner = replace(
        EVENINGS, calendars=("~nobody-of-this-name/a.ics", "b.ics", f"{folder}/no.ics", "/c\0.ics")
    )
    said = told(learner)
    assert said[0] == (
        "~nobody-of-this-name/a.ics: there is no such home folder; write the path from the root on"
    )
    no_utf8 = "cannot be remembered, as this path is no UTF-8; rename what is not"
    assert said[1:] == [
        f"b.ics: {no_utf8}",
        f"/c\\x00.ics: {no_utf8}",
        f"{folder}/no.ics: there is no such file",
    ]


def test_all_that_is_wrong_with_them_is_told_at_once(folder):
    (folder / "broken.ics").write_bytes(calendar(BROKEN))
    (folder / "empty").mkdir()
    said = told(of(folder, "no.ics", "broken.ics", "empty", "once.ics/x"))
    assert said == [
        f"{folder}/no.ics: there is no such file",
        f"{folder}/empty: has no .ics file in it",
        f"{folder}/once.ics/x: cannot be read (Not a directory)",
        (
            f"{folder}/broken.ics: event broken: its start (DTSTART): 'soon' is no date and no "
            "time; mend it, or leave broken events out with --lenient"
        ),
    ]


def test_broken_events_that_are_left_out_are_counted_and_the_first_named(folder):
    def notes(number: int) -> tuple[str, ...]:
        parts = [event("DTSTART:soon", uid=f"{n}") for n in range(number)]
        (folder / "broken.ics").write_bytes(calendar(ONCE, *parts))
        found, notes = busy_now(of(folder, "broken.ics", lenient=True), None, frozenset(), MONDAY)
        assert found.busy == read(of(folder, "once.ics")).busy
        return notes

    assert notes(0) == ()
    (one,) = notes(1)
    assert one.startswith(f"1 event of your calendars left out, as broken: {folder}/broken.ics: ")
    (many,) = notes(1_005)
    assert many.startswith("1,005 events of your calendars left out, as broken: ")
    assert many.count("broken.ics: event ") == 3
    assert many.endswith("; and 1,002 more")
    assert len(many) < 1_000


# ── Again ─────────────────────────────────────────────────────────────────────────────────────
def test_one_that_is_there_but_broken_and_one_that_is_new_and_missing_are_refused(folder):
    before = read(of(folder, "once.ics"))
    (folder / "once.ics").write_bytes(b"BEGIN:VCALENDAR\r\n")
    assert len(told(before, before, LATER)) == 1
    (folder / "once.ics").unlink()
    (folder / "once.ics").mkdir()
    assert told(before, before, LATER) == [f"{folder}/once.ics: has no .ics file in it"]
    (folder / "once.ics").rmdir()
    more = replace(before, calendars=(*before.calendars, f"{folder}/no.ics"))
    assert told(more, before, LATER) == [f"{folder}/no.ics: there is no such file"]


def test_what_was_to_be_forgotten_is_not_known_any_more(folder):
    before = read(of(folder, "once.ics"))
    (folder / "once.ics").unlink()
    forgotten = replace(before, busy=())
    assert told(forgotten, before, LATER) == [f"{folder}/once.ics: there is no such file"]


def test_a_plan_that_begins_anew_knows_nothing_of_the_days_before_it(folder):
    before = read(of(folder, "weekly.ics"))
    begun = replace(before, start=LATER)
    assert read(begun, before, LATER).busy == before.busy[9:]
    (folder / "weekly.ics").unlink()
    found, notes = busy_now(begun, before, frozenset(), LATER)
    assert (found.busy, len(notes)) == (before.busy[9:], 1)


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────
starts = st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)
events = st.lists(st.tuples(starts, st.integers(1, 3 * 24 * 60)), max_size=8)


def written(folder: Path, found: list[tuple[datetime, int]]) -> Profile:
    parts = [
        timed(f"{a:%Y%m%dT%H%M%S}", f"{a + n * MINUTE:%Y%m%dT%H%M%S}", uid=str(k))
        for k, (a, n) in enumerate(found)
    ]
    (folder / "a.ics").write_bytes(calendar(*parts))
    return of(folder, "a.ics")


@given(events, st.integers(0, 100), st.sampled_from([0, 7, 60]))
def test_the_same_files_say_the_same_on_any_day(found, days, margin):
    with TemporaryDirectory() as place:
        learner = written(Path(place), found)
        first = read(replace(learner, busy_margin=margin))
        assert read(first, first, MONDAY + timedelta(days=days)) == first


@given(events, events, st.integers(0, 100))
def test_whatever_changes_the_days_before_stay_and_the_others_are_as_if_read_anew(old, new, days):
    day = MONDAY + timedelta(days=days)
    then = datetime.combine(day, datetime.min.time(), BERLIN).astimezone(UTC)
    with TemporaryDirectory() as place:
        before = read(written(Path(place), old))
        learner = written(Path(place), new)
        after, anew = read(before, before, day), read(learner)
    assert cut(after, None, then) == cut(before, None, then)
    assert cut(after, then, None) == cut(anew, then, None)


def cut(learner: Profile, since: datetime | None, until: datetime | None) -> list[object]:
    ends = ((max(a, since or a), min(b, until or b)) for a, b in learner.busy)
    return [(a, b) for a, b in ends if a < b]


@given(events, st.integers(0, 30), st.booleans())
def test_the_minutes_taken_are_those_that_a_walk_through_the_weeks_meets(found, days, off):
    plan = replace(
        support_documents.state().plan,
        windows=(window(0, 19, 21), window(6, 1, 4), Window(weekday=2, start=1400, end=1440)),
        finish=MONDAY + timedelta(days=days),
    )
    away = (Days(first=date(2026, 1, 12), last=date(2026, 1, 14)),) if off else ()
    with TemporaryDirectory() as place:
        busy = read(replace(written(Path(place), found), windows=plan.windows)).busy
    learner = replace(EVENINGS, days_off=away, busy=busy)
    met = 0
    moment = datetime(2026, 1, 4, 23, tzinfo=UTC)
    while (local := moment.astimezone(BERLIN)).date() <= plan.finish:
        minute = local.hour * 60 + local.minute
        met += (
            any(w.weekday == local.weekday() and w.start <= minute < w.end for w in plan.windows)
            and any(a <= moment < b for a, b in busy)
            and not any(local.date() in days for days in away)
        )
        moment += MINUTE
    assert minutes_taken(plan, learner) == met
