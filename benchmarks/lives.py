"""A thousand random lives with the bundled roadmap: what a missed hour changes in the calendar.

Each life has its own hours, start and luck; every week some evenings are missed, now and then a
whole week or more, and every Monday on which something was missed the plan is carried on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from random import Random

from benchmarks.report import Row, table
from pe_plan.model import DoesNotFit, State
from pe_plan.tracking.changes import changes
from tests.support_life import Life, born
from tests.support_planning import ROADMAP, learner

LIVES = 1_000
KINDS = ("retitled", "moved", "added", "removed")
_SIZES = ((2, "under 2 h"), (6, "2 to 6 h"), (20, "6 to 20 h"), (10_000, "20 h and more"))


def tables(lives: int = LIVES) -> Iterator[str]:
    """How many blocks a re-plan changed for each missed hour, by how much was missed at once."""
    sums: dict[str, Counter[str]] = {name: Counter() for _, name in _SIZES}
    with ProcessPoolExecutor() as pool:
        for replans in pool.map(_life, range(lives), chunksize=5):
            for hours, changed in replans:
                name = next(name for most, name in _SIZES if hours < most)
                sums[name] += changed
                sums[name]["re-plans"] += 1
                sums[name]["missed"] += round(60 * hours)
    rows = [
        Row(
            what=f"missed at once: {name}",
            figures=(
                f"{found['re-plans']:,}",
                *(f"{60 * found[kind] / max(found['missed'], 1):.2f}" for kind in KINDS),
                f"{found['later'] / max(found['re-plans'], 1):.2f}",
                f"{found['refused']:,}",
            ),
        )
        for name, found in sums.items()
    ]
    columns = ("re-plans", *(f"{kind}/h" for kind in KINDS), "weeks later", "no plan")
    yield from table(f"{lives:,} lives: blocks changed for each missed hour", columns, rows)


def _life(seed: int) -> list[tuple[float, Counter[str]]]:
    """The hours missed before each re-plan, and what it changed."""
    chance = Random(seed)
    start = date(2026, 1, 5) + timedelta(days=chance.randrange(365))
    hours = chance.choice(("8", "10", "12", "15", "20"))
    lived = born(ROADMAP, learner(hours, start=start.isoformat()))
    careless = chance.uniform(0, 0.3)
    found: list[tuple[float, Counter[str]]] = []
    while not isinstance(lived, DoesNotFit) and lived.today < lived.plan.finish:
        weeks = chance.choice((1,) * 30 + (2, 3))
        away = weeks > 1 or chance.random() < 0.04
        missed = _lived(lived, chance, 1.0 if away else careless, weeks)
        if missed:
            found.append((missed / 60, _carried_on(lived)))
    return found


def _lived(lived: Life, chance: Random, share: float, weeks: int) -> int:
    """Some weeks go by; the minutes of work missed in them."""
    days = {lived.today + timedelta(days=n) for n in range(7 * weeks)}
    gone = {day for day in days if chance.random() < share}
    until = lived.today + timedelta(weeks=weeks)
    open_ = lived.open(lived.today, until - timedelta(days=1))
    lived.live(until, lambda session: lived.day(session) in gone)
    return sum(session.minutes for session in open_ if lived.day(session) in gone)


def _carried_on(lived: Life) -> Counter[str]:
    after = lived.carried_on()
    if isinstance(after, DoesNotFit):
        return Counter(refused=1)
    plans = (lived.plan, after)
    states = (State(profile=lived.profile, plan=p, ledger=(), roadmap="") for p in plans)
    change = changes(*states)
    found = Counter({kind: len(getattr(change, kind)) for kind in KINDS})
    found["later"] = (after.finish - lived.plan.finish).days // 7
    lived.plan = after
    return found
