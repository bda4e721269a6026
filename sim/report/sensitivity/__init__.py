"""Report, figures and words of a sensitivity analysis."""
