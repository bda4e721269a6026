"""Which replication of a run stands for all of them."""

from __future__ import annotations

import numpy as np

from sim.results.run import Result


def middle_replication(result: Result) -> int:
    """Return the number of the replication whose on-time shares lie nearest to the medians.

    Near: the sum of the distances over all limits is the smallest; of several, the first. Without
    a limit that has cases to judge: the first of the run.
    """
    shares = np.full((len(result.summaries), len(result.resolved_limits)), np.nan)
    for column, limit in enumerate(result.resolved_limits):
        for row, tally in enumerate(result.tallies(limit.name, limit.clock)):
            if tally.judged:
                shares[row, column] = tally.on_time / tally.judged
    known = shares[:, ~np.isnan(shares).all(axis=0)]
    distance = np.nansum(abs(known - np.nanmedian(known, axis=0)), axis=1)
    return result.summaries[int(distance.argmin())].number
