"""What an event says, and the ledger of what was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pe_plan.calendars.events import events, plain
from pe_plan.calendars.ledger import Event, block_uid, fingerprint, publish, vanished
from pe_plan.model import Entry
from tests.support_calendar import (
    EVENTS,
    LATER,
    LEDGER,
    NOW,
    PLAN,
    PLAN_ID,
    PROFILE,
    ROADMAP,
    STARTS,
    block,
    event_of,
    plan,
    session,
    study,
)


def test_an_event_holds_the_agenda_then_each_topic_once():
    made = plan(
        block(
            1,
            "Dns: learn",
            session("review", topic="boot", phase="linux", minutes=15, id="boot.review.1"),
            study("dns", minutes=45, part=2, parts=7, id="dns.learn.2"),
            study("dns", "practise", minutes=30, parts=3, id="dns.practise.1"),
            session("flex", minutes=30, id="flex.20260327T190000Z"),
        ),
        block(2, "Dns: prove", study("dns", "prove")),
    )
    assert event_of(made).description == (
        "15 min  Review: Boot\n"
        "45 min  Dns: learn 2\n"
        "30 min  Dns: practise\n"
        "30 min  Flex\n"
        "\n"
        "Dns in full\n"
        "Learn: read about dns\n"
        "Practise: build dns\n"
        "Self-check: you can draw dns\n"
        "https://example.org/dns?a=1&b=2\n"
        "\n"
        "Review of Boot: Write down what you remember on a blank page, then look up what was "
        "missing. Self-check: you can draw boot\n"
        "\n"
        "Time kept free: finish what is open, or rest.\n"
        "\n"
        "Done? pe-plan done boot.review.1 dns.learn.2 dns.practise.1"
    )


def test_time_kept_free_needs_no_mark():
    free = (session("flex", id="flex.1"), session("catch-up", id="catch-up.1"))
    for made in (plan(block(1, "Flex", one)) for one in free):
        assert "Done?" not in event_of(made).description


@given(st.lists(st.sampled_from(["planned", "done", "missed"]), min_size=10, max_size=10))
def test_marking_changes_nothing_that_is_exported(statuses):
    left = iter(statuses)
    marked = plan(
        *(
            replace(one, sessions=tuple(replace(s, status=next(left)) for s in one.sessions))
            for one in PLAN.blocks
        )
    )
    assert next(left, None) is None
    assert events(marked, ROADMAP, PROFILE) == EVENTS


def test_what_was_done_early_still_carries_its_own_activity():
    proved = study("dns", "prove", id="dns.prove.1")
    learnt = plan(block(1, "Dns", study("dns", id="dns.learn.1")))
    both = plan(*learnt.blocks, block(2, "Dns", proved))
    early = replace(learnt, early=(proved,))
    assert event_of(early) == event_of(both)
    assert event_of(early) != event_of(learnt)


def test_an_activity_without_a_session_joins_the_one_before_it():
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
def test_other_sessions_get_a_line_and_advice(kind, fields, line, advice):
    twice = (session(kind, **fields), session(kind, **fields))
    description = event_of(plan(block(1, "x", *twice))).description
    assert description.startswith(f"60 min  {line}\n60 min  {line}\n\n")
    assert description.count(advice) == 1


def test_only_a_block_of_flex_alone_leaves_the_time_free():
    assert [event.summary for event in EVENTS if event.transparent] == ["Flex"]
    mixed = plan(block(1, "x", study("dns"), session("flex")))
    assert not event_of(mixed).transparent


def test_categories_are_the_phases_of_the_main_kind_and_the_kind():
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
def test_an_event_does_not_change_when_others_are_retitled_moved_or_added(n, days):
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
def test_text_is_safe_where_it_is_rendered_as_html(text, shown):
    assert plain(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_opens_a_tag_or_carries_a_control_character(text):
    shown = plain(text)
    assert not re.search("<|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", shown)
    assert plain(shown) == shown
    shown.encode()


def titled(uid: str, n: int, title: str) -> Event:
    return replace(EVENTS[0], uid=uid, start=STARTS[n], summary=title)


@given(st.lists(st.dictionaries(st.integers(0, 4), st.sampled_from("abc")), max_size=8))
def test_sequence_rises_by_one_exactly_when_an_event_changes(calendars):
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
def test_everything_exported_counts_for_the_fingerprint(change):
    event = replace(EVENTS[1], categories=("a, b",))
    changed = replace(event, **change)  # type: ignore[arg-type]
    assert fingerprint(changed) != fingerprint(event)
    ledger = publish([changed], publish([event], (), NOW), LATER)
    assert [(e.sequence, e.start, e.minutes, e.summary) for e in ledger] == [
        (1, changed.start, changed.minutes, changed.summary)
    ]


def test_a_fingerprint_does_not_depend_on_the_zone_an_instant_is_written_in():
    event = EVENTS[1]
    elsewhere = replace(event, start=event.start.astimezone(ZoneInfo("Asia/Kolkata")))
    assert fingerprint(elsewhere) == fingerprint(event)


def test_an_instant_of_change_is_in_utc_and_whole_seconds():
    local = datetime(2026, 1, 2, 9, 30, 0, 999_999, tzinfo=ZoneInfo("Europe/Berlin"))
    (entry,) = publish(EVENTS[:1], (), local)
    assert (entry.changed, entry.changed.tzinfo) == (NOW, UTC)
    with pytest.raises(ValueError, match="time zone"):
        publish(EVENTS, (), NOW.replace(tzinfo=None))


def test_a_removed_uid_does_not_come_back_and_none_occurs_twice():
    gone = publish((), LEDGER, NOW)
    with pytest.raises(ValueError, match="same uid"):
        publish(EVENTS, gone, LATER)
    with pytest.raises(ValueError, match="two events"):
        publish(EVENTS + EVENTS[:1], (), NOW)


def test_uids_are_stable_and_name_no_one():
    first = block_uid(PLAN_ID, STARTS[1], ())
    # Written out on purpose: were this to change, every calendar would get its events twice.
    assert first == "f4387c23-e648-5d18-855d-d3ab6e59dd68@pe-plan.invalid"
    assert block_uid(PLAN_ID, STARTS[1].astimezone(ZoneInfo("Asia/Tokyo")), ()) == first
    second = block_uid(PLAN_ID, STARTS[1], {first})
    third = block_uid(PLAN_ID, STARTS[1], {first, second})
    others = {block_uid(PLAN_ID, STARTS[2], ()), block_uid("other plan", STARTS[1], ())}
    assert len({first, second, third} | others) == 5
