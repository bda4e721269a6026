"""All that is said of a load curve."""
