"""All that is said of a sweep."""
