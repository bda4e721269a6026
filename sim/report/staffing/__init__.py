"""Report, figures and words of a search for staff."""
