"""Case type + handling levers → the graph of steps that a case goes through."""

from sim.process.approval import approval_graph
from sim.process.network import network_graph
from sim.process.table import PoolTable, Process, pool_table
from sim.scenario import Scenario


def build_process(scenario: Scenario) -> Process:
    """Write out the graph of every case type, in alphabetical order.

    Raises
    ------
    ScenarioError
        If turnarounds that belong together pass on different calendars, or a name stands for two
        steps.
    """
    return Process(
        tuple(
            (approval_graph if case_type.matters else network_graph)(scenario, name, case_type)
            for name, case_type in sorted(scenario.case_types.items())
        )
    )


__all__ = ["PoolTable", "Process", "build_process", "pool_table"]
