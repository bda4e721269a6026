"""Demand: arrivals, cases and items, drawn before the engine runs."""

from sim.demand.arrivals import TooManyCasesError
from sim.demand.demand import Demand
from sim.demand.demand_source import DemandSource

__all__ = ["Demand", "DemandSource", "TooManyCasesError"]
