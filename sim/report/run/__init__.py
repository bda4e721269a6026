"""Report, figures and plain data of a run."""
