"""A study planner: a roadmap in, a dated plan and a calendar out."""

__version__ = "0.1.0"
