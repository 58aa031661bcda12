"""The words of the domain as frozen values; no behaviour beyond what follows from their fields.

Lengths are integer minutes. Instants are aware datetimes in UTC; the learner's wall clock is
`Profile.zone`. Identity is an id, never a position. The glossary stands in DESIGN.md.
"""

from pe_plan.model.learner import *
from pe_plan.model.plan import *
from pe_plan.model.roadmap import *
from pe_plan.model.words import *
