"""The accepted plan on the day on which it is carried on: blocks stand where they are pinned, what
was done stays, and what was not becomes work that is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pe_plan.model import Block, Pin, Plan, Profile, Progress, Roadmap, Session
from pe_plan.planning.availability import offered
from pe_plan.planning.blocks import free_id, piece
from pe_plan.planning.effort import Efforts
from pe_plan.planning.memory import Memory, is_done, memories
from pe_plan.planning.scheduling import Close
from pe_plan.planning.sheets import AGAIN, Requires, made_up


def week_of(plan: Plan, day: date) -> int:
    """The place of the plan week that the day lies in, from 0; days after the end are in none."""
    return max((day - plan.weeks[0].starts).days // 7, 0)


class Ahead(Struct, frozen=True, kw_only=True):
    """A block of the future, or what is left of today's: `head` are its sessions that are settled
    already, `open` those still to come (what was done before its time is free again)."""

    block: Block
    day: date
    head: tuple[Session, ...]
    open: tuple[Session, ...]


class Case(Struct, frozen=True, kw_only=True):
    """What is to be carried on: the accepted plan on a day, the learner since then, and the blocks
    that they have just put elsewhere (`shifted`).

    The plan is settled: `past` blocks, blocks `ahead`, sessions done `early`, and the work `owed`:
    sessions with the minutes of them that were not done, in the order in which they were due.
    """

    roadmap: Roadmap
    profile: Profile
    plan: Plan
    progress: Progress
    as_of: date
    shifted: tuple[Block, ...]
    past: tuple[Block, ...]
    ahead: tuple[Ahead, ...]
    early: tuple[Session, ...]
    owed: tuple[Session, ...]

    @property
    def week(self) -> int:
        """The plan week of the day, from 0."""
        return week_of(self.plan, self.as_of)

    def week_at(self, instant: datetime) -> int:
        """The plan week that the instant lies in, from 0."""
        return week_of(self.plan, self.profile.day_of(instant))

    @property
    def efforts(self) -> Efforts:
        """What the topics ask of the learner now."""
        return Efforts(self.roadmap, self.profile.skills)

    @property
    def requires(self) -> Requires:
        """Topic -> topics that come before it."""
        return {topic.id: topic.requires for topic in self.roadmap.topics}

    @property
    def behind(self) -> tuple[Session, ...]:
        """Every session that is settled."""
        past = (session for block in self.past for session in block.sessions)
        return (*past, *(s for ahead in self.ahead for s in ahead.head), *self.early)

    @property
    def held(self) -> Counter[str | None]:
        """How often each round of the final weeks' loop was held so far."""
        return Counter(s.round for s in self.behind if of_loop(s) and s.status == "done")

    @property
    def close(self) -> Close:
        """What of the full loop was not held so far, and the phases that were not recalled in
        final weeks."""
        held = self.held
        over = {s.phase for s in self.behind if s.status == "done" and self.closes(s)}
        return Close(
            loop=[r for r in self.roadmap.rounds for _ in range(r.count - held[r.id])],
            to_recall=[phase for phase in self.roadmap.phases if phase.id not in over],
        )

    def closes(self, session: Session) -> bool:
        """Whether it is a phase's recall, or a mock of the loop, in the final weeks."""
        week = self.plan.week_of(self.profile.day_of(session.start))
        return week.kind == "final" and (session.recalls_phase or of_loop(session))

    def known(self) -> tuple[Memory, ...]:
        """The learner's memories on the day."""
        return memories(self.plan, self.progress, self.profile, self.as_of)


def of_loop(session: Session) -> bool:
    """Whether it is a mock of the final weeks, and not a phase's checkpoint."""
    return session.kind == "mock" and session.phase is None


# ── The past ──────────────────────────────────────────────────────────────────────────────────


def settle(
    roadmap: Roadmap,
    profile: Profile,
    before: Profile,
    plan: Plan,
    progress: Progress,
    *,
    as_of: date,
) -> Case:
    """The accepted plan as `before` knew it, as it stands for the learner on the day. Everything
    before it is settled, and of what comes later whatever was worked on."""
    if profile.pins:
        profile = replace(profile, pins=_live_pins(profile, plan, progress, as_of))
    at = {block.uid: block.start for block in plan.blocks}
    plan = _moved(plan, progress, before, profile, as_of)
    past: list[Block] = []
    ahead: list[Ahead] = []
    early: list[Session] = []
    owed: list[Session] = []
    for block in plan.blocks:
        day = profile.day_of(block.start)
        count = len(block.sessions) if day < as_of else progress.begun(block, day)
        settled = tuple(_status(session, progress) for session in block.sessions)
        owed += [
            replace(session, minutes=session.minutes - progress.done.get(session.id, 0))
            for session, now in zip(block.sessions[:count], settled, strict=False)
            if (session.status, now.status) == ("planned", "missed")
        ]
        if day < as_of:
            past.append(replace(block, sessions=settled))
            continue
        early += [s for s in settled[count:] if progress.done.get(s.id)]
        rest = [left for session in block.sessions[count:] for left in _left(session, progress)]
        ahead.append(Ahead(block=block, day=day, head=settled[:count], open=tuple(rest)))
    return Case(
        roadmap=roadmap,
        profile=profile,
        plan=plan,
        progress=progress,
        as_of=as_of,
        shifted=tuple(block for block in plan.blocks if block.start != at[block.uid]),
        past=tuple(past),
        ahead=tuple(ahead),
        early=(*plan.early, *early),
        owed=tuple(owed),
    )


def _status(session: Session, progress: Progress) -> Session:
    if session.status != "planned" or session.is_free:
        return session
    return replace(session, status="done" if is_done(session, progress) else "missed")


def _left(session: Session, progress: Progress) -> list[Session]:
    """What is left of a session of the future: all, or what was not done of it before its time,
    and free time in the place of what was."""
    done = progress.done.get(session.id, 0)
    if not done:
        return [session]
    rest = 0 if is_done(session, progress) else session.minutes - done
    start = session.start + timedelta(minutes=rest)
    free = replace(piece(kind="flex", minutes=session.minutes - rest), start=start)
    return [replace(session, id=AGAIN + session.id, minutes=rest), free] if rest else [free]


# ── Blocks that the learner pinned elsewhere, or let go ───────────────────────────────────────


def holding(profile: Profile, plan: Plan) -> tuple[Pin, ...]:
    """The pins whose blocks stand there."""
    at = {(block.uid, block.start, block.minutes) for block in plan.blocks if block.pinned}
    return tuple(pin for pin in profile.pins if (pin.uid, pin.start, pin.minutes) in at)


def _live_pins(profile: Profile, plan: Plan, progress: Progress, as_of: date) -> tuple[Pin, ...]:
    """The pins that can be followed: their blocks stand there already, or may move there, to a day
    from `as_of` on in the plan's weeks."""
    standing = set(holding(profile, plan))
    able = {block.uid for block in plan.blocks if not progress.touches(block)}
    last = plan.weeks[-1].starts + timedelta(weeks=1)
    return tuple(
        pin
        for pin in profile.pins
        if pin in standing or (pin.uid in able and as_of <= profile.day_of(pin.start) < last)
    )


def _moved(plan: Plan, progress: Progress, before: Profile, profile: Profile, as_of: date) -> Plan:
    """The plan with each block where it is pinned now (all pins live), and those that no longer are
    at home.

    What is over, or was worked on, stays where it is. A block's length may then differ from its
    agenda's: it is what the block has time for, and none where its home is over or in no window any
    more. Study that changed its place in the order of study counts as made up.
    """
    if before.pins == profile.pins:
        return plan
    at = {pin.uid: (pin.start, pin.minutes) for pin in profile.pins}
    homes = {pin.uid: (pin.home, pin.home_minutes) for pin in before.pins if pin.uid not in at}
    shifted: dict[str, Block] = {}
    for block in plan.blocks:
        if pinned := at.get(block.uid):
            if (*pinned, True) != (block.start, block.minutes, block.pinned):
                shifted[block.uid] = _put(block, *pinned, pinned=True)
        elif home := homes.get(block.uid):
            if profile.day_of(block.start) < as_of or progress.touches(block):
                shifted[block.uid] = replace(block, pinned=False)
            elif profile.day_of(home[0]) >= as_of and offered(profile, *home):
                shifted[block.uid] = _put(block, *home, pinned=False)
            else:
                shifted[block.uid] = replace(block, minutes=0, pinned=False)
    blocks = [shifted.get(block.uid, block) for block in plan.blocks]
    found = (_marked(b, plan, blocks, profile) if b.uid in shifted else b for b in blocks)
    return replace(plan, blocks=tuple(sorted(found, key=lambda block: block.start)))


def _put(block: Block, start: datetime, minutes: int, *, pinned: bool) -> Block:
    """The block at its new time, its agenda with it; free time is named by its start."""
    by = start - block.start
    sessions = (replace(session, start=session.start + by) for session in block.sessions)
    named = [replace(s, id=free_id(s.kind, s.start)) if s.is_free else s for s in sessions]
    return replace(block, start=start, minutes=minutes, pinned=pinned, sessions=tuple(named))


def _marked(block: Block, plan: Plan, blocks: Sequence[Block], profile: Profile) -> Block:
    """Its study as made up, where it passed other study or left its phase's weeks."""
    was = {block.uid: block.start for block in plan.blocks}
    passed = any(
        (was[other.uid] < was[block.uid]) != (other.start < block.start)
        for other in blocks
        if any(session.kind == "study" for session in other.sessions)
    )
    week = plan.weeks[week_of(plan, profile.day_of(block.start))]
    return replace(block, sessions=made_up(block.sessions, None if passed else week.phase))
