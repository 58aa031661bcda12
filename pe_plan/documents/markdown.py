"""The plan as one Markdown file, the one that the learner lives with.

Each topic stands there once in full, on a card that links lead to. A card's heading is the topic's
id. GitHub makes a heading's anchor from its lower-case words joined by hyphens, Obsidian finds it
by its text: only a heading that is one lower-case word is the same to both. It is also the word
that the command line knows the topic by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from pe_plan.documents.escape import cell, escape, link
from pe_plan.documents.mermaid import gantt
from pe_plan.documents.words import (
    PRIORITIES,
    Titles,
    clock,
    count,
    hours,
    listed,
    long_date,
    short_date,
    span,
    subject,
    weekday,
)
from pe_plan.model import Block, Resource, Roadmap, Session, State, Topic, Unplaced, Week

_PLACES = {"inside": "inside", "early": "before the start of", "late": "past the end of"}
_WEEKS = {"catch-up": "Catch-up", "final": "Final week", "off": "Off"}
_LEGEND = (
    "A *review* recalls a finished topic on a blank page, a *recall* a whole phase; a *warm-up* is "
    "one problem to stay fluent; *flex* is kept free for what took longer. Say what you did with "
    "`pe-plan done`; `pe-plan replan` then ticks it here. It writes this file anew, so keep your "
    "notes elsewhere."
)


def to_markdown(state: State, roadmap: Roadmap) -> str:
    """The plan for GitHub and Obsidian: overview, weeks with checkboxes, topics, mocks, tools."""
    return "\n".join((*_Page(state, roadmap).lines(), ""))


class _Links(Titles):
    """Titles in Markdown; a topic's leads to its card."""

    def __init__(self, roadmap: Roadmap) -> None:
        super().__init__(roadmap)
        self._topics = {id: f"[{escape(short)}](#{id})" for id, short in self._topics.items()}
        self._phases = {id: escape(title) for id, title in self._phases.items()}
        self._rounds = {id: escape(title) for id, title in self._rounds.items()}


class _Page:
    """The plan in a state, chapter by chapter, with the words for what it holds."""

    def __init__(self, state: State, roadmap: Roadmap) -> None:
        self.plan, self.profile, self.roadmap = state.plan, state.profile, roadmap
        self.links = _Links(roadmap)
        weeks = groupby(sorted(self.plan.blocks, key=self.week_of), self.week_of)
        self.blocks = {week: list(blocks) for week, blocks in weeks}
        dates = Counter(each.checked for topic in roadmap.topics for each in topic.resources)
        self.checked = dates.most_common(1)[0][0] if dates else None  # most links were, then

    def week_of(self, what: Block | Session) -> int:
        """The number of the week in which it stands."""
        return self.plan.week_of(self.profile.day_of(what.start)).n

    def lines(self) -> Iterator[str]:
        yield from (f"# {escape(self.roadmap.title)}: study plan", "")
        for warning in self.warnings():
            yield from (warning, "")
        yield from (self.summary(), "", *self.phases(), "", gantt(self.plan), "")
        yield from (*self.week_by_week(), *self.topics())
        yield from (*self.mocks_and_final_weeks(), *self.tools_and_questions())

    # ── Overview ──────────────────────────────────────────────────────────────────────────────

    def warnings(self) -> Iterator[str]:
        """What the plan does not hold, the worst first."""
        plan, links = self.plan, self.links
        if plan.left_out:
            topics = ", ".join(map(links.topic, plan.left_out))
            yield f"**Left out, because the time is short:** {topics}."
        needed, offered = plan.minutes_per_week, self.profile.minutes_per_week
        if needed < offered:
            yield (
                f"**Eased:** the plan needs {hours(needed)} of your {hours(offered)} hours a week; "
                "the rest is yours."
            )
        shortened = defaultdict[int, list[str]](list)
        for topic in sorted(plan.trimmed, key=attrgetter("depth")):
            if topic.id not in plan.left_out:
                shortened[round(topic.depth * 100)].append(links.topic(topic.id))
        if shortened:
            groups = (f"to {depth} % {', '.join(topics)}" for depth, topics in shortened.items())
            yield f"**Shortened to fit:** {'; '.join(groups)}."

    def summary(self) -> str:
        plan, profile = self.plan, self.profile
        number = Counter(week.kind for week in plan.weeks)
        kinds = [f"{number[k]} {k}" for k in ("study", "catch-up", "final", "off") if number[k]]
        weeks = count(len(plan.weeks), "week") + (f" ({listed(kinds)})" if len(kinds) > 1 else "")
        if profile.interview:
            eve = "on the eve of" if plan.verdict == "inside" else "before"
            verdict = f"It ends {eve} your interview on {long_date(profile.interview)}."
        else:
            least, most = self.roadmap.window_months
            verdict = (
                f"The finish lies {_PLACES[plan.verdict]} the roadmap's window of {least} to {most}"
                f" months ({short_date(plan.earliest)} to {short_date(plan.latest)})."
            )
        return (
            f"From {long_date(profile.start)} to {long_date(plan.finish)}: {weeks}, "
            f"{hours(plan.minutes_per_week)} hours a week, all times in "
            f"{escape(profile.timezone)}. {verdict}"
        )

    def phases(self) -> Iterator[str]:
        yield "| Phase | Dates | Weeks | Roadmap's weeks | Study hours | Work at your level |"
        yield "| --- | --- | ---: | ---: | ---: | --- |"
        for number, phase in enumerate(self.plan.phases, 1):
            least, most = phase.roadmap_weeks
            yield (
                f"| {number}. {cell(phase.title)} "
                f"| {short_date(phase.starts)} – {short_date(phase.ends)} | {phase.weeks or '<1'} "
                f"| {least}–{most} | {hours(phase.minutes)} | {cell(phase.why)} |"
            )
        yield ""
        if self.plan.left_out:
            yield "At short notice, phases follow one another block by block, not week by week."
            return
        yield (
            f"Weeks are the hours of work ÷ {hours(self.plan.minutes_per_week)} hours a week, with "
            "a tenth of a week forgiven; the roadmap's own weeks are read as "
            f"{self.roadmap.reference_hours} hours each. Study hours are what reviews, warm-up, "
            "mocks and flex leave of them."
        )

    # ── Week by week ──────────────────────────────────────────────────────────────────────────

    def week_by_week(self) -> Iterator[str]:
        """A heading per week, a line per block, a checkbox per session."""
        yield from ("## Week by week", "", _LEGEND)
        done_early = sorted(self.plan.early, key=attrgetter("start"))
        for week in self.plan.weeks:
            blocks = self.blocks.get(week.n, ())
            early = [session for session in done_early if self.week_of(session) == week.n]
            about = _WEEKS.get(week.kind) or self.links.phase(week.phase) or "Study"
            yield from ("", f"### Week {week.n} · {self.dates(week)} · {about}", "")
            if not (blocks or early):
                yield "No sessions this week."
            for block in blocks:
                yield f"- **{self.when(block)}** · {escape(block.title)}"
                yield from map(self.box, block.sessions)
            if early:
                yield "- **Done before its time**"
                yield from map(self.box, early)

    def dates(self, week: Week) -> str:
        last = min(week.starts + timedelta(days=6), self.plan.finish)
        return span(week.starts, max(last, week.starts))

    def when(self, what: Block | Session, year: str = "") -> str:
        start = self.profile.local(what.start)
        return f"{weekday(start.date())}{year}, {clock(start, what.minutes)}"

    def box(self, session: Session) -> str:
        tick = "x" if session.status == "done" else " "
        part = f", {session.part} of {session.parts}" if session.parts > 1 else ""
        made_up = " (made up)" if session.made_up else ""
        missed = " (missed)" if session.status == "missed" else ""
        return f"  - [{tick}] {session.minutes} min · {self.work(session)}{part}{made_up}{missed}"

    def work(self, work: Session | Unplaced) -> str:
        mock = f"mock interview: {self.mock(work)}"
        return mock if work.kind == "mock" else subject(work, self.links)

    def mock(self, mock: Session | Unplaced) -> str:
        checkpoint = f", checkpoint of {self.links.phase(mock.phase)}" if mock.phase else ""
        return f"{self.links.round(mock.round)}{checkpoint}"

    # ── Topics ────────────────────────────────────────────────────────────────────────────────

    def topics(self) -> Iterator[str]:
        """A card for each, phase by phase in the order of study."""
        about = "When a link was last checked is not known, unless it is said beside it."
        if self.checked:
            day = short_date(self.checked)
            about = f"Links were last checked on {day}, unless said otherwise."
        yield from ("", "## Topics", "")
        yield f"Each heading is the word by which `--skill` knows the topic. {about}"
        for number, phase in enumerate(self.roadmap.phases, 1):
            yield from ("", f"### {number}. {escape(phase.title)}")
            if said := ": ".join(escape(text) for text in (phase.level, phase.subtitle) if text):
                yield from ("", said)
            for topic in phase.study_order:
                facts = " · ".join(self.facts(topic))
                yield from ("", f"#### {topic.id}", "", f"**{escape(topic.title)}** · {facts}", "")
                yield from self.texts(topic)

    def facts(self, topic: Topic) -> Iterator[str]:
        yield PRIORITIES[topic.priority]
        given = next((each for each in self.plan.topics if each.id == topic.id), None)
        if given is None or topic.id in self.plan.left_out:
            yield "left out of this plan"
        else:
            yield f"{hours(given.minutes)} h at level “{given.level}”"
            if given.depth < 1:
                yield f"shortened to {round(given.depth * 100)} %"
        if topic.alongside:
            yield "alongside the whole phase"
        if topic.rounds:
            yield f"asked in {listed([self.links.round(id) for id in topic.rounds])}"
        if topic.requires:
            yield f"after {listed([self.links.topic(id) for id in topic.requires])}"

    def texts(self, topic: Topic) -> Iterator[str]:
        said = {"Note": topic.note, "Learn": topic.learn, "Practise": topic.practise}
        said |= {"Prove": topic.prove, "Self-check": topic.self_check}
        said |= {"Tools": ", ".join(topic.tools)}
        yield from (f"- **{name}:** {escape(text)}" for name, text in said.items() if text)
        if topic.resources:
            yield f"- **Read:** {' · '.join(map(self.resource, topic.resources))}"

    def resource(self, resource: Resource) -> str:
        text = link(resource.title, resource.url)
        if resource.checked == self.checked:
            return text
        if resource.checked is None:
            return f"{text} (not known when last checked)"
        return f"{text} (link last checked {short_date(resource.checked)})"

    # ── Mocks and final weeks, tools and questions ────────────────────────────────────────────

    def mocks_and_final_weeks(self) -> Iterator[str]:
        """Every mock with its date, what each final week holds, and what found no place."""
        mocks = [session for session in self.plan.sessions if session.kind == "mock"]
        finals = [week for week in self.plan.weeks if week.kind == "final"]
        if mocks or finals or self.plan.unplaced:
            yield from ("", "## Mocks and final weeks", "")
        for mock in mocks:
            year = self.profile.day_of(mock.start).year
            yield f"- {self.when(mock, f' {year}')} · {self.mock(mock)}"
        for week in finals:
            held = "; ".join(self.held(week)) or "no sessions"
            yield f"- **Week {week.n} · {self.dates(week)}:** {held}"
        if self.plan.unplaced:
            work = (f"{each.minutes} min {self.work(each)}" for each in self.plan.unplaced)
            yield f"- **Did not fit:** {_counted(work, '; ')}"

    def held(self, week: Week) -> Iterator[str]:
        """What a week holds, in a few words."""
        sessions = [s for block in self.blocks.get(week.n, ()) for s in block.sessions]
        if mocks := _counted(self.mock(s) for s in sessions if s.kind == "mock"):
            yield f"mocks {mocks}"
        # A recall that was split is still one.
        if recalls := dict.fromkeys(self.links.phase(s.phase) for s in sessions if s.recalls_phase):
            yield f"recall {', '.join(recalls)}"
        if warm_ups := sum(session.kind == "warm-up" for session in sessions):
            yield count(warm_ups, "warm-up")
        if free := sum(session.minutes for session in sessions if session.is_free):
            yield f"{hours(free)} h flex"

    def tools_and_questions(self) -> Iterator[str]:
        phases = [phase for phase in self.roadmap.phases if phase.tools]
        if phases:
            yield from ("", "## Tools by phase", "")
        for phase in phases:
            yield f"- **{escape(phase.title)}:** {', '.join(map(escape, phase.tools))}"
        if self.roadmap.questions:
            yield from ("", "## Questions")
        for question in self.roadmap.questions:
            yield from ("", f"**{escape(question.question)}** {escape(question.answer)}")


def _counted(words: Iterable[str], between: str = ", ") -> str:
    """A, B (2), in order of first appearance."""
    numbers = Counter(words).items()
    return between.join(f"{word} ({number})" if number > 1 else word for word, number in numbers)
