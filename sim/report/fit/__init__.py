"""What is said of a scenario that was fitted to records."""
