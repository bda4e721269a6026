"""Report, figures and words of a comparison."""
