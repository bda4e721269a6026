"""The cases of a register that are open at a date, as rows of a backlog: where each of them stands.

Two kinds of records tell it. A workflow's own steps (`Register.steps`) name the step at which a
case waits. States alone (接件, 受理, 补正 …) tell which matters are done, accepted, sent back or in
a special procedure, so that the review of a matter then begins anew. Only what was known in the
evening of the date is looked at. Days that did not count are those that the clocks leave out
(`sim.clocks`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from sim.clocks import Counting, read_clocks
from sim.clocks.items import scope_items, with_deemed_acceptance
from sim.demand.backlog import GivenRow
from sim.engine.contract import DAY_S, OPEN
from sim.limits import Scope, due_clocks
from sim.process import Process
from sim.process.graph import Mark, Node, Owner
from sim.records.history import Recorded, recorded
from sim.records.register import INSTANT, Register
from sim.records.renaming import Renaming, renamed
from sim.records.standing import (
    EndedError,
    Standing,
    courses_by_states,
    courses_by_steps,
    part_of,
)
from sim.scenario import Problem, ReadError, Scenario, attributes_of, nearest
from sim.scenario.preset_clocks import PAUSE_COLUMNS
from sim.translation import tr

RECORDS: Final = "records"
"""Names the origin of a row that no file holds."""


@dataclass(frozen=True, eq=False)
class OpenRecords:
    """The open cases of a register at a date."""

    date: dt.date
    """What was recorded up to the end of this date is known."""
    rows: tuple[GivenRow, ...]
    """One for each open case, of a backlog that begins on the next date."""
    told: tuple[Problem, ...]
    """What could not be taken over, each with its place, and what was done instead."""
    received: int
    """Cases received up to the date."""
    failed: int
    """Of these, neither complete nor open: they ended without success."""
    by_steps: bool
    """It was read from recorded steps; else from states."""

    @property
    def start(self) -> dt.date:
        """The first date that is simulated."""
        return self.date + dt.timedelta(days=1)


def open_records(
    register: Register,
    scenario: Scenario,
    process: Process,
    date: dt.date | None = None,
    names: Renaming | None = None,
) -> OpenRecords:
    """Return the cases of a register that are open in the evening of a date.

    Parameters
    ----------
    date
        Default: that of the time to which the register's open items count, its last event.
    names
        Names of the records that are other names in the scenario.

    Raises
    ------
    ReadError
        If nothing was recorded by then, or the scenario has none of the register's matters.
    """
    told: list[Problem] = []
    if names is not None:
        register = renamed(register, names)
    if date is None and np.isnat(register.now):
        raise ReadError(tr("the register has no event with a time: there is nothing to judge"))
    now = register.now.astype("datetime64[D]").astype(dt.date) if date is None else date
    until = np.datetime64(dt.datetime.combine(now, dt.time(23, 59, 59)), "ms")
    read = recorded(register, scenario, until=until)
    cut = _Cut(register, scenario, process, read, until.astype(INSTANT), now, told)
    rows = tuple(cut.rows())
    return OpenRecords(
        date=now,
        rows=rows,
        told=tuple(told),
        received=len(read.row),
        failed=cut.failed,
        by_steps=read.by_steps,
    )


class _Cut:
    """What the records of one evening say of each open case."""

    def __init__(
        self,
        register: Register,
        scenario: Scenario,
        process: Process,
        read: Recorded,
        until: np.datetime64,
        date: dt.date,
        told: list[Problem],
    ) -> None:
        self.register, self.scenario, self.read = register, scenario, read
        self.until, self.date, self.told = until, date, told
        self.graphs = {graph.case_type: graph for graph in process.graphs}
        self.nodes: dict[str, dict[str, Node]] = {
            name: {node.name: node for node in graph.nodes if not node.handed_in}
            for name, graph in self.graphs.items()
        }
        self.accepts = {
            name: any(Mark.ACCEPTANCE in node.marks for node in graph.nodes)
            for name, graph in self.graphs.items()
        }
        """Case type → whether anything of it is accepted; else the receipt starts its clock."""
        self.failed = 0
        self._paused = self._clocks()
        self._late = self._late_notices()
        self._places: set[tuple[str, int | None]] = set()

    def rows(self) -> Iterator[GivenRow]:
        """Yield a row for each open case, in the order of receipt."""
        history = self.read.history
        case = history.demand.case
        unfinished = history.schedule.end == OPEN
        unfinished &= history.process.owner[history.demand.node] != Owner.SUPERVISION
        number = np.flatnonzero(np.bincount(case[unfinished], minlength=len(self.read.row)))
        by = courses_by_steps if self.read.by_steps else courses_by_states
        definition = self.read.definition
        courses = by(self.register, self.read.row[number], self.until)
        for position, of in enumerate(number.tolist()):
            kind = int(history.demand.case_type[of])
            case_type = definition.case_types[kind]
            source = int(self.read.row[of])
            place = self._place(source)
            notes = _Notes(self.told, *place)
            try:
                standing = courses[position].in_scenario(
                    self.scenario,
                    case_type,
                    self.nodes[case_type],
                    partial(definition.matter, kind),
                    notes,
                )
            except EndedError:
                self.failed += 1
                continue
            yield GivenRow(self._cells(of, source, case_type, standing, notes), *place)

    def _place(self, row: int) -> tuple[str, int]:
        """Return the file and row of a case; of cases that were read nowhere, a number."""
        cases, sources = self.register.cases, self.register.sources
        source, line = int(cases["source"].iloc[row]), int(cases["row"].iloc[row])
        place = (RECORDS, row + 1) if source < 0 else (str(sources["file"].iloc[source]), line)
        if place in self._places:
            place = (RECORDS, row + 1)
        self._places.add(place)
        return place

    def _cells(
        self, of: int, row: int, case_type: str, standing: Standing, notes: _Notes
    ) -> dict[str, str]:
        """Return the cells of a backlog row."""
        cells = {
            "case": str(self.register.cases["case"].iloc[row]) or f"{row + 1}",
            "case_type": case_type,
            "submitted": self._instant(int(self.read.history.demand.workload.arrival_s[of])),
            "done": ";".join(standing.done),
            "under_way": ";".join(f"{name}={_text(at)}" for name, at in standing.under_way.items()),
            "waits_since": "" if standing.waits_since is None else _text(standing.waits_since),
            "handed_in": ";".join(f"{name}={_day(at)}" for name, at in standing.handed_in.items()),
        }
        started, paused = self._paused.get(of, (None, {}))
        accepted = {name: _day(at) for name, at in standing.accepted.items()}
        if self.scenario.case_types[case_type].matters:
            deemed = self._deemed(of, case_type)
            first = min([*accepted.values(), *deemed.values()], default=None)
            if started is not None and self.accepts[case_type]:
                dated = first == started.isoformat()
                cells["accepted_on"] = started.isoformat()
                cells["deemed"] = ";".join(f"{name}={day}" for name, day in deemed.items())
            else:
                dated = True
            cells["accepted"] = ";".join(
                f"{name}={day}" if dated else name for name, day in accepted.items()
            )
        else:
            cells["handed_in"] = ""
        if self.accepts[case_type] or not self.scenario.case_types[case_type].matters:
            cells |= paused
        elif (days := max(map(int, paused.values()), default=0)) > 0:
            rule = tr(
                "nothing of the case type is accepted, so no clock can have paused; it counts"
            )
            notes.tell("paused_wd", f"{days}", rule)
        cells |= self._attributes(row, case_type, notes)
        return {column: cell for column, cell in cells.items() if cell}

    def _attributes(self, row: int, case_type: str, notes: _Notes) -> dict[str, str]:
        """Return the attributes of a case that the scenario knows; blank ones are drawn."""
        known = attributes_of(self.scenario, self.scenario.case_types[case_type])
        found = {}
        for name in self.register.attributes:
            value = str(self.register.cases[name].iloc[row])
            if name not in known or not value:
                continue
            if value in known[name].shares:
                found[name] = value
            else:
                near = nearest(value, known[name].shares)
                notes.tell(
                    name, value, tr("no such value{near}; it is drawn by its shares", near=near)
                )
        return found

    # --- clocks ------------------------------------------------------------------------------

    def _clocks(self) -> dict[int, tuple[dt.date, dict[str, str]]]:
        """Return case → the date on which its clock started, and the days that did not count."""
        history, working = self.read.history, self.read.history.demand.workload.working_days
        counting = Counting.of(self.scenario, history)
        origin, days = self.read.origin, {}
        for name, graph in self.graphs.items():
            first, *_ = due_clocks(self.scenario, graph)
            if name not in history.process.case_types:
                continue
            readings = read_clocks(history, first.scope, counting)
            promised = readings.clocks["promised"]
            start = promised.start_s // DAY_S
            passed = (
                working.cumulative[len(working) - 1]
                - working.cumulative[np.clip(start, 0, len(working) - 1)]
            )
            for k in np.flatnonzero(promised.started).tolist():
                columns = {
                    column: str(max(int(passed[k]) - int(readings.clocks[clock].value[k]), 0))
                    for clock, column in PAUSE_COLUMNS.items()
                    if clock in readings.clocks
                }
                date = origin + dt.timedelta(days=int(start[k]))
                days[int(readings.case[k])] = (date, _ordered(columns))
        return days

    def _late_notices(self) -> dict[int, dict[tuple[str, ...], dt.date]]:
        """Return case → matters of papers that were not checked in time → date of their receipt.

        What was handed in again begins anew, so the last application alone counts.
        """
        history = self.read.history
        demand, process = history.demand, history.process
        found: dict[int, dict[tuple[str, ...], dt.date]] = {}
        if self.scenario.handling.ignore_deemed_acceptance:
            return found
        last = np.ones(len(demand.case_type), np.int64)
        if demand.application is not None:
            np.maximum.at(last, demand.case, demand.application)
        for case_type in process.case_types:
            scope = Scope(case_type, None)
            items = with_deemed_acceptance(history, scope_items(history, [scope]))
            if items.deemed_s is None:
                continue
            for at in np.flatnonzero(items.deemed_s != OPEN).tolist():
                item = int(items.number[at])
                case = int(demand.case[item])
                if demand.application is None or demand.application[item] == last[case]:
                    date = self.read.origin + dt.timedelta(days=int(items.deemed_s[at]) // DAY_S)
                    covers = process.nodes[int(demand.node[item])].covers
                    found.setdefault(case, {})[covers] = date
        return found

    def _deemed(self, of: int, case_type: str) -> dict[str, str]:
        """Return matter or stage → date since when papers count as accepted."""
        spec = self.scenario.case_types[case_type]
        return {
            part_of(covers, spec): date.isoformat()
            for covers, date in self._late.get(of, {}).items()
            if all(name in spec.matters for name in covers)
        }

    def _instant(self, second: int) -> str:
        return _text(
            dt.datetime.combine(self.read.origin, dt.time()) + dt.timedelta(seconds=second)
        )


def _ordered(columns: Mapping[str, str]) -> dict[str, str]:
    """Return paused days that obey the order of the clocks, which a row of a backlog must."""
    days = {column: int(text) for column, text in columns.items()}
    promised = days.get("paused_wd", 0)
    if "paused_statutory_wd" in days:
        days["paused_statutory_wd"] = min(days["paused_statutory_wd"], promised)
    if "paused_net_wd" in days:
        days["paused_net_wd"] = max(days["paused_net_wd"], promised)
    return {column: str(count) for column, count in days.items()}


@dataclass(frozen=True)
class _Notes:
    """Where a case was read, and what is told of it."""

    told: list[Problem]
    file: str
    line: int

    def tell(self, column: str, value: str, rule: str) -> None:
        """Note what could not be taken over."""
        self.told.append(Problem(rule, self.file, self.line, column, value))


def _text(at: dt.datetime) -> str:
    return at.isoformat(" ", "seconds")


def _day(at: dt.datetime) -> str:
    return at.date().isoformat()
