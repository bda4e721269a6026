"""All that is said of the shortest promises."""
