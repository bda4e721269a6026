"""Scenario files and data files: looked up, read, and laid over one another."""
