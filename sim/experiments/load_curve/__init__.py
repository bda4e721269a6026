"""How much load the limits bear."""
