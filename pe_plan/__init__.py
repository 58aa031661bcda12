"""A study planner: a roadmap in, a dated plan and a calendar out."""
