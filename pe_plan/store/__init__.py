"""The plan folder: the state and its roadmap as JSON, earlier ones in `.history`, files written as
one, and the lock."""

from pe_plan.store.files import explained, locked, save, write
from pe_plan.store.folder import (
    HISTORY,
    MOST_KEPT,
    ROADMAP,
    STATE,
    backup_hint,
    before,
    decode,
    encode,
    kept_roadmap,
    outdated,
    read,
    read_before,
    read_roadmap,
    replaced,
)

__all__ = [
    "HISTORY",
    "MOST_KEPT",
    "ROADMAP",
    "STATE",
    "backup_hint",
    "before",
    "decode",
    "encode",
    "explained",
    "kept_roadmap",
    "locked",
    "outdated",
    "read",
    "read_before",
    "read_roadmap",
    "replaced",
    "save",
    "write",
]
