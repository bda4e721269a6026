"""Replications: a scenario made ready, simulated many times, summed up and kept."""
