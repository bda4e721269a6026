"""Scenario files and data files: found, read, and remembered with their lines."""
