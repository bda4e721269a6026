"""A city fitted to its records: counts and times of a register become a scenario."""
