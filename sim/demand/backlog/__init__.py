"""The cases that are open when the simulation begins: where they stand, and how they go on.

`source` reads them from a file (`table`, `cells`), some rows at a time, or draws them by groups,
into the arrays of `cases`. `draws` draws the rest of their course; `carried` holds the days that
their clocks show at the start, counted on the calendar of the `past`.
"""

from sim.demand.backlog.carried import Carried
from sim.demand.backlog.past import NOT_YET
from sim.demand.backlog.source import BacklogSource
from sim.demand.backlog.table import COLUMNS, GivenRow

__all__ = ["COLUMNS", "NOT_YET", "BacklogSource", "Carried", "GivenRow"]
