"""Report, figures and words of a run."""
