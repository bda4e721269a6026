"""Together at once: several officers for one step. The rule stands at the head of `sim.engine`."""
