"""What happened: recorded cases, judged like simulated ones."""
