"""Timeless formulas, one idea per function, each with its reference; no state and no knowledge of the world."""
