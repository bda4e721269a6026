"""All that is said of the life of one case."""
