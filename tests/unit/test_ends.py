"""Where a case comes to its end: of several ends, the first in the order of the graph."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.demand.ends import Ends
from sim.process.graph import Outcome


def test_the_first_end_of_a_case_is_its_outcome() -> None:
    """Three cases: refused at the first node, then withdrawn at the second; one only; none."""
    stops = [SimpleNamespace(outcome=o, again=None) for o in (Outcome.REFUSED, Outcome.WITHDRAWN)]
    happens = {id(stops[0]): [True, False, False], id(stops[1]): [True, True, False]}
    nodes: Any = tuple(SimpleNamespace(stops=(stop,)) for stop in stops)
    ends = Ends(nodes, 3, lambda stop: (np.array(happens[id(stop)]), np.zeros(3, bool)))
    everyone = np.ones(3, bool)
    ends.come_to(0, everyone)
    ends.come_to(1, everyone)
    assert ends.outcome().tolist() == [Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.DONE]


def test_of_two_stops_of_a_node_the_first_counts() -> None:
    stops = [SimpleNamespace(outcome=o, again=None) for o in (Outcome.WITHDRAWN, Outcome.REFUSED)]
    nodes: Any = (SimpleNamespace(stops=tuple(stops)),)
    ends = Ends(nodes, 1, lambda stop: (np.ones(1, bool), np.zeros(1, bool)))
    ends.come_to(0, np.ones(1, bool))
    assert ends.outcome().tolist() == [Outcome.WITHDRAWN]
