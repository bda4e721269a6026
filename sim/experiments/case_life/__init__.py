"""The life of one case."""
