"""Descriptions of a scenario, and templates of new ones."""
