"""Figures of speed and memory, as ratios in one run: `python -m benchmarks`. Nothing is gated."""
