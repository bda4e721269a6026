"""Clocks: the days that count in a schedule, under each definition.

Every limit is read on all clocks of `sim.limits`; the limit names the clock that decides.

A clock has a *start event*, a *stop event*, and items whose time counts. An item is open from
ready to end. The clock runs on the union of [ready, end) over the counted items of its scope,
clipped to [start, stop]. Intervals that overlap or touch are joined, so parallel days count once.
An interval is measured on dates: N(day of its end) - N(day of its begin), where N(d) is the number
of working days up to and including day d. The date on which an interval begins does not count
(Civil Code art. 201), which makes the measure additive over intervals that touch. A legal period
ends at 23:59:59 of its last day, so midnight needs no special case.
"""

from sim.clocks.read import read_clocks, read_stacked, running_intervals
from sim.clocks.readings import ClockReadings, History, Reading

__all__ = [
    "ClockReadings",
    "History",
    "Reading",
    "read_clocks",
    "read_stacked",
    "running_intervals",
]
