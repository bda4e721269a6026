"""Event logs without the anatomy of approvals: networks of steps, fitted and simulated.

>>> from sim import logs, records
>>> log = logs.log_of(records.register_from(["log.xes.gz"]))
>>> network = logs.choose(log).network
>>> logs.simulate(network, cases=200, since=int(log.end.max())).table()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.translation import tr

if TYPE_CHECKING:
    from sim.logs.choice import against, choose
    from sim.logs.distances import distances
    from sim.logs.document import read_network, save_network
    from sim.logs.event_log import EventLog, event_log, log_of, part_before_and_after
    from sim.logs.fit import fit_network
    from sim.logs.network import Network
    from sim.logs.simulate import simulate
    from sim.logs.writing import write_log

__all__ = [
    "EventLog", "Network", "against", "choose", "distances", "event_log", "fit_network", "log_of",
    "part_before_and_after", "read_network", "save_network", "simulate", "write_log",
]  # fmt: skip

_HOME = {
    **dict.fromkeys(("against", "choose"), "choice"), "distances": "distances",
    **dict.fromkeys(("read_network", "save_network"), "document"),
    **dict.fromkeys(("EventLog", "event_log", "log_of", "part_before_and_after"), "event_log"),
    "fit_network": "fit", "Network": "network", "simulate": "simulate", "write_log": "writing",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a name on first use, so that the package stays light."""
    if name not in _HOME:
        raise AttributeError(tr("module 'sim.logs' has no attribute '{name}'", name=name))
    import importlib

    return getattr(importlib.import_module(f"sim.logs.{_HOME[name]}"), name)
