"""What learners type, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.errors import PePlanError
from pe_plan.model import Progress
from pe_plan.tracking.naming import matches, only
from pe_plan.tracking.progress import carrier, next_of_topic, progress
from tests.support_log import BEGINNING, PLAN, done, evening, plan, review, study

KNOWN = {
    "log": ("Log", "Log files at scale"),
    "logs": ("Parsing", "Parsing log files"),
    "tail": ("Log", "Following a log"),
    "lb": ("Load balancing", "Load balancing — L4, L7"),
    "cdn": ("Load balancing at scale", "Content delivery"),
    "incident-response": ("Incident response", "Triage"),
    "incident-stories": ("Past incidents", "Talk about incidents"),
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("log", ["log"]),
        ("LOG", ["log"]),
        ("logs", ["logs"]),
        ("parsing", ["logs"]),
        ("load balancing", ["lb"]),
        ("  Load   BALANCING — ", ["lb"]),
        ("load", ["lb", "cdn"]),
        ("inc", ["incident-response", "incident-stories"]),
        ("lo", ["log", "logs", "tail", "lb", "cdn"]),
        ("nothing", []),
        ("", []),
        (" ", []),
    ],
)
def test_a_name_is_exact_or_a_title_or_the_beginning_of_either(typed, meant):
    assert list(matches(typed, KNOWN)) == meant


names = st.text(st.sampled_from("ab Aß-"), max_size=5)


@given(names, st.dictionaries(names, st.lists(names, max_size=2), max_size=6))
def test_every_beginning_of_a_known_name_finds_it_among_others_and_nothing_is_found_twice(
    typed, known
):
    found = matches(typed, known)
    assert len(set(found)) == len(found)
    assert set(found) <= known.keys()
    if typed in known and typed.strip():
        assert typed in found


@pytest.mark.parametrize(
    ("typed", "known", "otherwise", "said"),
    [
        ("x", [f"x{n}" for n in range(9)], "", "could be x0, x1, x2, x3, x4, x5 and 3 more; {}"),
        ("l", ["lb", "log"], "", "could be lb, log; {}"),
        ("lgos", KNOWN, "", "no topic is called so; did you mean 'logs'?"),
        ("zzz", KNOWN, "look it up", "no topic is called so; look it up"),
    ],
)
def test_of_several_names_a_few_are_listed_and_of_an_unknown_one_the_nearest_is_offered(
    typed, known, otherwise, said
):
    with pytest.raises(PePlanError) as refused:
        only(typed, dict.fromkeys(known, ()), "topic", otherwise)
    assert str(refused.value) == f"'{typed}': {said.format('type a little more of it')}"


def told(*lines, about=PLAN):
    return progress(about, lines, (BEGINNING,))


def test_a_topic_means_its_earliest_open_session_and_study_first():
    def next_of(topic, found, taken=()):
        session = next_of_topic(topic, PLAN, found, taken)
        return session and session.id

    assert next_of("dns", Progress()) == "dns.learn.1"
    assert next_of("dns", Progress(), {"dns.learn.1"}) == "dns.learn.2"
    assert next_of("dns", told(done(2, "dns.learn.1", 0, 20))) == "dns.learn.1", "half is open"
    boot = told(done(2, "boot.learn.1"), done(3, "boot.practise.1"))
    assert next_of("boot", boot) == "boot.review.1"
    assert next_of("nothing", boot) is None
    late = plan(evening(0, review("dns")), evening(1, study("dns", "learn")))
    assert next_of_topic("dns", late, Progress()) == late.sessions[1]


def test_missed_work_is_carried_by_the_next_open_session_of_its_sort():
    missed = replace(study("dns", "learn", 1, 45), status="missed")
    about = plan(
        evening(0, missed), evening(1, study("dns", "prove")), evening(2, study("dns", "learn", 2))
    )
    assert carrier(missed, about, Progress()) == about.sessions[2]
    assert carrier(missed, about, told(done(2, "dns.learn.2"), about=about)) is None
