"""The open cases of a scenario, from its file or drawn by groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.cells import Cells
from sim.demand.backlog.draws import OWN_STREAMS
from sim.demand.backlog.groups import draw_groups
from sim.demand.backlog.past import Past
from sim.demand.backlog.rules import Rules
from sim.demand.backlog.table import Row, read_rows
from sim.engine.contract import DAY_S
from sim.process import Process
from sim.scenario import Problem, Scenario, ScenarioError, nearest
from sim.streams import Streams

Deciding = Mapping[str, tuple[str, ...] | None]
"""Case type → the matters of the limit that `accepted_on` and `paused_wd` are about; None: all."""
MOST_SHOWN = 100
"""Mistakes told at once."""


class BacklogSource:
    """The open cases of a scenario, replication by replication."""

    def __init__(self, scenario: Scenario, process: Process, deciding: Deciding) -> None:
        """Read the file, if there is one.

        Raises
        ------
        ScenarioError
            With every mistake in it.
        """
        self.scenario = scenario
        self.layouts = {graph.case_type: Layout(graph, scenario) for graph in process.graphs}
        file = scenario.backlog.file
        self._from_file = None if file is None else self._read(file, deciding)

    def draw(self, streams: Streams) -> tuple[dict[str, OpenCases], Past] | None:
        """Return the open cases by case type, and the calendar of the days before the start.

        None without a backlog.
        """
        if self._from_file is not None or not self.scenario.backlog.generate:
            return self._from_file
        return draw_groups(self.scenario, self.layouts, streams.of_more(OWN_STREAMS))

    def _read(self, file: str, deciding: Deciding) -> tuple[dict[str, OpenCases], Past]:
        path = self.scenario.provenance.data_files.get(file)
        attributes = {name for layout in self.layouts.values() for name in layout.attributes}
        rows = read_rows(path, file, self.scenario.period.start, attributes)
        of_type = self._by_type(rows)
        cells = {kind: Cells(self.layouts[kind], each) for kind, each in of_type.items()}
        past = self._past(rows)
        for kind, each in of_type.items():
            Rules(cells[kind], deciding[kind], past).check(each)
        if any(row.problems for row in rows):
            raise _told(rows)
        return {kind: each.cases for kind, each in cells.items()}, past

    def _by_type(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """Return the rows of each case type by submission and name; note where that fails."""
        of_type: dict[str, list[Row]] = {}
        first_line: dict[str, int] = {}
        for row in rows:
            name, kind = row["case"], row["case_type"]
            if row.problems:
                continue
            if kind not in self.layouts:
                row.report("case_type", f"no such case type{nearest(kind, self.layouts)}")
                continue
            if not name:
                row.report("case", "must not be empty")
            elif first_line.setdefault(name, row.line) != row.line:
                row.report("case", f"is given twice; first in line {first_line[name]}")
            row.submitted_s = row.instant("submitted", row["submitted"])
            of_type.setdefault(kind, []).append(row)
        for each in of_type.values():
            each.sort(key=lambda row: (row.submitted_s or 0, row["case"]))
        return of_type

    def _past(self, rows: Sequence[Row]) -> Past:
        """Return the calendar from the first submission on; note which ones lie before it."""
        for row in sorted(rows, key=lambda row: row.submitted_s or 0):
            day = dt.timedelta(days=(row.submitted_s or 0) // DAY_S)
            try:
                return Past(self.scenario, self.scenario.period.start + day)
            except ValueError as error:
                row.report("submitted", str(error))
        raise _told(rows)


def _told(rows: Sequence[Row]) -> ScenarioError:
    """Return what is wrong in all rows, as one error."""
    problems = [problem for row in rows for problem in row.problems]
    if len(problems) > MOST_SHOWN:
        rule = f"{len(problems) - MOST_SHOWN} further mistakes"
        problems[MOST_SHOWN:] = [Problem(rule, rows[0].file)]
    return ScenarioError(problems)
