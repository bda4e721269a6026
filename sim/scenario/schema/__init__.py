"""The models of a scenario file, all frozen."""
