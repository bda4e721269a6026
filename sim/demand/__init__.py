"""Named random streams; arrivals; cases and items, drawn before the engine runs."""

from sim.demand.cases import Demand
from sim.demand.draw import DemandSource
from sim.demand.facts import DueClock
from sim.demand.streams import Streams

__all__ = ["Demand", "DemandSource", "DueClock", "Streams"]
