"""Laws L12 to L17 over random lives: any roadmap, any learner, days lived and plans carried on."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import assume, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from pe_plan.calendars.events import events
from pe_plan.calendars.ledger import publish
from pe_plan.model import ANSWERS, LEVELS, Block, Days, DoesNotFit, Plan, Profile, merged
from pe_plan.planning.availability import fit, slots, taken
from pe_plan.planning.settling import holding
from tests.support_busy import busy_times, movable, pinned, shifts
from tests.support_life import born, done_minutes, open_minutes, plain, some
from tests.support_planning import ZONES, assert_blocks_follow_and_are_filled, cases, weeks

_SEEDS = st.integers(0, 2**16)


class Lives(RuleBasedStateMachine):
    """Generate, log, re-plan and undo in any order; every law is checked at each re-plan."""

    @initialize(case=cases(most_phases=4, most_topics=16))
    def begin(self, case):
        life = born(case.roadmap, case.profile)
        assume(not isinstance(life, DoesNotFit))
        self.life = life
        self.published = {entry.uid: entry for entry in life.ledger}

    # ── What may happen ───────────────────────────────────────────────────────────────────────

    @rule(days=st.integers(1, 40), seed=_SEEDS, share=st.sampled_from((0.0, 0.5, 0.9, 1.0)))
    def days_go_by(self, days, seed, share):
        life = self.life
        last = life.today + timedelta(days=days)
        for session in some(life.open(life.today, last - timedelta(days=1)), seed, share):
            life.record("done", life.day(session), session=session.id)
        life.today = min(last, life.plan.finish + timedelta(days=20))

    @rule(count=st.integers(1, 6))
    def some_are_done_early(self, count):
        life = self.life
        for session in life.open(life.today, life.plan.finish)[:count]:
            life.record("done", session=session.id)

    @rule(seed=_SEEDS, minutes=st.integers(1, 100))
    def one_is_done_in_part(self, seed, minutes):
        life = self.life
        able = life.open(life.profile.start, life.today + timedelta(days=3))
        able = [session for session in able if session.kind == "study"]
        if able:
            session = able[seed % len(able)]
            life.record("done", session=session.id, minutes=minutes)

    @rule(seed=_SEEDS, answer=st.sampled_from(ANSWERS))
    def a_topic_is_rated(self, seed, answer):
        topics = self.life.roadmap.topics
        self.life.record("review", topic=topics[seed % len(topics)].id, answer=answer)

    @rule(seed=_SEEDS)
    def a_topic_is_mastered(self, seed):
        topics = self.life.roadmap.topics
        self.life.record("mastered", topic=topics[seed % len(topics)].id)

    @rule()
    def replan(self):
        self._carry_on()

    @rule(ahead=st.integers(0, 60), length=st.sampled_from((1, 1, 7, 20)))
    def replan_with_days_off(self, ahead, length):
        first = self.life.today + timedelta(days=ahead)
        off = Days(first=first, last=first + timedelta(days=length - 1))
        self._carry_on(days_off=(*self.life.profile.days_off, off))

    @rule(data=st.data())
    def replan_with_busy_times(self, data):
        new = data.draw(busy_times(self.life.today + timedelta(days=4)))
        self._carry_on(busy=merged((*self.life.profile.busy, *new)))

    @rule(seed=_SEEDS, by=shifts, minutes=st.none() | st.integers(5, 40).map(lambda n: n * 5))
    def replan_with_a_pin(self, seed, by, minutes):
        if pin := pinned(self.life, seed, by, minutes):
            others = (other for other in self.life.profile.pins if other.uid != pin.uid)
            self._carry_on(pins=(*others, pin))

    @rule(seed=_SEEDS)
    def replan_without_a_pin(self, seed):
        if pins := self.life.profile.pins:
            let_go = pins[seed % len(pins)]
            self._carry_on(pins=tuple(pin for pin in pins if pin is not let_go))

    @rule(seed=_SEEDS)
    def replan_with_a_dropped_block(self, seed):
        if ahead := movable(self.life, seed):
            gone = [(block.start, block.end) for block in ahead[:1] if not block.pinned]
            self._carry_on(dropped=merged((*self.life.profile.dropped, *gone)))

    @rule(share=st.sampled_from((0.5, 0.8, 1.2)))
    def replan_with_other_hours(self, share):
        profile = self.life.profile
        whole = sum(window.minutes for window in profile.windows)
        minutes = int(profile.minutes_per_week * share) // 5 * 5
        self._carry_on(minutes_per_week=min(max(minutes, 25), whole))

    @rule(windows=weeks())
    def replan_with_other_windows(self, windows):
        minutes = sum(window.minutes for window in windows)
        self._carry_on(windows=windows, minutes_per_week=minutes)

    @rule(zone=st.sampled_from(ZONES))
    def replan_elsewhere(self, zone):
        profile, today = self.life.profile, self.life.today
        if zone != profile.timezone:
            abroad = (*profile.abroad, (today, profile.timezone))
            self._carry_on(timezone=zone, abroad=abroad)

    @rule(level=st.sampled_from(LEVELS), seed=_SEEDS)
    def replan_with_a_skill(self, level, seed):
        topic = self.life.roadmap.topics[seed % len(self.life.roadmap.topics)]
        self._carry_on(skills={**self.life.profile.skills, topic.id: level})

    @rule(days=st.integers(3, 400))
    def replan_with_an_interview(self, days):
        self._carry_on(interview=self.life.today + timedelta(days=days))

    # ── What then holds ───────────────────────────────────────────────────────────────────────

    def _carry_on(self, **changes: object) -> None:
        life = self.life
        profile = replace(life.profile, **changes)
        after = life.carried_on(profile)
        if isinstance(after, DoesNotFit):
            return
        note(f"as of {life.today}: {life.plan.finish} -> {after.finish}")
        self._the_past_stays(after)
        self._nothing_overlaps(after)
        self._blocks_lie_in_their_windows(profile, after)
        self._pinned_blocks_stand_where_they_are_pinned(profile, after)
        self._the_sums_agree(after)
        self._every_topic_is_planned_or_listed(after)
        self._required_topics_come_first(after)
        self._the_finish_is_not_earlier(profile, after)
        if self._same_availability(profile):
            self._the_grid_stays(after)
            self._effort_is_conserved(after)
            self._nothing_changes_after_the_stretch(after)
        life.take(after, replace(profile, pins=holding(profile, after)))
        twice = life.carried_on()
        assert not isinstance(twice, DoesNotFit)
        assert replace(twice, revision=after.revision) == after  # L15
        self._only_true_changes_are_published()

    def _same_availability(self, profile: Profile) -> bool:
        """After the final weeks have begun, an interview and leave to overrun plan anew."""
        life = self.life
        finals = [week.starts for week in life.plan.weeks if week.kind == "final"]
        anew = profile.interview or (profile.overrun and life.today >= min(finals))
        return profile == life.profile and not anew

    def _the_past_stays(self, after: Plan) -> None:  # L14
        life, done = self.life, self.life.progress.done
        was = [b for b in life.plan.blocks if life.day(b) < life.today]
        assert [plain(b) for b in was] == [plain(b) for b in after.blocks[: len(was)]]
        kept = {s.id: s for s in (*after.sessions, *after.early)}
        for session in (*life.plan.sessions, *life.plan.early):
            if done.get(session.id, 0) >= session.minutes:
                same = kept[session.id]
                assert replace(same, status="done") == replace(session, status="done")
                assert same.status == "done"

    def _nothing_overlaps(self, after: Plan) -> None:  # L1
        assert_blocks_follow_and_are_filled(after)
        assert all(session.minutes > 0 == session.minutes % 5 for session in after.sessions)
        ids = [session.id for session in (*after.sessions, *after.early)]
        assert len(set(ids)) == len(ids)
        assert len({block.uid for block in after.blocks}) == len(after.blocks)

    def _begun(self, profile: Profile, after: Plan) -> set[date]:
        """The days of which a part is over."""
        return {
            profile.day_of(block.start)
            for block in after.blocks
            if any(session.status != "planned" for session in block.sessions)
        }

    def _blocks_lie_in_their_windows(self, profile: Profile, after: Plan) -> None:  # L1
        begun = self._begun(profile, after)
        for block in after.blocks:
            day = profile.day_of(block.start)
            if day < self.life.today or day in begun or block.pinned:
                continue  # a day that has begun stays as it is
            assert not any(day in off for off in profile.days_off)
            assert not any(a < block.end and block.start < b for a, b in taken(profile))
            start = block.start.astimezone(profile.zone)
            minute = start.hour * 60 + start.minute
            assert any(
                window.weekday == day.weekday() and window.start <= minute < window.end
                for window in profile.windows
            )

    def _pinned_blocks_stand_where_they_are_pinned(self, profile: Profile, after: Plan) -> None:
        at = {pin.uid: (pin.start, pin.minutes) for pin in profile.pins}
        now = {block.uid: block for block in after.blocks}
        movable_now = {block.uid for block in movable(self.life, 0)}
        for uid, (start, minutes) in at.items():
            inside = self.life.today <= profile.day_of(start) <= after.finish
            if uid in movable_now and inside:
                assert (now[uid].start, now[uid].minutes, now[uid].pinned) == (start, minutes, True)
        flagged = {block.uid for block in after.blocks if block.pinned}
        assert flagged == {pin.uid for pin in holding(profile, after)}

    def _the_sums_agree(self, after: Plan) -> None:
        progress = replace(self.life, plan=after).progress
        open_, done = open_minutes(after, progress), done_minutes(after, progress)
        for topic in after.topics:
            assert topic.minutes == done[topic.id] + open_[topic.id], topic.id

    def _every_topic_is_planned_or_listed(self, after: Plan) -> None:  # L10
        mastered = self.life.progress.mastered
        for topic in after.topics:
            assert topic.minutes or topic.id in after.left_out or topic.id in mastered, topic

    def _required_topics_come_first(self, after: Plan) -> None:  # L4, made-up excepted
        ends: dict[str, datetime] = {}
        starts: dict[str, datetime] = {}
        begun = self._begun(self.life.profile, after)
        for session in after.sessions:
            open_ = session.status == "planned" and self.life.day(session) not in begun
            if session.kind == "study" and open_ and not session.made_up:
                starts.setdefault(session.topic, session.start)
                ends[session.topic] = session.start
        for topic in self.life.roadmap.topics:
            for needed in topic.requires:
                if topic.id in starts and needed in ends:
                    assert ends[needed] < starts[topic.id]

    def _effort_is_conserved(self, after: Plan) -> None:  # L13
        life = self.life
        before = open_minutes(life.plan, life.progress)
        now = open_minutes(after, replace(life, plan=after).progress)
        trimmed = {t.id: t.trimmed for t in life.plan.topics}
        for topic in after.topics:
            cut = topic.trimmed - trimmed[topic.id]
            assert cut >= 0
            assert before[topic.id] == now[topic.id] + cut

    def _the_grid_stays(self, after: Plan) -> None:  # L16
        now = {block.uid: block for block in after.blocks}
        for block in self.life.plan.blocks:
            assert (now[block.uid].start, now[block.uid].minutes) == (block.start, block.minutes)

    def _nothing_changes_after_the_stretch(self, after: Plan) -> None:  # L17
        """From the first block on at which the work left is again the accepted plan's."""
        life = self.life
        now = {block.uid: block for block in after.blocks}
        ahead = [b for b in life.plan.blocks if life.day(b) > life.today]
        done = life.progress.done
        if after.finish > life.plan.finish or any(s.id in done for b in ahead for s in b.sessions):
            return
        was = [_work(block) for block in ahead]
        is_ = [_work(now[block.uid]) for block in ahead]
        left_was, left_is = _left(was), _left(is_)
        same = [k for k in range(len(ahead)) if left_was[k] == left_is[k]]
        if same:
            assert was[same[0] :] == is_[same[0] :]

    def _the_finish_is_not_earlier(self, profile: Profile, after: Plan) -> None:
        if not (profile.finish_early or profile.interview):
            later = Days(first=after.finish + timedelta(days=1), last=self.life.plan.finish)
            used = fit(profile.windows, profile.minutes_per_week)
            assert not slots(profile, used, later.first, later.last)  # there was no time left

    def _only_true_changes_are_published(self) -> None:
        life = self.life
        assert {e.uid for e in life.ledger if not e.removed} == {b.uid for b in life.plan.blocks}
        for entry in life.ledger:
            before = self.published.get(entry.uid)
            if before is None:
                assert entry.sequence == 0
            elif entry == before:
                continue
            else:
                assert entry.sequence == before.sequence + 1
                assert entry.fingerprint != before.fingerprint or entry.removed
        assert self.published.keys() <= {entry.uid for entry in life.ledger}
        self.published = {entry.uid: entry for entry in life.ledger}

    @precondition(lambda self: hasattr(self, "life"))
    @invariant()
    def identical_state_exports_identical_bytes(self):
        life = self.life
        shown = events(life.plan, life.roadmap, life.profile)
        assert publish(shown, life.ledger, life.now) == life.ledger


def _work(block: Block) -> list[tuple[object, ...]]:
    """What slides when work slides."""
    return [
        (s.kind, s.topic, s.activity, s.round, s.phase, s.minutes)
        for s in block.sessions
        if s.kind in ("study", "mock") or (s.kind == "review" and s.topic is None)
    ]


def _left(work: list[list[tuple[object, ...]]]) -> list[Counter[tuple[object, ...]]]:
    """The minutes of each kind of work from each block on."""
    left: list[Counter[tuple[object, ...]]] = []
    total: Counter[tuple[object, ...]] = Counter()
    for pieces in reversed(work):
        for *what, minutes in pieces:
            total[tuple(what)] += minutes
        left.append(Counter(total))
    return left[::-1]


Lives.TestCase.settings = settings(max_examples=200, stateful_step_count=8, deadline=None)
TestLives = Lives.TestCase
