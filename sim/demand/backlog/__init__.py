"""The cases that are open when the simulation begins: whence they come, and how they go on.

`source` reads them from a file (`table`, `cells`) or has them drawn by groups into the
arrays of `cases`. What is left of their course is left to chance (`draws`); what their clocks have
shown by the start is `carried` along, counted on the calendar of the `past`.
"""

from sim.demand.backlog.carried import Carried
from sim.demand.backlog.past import NOT_YET
from sim.demand.backlog.source import BacklogSource
from sim.demand.backlog.table import COLUMNS

__all__ = ["COLUMNS", "NOT_YET", "BacklogSource", "Carried"]
