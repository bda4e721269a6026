"""All that is said of a sensitivity analysis."""
