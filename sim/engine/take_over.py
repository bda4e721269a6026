"""Take-over: the unit in which the work of a pool is counted, so that nothing is rounded.

The rule stands at the head of `sim.engine`.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Ints
from sim.engine.contract import Supply


def units(supply: Supply) -> Ints:
    """Return [P] the parts into which each pool divides a second of work at speed 1.

    In pools with take-over it is the least number with which each second of each officer's duty
    does a whole number of parts; in others 1, as a hand-over leaves whole seconds there.
    """
    unit = np.ones(len(supply.rule), np.int64)
    if supply.take_over is not None and supply.take_over.any():
        den = np.repeat(supply.speed_den, np.diff(supply.pool_ptr))
        takes = supply.take_over[supply.pool_of]
        np.lcm.at(unit, supply.pool_of[takes], den[takes])
    return unit
