"""What is said of a network that was fitted to an event log, and of logs simulated with it."""
