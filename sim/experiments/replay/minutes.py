"""Instants in whole minutes."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.engine.contract import DAY_S, OPEN

MINUTE_S: Final = 60
DAY_MIN: Final = DAY_S // MINUTE_S


def minutes(seconds: Ints) -> Ints:
    """Return instants as the first whole minutes at which they are past; `OPEN` stays.

    So at every whole minute as much has happened as in the schedule, no less and no more.
    """
    return np.where(seconds == OPEN, OPEN, -(-seconds // MINUTE_S))
