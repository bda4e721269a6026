"""How figures are drawn: the kit, which knows no question."""
