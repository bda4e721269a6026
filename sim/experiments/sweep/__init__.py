"""What happens at every combination of some values."""
