"""The result of a run: statistics over replications, and tables."""
