"""The plan as one Markdown file, the one that the learner lives with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pe_plan.documents.cards import Cards, Links
from pe_plan.documents.diary import Diary
from pe_plan.documents.escape import cell, escape
from pe_plan.documents.mermaid import gantt
from pe_plan.documents.words import count, hours, listed, long_date, short_date
from pe_plan.model import Plan, Roadmap, State, TopicPlan

_PLACES = {"inside": "inside", "early": "before the start of", "late": "past the end of"}


def to_markdown(state: State, roadmap: Roadmap) -> str:
    """The plan for GitHub and Obsidian: overview, weeks with checkboxes, topics, mocks, tools."""
    links = Links(roadmap)
    diary = Diary(state, links)
    lines = (
        *(f"# {escape(roadmap.title)}: study plan", ""),
        *(line for warning in _warnings(state, links) for line in (warning, "")),
        *(_summary(state, roadmap), ""),
        *_phases(state.plan, roadmap),
        *("", gantt(state.plan), ""),
        *diary.week_by_week(),
        *Cards(state.plan, roadmap, links).lines(),
        *diary.mocks_and_final_weeks(),
        *_tools_and_questions(roadmap),
    )
    return "\n".join((*lines, ""))


def _warnings(state: State, links: Links) -> Iterator[str]:
    """What the plan does not hold, the worst first."""
    plan = state.plan
    if plan.left_out:
        topics = ", ".join(map(links.topic, plan.left_out))
        yield f"**Left out, because the time is short:** {topics}."
    needed, offered = plan.minutes_per_week, state.profile.minutes_per_week
    if needed < offered:
        yield (
            f"**Eased:** the plan needs {hours(needed)} of your {hours(offered)} hours a week; "
            "the rest is yours."
        )
    trimmed = [topic for topic in plan.trimmed if topic.id not in plan.left_out]
    trimmed.sort(key=lambda topic: topic.depth)
    groups = [
        f"to {depth} % {', '.join(links.topic(topic.id) for topic in topics)}"
        for depth, topics in groupby(trimmed, key=_percent)
    ]
    if groups:
        yield f"**Shortened to fit:** {'; '.join(groups)}."


def _percent(topic: TopicPlan) -> int:
    return round(topic.depth * 100)


def _summary(state: State, roadmap: Roadmap) -> str:
    plan, profile = state.plan, state.profile
    number = Counter(week.kind for week in plan.weeks)
    kinds = [f"{number[k]} {k}" for k in ("study", "catch-up", "final", "off") if number[k]]
    weeks = count(len(plan.weeks), "week") + (f" ({listed(kinds)})" if len(kinds) > 1 else "")
    return (
        f"From {long_date(profile.start)} to {long_date(plan.finish)}: {weeks}, "
        f"{hours(plan.minutes_per_week)} hours a week, all times in {escape(profile.timezone)}. "
        f"{_verdict(state, roadmap)}"
    )


def _verdict(state: State, roadmap: Roadmap) -> str:
    plan, interview = state.plan, state.profile.interview
    if interview:
        eve = "on the eve of" if plan.verdict == "inside" else "before"
        return f"It ends {eve} your interview on {long_date(interview)}."
    least, most = roadmap.window_months
    return (
        f"The finish lies {_PLACES[plan.verdict]} the roadmap's window of {least} to {most} months "
        f"({short_date(plan.earliest)} to {short_date(plan.latest)})."
    )


def _phases(plan: Plan, roadmap: Roadmap) -> Iterator[str]:
    yield "| Phase | Dates | Weeks | Roadmap's weeks | Study hours | Work at your level |"
    yield "| --- | --- | ---: | ---: | ---: | --- |"
    for number, phase in enumerate(plan.phases, 1):
        least, most = phase.roadmap_weeks
        yield (
            f"| {number}. {cell(phase.title)} "
            f"| {short_date(phase.starts)} – {short_date(phase.ends)} | {phase.weeks or '<1'} "
            f"| {least}–{most} | {hours(phase.minutes)} | {cell(phase.why)} |"
        )
    yield ""
    if plan.left_out:
        yield "At short notice, phases follow one another block by block, not week by week."
        return
    yield (
        f"Weeks are the hours of work ÷ {hours(plan.minutes_per_week)} hours a week, with a tenth "
        f"of a week forgiven; the roadmap's own weeks are read as {roadmap.reference_hours} hours "
        "each. Study hours are what reviews, warm-up, mocks and flex leave of them."
    )


def _tools_and_questions(roadmap: Roadmap) -> Iterator[str]:
    phases = [phase for phase in roadmap.phases if phase.tools]
    if phases:
        yield from ("", "## Tools by phase", "")
    for phase in phases:
        yield f"- **{escape(phase.title)}:** {', '.join(map(escape, phase.tools))}"
    if roadmap.questions:
        yield from ("", "## Questions")
    for question in roadmap.questions:
        yield from ("", f"**{escape(question.question)}** {escape(question.answer)}")
