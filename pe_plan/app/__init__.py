"""Between the shell and the wings: one short function per command.

What stands here is imported when it is first asked for: no command waits for another's libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pe_plan.app.around import Circumstances
    from pe_plan.app.exporting import KINDS, Synced, export, export_vdir
    from pe_plan.app.files import ROADMAP, bundled, opened, roadmap
    from pe_plan.app.writing import FORMATS

__all__ = [
    "FORMATS",
    "KINDS",
    "ROADMAP",
    "Circumstances",
    "Synced",
    "bundled",
    "export",
    "export_vdir",
    "opened",
    "roadmap",
]
_HOMES = {
    "around": ("Circumstances",),
    "exporting": ("KINDS", "Synced", "export", "export_vdir"),
    "files": ("ROADMAP", "bundled", "opened", "roadmap"),
    "writing": ("FORMATS",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"pe_plan.app.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
