"""Which of several scenarios does better on the same cases, and how surely."""
