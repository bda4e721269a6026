"""All that is said of a search for staff."""
