"""Five distances between a recorded and a simulated log, as published comparisons compute them.

Chapela-Campa, Benchekroun, Baron, Dumas, Krass and Senderovich: Can I trust my simulation model?
Measuring the quality of business process simulation models. BPM 2023. Smaller is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sim.arrays import Floats, Ints
from sim.logs.event_log import DAY_MS, HOUR_MS, EventLog

NAMES: Final = ("NGD", "AEDD", "CEDD", "REDD", "CTDD")
"""N-gram, absolute, circadian and relative event distribution, cycle time distribution."""
GRAM: Final = 3
FARTHEST_H: Final = 23.0
"""Hours between the farthest hours of a day: a weekday that one log alone knows."""
_MONDAY: Final = 4
"""Days from 1970-01-01, a Thursday, to a Monday."""


def distances(recorded: EventLog, simulated: EventLog) -> dict[str, float]:
    """Return name → distance; NGD is a share, the others are hours.

    NGD: half the sum of absolute differences of the frequencies of sequences of three activities,
    over their mean number. The others are Wasserstein distances of starts and ends in whole hours:
    since the first of both logs; of the day, as the mean of seven weekdays; since the case's begin;
    and of the cases' durations. NaN where a log has no events.
    """
    if not len(recorded) or not len(simulated):
        return dict.fromkeys(NAMES, float("nan"))
    one, other = _stamps(recorded), _stamps(simulated)
    since = min(one.min(), other.min()) // HOUR_MS * HOUR_MS
    spans = [log.last_end - log.arrival for log in (recorded, simulated)]
    least = min(span.min() for span in spans)
    return {
        "NGD": _n_grams(recorded, simulated),
        "AEDD": earth_movers((one - since) // HOUR_MS, (other - since) // HOUR_MS),
        "CEDD": _circadian(one, other),
        "REDD": earth_movers(_relative(recorded, one), _relative(simulated, other)),
        "CTDD": earth_movers((spans[0] - least) // HOUR_MS, (spans[1] - least) // HOUR_MS),
    }


def earth_movers(one: Ints, other: Ints) -> float:
    """Return the Wasserstein distance of two samples of whole numbers."""
    values = np.unique(np.concatenate([one, other]))
    steps = np.diff(values)
    below = [np.searchsorted(np.sort(x), values[:-1], "right") / len(x) for x in (one, other)]
    return float((np.abs(below[0] - below[1]) * steps).sum())


def _stamps(log: EventLog) -> Ints:
    return np.concatenate([log.start, log.end])


def _relative(log: EventLog, stamps: Ints) -> Ints:
    return (stamps - np.tile(log.arrival[log.case], 2)) // HOUR_MS


def _circadian(one: Ints, other: Ints) -> float:
    parts = []
    for stamps in (one, other):
        parts.append(((stamps // DAY_MS - _MONDAY) % 7, stamps % DAY_MS // HOUR_MS))
    found = []
    for day in range(7):
        hours = [hour[weekday == day] for weekday, hour in parts]
        empty = sum(not len(x) for x in hours)
        found.append(earth_movers(*hours) if not empty else FARTHEST_H * (empty == 1))
    return float(np.mean(found))


def _n_grams(recorded: EventLog, simulated: EventLog) -> float:
    known = dict.fromkeys([*recorded.activities, *simulated.activities])
    names = {name: number for number, name in enumerate(known, 1)}
    counts = [_gram_counts(log, names) for log in (recorded, simulated)]
    grams = np.unique(np.concatenate([keys for keys, _ in counts]))
    table = np.zeros((2, len(grams)))
    for row, (keys, number) in enumerate(counts):
        table[row, np.searchsorted(grams, keys)] = number
    return float(np.abs(table[0] - table[1]).sum() / table.sum())


def _gram_counts(log: EventLog, names: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return the different n-grams of a log, as numbers, and how often each occurs."""
    pad, base = GRAM - 1, len(names) + 1
    code = np.array([names[name] for name in log.activities], np.int64)[log.activity]
    # Each case is followed by as many blanks as one gram can hold beside an activity.
    line = np.zeros(len(log) + pad * (len(log.cases) + 1), np.int64)
    line[np.arange(len(log)) + pad * (log.case + 1)] = code
    windows = np.lib.stride_tricks.sliding_window_view(line, GRAM)
    keys, number = np.unique(windows @ base ** np.arange(GRAM), return_counts=True)
    return keys, number


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Return name → mean and standard deviation (0 for one log) over simulated logs."""
    found = {}
    for name in NAMES:
        values: Floats = np.array([row[name] for row in rows])
        found[name] = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return found
