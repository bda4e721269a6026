"""The open cases of a scenario, from its file or drawn by groups of matter and age."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.arrays import Ints
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.cells import Cells, Rules
from sim.demand.backlog.draws import OWN_STREAMS
from sim.demand.backlog.past import Past, reaching_back
from sim.demand.backlog.table import GivenRow, GivenTable, Row, Table
from sim.demand.sampling import RecordedValues
from sim.engine.contract import DAY_S
from sim.process import Process
from sim.scenario import (
    BacklogGroup,
    CaseType,
    Problem,
    Scenario,
    ScenarioError,
    in_parallel,
    nearest,
    place_of,
    single_window,
)
from sim.streams import Stream, Streams, whole_name
from sim.translation import tr

Deciding = Mapping[str, tuple[str, ...] | None]
"""Case type → matters of the limit that `accepted_on` and `paused_wd` refer to; None: all."""


class BacklogSource:
    """The open cases of a scenario, replication by replication."""

    def __init__(
        self,
        scenario: Scenario,
        process: Process,
        deciding: Deciding,
        rows: Sequence[GivenRow] | None = None,
    ) -> None:
        """Read the file, if there is one; ScenarioError with every mistake in it.

        `rows`: open cases that take the place of the scenario's backlog. Those with a mistake are
        left out, and told in `left_out`.
        """
        self.scenario = scenario
        self.layouts = {graph.case_type: Layout(graph, scenario) for graph in process.graphs}
        self.left_out: tuple[Problem, ...] = ()
        """The mistakes of the given rows that were left out."""
        file = scenario.backlog.file
        self.given: tuple[dict[str, OpenCases], Past] | None = None
        """Case type → the open cases, where they are the same in all replications."""
        if rows is not None:
            self.given = self._taken(rows, deciding)
        elif file is not None:
            self.given = self._read(file, deciding)

    def stream_names(self) -> Iterator[str]:
        """Yield the name of every stream that decides how old cases are."""
        for name, groups in self.scenario.backlog.generate.items():
            for number in range(len(groups)):
                yield whole_name(OWN_STREAMS, _age_stream(name, number))

    def draw(self, streams: Streams) -> tuple[dict[str, OpenCases], Past] | None:
        """Return the open cases by case type, and the calendar of the days before the start.

        None without a backlog.
        """
        if self.given is not None or not self.scenario.backlog.generate:
            return self.given
        return draw_groups(self.scenario, self.layouts, streams.of_more(OWN_STREAMS))

    def _read(self, file: str, deciding: Deciding) -> tuple[dict[str, OpenCases], Past]:
        path = self.scenario.provenance.data_files.get(file)
        attributes = {name for layout in self.layouts.values() for name in layout.attributes}
        start, zone = self.scenario.period.start, place_of(self.scenario)
        cases, past, problems = self._cases(
            Table.opened(path, file, start, zone, attributes), deciding
        )
        if problems or past is None:
            raise ScenarioError(problems)
        return cases, past

    def _taken(
        self, rows: Sequence[GivenRow], deciding: Deciding
    ) -> tuple[dict[str, OpenCases], Past] | None:
        """Return the cases of the rows without a mistake; None if there are none."""
        start, zone = self.scenario.period.start, place_of(self.scenario)
        cases, past, problems = self._cases(GivenTable(rows, start, zone), deciding)
        self.left_out = tuple(problems)
        faulty = {(problem.file, problem.line) for problem in problems}
        sound = [row for row in rows if (row.file, row.line) not in faulty]
        if not sound:
            return None
        if problems:
            cases, past, problems = self._cases(GivenTable(sound, start, zone), deciding)
        assert past is not None
        assert not problems
        return cases, past

    def _cases(
        self, table: Table | GivenTable, deciding: Deciding
    ) -> tuple[dict[str, OpenCases], Past | None, list[Problem]]:
        """Read all rows; return the cases, their calendar, and the mistakes."""
        index = _Index.of(table, self.layouts)
        past, too_old = self._past(index)
        reader = _Reader(self.layouts, deciding, index, past, too_old)
        problems = reader.read(table)
        if reader.mixed:  # times with an offset, and times without: told in a second reading
            reader = _Reader(self.layouts, deciding, index, past, too_old, mixed=True)
            problems = reader.read(table)
        return reader.cases, past, problems

    def _past(self, index: _Index) -> tuple[Past | None, dict[int, str]]:
        """Return the calendar from the first submission on; and days that it cannot reach.

        None: it reaches none. Each day comes with the rule that is broken.
        """
        too_old: dict[int, str] = {}
        days = np.concatenate([index.other_s, *index.submitted_s.values()]) // DAY_S
        for day in np.unique(days).tolist():
            try:
                return Past(self.scenario, self.scenario.period.start + dt.timedelta(day)), too_old
            except ValueError as error:
                too_old[day] = str(error)
        return None, too_old


@dataclass(frozen=True, eq=False)
class _Index:
    """The order of the rows of a file: by submission and name, for each case type."""

    name: Mapping[str, tuple[str, ...]]
    """Case type → [B] names, in order."""
    submitted_s: Mapping[str, Ints]
    """Case type → [B] instants of submission, in order; -1 where none can be read."""
    place: Mapping[str, Ints]
    """Case type → [B] the place in this order of each row, as the file has them."""
    other_s: Ints
    """[1] 0 if there are rows of no case type; else [0]."""
    twice: Set[str]
    """Names that are given more than once."""

    @classmethod
    def of(cls, table: Table | GivenTable, case_types: Collection[str]) -> _Index:
        """Read the file for the names and submissions alone."""
        names: dict[str, list[str]] = {}
        submitted: dict[str, array[int]] = {}
        others = False
        for row in table.rows():
            kind = row["case_type"]
            if row.problems or kind not in case_types:
                others = True
                continue
            at_s = row.instant("submitted", row["submitted"])
            names.setdefault(kind, []).append(row["case"])
            submitted.setdefault(kind, array("q")).append(-1 if at_s is None else at_s)
        of_type = {kind: cls._order(names[kind], submitted[kind]) for kind in names}
        every = sorted(name for of in names.values() for name in of)
        return cls(
            name={
                kind: tuple(names[kind][row] for row in order) for kind, order in of_type.items()
            },
            submitted_s={
                kind: np.array(submitted[kind], np.int64)[order] for kind, order in of_type.items()
            },
            place={kind: np.argsort(order) for kind, order in of_type.items()},
            other_s=np.zeros(int(others), np.int64),
            twice={name for name, other in pairwise(every) if name == other},
        )

    @staticmethod
    def _order(names: Sequence[str], submitted: array[int]) -> Ints:
        """Return the rows by submission and name; of an unknown submission, the last."""
        by_name = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
        at_s = np.array(submitted, np.int64)[by_name]
        return by_name[np.argsort(np.where(at_s == -1, 0, at_s), kind="stable")]


class _Reader:
    """Reads the rows of a file, some at a time, into the cases of each case type."""

    def __init__(
        self,
        layouts: Mapping[str, Layout],
        deciding: Deciding,
        index: _Index,
        past: Past | None,
        too_old: Mapping[int, str],
        *,
        mixed: bool = False,
    ) -> None:
        """`too_old`: days before the calendar, and why; `mixed`: report times without offset."""
        self._layouts = layouts
        self._deciding = deciding
        self._index = index
        self._past = past
        self._too_old = too_old
        self._mixed = mixed
        self._read = dict.fromkeys(index.name, 0)
        """Case type → rows read so far."""
        self._first_line: dict[str, int | None] = {}
        self._offsets: set[bool] = set()
        self.cases = {
            kind: OpenCases.just_submitted(layouts[kind], name, index.submitted_s[kind])
            for kind, name in index.name.items()
        }

    @property
    def mixed(self) -> bool:
        """Whether some times of day have an offset from UTC and others have none."""
        return len(self._offsets) == 2

    def read(self, table: Table | GivenTable) -> list[Problem]:
        """Read all rows; return the mistakes in them."""
        problems: list[Problem] = []
        for rows in table.batches():
            self._read_batch(rows)
            problems += [problem for row in rows for problem in row.problems]
        return problems

    def _read_batch(self, rows: Sequence[Row]) -> None:
        for kind, own in self._by_type(rows).items():
            read = self._read[kind]
            place = self._index.place[kind][read : read + len(own)]
            self._read[kind] += len(own)
            cells = Cells(self._layouts[kind], own)
            for row in own:
                day = (row.submitted_s or 0) // DAY_S
                if day in self._too_old:
                    row.report("submitted", self._too_old[day])
            if self._past is not None:
                Rules(cells, self._deciding[kind], self._past).check(own)
            self.cases[kind].put(place, cells.cases)
        for row in rows:
            self._offsets.update(offset for _, _, offset in row.times)
            if self._mixed:
                row.report_mixed_clocks()

    def _by_type(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """Return the rows of each case type; report rows without one, and names given twice."""
        of_type: dict[str, list[Row]] = {}
        for row in rows:
            name, kind = row["case"], row["case_type"]
            if row.problems:
                continue
            if kind not in self._layouts:
                row.report(
                    "case_type", tr("no such case type{hint}", hint=nearest(kind, self._layouts))
                )
                continue
            if not name:
                row.report("case", tr("must not be empty"))
            elif name in self._index.twice:
                first = self._first_line.setdefault(name, row.line)
                if first != row.line:
                    row.report("case", tr("is given twice; first in line {first}", first=first))
            row.submitted_s = row.instant("submitted", row["submitted"])
            of_type.setdefault(kind, []).append(row)
        return of_type


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
        for name in dict.fromkeys((*group.done, *_before(scenario, case_type, group.at))):
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
