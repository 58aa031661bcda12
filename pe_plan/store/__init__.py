"""The plan folder: the state as plan.toml, and several files written as one.

What only writing needs is imported when it is first asked for: who just looks does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pe_plan.store.decoding import decode
from pe_plan.store.folder import PLAN, backup_hint, free_backup, read, read_kept

if TYPE_CHECKING:
    from pe_plan.store.encoding import encode
    from pe_plan.store.lock import locked
    from pe_plan.store.writing import write

__all__ = [
    "PLAN",
    "backup_hint",
    "decode",
    "encode",
    "free_backup",
    "locked",
    "read",
    "read_kept",
    "write",
]
_HOMES = {"encode": "encoding", "locked": "lock", "write": "writing"}


def __getattr__(name: str) -> object:
    if home := _HOMES.get(name):
        return getattr(import_module(f"pe_plan.store.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
