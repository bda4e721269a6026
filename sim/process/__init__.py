"""Case type + handling levers → the graph of steps that a case goes through."""

from sim.process.approval import approval_graph
from sim.process.network import network_graph
from sim.process.stream_names import stream_names
from sim.process.table import PoolTable, Process, pool_table
from sim.scenario import Scenario


def build_process(scenario: Scenario) -> Process:
    """Return the graphs of all case types, in alphabetical order.

    Raises
    ------
    ScenarioError
        If matters handed in together have turnarounds on different calendars, or two steps have
        the same name.
    """
    return Process(
        tuple(
            (approval_graph if case_type.matters else network_graph)(scenario, name, case_type)
            for name, case_type in sorted(scenario.case_types.items())
        )
    )


__all__ = ["PoolTable", "Process", "build_process", "pool_table", "stream_names"]
