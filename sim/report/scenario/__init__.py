"""All that is said of a scenario."""
