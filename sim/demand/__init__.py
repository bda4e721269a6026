"""Named random streams; arrivals; cases and items, drawn before the engine runs."""

from sim.demand.demand import Demand
from sim.demand.demand_source import DemandSource
from sim.demand.node_columns import DueClock
from sim.demand.streams import Streams

__all__ = ["Demand", "DemandSource", "DueClock", "Streams"]
