"""Rosters → officers, pools and duty intervals."""

from sim.supply.roster import Officer, SupplySource

__all__ = ["Officer", "SupplySource"]
