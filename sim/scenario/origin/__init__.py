"""Where each value of a scenario is written, and what backs it."""
