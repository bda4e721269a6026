"""The shortest promises that are kept."""
