"""The open cases of a scenario, from its file or drawn by groups of matter and age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.arrays import Ints
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.cells import Cells, Rules
from sim.demand.backlog.draws import OWN_STREAMS
from sim.demand.backlog.past import Past, reaching_back
from sim.demand.backlog.table import Row, read_rows, report_mixed_clocks
from sim.demand.sampling import RecordedValues
from sim.engine.contract import DAY_S
from sim.process import Process
from sim.scenario import (
    BacklogGroup,
    CaseType,
    Scenario,
    ScenarioError,
    in_parallel,
    nearest,
    place_of,
    single_window,
)
from sim.streams import Stream, Streams, whole_name

Deciding = Mapping[str, tuple[str, ...] | None]
"""Case type → matters of the limit that `accepted_on` and `paused_wd` refer to; None: all."""


class BacklogSource:
    """The open cases of a scenario, replication by replication."""

    def __init__(self, scenario: Scenario, process: Process, deciding: Deciding) -> None:
        """Read the file, if there is one; ScenarioError with every mistake in it."""
        self.scenario = scenario
        self.layouts = {graph.case_type: Layout(graph, scenario) for graph in process.graphs}
        file = scenario.backlog.file
        self._from_file = None if file is None else self._read(file, deciding)

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every stream that decides how old cases are."""
        for name, groups in self.scenario.backlog.generate.items():
            for number in range(len(groups)):
                yield whole_name(OWN_STREAMS, _age_stream(name, number))

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
        start, place = self.scenario.period.start, place_of(self.scenario)
        rows = read_rows(path, file, start, place, attributes)
        of_type = self._by_type(rows)
        cells = {kind: Cells(self.layouts[kind], own) for kind, own in of_type.items()}
        past = self._past(rows)
        for kind, own in of_type.items():
            Rules(cells[kind], deciding[kind], past).check(own)
        report_mixed_clocks(rows)
        if any(row.problems for row in rows):
            raise _told(rows)
        return {kind: read.cases for kind, read in cells.items()}, past

    def _by_type(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """Return the rows of each case type by submission and name; report rows without them."""
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
        for own in of_type.values():
            own.sort(key=lambda row: (row.submitted_s or 0, row["case"]))
        return of_type

    def _past(self, rows: Sequence[Row]) -> Past:
        """Return the calendar from the first submission on; report rows that it cannot reach."""
        for row in sorted(rows, key=lambda row: row.submitted_s or 0):
            day = dt.timedelta(days=(row.submitted_s or 0) // DAY_S)
            try:
                return Past(self.scenario, self.scenario.period.start + day)
            except ValueError as error:
                row.report("submitted", str(error))
        raise _told(rows)


def _told(rows: Sequence[Row]) -> ScenarioError:
    """Return the mistakes of all rows as one error."""
    return ScenarioError([problem for row in rows for problem in row.problems])


def draw_groups(
    scenario: Scenario, layouts: Mapping[str, Layout], streams: Streams
) -> tuple[dict[str, OpenCases], Past]:
    """Draw the ages of all groups; return the open cases by case type, and their calendar.

    ScenarioError if a case would be older than the calendar.
    """
    recorded = RecordedValues(scenario.provenance.data_files)
    ages = {
        name: [
            _ages(group, streams(_age_stream(name, number)), recorded)
            for number, group in enumerate(groups)
        ]
        for name, groups in scenario.backlog.generate.items()
    }
    oldest = max(
        (int(age.max()) for groups in ages.values() for age in groups if len(age)), default=0
    )
    past = reaching_back(scenario, oldest)
    return {name: _cases(scenario, layouts[name], age, past) for name, age in ages.items()}, past


def _age_stream(case_type: str, group: int) -> str:
    return f"{case_type}/age/{group}"


def _ages(group: BacklogGroup, stream: Stream, recorded: RecordedValues) -> Ints:
    """Return the age of each case in whole working days."""
    drawn = group.age.sampler(recorded)(stream, group.count)
    days = drawn if group.age.kind == "legal" else drawn / DAY_S
    return np.floor(days).astype(np.int64)


def _cases(scenario: Scenario, layout: Layout, ages: Sequence[Ints], past: Past) -> OpenCases:
    kind, case_type = layout.graph.case_type, layout.case_type
    submissions = sorted(
        (int(day) * DAY_S, f"{kind}-{number + 1}-{member + 1}", number)
        for number, age in enumerate(ages)
        for member, day in enumerate(past.nth_before(age))
    )
    names, submitted = [name for _, name, _ in submissions], [at_s for at_s, _, _ in submissions]
    cases = OpenCases.just_submitted(layout, names, submitted)
    group_of = np.array([number for _, _, number in submissions], np.int64)
    for number, group in enumerate(scenario.backlog.generate[kind]):
        rows = np.flatnonzero(group_of == number)[:, None]
        for name in {*group.done, *_before(scenario, case_type, group.at)}:
            if name in layout.columns:
                cases.decided[rows, layout.columns[name]] = True
            else:
                cases.finished[rows, layout.ended_with(name)] = True
        if group.accepted and case_type.matters:
            matter = case_type.matters[group.at]
            together = single_window(scenario, case_type) and matter.at_window
            papers = matter.stage if together else group.at
            cases.accepted[rows, layout.columns[papers]] = True
        for name, value in group.attributes.items():
            cases.attributes[name][rows] = value
    return cases


def _before(scenario: Scenario, case_type: CaseType, at: str) -> set[str]:
    """Return the matters, or steps, that are over when a case stands at `at`."""
    earlier: set[str] = set()
    left = [at]
    steps, matters = case_type.steps, case_type.matters
    while left:
        name = left.pop()
        direct = steps[name].after if steps else matters[name].requires
        left += [other for other in direct if other not in earlier]
        earlier.update(direct)
    if matters and not in_parallel(scenario, case_type):
        order = list(case_type.serial_order or matters)
        earlier.update(order[: order.index(at)])
    return earlier
