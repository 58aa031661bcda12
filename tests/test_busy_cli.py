"""Plans around the calendar that somebody has, from `generate --busy` to the next re-plan."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from pe_plan.model import Block, State
from pe_plan.store import decode
from tests.support_calendars import BERLIN, MINUTE, calendar, described, event, timed
from tests.support_cli import contents, ran, refused, typed
from tests.support_replan import FIRST_DAY, GENERATE, blocks, on, said, state

CHOIR = timed("20260106T193000", "20260106T210000", "RRULE:FREQ=WEEKLY", uid="choir")
TOUR = event("DTSTART;VALUE=DATE:20260316", "DTEND;VALUE=DATE:20260323", uid="tour")
LIFE = calendar(CHOIR, TOUR, timed("20260110T101000", "20260110T104700"))
BROKEN = event("DTSTART:soon", uid="broken")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a calendar: choir on Tuesdays, a week on tour, something on a Saturday."""
    (tmp_path / "life.ics").write_bytes(LIFE)
    return tmp_path


def made(*words: str, folder: Path) -> str:
    """What `generate` says, each fact on one line."""
    out = said(FIRST_DAY, *GENERATE, *words, folder=folder).out
    return re.sub(r"\n +", " ", out)


def fact(out: str, label: str) -> str:
    """What is said under that label, "" where nothing is."""
    found = re.search(rf"^{label} +(.*)", out, re.MULTILINE)
    return found[1] if found else ""


def meet(found: Iterable[Block], start: datetime, end: datetime) -> list[Block]:
    return [block for block in found if block.start < end and start < block.end]


def berlin(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=BERLIN)  # type: ignore[arg-type,misc]


# ── A first plan ──────────────────────────────────────────────────────────────────────────────
def test_no_block_stands_where_another_calendar_has_something(folder):
    out = made("--busy", "life.ics", folder=folder)
    found = blocks(folder).values()
    for week in range(60):
        evening = berlin(2026, 1, 6, 19, 30) + timedelta(weeks=week)
        assert not meet(found, evening, evening + 90 * MINUTE)
    assert not meet(found, berlin(2026, 3, 16), berlin(2026, 3, 23))
    saturday = meet(found, berlin(2026, 1, 10), berlin(2026, 1, 11))
    assert [(f"{b.start.astimezone(BERLIN):%H:%M}", b.minutes) for b in saturday] == [
        ("09:00", 70),
        ("10:50", 130),
    ]
    assert re.search(r"\boff 11\b", fact(out, "Weeks"))
    plan, learner = state(folder).plan, state(folder).profile
    weeks = (plan.finish - learner.start).days // 7 + 1
    taken = 90 * (weeks - 1) + 12 * 60 + 37  # the tour has an evening of choir in it
    assert fact(out, "Busy") == (
        f"{round(taken / 15) / 4:g} h of your windows are taken by 1 calendar; "
        "only their times are kept"
    )


def test_titles_are_nowhere_in_what_is_written(folder):
    assert b"Dr. Secret" in LIFE
    made("--busy", "life.ics", "--format", "md,ics,json", folder=folder)
    for name, content in contents(folder / "study-plan").items():
        assert b"Secret" not in (content or b""), name


def test_what_was_asked_of_the_calendars_is_remembered_and_told(folder):
    flags = ("--busy-margin", "15", "--ignore-all-day", "--lenient", "--free")
    out = made("--busy", "life.ics", *flags, folder=folder)
    learner = state(folder).profile
    assert learner.calendars == (str(folder / "life.ics"),)
    assert (learner.busy_margin, learner.ignore_all_day, learner.lenient) == (15, True, True)
    assert learner.busy[0] == (berlin(2026, 1, 6, 19, 15), berlin(2026, 1, 6, 21, 15))
    assert all(end - start < timedelta(days=1) for start, end in learner.busy)
    assert ", with 15 min beside each event, events of whole days aside; " in fact(out, "Busy")
    assert fact(out, "Free") == "your blocks show as free time in the calendar"
    events = (folder / "study-plan/plan.ics").read_text("utf-8")
    assert events.count("TRANSP:TRANSPARENT") == events.count("BEGIN:VEVENT") > 0


def test_who_names_none_hears_nothing_of_it(folder):
    out = made(folder=folder)
    assert (fact(out, "Busy"), fact(out, "Free")) == ("", "")
    assert "TRANSPARENT" not in (folder / "study-plan/plan.ics").read_text("utf-8")


def test_a_calendar_without_anything_in_the_way_changes_no_block(folder):
    (folder / "early.ics").write_bytes(
        calendar(timed("20260105T060000", "20260105T190000", "RRULE:FREQ=DAILY"))
    )
    made(folder=folder)
    alone = blocks(folder)
    out = made("--busy", "early.ics", "--when", "mon-thu 19:00-21:00", "--when", "sat 19:00-23:00",
               "--dry-run", folder=folder)  # fmt: skip
    assert fact(out, "Busy").startswith("none of your windows is taken by 1 calendar; ")
    made("--busy", "early.ics", "--when", "mon-thu 19:00-21:00", "--when", "sat 18:00-22:00",
         "--force", folder=folder)  # fmt: skip
    assert [b.minutes for b in alone.values()][:5] == [120, 120, 120, 120, 240]
    assert [b.minutes for b in blocks(folder).values()][:5] == [120, 120, 120, 120, 180]


def test_files_zips_and_folders_are_one_life(folder):
    with ZipFile(folder / "google.zip", "w") as archive:
        archive.writestr("me@example.org.ics", calendar(CHOIR))
    (folder / "khal/work").mkdir(parents=True)
    (folder / "khal/work/tour.ics").write_bytes(calendar(TOUR))
    together = made("--busy", "life.ics", "--dry-run", folder=folder)
    apart = made("--busy", "google.zip", "--busy", "khal", "--busy", "life.ics", folder=folder)
    assert "taken by 3 calendars" in fact(apart, "Busy")
    assert fact(apart, "Busy") == fact(together, "Busy").replace("1 calendar", "3 calendars")
    assert fact(apart, "Finish") == fact(together, "Finish")


def test_a_profile_file_says_it_too_from_where_it_lies(folder):
    (folder / "me").mkdir()
    (folder / "me/me.toml").write_text(
        'busy = ["../life.ics", "~/home.ics"]\nbusy-margin = 10\nfree = true\nlenient = true\n'
    )
    (folder / "home.ics").write_bytes(calendar(BROKEN))
    words = (*GENERATE, "--profile", "me/me.toml", "--busy", "more.ics", "--no-free")
    done = ran(*words, folder=folder, around=on(FIRST_DAY), HOME=str(folder))
    assert done.err == f"{folder}/more.ics: there is no such file\n"
    (folder / "more.ics").write_bytes(calendar())
    done = ran(*words, folder=folder, around=on(FIRST_DAY), HOME=str(folder))
    assert (done.code, done.err) == (0, "")
    learner = state(folder).profile
    places = (f"{folder}/me/../life.ics", f"{folder}/home.ics", f"{folder}/more.ics")
    assert (learner.calendars, learner.busy_margin, learner.free) == (places, 10, False)
    note = fact(re.sub(r"\n +", " ", done.out), "Note")
    assert note.startswith("1 event of your calendars left out, as broken: ")
    assert "home.ics: event broken: its start (DTSTART)" in note


def test_another_plan_is_in_the_way_and_this_one_never(folder):
    made(folder=folder)
    first = blocks(folder).values()
    made("--busy", "study-plan/plan.ics", "--plan", "other", "--overrun", folder=folder)
    other = decode((folder / "other/state.json").read_bytes(), State, "x").plan
    assert other.blocks
    assert not any(meet(first, block.start, block.end) for block in other.blocks)
    out = made("--busy", "study-plan/plan.ics", "--force", folder=folder)
    assert fact(out, "Busy").startswith("none of your windows is taken by 1 calendar")
    assert [b.start for b in blocks(folder).values()] == [b.start for b in first]


def test_what_force_does_not_remember_is_said(folder):
    made("--busy", "life.ics", "--busy-margin", "5", "--free", folder=folder)
    out = made("--force", folder=folder)
    assert fact(out, "Note") == (
        "unlike in the plan before: the busy calendars, the busy margin and whether blocks show as "
        "free time"
    )
    assert state(folder).profile.busy == ()


def test_odd_zones_are_the_learner_s_clock(folder):
    outlook = described("W. Europe") + timed("20260107T190000", "20260107T200000", zone="W. Europe")
    tokyo = timed("20260109T031500", "20260109T044500", zone="Asia/Tokyo")
    floating = event("DTSTART:20260105T200000", "DURATION:PT1H")
    (folder / "odd.ics").write_bytes(calendar(outlook, tokyo, floating))
    made("--busy", "odd.ics", folder=folder)
    busy = [a.astimezone(BERLIN) for a, _ in state(folder).profile.busy]
    assert [f"{a:%a %H:%M}" for a in busy] == ["Mon 20:00", "Wed 19:00", "Thu 19:15"]


# ── Too little room ───────────────────────────────────────────────────────────────────────────
def test_where_too_little_is_left_there_are_ways_out_and_nothing_is_written(folder):
    most = event("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", uid="work")
    (folder / "work.ics").write_bytes(calendar(most))
    before = contents(folder)
    tried = ran(*GENERATE, "--busy", "work.ics", folder=folder, around=on(FIRST_DAY))
    assert (tried.code, tried.out, contents(folder)) == (6, "", before)
    head, *ways = tried.err.splitlines()
    assert head == ("This does not fit into the roadmap's window. Nothing was written. Ways out:")
    assert [way.split()[0] for way in ways] == ["--hours", "--hours", "--overrun"]
    core = ways[0].split()[1]
    assert core != "12"
    words = [*GENERATE, "--busy", "work.ics"]
    words[words.index("12")] = core
    assert ran(*words, folder=folder, around=on(FIRST_DAY)).code == 0


def test_where_nothing_is_left_there_is_no_plan(folder):
    (folder / "all.ics").write_bytes(
        calendar(event("DTSTART;VALUE=DATE:20250101", "RRULE:FREQ=DAILY", uid="all"))
    )
    before = contents(folder)
    for more in ((), ("--interview", "2026-03-02")):
        tried = ran(*GENERATE, "--busy", "all.ics", *more, folder=folder, around=on(FIRST_DAY))
        assert (tried.code, tried.out, contents(folder)) == (6, "", before)
        assert tried.err.startswith("This does not fit")
    out = made("--busy", "all.ics", "--overrun", folder=folder)
    assert fact(out, "Busy").endswith("; what comes after Sunday 7 January 2029 is not read")


# ── What cannot be read ───────────────────────────────────────────────────────────────────────
def test_everything_wrong_is_told_in_one_go(folder):
    (folder / "broken.ics").write_bytes(calendar(BROKEN))
    (folder / "me.toml").write_text('busy = ["gone.ics", 7]\n')
    lines = refused(
        *("generate", "--hours", "ten", "--busy", "nowhere.ics", "--busy", "broken.ics"),
        *("--busy", "https://example.org/me.ics", "--busy", "", "--busy-margin", "1.5"),
        *("--profile", "me.toml", "--format", "pdf"),
        folder=folder,
    )
    assert [line.partition("; ")[0] for line in lines] == [
        "--format: unknown format 'pdf'",
        "--hours: expected a number of hours like 12 or 7.5, got 'ten'",
        "--busy: 'https://example.org/me.ics' is an address, and pe-plan never goes online",
        "--busy: expected the path of a calendar, got ''",
        "--busy-margin: expected whole minutes from 0 to 240, got '1.5'",
        "me.toml: busy[1]: expected the path of a calendar, got 7",
        f"{folder}/gone.ics: there is no such file",
        f"{folder}/nowhere.ics: there is no such file",
        f"{folder}/broken.ics: event broken: its start (DTSTART): 'soon' is no date and no time",
    ]


@pytest.mark.parametrize(
    "kind", ["nothing", "a pipe", "links", "text", "an empty folder", "a device"]
)
def test_what_is_no_calendar_is_refused_without_waiting_for_it(kind, tmp_path):
    odd = tmp_path / "odd"
    {
        "nothing": lambda: None,
        "a pipe": partial(os.mkfifo, odd),
        "links": partial(odd.symlink_to, odd),
        "text": partial(odd.write_text, "hello"),
        "an empty folder": odd.mkdir,
        "a device": partial(odd.symlink_to, "/dev/zero"),
    }[kind]()
    names = sorted(tmp_path.iterdir())
    tried = typed(*GENERATE, "--busy", "odd", folder=tmp_path)
    assert (tried.code, tried.out, sorted(tmp_path.iterdir())) == (3, "", names)
    (line,) = tried.err.splitlines()
    assert line.startswith(f"{odd}: ")


def test_a_folder_whose_name_is_no_utf8_can_have_no_calendar_to_remember(tmp_path):
    odd = tmp_path / os.fsdecode(b"a\xff")
    odd.mkdir()
    (odd / "life.ics").write_bytes(LIFE)
    tried = typed(*GENERATE, "--busy", "life.ics", folder=odd)
    assert (tried.code, tried.out) == (3, "")
    assert "cannot be remembered, as this path is no UTF-8" in tried.err
    tried = typed(*GENERATE, "--busy", b"\xff.ics", folder=tmp_path)
    assert (tried.code, tried.out) == (3, "")
    assert "Traceback" not in tried.err


# ── And again ─────────────────────────────────────────────────────────────────────────────────
def again(*words: str, folder: Path, day: str = "2026-01-05") -> str:
    out = said(day, "replan", "--assume", "done", "--yes", *words, folder=folder).out
    return re.sub(r"\n +", " ", out)


def test_a_re_plan_reads_the_same_files_and_finds_nothing_new(folder):
    made("--busy", "life.ics", folder=folder)
    before = contents(folder / "study-plan")
    again(folder=folder)
    assert contents(folder / "study-plan") == before


def test_calendars_are_added_forgotten_and_missed_on_a_re_plan(folder):
    made("--busy", "life.ics", folder=folder)
    (folder / "more.ics").write_bytes(calendar(timed("20260107T190000", "20260107T210000")))
    again("--busy", "more.ics", "--busy", "life.ics", "--busy-margin", "5", folder=folder)
    learner = state(folder).profile
    assert learner.calendars == (f"{folder}/life.ics", f"{folder}/more.ics")
    assert not meet(blocks(folder).values(), berlin(2026, 1, 7), berlin(2026, 1, 8))

    (folder / "more.ics").unlink()
    out = again("--busy-margin", "0", folder=folder)
    told = "cannot be opened any more: the times taken before still count; --no-busy forgets them"
    assert f"{folder}/more.ics {told}" in out
    assert not meet(blocks(folder).values(), berlin(2026, 1, 7), berlin(2026, 1, 8))

    again("--no-busy", folder=folder)
    learner = state(folder).profile
    assert (learner.calendars, learner.busy) == ((), ())


def test_a_calendar_that_breaks_changes_nothing(folder):
    made("--busy", "life.ics", folder=folder)
    (folder / "life.ics").write_bytes(calendar(CHOIR, BROKEN))
    before = contents(folder)
    tried = ran("replan", "--yes", folder=folder, around=on("2026-01-05"))
    assert (tried.code, tried.out, contents(folder)) == (3, "", before)
    assert "event broken" in tried.err


def test_begun_again_the_calendars_are_read_from_the_new_start_on(folder):
    made("--busy", "life.ics", folder=folder)
    again("--restart", "--start", "2026-03-09", folder=folder)
    learner = state(folder).profile
    assert learner.start == date(2026, 3, 9)
    assert learner.busy[0][0] == berlin(2026, 3, 10, 19, 30)
    assert learner.zone == ZoneInfo("Europe/Berlin")
