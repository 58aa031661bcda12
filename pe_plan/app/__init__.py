"""Between the shell and the wings: one short function per command."""

from pe_plan.app.commands import Circumstances, Generated, Places, export, generate
from pe_plan.app.files import ROADMAP, bundled, opened, roadmap
from pe_plan.app.writing import FORMATS

__all__ = [
    "FORMATS",
    "ROADMAP",
    "Circumstances",
    "Generated",
    "Places",
    "bundled",
    "export",
    "generate",
    "opened",
    "roadmap",
]
