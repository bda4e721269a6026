"""All that is said of a comparison."""
