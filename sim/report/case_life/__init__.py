"""Report and figure of the life of one case."""
