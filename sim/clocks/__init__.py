"""Clocks: the days that count in a schedule, under each definition.

Every limit is read on all clocks of the scenario; the limit names the clock that decides.

A clock has a *start event*, a *stop event*, and time that counts between them (`ClockRule`). An
item is open from ready to end. Most clocks run on the union of [ready, end) over the counted items
of their scope, clipped to [start, stop]. Others count all time between the events, of the scope or
of each matter in it, and subtract the union of the pauses. Intervals that overlap or touch are
joined, so parallel days count once.
An interval is measured on dates: N(day of its end) - N(day of its begin), where N(d) is the number
of working days up to and including day d. The date on which an interval begins does not count
(Civil Code art. 201), which makes the measure additive over intervals that touch. A legal period
ends at 23:59:59 of its last day, so midnight needs no special case.
"""

from sim.clocks.counting import DEFAULT, Asked, Counting
from sim.clocks.read import clock_so_far, read_clocks, read_each, running_intervals
from sim.clocks.readings import ClockReadings, History, Reading

__all__ = [
    "DEFAULT",
    "Asked",
    "ClockReadings",
    "Counting",
    "History",
    "Reading",
    "clock_so_far",
    "read_clocks",
    "read_each",
    "running_intervals",
]
