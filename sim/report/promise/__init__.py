"""Report, figures and words of the shortest promises."""
