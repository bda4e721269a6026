"""Comparisons of scenarios on the same cases."""
