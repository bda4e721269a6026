"""What if: a scenario with other values, against the scenario itself, while one watches."""
