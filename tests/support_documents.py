"""A small plan built by hand: two phases, three topics, a clock change, and hostile texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import chain
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pe_plan.model import (
    Block,
    Days,
    Phase,
    PhasePlan,
    Plan,
    Question,
    Resource,
    Roadmap,
    Round,
    Session,
    State,
    Topic,
    TopicPlan,
    Unplaced,
    Week,
    Window,
)
from tests import support_plan as made

HOSTILE = (
    "a|b `|` <script>alert(1)</script> [/b] [x](javascript:1) *s* _e_ ~~d~~ &lt; #35; ``` $x$ "
    "${y} ==h== %%c%% ![i](u) \\ <!-- \n\n# head\n- dash\n| c | d |\n|---|---|\n\r\u2028> q שלום 🎉"
)
BERLIN = ZoneInfo("Europe/Berlin")
# What a roadmap may say, denser in the characters that mean something.
NASTY = st.text(
    st.one_of(st.sampled_from("`|*_~<>[]()#&;\\$=%^!-+.:1a \n"), st.characters(codec="utf-8")),
    max_size=40,
)


def markdown(html: bool = True) -> MarkdownIt:  # noqa: FBT001, FBT002
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


def tokens(source: str) -> list[Token]:
    return list(chain.from_iterable([t, *(t.children or ())] for t in markdown().parse(source)))


def roadmap(text: str = "Plain words", url: str = "https://example.org/a_(b)") -> Roadmap:
    """A roadmap all of whose texts are `text`."""
    said = dict.fromkeys(("learn", "practise", "prove", "self_check", "note"), text)
    link = Resource(title=text, url=url)
    late = Resource(title="Dated", url=url, checked=date(2026, 1, 2))
    shared = {"rounds": ("coding",), "tools": (text,), "resources": (link,)} | said

    def topic(id: str, priority: int, **more: object) -> Topic:
        named = {"title": f"{text} {id}", "short": f"{text} {id}", "priority": priority}
        return made.topic(id, **shared | named | more)

    def phase(id: str, *topics: Topic, **more: object) -> Phase:
        named = {"title": f"{text} {id}", "subtitle": text, "level": text}
        return made.phase(id, *topics, **named, tools=(text, "curl"), **more)

    tls = topic("tls", 2, requires=("dns",), resources=(link, late))
    return made.roadmap(
        phase("net", topic("dns", 1), tls, order=("tls", "dns")),
        phase("far", topic("bgp", 3)),
        title=text,
        summary=text,
        window_months=(1, 3),
        rounds=(Round(id="coding", title=text, count=2, covers=text),),
        questions=(Question(question=text, answer=text),),
    )


def session(id: str, start: datetime, kind: str = "study", **more: object) -> Session:
    """Sixty minutes of `kind`, of the phase "net" unless another is named."""
    return made.session(id, kind, start=start, **{"phase": "net"} | more)


def block(*sessions: Session, title: str) -> Block:
    """One sitting of these sessions."""
    return made.block(sessions[0].start, *sessions, uid=f"uid-{sessions[0].id}", title=title)


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


def blocks(text: str = "Plain words") -> tuple[Block, ...]:
    """Six weeks from 16 March 2026; Berlin's clocks go forward on 29 March."""
    learn = session("1", _at(3, 16, 19), topic="dns", activity="learn", parts=2, status="done")
    return (
        block(learn, session("2", _at(3, 16, 20), "flex", phase=None), title=text),
        block(
            session("3", _at(3, 23, 19), "review", topic="dns", status="missed"),
            session("4", _at(3, 23, 20), topic="tls", activity="prove", made_up=True),
            title=text,
        ),
        block(session("5", _at(3, 28, 23), "mock", round="coding"), title=text),
        block(session("6", _at(4, 6, 19), "catch-up", phase=None), title=text),
        block(session("7", _at(4, 13, 0), "warm-up", topic="dns", phase=None), title=text),
        block(
            session("8", _at(4, 20, 19), "review"),
            session("9", _at(4, 20, 20), "mock", round="coding", phase=None),
            title=text,
        ),
    )


def plan(text: str = "Plain words") -> Plan:
    """A trimmed plan with a topic left out and a recall that found no place."""
    kinds = ("study", "study", "off", "catch-up", "study", "final")
    starts = [date(2026, 3, 16) + timedelta(weeks=n) for n in range(len(kinds))]
    phases = ("net", "net", None, None, "far", None)
    return made.plan(
        *blocks(text),
        id="2f1c8a52-27f8-4c8c-9d4e-1b7f3f6f7a10",
        as_of=date(2026, 3, 16),
        minutes_per_week=120,
        windows=(Window(weekday=0, start=1140, end=1260), Window(weekday=5, start=1380, end=1440)),
        earliest=date(2026, 4, 15),
        latest=date(2026, 6, 15),
        finish=date(2026, 4, 26),
        weeks=tuple(
            Week(n=n, starts=start, kind=kind, phase=phase, capacity=120)
            for n, (start, kind, phase) in enumerate(zip(starts, kinds, phases, strict=True), 1)
        ),
        phases=(
            _phase_plan("net", text, date(2026, 3, 16), date(2026, 3, 29)),
            _phase_plan("far", text, date(2026, 4, 13), date(2026, 4, 19)),
        ),
        topics=(
            TopicPlan(id="dns", level="some", depth=Fraction(1), minutes=120),
            TopicPlan(id="tls", level="new", depth=Fraction(2, 3), minutes=60),
            TopicPlan(id="bgp", level="solid", depth=Fraction(1, 4), minutes=0),
        ),
        left_out=("bgp",),
        unplaced=(Unplaced(kind="review", minutes=30, phase="far"),),
    )


def _phase_plan(id: str, text: str, starts: date, ends: date) -> PhasePlan:
    length = {"weeks": 2, "roadmap_weeks": (1, 2), "minutes": 180}
    return PhasePlan(id=id, title=f"{text} {id}", starts=starts, ends=ends, why=text, **length)


def state(text: str = "Plain words") -> State:
    """The plan with its learner, who offers more hours than it needs."""
    off = (Days(first=date(2026, 3, 30), last=date(2026, 4, 1)),)
    hours = {"start": date(2026, 3, 16), "minutes_per_week": 990, "windows": ()}
    profile = made.profile(**hours, days_off=off, skills={"all": "some"})
    return State(profile=profile, plan=plan(text), ledger=(), roadmap="")
