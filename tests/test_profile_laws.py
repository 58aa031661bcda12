"""Laws of reading a profile: nothing typed is a crash, nothing written is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import tomli_w
from hypothesis import assume, given
from hypothesis import strategies as st

from pe_plan.errors import Exit, PePlanError
from pe_plan.inputs.answers import Answers, read_profile
from pe_plan.inputs.wishes import KEYS
from pe_plan.model import LEVELS, Days, Profile, Window
from tests.support_profile import DEFAULT_WEEK, ROADMAP, profile, read

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


HOSTILE = [
    "\0",
    "https://x/y.ics",
    "\x1b[31m",
    "\u202e",
    "\ud800",
    "9" * 5000,
    "a" * 100_000,
    "=" * 99,
    ",-,",
    "[/b]",
]
LIKELY = ["mon-fri 19:00-21:00", "2026-03-02..2026-03-08", "2026-02-30", "all=new", "12", "UTC"]
near_misses = st.integers(0, len(LIKELY + HOSTILE) - 1).map(lambda at: (LIKELY + HOSTILE)[at])
texts = st.one_of(st.text(max_size=60), near_misses, st.tuples(near_misses, st.text()).map("".join))
lists = st.lists(texts, max_size=3).map(tuple)
ONE = ("start", "hours", "tz", "interview", "remind", "busy_margin")
SWITCHES = ("finish_early", "overrun", "ignore_all_day", "lenient")
answers = st.builds(
    Answers,
    **dict.fromkeys(ONE, st.none() | texts),
    **dict.fromkeys(("skill", "when", "off", "busy"), lists),
    **dict.fromkeys(SWITCHES, st.booleans()),
    free=st.none() | st.booleans(),
)


def check_messages(error: PePlanError) -> None:
    assert error.code is Exit.BAD_INPUT
    for problem in error.problems:
        assert str(problem).isprintable()
        assert len(str(problem)) < 500


@given(
    answers=answers, raw=st.none() | st.binary() | texts.map(lambda t: t.encode(errors="ignore"))
)
def test_whatever_is_typed_there_is_a_profile_or_problems_fit_to_print(answers, raw):
    try:
        reading = read_profile(
            answers,
            file=None if raw is None else ("a\x1bb", raw),
            roadmap=ROADMAP,
            default_week=DEFAULT_WEEK,
            now=datetime(2026, 1, 7, 12, tzinfo=UTC),
            found_zone=answers.tz,
        )
    except PePlanError as error:
        check_messages(error)
    else:
        assert reading.profile.minutes_per_week % 5 == 0
        assert 25 <= reading.profile.minutes_per_week <= 112 * 60
        assert sum(w.minutes for w in reading.profile.windows) >= reading.profile.minutes_per_week


toml_values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        texts.filter(lambda text: "\ud800" not in text),
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abclinux"), inner, max_size=3)
    ),
    max_leaves=6,
)
keys = st.sampled_from([*KEYS, "hour", "no-busy"])


@given(table=st.dictionaries(keys, toml_values))
def test_whatever_the_file_holds_there_is_a_profile_or_problems_fit_to_print(table):
    try:
        read(toml=tomli_w.dumps(table))
    except PePlanError as error:
        check_messages(error)


@st.composite
def weeks(draw):
    """Windows that do not overlap, in the order of the week."""
    edges = st.lists(st.integers(0, 288), min_size=2, max_size=6, unique=True).map(sorted)
    windows = []
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        cut = draw(edges)
        windows += [
            Window(weekday=day, start=a * 5, end=b * 5)
            for a, b in zip(cut[::2], cut[1::2], strict=False)
            if b - a >= 5
        ]
    assume(windows and sum(w.minutes for w in windows) <= 112 * 60)
    return tuple(sorted(windows, key=lambda w: (w.weekday, w.start)))


paths = st.text("a/.~ é\n", min_size=1, max_size=9).filter(str.strip)


@st.composite
def profiles(draw):
    windows = draw(weeks())
    start = draw(st.dates(date(1970, 1, 1), date(2198, 12, 31)))
    spans, day = [], draw(st.dates(date(1970, 1, 1), date(2196, 1, 1)))
    for apart, long in draw(
        st.lists(st.tuples(st.integers(2, 9), st.integers(0, 300)), max_size=3)
    ):
        first = day + timedelta(days=apart)
        spans.append(Days(first=first, last=(day := first + timedelta(days=long))))
    total = sum(w.minutes for w in windows)
    whos = st.sampled_from(["all", "linux", "networking", "boot", "dns"])
    return Profile(
        start=start,
        minutes_per_week=draw(st.integers(5, total // 5)) * 5,
        windows=windows,
        timezone=draw(st.sampled_from(["UTC", "Australia/Lord_Howe", "Pacific/Apia"])),
        days_off=tuple(spans),
        interview=draw(st.none() | st.integers(1, 300).map(lambda n: start + timedelta(days=n))),
        skills=draw(st.dictionaries(whos, st.sampled_from(LEVELS))),
        finish_early=draw(st.booleans()),
        overrun=draw(st.booleans()),
        remind=draw(st.none() | st.integers(0, 10080)),
        free=draw(st.booleans()),
        calendars=tuple(draw(st.lists(paths, max_size=3, unique=True))),
        busy_margin=draw(st.integers(0, 240)),
        ignore_all_day=draw(st.booleans()),
        lenient=draw(st.booleans()),
    )


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def written(one: Profile) -> dict[str, object]:
    """The profile as a person would type it."""
    values: dict[str, object] = {
        "start": one.start.isoformat(),
        "hours": f"{one.minutes_per_week / 60:.3f}",
        "skill": [f"{who}={level}" for who, level in one.skills.items()],
        "when": [f"{DAYS[w.weekday]} {clock(w.start)}-{clock(w.end)}" for w in one.windows],
        "off": [f"{days.first}..{days.last}" for days in one.days_off],
        "tz": one.timezone,
        "interview": one.interview and one.interview.isoformat(),
        "remind": None if one.remind is None else str(one.remind),
        "finish_early": one.finish_early,
        "overrun": one.overrun,
        "free": one.free,
        "busy": list(one.calendars),
        "busy_margin": str(one.busy_margin),
        "ignore_all_day": one.ignore_all_day,
        "lenient": one.lenient,
    }
    return {key: value for key, value in values.items() if value is not None}


def as_table(values: Mapping[str, object]) -> dict[str, object]:
    """The same in TOML's own types."""
    table = {key.replace("_", "-"): value for key, value in values.items()}
    table["start"] = date.fromisoformat(str(table["start"]))
    table["hours"] = float(str(table["hours"]))
    table["skill"] = dict(said.split("=") for said in values["skill"])
    table |= {key: int(str(table[key])) for key in ("remind", "busy-margin") if key in table}
    return table


@given(profiles())
def test_a_profile_that_is_written_down_is_read_back_from_flags_as_from_a_file_and_from_both(
    wanted,
):
    values = written(wanted)
    flags = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    toml = tomli_w.dumps(as_table(values))
    assert profile(**flags) == profile(toml=toml) == profile(toml=toml, **flags) == wanted
