"""The plan folder: the state and its roadmap as JSON, earlier ones in `.history`, files written as
one, and the lock."""

from pe_plan.store.files import *
from pe_plan.store.folder import *
