"""What is said of recorded cases."""
