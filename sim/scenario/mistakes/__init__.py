"""Every mistake of a scenario file: which rule it breaks, where, and what to write."""
