"""The plan as one Markdown file, the one that the learner lives with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pe_plan.documents.cards import Cards
from pe_plan.documents.diary import Diary
from pe_plan.documents.escape import cell, escape
from pe_plan.documents.mermaid import gantt
from pe_plan.documents.words import count, hours, listed, long_date, short_date
from pe_plan.model import Plan, Profile, Roadmap, State, TopicPlan, WeekKind


def to_markdown(state: State, roadmap: Roadmap) -> str:
    """The plan for GitHub and Obsidian: overview, weeks with checkboxes, topics, mocks, tools."""
    cards = Cards.of(state.plan, roadmap)
    diary = Diary.of(state, roadmap, cards.links)
    return "\n".join(
        (
            f"# {escape(roadmap.title)}: study plan",
            "",
            *_summary(state, roadmap, cards),
            *_phases(state.plan, roadmap),
            "",
            gantt(state.plan),
            "",
            *diary.week_by_week(),
            *cards.lines(),
            *diary.mocks_and_final_weeks(),
            *_tools(roadmap),
            *_questions(roadmap),
            "",
        )
    )


def _summary(state: State, roadmap: Roadmap, cards: Cards) -> Iterator[str]:
    for warning in (*_left_out(state.plan, cards), *_eased(state), *_trimmed(state.plan, cards)):
        yield warning
        yield ""
    plan, profile = state.plan, state.profile
    yield (
        f"From {long_date(profile.start)} to {long_date(plan.finish)}: {_weeks(plan)}, "
        f"{hours(plan.minutes_per_week)} hours a week, all times in {escape(profile.timezone)}. "
        f"{_verdict(plan, profile, roadmap)}"
    )
    yield ""


def _left_out(plan: Plan, cards: Cards) -> Iterator[str]:
    if plan.left_out:
        topics = ", ".join(cards.link(id) for id in plan.left_out)
        yield f"**Left out, because the time is short:** {topics}."


def _eased(state: State) -> Iterator[str]:
    needed, offered = state.plan.minutes_per_week, state.profile.minutes_per_week
    if needed < offered:
        yield (
            f"**Eased:** the plan needs {hours(needed)} of your {hours(offered)} hours a week; "
            "the rest is yours."
        )


def _trimmed(plan: Plan, cards: Cards) -> Iterator[str]:
    left_out = set(plan.left_out)
    trimmed = [topic for topic in plan.trimmed if topic.id not in left_out]
    if trimmed:
        trimmed.sort(key=lambda topic: topic.depth)
        groups = (
            f"to {depth} % {', '.join(cards.link(topic.id) for topic in topics)}"
            for depth, topics in groupby(trimmed, key=_percent)
        )
        yield f"**Shortened to fit:** {'; '.join(groups)}."


def _percent(topic: TopicPlan) -> int:
    return round(topic.depth * 100)


def _weeks(plan: Plan) -> str:
    number = Counter(week.kind for week in plan.weeks)
    kinds: tuple[WeekKind, ...] = ("study", "catch-up", "final", "off")
    parts = [f"{number[kind]} {kind}" for kind in kinds if number[kind]]
    total = count(len(plan.weeks), "week")
    return f"{total} ({listed(parts)})" if len(parts) > 1 else total


def _verdict(plan: Plan, profile: Profile, roadmap: Roadmap) -> str:
    if profile.interview:
        eve = "on the eve of" if plan.verdict == "inside" else "before"
        return f"It ends {eve} your interview on {long_date(profile.interview)}."
    least, most = roadmap.window_months
    window = (
        f"the roadmap's window of {least} to {most} months "
        f"({short_date(plan.earliest)} to {short_date(plan.latest)})"
    )
    place = {"inside": "inside", "early": "before the start of", "late": "past the end of"}
    return f"The finish lies {place[plan.verdict]} {window}."


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
    yield from ("", _pace(plan, roadmap))


def _pace(plan: Plan, roadmap: Roadmap) -> str:
    if plan.left_out:
        return "At short notice, phases follow one another block by block, not week by week."
    return (
        f"Weeks are the hours of work ÷ {hours(plan.minutes_per_week)} hours a week, with a tenth "
        f"of a week forgiven; the roadmap's own weeks are read as {roadmap.reference_hours} hours "
        "each. Study hours are what reviews, warm-up, mocks and flex leave of them."
    )


def _tools(roadmap: Roadmap) -> Iterator[str]:
    phases = [phase for phase in roadmap.phases if phase.tools]
    if phases:
        yield from ("", "## Tools by phase", "")
    for phase in phases:
        yield f"- **{escape(phase.title)}:** {', '.join(escape(tool) for tool in phase.tools)}"


def _questions(roadmap: Roadmap) -> Iterator[str]:
    if roadmap.questions:
        yield from ("", "## Questions")
    for question in roadmap.questions:
        yield from ("", f"**{escape(question.question)}** {escape(question.answer)}")
