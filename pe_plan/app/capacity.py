"""How much free time there is, before anything is planned. Nothing is written."""

from __future__ import annotations

from msgspec import Struct

from pe_plan import store
from pe_plan.app.around import Circumstances
from pe_plan.app.generate import Places, read
from pe_plan.inputs.profile import Answers, Reading
from pe_plan.model import Roadmap, Window
from pe_plan.planning import capacity as planning
from pe_plan.planning.availability import fitted


class Foreseen(Struct, frozen=True, kw_only=True):
    """What the learner's weeks hold, how the profile came about, and the `windows` looked at."""

    roadmap: Roadmap
    reading: Reading
    windows: tuple[Window, ...]
    capacity: planning.Capacity


def capacity(answers: Answers, places: Places, around: Circumstances) -> Foreseen:
    """The free time of every week up to the last on which a plan may end, busy calendars and days
    off taken into account.

    Raises PePlanError with every problem of the flags, the profile file, the roadmap and the busy
    calendars, and where the plan in the folder, which is not to stand in its own way, cannot be
    read.
    """
    _, roadmap, reading, _ = read(answers, places, "md", around)
    profile = reading.profile
    if profile.calendars:
        store.read(places.folder)
    return Foreseen(
        roadmap=roadmap,
        reading=reading,
        windows=fitted(profile.windows, profile.minutes_per_week),
        capacity=planning.capacity(roadmap, profile),
    )
