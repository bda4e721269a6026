"""The results at every combination of some values."""
