"""What `sim.experiments.staff` is made of: teams, what they must keep, trials and the search."""
