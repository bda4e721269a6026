"""Mistakes in a scenario file: the broken rule, its place, and the correction."""
