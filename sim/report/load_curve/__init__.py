"""Report, figures and words of a load curve."""
