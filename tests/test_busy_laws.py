"""Laws of busy times, over random events and rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from pe_plan.calendars.rules import read_rule, starts
from tests.support_awkward import AWKWARD
from tests.support_calendars import (
    BERLIN,
    DAY,
    MINUTE,
    by_library,
    calendar,
    complaints,
    described,
    event,
    read,
)

HINT = "; mend it, or leave broken events out with --lenient"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")


def some(values: st.SearchStrategy[int] | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(values, min_size=1, max_size=3, unique=True)
    return lists.map(lambda chosen: ",".join(map(str, chosen)))


def near(most: int) -> st.SearchStrategy[int]:
    """Numbers from the front and from the end, small ones rather."""
    return st.integers(-most, most).filter(bool)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule that is read, and of which dateutil makes what RFC 5545 says."""
    frequency = draw(st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")))
    rare, often = st.sampled_from((True, False, False)), st.booleans()
    minutes = st.integers(0, 59)
    by = {
        "BYMONTH": (rare, some(st.integers(1, 12))),
        "BYMONTHDAY": (rare, some(near(31))),
        "BYDAY": (often, _weekdays(frequency)),
        "BYHOUR": (rare, some(st.integers(0, 23))),
        "BYMINUTE": (rare, minutes if frequency == "HOURLY" else some(minutes)),
        "BYSETPOS": (rare, some(near(6))),
        "INTERVAL": (often, st.integers(1, 5) | st.sampled_from((7, 12, 48))),
        "COUNT": (often, st.integers(1, 400)),
        "WKST": (often, st.sampled_from(WEEKDAYS)),
    }
    if frequency == "WEEKLY":
        del by["BYSETPOS"]  # in the first week dateutil counts from the start on, not from Monday
    if frequency in ("YEARLY", "DAILY"):
        by["BYYEARDAY"] = rare, some(near(366))
    if frequency == "YEARLY" and draw(rare):
        by["BYWEEKNO"] = st.just(True), some(near(51))  # noqa: FBT003
        by["BYDAY"] = often, some(st.sampled_from(WEEKDAYS))
    chosen = {name: draw(values) for name, (chance, values) in by.items() if draw(chance)}
    return ";".join(f"{name}={value}" for name, value in ({"FREQ": frequency} | chosen).items())


def _weekdays(frequency: str) -> st.SearchStrategy[str]:
    plain = some(st.sampled_from(WEEKDAYS))
    if frequency not in ("MONTHLY", "YEARLY"):
        return plain
    counted = st.tuples(near(5), st.sampled_from(WEEKDAYS)).map(lambda day: f"{day[0]}{day[1]}")
    return plain | some(counted)


# dateutil looks for a rule that never comes true until the year 9999, so here that is near.
LATE = st.datetimes(datetime(9990, 1, 1), datetime(9996, 6, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(rules(), LATE)
@example("FREQ=YEARLY;BYMONTH=11;BYYEARDAY=3", datetime(9997, 1, 5))  # noqa: DTZ001
def test_rules_come_true_when_dateutil_says(text, start):
    low, high = datetime(9994, 3, 3), datetime(9997, 1, 15)  # noqa: DTZ001
    found = list(starts(read_rule(text, start), low, high, lambda _: None))
    try:
        every = rrulestr(text, dtstart=start)
    except ValueError:  # it sees that some never come true
        assert found == []
    else:
        upto = takewhile(lambda moment: moment <= high, every)
        assert found == [moment for moment in upto if moment >= low]


@given(LATE, st.sampled_from(WEEKDAYS), st.integers(1, 3), some(near(4)), some(st.integers(0, 23)))
def test_places_in_a_week_are_counted_from_its_first_day(start, begins, every, places, hours):
    """dateutil counts those of the first week from the start on."""
    text = f"FREQ=WEEKLY;BYDAY=MO,WE,SU;BYHOUR={hours};INTERVAL={every};WKST={begins}"
    text += f";BYSETPOS={places}"
    week = start - (start.weekday() - WEEKDAYS.index(begins)) % 7 * DAY
    whole = read_rule(text, week.replace(hour=0, minute=start.minute))
    upto = start + 100 * DAY
    found = list(starts(read_rule(text, start), start, upto, lambda _: None))
    assert found == [each for each in starts(whole, start, upto, lambda _: None) if each >= start]


@given(LATE, st.sampled_from(("MONTHLY", "YEARLY", "YEARLY;BYMONTH=3,7")), st.data())
def test_weekdays_that_are_counted_and_others_all_come_true(start, frequency, data):
    """dateutil takes only those that are both."""
    counted = st.builds(lambda n, day: f"{n}{day}", near(60), st.sampled_from(WEEKDAYS))
    days = data.draw(st.lists(counted | st.sampled_from(WEEKDAYS), min_size=1, max_size=4))

    def found(*days: str) -> set[datetime]:
        rule = read_rule(f"FREQ={frequency};BYDAY={','.join(days)}", start)
        return set(starts(rule, start, start + 800 * DAY, lambda _: None))

    assert found(*days) == set[datetime]().union(*map(found, days))


simple = st.builds(
    lambda start, minutes, seconds: (start, start + timedelta(minutes=minutes, seconds=seconds)),
    st.datetimes(datetime(2026, 1, 2), datetime(2026, 2, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0)
    ),
    st.sampled_from((0, 1, 15, 60, 600)) | st.integers(0, 3_000),
    st.sampled_from((0, 0, 1, 59)),
)


def plain(spans: list[tuple[datetime, datetime]]) -> bytes:
    form = "%Y%m%dT%H%M%SZ"
    return calendar(
        *(
            event(f"DTSTART:{start:{form}}", f"DTEND:{end:{form}}", uid=str(n))
            for n, (start, end) in enumerate(spans)
        )
    )


@given(st.lists(simple, max_size=12), st.integers(0, 240))
def test_every_minute_of_an_event_and_its_margin_is_taken_and_no_other(spans, margin):
    low, high = (datetime(2026, 1, day, tzinfo=BERLIN).astimezone(UTC) for day in (5, 26))
    minutes = set()
    for start, end in spans:
        minute = start.replace(second=0) - margin * MINUTE
        while start < end and minute < end + margin * MINUTE:
            minutes.add(minute)
            minute += MINUTE
    taken = read(plain(spans), busy_margin=margin, last=date(2026, 1, 25)).stretches
    assert {start + n * MINUTE for start, end in taken for n in range((end - start) // MINUTE)} == {
        minute for minute in minutes if low <= minute < high
    }
    assert all(each.second == each.microsecond == 0 for both in taken for each in both)
    assert all(low <= start < end <= high for start, end in taken)
    assert all(before[1] < after[0] for before, after in pairwise(taken))
    assert all(each.tzinfo is UTC for both in taken for each in both)


@st.composite
def series(draw: st.DrawFn) -> bytes:
    """A series with dates left out, added, moved, cancelled, shown as free, or moved from one on;
    timed or of whole days, some with summer time in between."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    days = draw(st.booleans())
    begin = draw(st.datetimes(datetime(2025, 11, 1), datetime(2026, 3, 20)))  # noqa: DTZ001
    begin = begin.replace(second=0, microsecond=0)
    every = draw(st.sampled_from((1, 2, 7)))
    times = [begin + n * every * DAY for n in range(-1, 25)]
    length = draw(st.sampled_from((1, 3))) * DAY if days else draw(st.integers(1, 1_600)) * MINUTE

    def line(name: str, *moments: datetime) -> str:
        if days:
            return f"{name};VALUE=DATE:{','.join(f'{each:%Y%m%d}' for each in moments)}"
        written = ",".join(f"{each:%Y%m%dT%H%M%S}" for each in moments)
        return f"{name};TZID={zone.key}:{written}"

    lines = [line("DTSTART", begin), line("DTEND", begin + length)]
    lines += draw(st.sampled_from(([], [f"RRULE:FREQ=DAILY;INTERVAL={every};COUNT=20"])))
    for name in ("EXDATE", "RDATE"):
        if chosen := draw(st.lists(st.sampled_from(times), max_size=3, unique=True)):
            lines.append(line(name, *chosen))
    parts = [event(*lines, uid="s")]
    for moment in draw(st.lists(st.sampled_from(times), max_size=3, unique=True)):
        moved = moment + draw(st.integers(-40, 40)) * (DAY if days else 20 * MINUTE)
        mark = draw(st.sampled_from(("STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-A:B", "X-A:B")))
        follow = draw(st.sampled_from(("", "", ";RANGE=THISANDFUTURE")))
        replaced = line(f"RECURRENCE-ID{follow}", moment)
        both = line("DTSTART", moved), line("DTEND", moved + length)
        parts.append(event(*both, replaced, mark, uid="s"))
    return calendar(*parts)


@given(series())
def test_series_are_busy_when_the_library_says(data):
    first, last = date(2025, 12, 20), date(2026, 4, 20)
    assert read(data, start=first, last=last).stretches == by_library(data, first, last)


MOMENTS = (
    *("20260112T100000Z", "20260112T100000", "20260112", "20260301T023000", "00010101T000000"),
    *("99991231T235959Z", "99991231", "00010101", "20260112T100000Z/PT1H", "20260112T250000"),
    *("", "soon", "P1D", "-PT5H", "20260112,20260113T100000", "20260112T100000Z/20250101"),
)
PARAMETERS = (
    *("", ";TZID=Europe/Berlin", ";TZID=Asia/Tokyo", ";TZID=Odd", ";VALUE=DATE", ";VALUE=PERIOD"),
    *(";RANGE=THISANDFUTURE", ';TZID="', ";TZID=America/New_York;RANGE=THISANDFUTURE"),
)
NAMES = ("DTSTART", "DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID", "RECURRENCE-ID")
lines = st.builds(
    lambda name, parameters, moment: f"{name}{parameters}:{moment}",
    *map(st.sampled_from, (NAMES, PARAMETERS, MOMENTS)),
) | st.builds(
    lambda name, value: f"{name}:{value}",
    st.sampled_from(("DURATION", "SEQUENCE", "RRULE", "STATUS", "END", "BEGIN", "TZID")),
    st.sampled_from(("P9999999D", "PT1H", "-P1D", "7", "VEVENT", "VCALENDAR", "CANCELLED", "\\")),
)
repeating = st.builds(lambda rule: f"RRULE:{rule}", rules())


@given(st.lists(st.lists(lines | repeating, max_size=6), max_size=4))
def test_whatever_an_event_says_is_read_or_told(events):
    data = calendar(described("Odd"), *(event(*each, uid="same") for each in events))
    taken = read(data, lenient=True)
    if taken.left_out:
        assert [line.removesuffix(HINT) for line in complaints(data)][:1] == [*taken.left_out[:1]]
    else:
        assert read(data) == taken


@given(st.binary(max_size=300), st.integers(0, 800), st.integers(0, 40))
def test_whatever_a_file_holds_is_read_or_told(odd, at, gone):
    """Bytes put in the place of others, beside a calendar: where there is none, that is told."""
    data = AWKWARD["moved from one on"] + AWKWARD["a name of Windows, described"]
    read(calendar(), data[:at] + odd + data[at + gone :], lenient=True)
    read(calendar(), odd, lenient=True)
