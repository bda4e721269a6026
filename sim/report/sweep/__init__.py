"""Report, figures and words of a sweep."""
