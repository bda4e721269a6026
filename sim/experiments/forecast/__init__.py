"""What becomes of the cases that are open today, and what would save those that will be late."""
