"""The cases that are open when the simulation begins: read from a file, or generated.

A backlog file has a row for each case; `COLUMNS` says what its columns hold.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MissingYearError
from sim.demand.carried import NOT_YET, Past
from sim.demand.resume import OWN_STREAMS, Layout, OpenCases, repeats
from sim.demand.sampling import RecordedValues, sampler
from sim.demand.streams import Streams
from sim.engine.contract import DAY_S
from sim.process import Process
from sim.scenario import (
    BacklogGroup,
    CaseType,
    Condition,
    Problem,
    Scenario,
    ScenarioError,
    attributes_of,
    in_parallel,
    known_parts,
    single_window,
)
from sim.scenario.errors import nearest, shorten
from sim.scenario.size import MAX_CASES

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "case": "Its name; each once.",
        "case_type": "Its case type.",
        "submitted": "Date, or date and time, on which it was handed in; before `period.start`.",
        "accepted_on": "Date on which the clock of its limit started; empty: not yet. (The limit "
        "is the first, by name, of the case type. An open network has no acceptance: its clocks "
        "run from `submitted`.)",
        "accepted": "Matters or stages whose intake and check are over, joined by ';'. A name may "
        "have a date of its own, 'land=2024-03-01', where its clock did not start on "
        "`accepted_on`.",
        "handed_in": "Matters or stages with the date on which they were handed in, if that was "
        "not `submitted`: 'works=2024-03-20'. Only the gross span and the calendar days of a "
        "limit on these matters alone look at it.",
        "done": "What is over, joined by ';': matters (decided and delivered), stages, steps of an "
        "open network (with their loops), or single steps of a matter ('DES/review/handle'). "
        "A step is over with all that comes before it for the same matter.",
        "under_way": "Delays that have begun, with the date and time: "
        "'PUB/publicity=2024-03-20 16:30'; they go on. Work in hand begins anew.",
        "paused_wd": "Working days after `accepted_on`, up to the day before `period.start`, that "
        "did not count on the promised clock; default 0.",
        "paused_statutory_wd": "The same for the statutory clock; default: as `paused_wd`.",
        "paused_net_wd": "The same for the net approval time; default: as `paused_wd`.",
    }
)
"""Column → what it holds. Every other column is an attribute; an empty cell is drawn."""

NEEDED: Final = ("case", "case_type", "submitted")
MOST_SHOWN: Final = 100
"""Mistakes told at once."""
OLDEST_DAYS: Final = 40 * 366
"""No open case is older; it is a slip."""


Deciding = Mapping[str, tuple[str, ...] | None]
"""Case type → the matters of the limit that `accepted_on` and `paused_wd` are about; None: all."""


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
        self.layouts = {
            graph.case_type: Layout(graph, tuple(scenario.case_types[graph.case_type].matters))
            for graph in process.graphs
        }
        self._recorded = RecordedValues(scenario.provenance.data_files)
        self._from_file: dict[str, OpenCases] = {}
        self._past: Past | None = None
        if scenario.backlog.file is not None:
            reader = _Reader(scenario, self.layouts, deciding)
            self._from_file = reader.read(scenario.backlog.file)
            self._past = reader.past

    def draw(self, streams: Streams) -> tuple[dict[str, OpenCases], Past] | None:
        """Return the open cases by case type, and the calendar of the days before the start.

        None without a backlog.
        """
        if self._past is not None:
            return self._from_file, self._past
        if not self.scenario.backlog.generate:
            return None
        return self._generated(streams.of_more(OWN_STREAMS))

    def _generated(self, streams: Streams) -> tuple[dict[str, OpenCases], Past]:
        groups = self.scenario.backlog.generate
        ages = {
            name: [
                np.floor(_days_of(group, streams(f"{name}/age/{k}"), self._recorded)).astype(int)
                for k, group in enumerate(groups[name])
            ]
            for name in sorted(groups)
        }
        oldest = max(
            (int(age.max()) for each in ages.values() for age in each if len(age)), default=0
        )
        past = self._reaching_back(oldest)
        return {
            name: self._of_type(name, groups[name], each, past) for name, each in ages.items()
        }, past

    def _reaching_back(self, working_days: int) -> Past:
        start, back = self.scenario.period.start, 2 * working_days + 40
        while back <= OLDEST_DAYS:
            try:
                past = Past(self.scenario, start - dt.timedelta(days=back))
            except MissingYearError as error:
                raise self._problem(f"reaches back too far: {error}") from None
            if int(past.working.sum()) > working_days:
                return past
            back *= 2
        raise self._problem(f"an age of {working_days:,} wd lies more than 40 years back")

    def _problem(self, rule: str) -> ScenarioError:
        origin = self.scenario.provenance.origin
        return ScenarioError([Problem(rule, origin, None, "backlog.generate")])

    def _of_type(
        self, name: str, groups: Sequence[BacklogGroup], ages: Sequence[Ints], past: Past
    ) -> OpenCases:
        layout, case_type = self.layouts[name], self.scenario.case_types[name]
        rows = [
            _Row(
                layout,
                case=f"{name}-{k + 1}-{number + 1}",
                submitted_s=int(past.nth_before(np.array([age]))[0]) * DAY_S,
                accepted_on=int(past.nth_before(np.array([age]))[0]),
                attributes=dict(group.attributes),
            )
            for k, group in enumerate(groups)
            for number, age in enumerate(ages[k])
        ]
        kinds = [group for k, group in enumerate(groups) for _ in ages[k]]
        for row, group in zip(rows, kinds, strict=True):
            _come_to(row, group, self.scenario, case_type)
        names = attributes_of(self.scenario, case_type)
        return _together(layout, sorted(rows, key=_Row.order), list(names))


def _days_of(
    group: BacklogGroup, rng: np.random.Generator, recorded: RecordedValues
) -> NDArray[np.float64]:
    drawn = sampler(group.age, recorded)(rng, group.count)
    return drawn if group.age.kind == "legal" else drawn / DAY_S


def _come_to(row: _Row, group: BacklogGroup, scenario: Scenario, case_type: CaseType) -> None:
    """Let everything be over that lies before the matter or step that a group has come to."""
    if case_type.steps:
        for name in (*group.done, *_earlier(case_type, group.at)):
            row.finish_step(name)
        return
    before = _earlier(case_type, group.at)
    if not in_parallel(scenario, case_type):
        order = list(case_type.serial_order or case_type.matters)
        before |= set(order[: order.index(group.at)])
    for name in sorted(before):
        row.decided.add(name)
    for name in group.done:
        row.decided.update(_matters_of(name, case_type))
    if group.accepted:
        stage = case_type.matters[group.at].stage
        together = single_window(scenario, case_type) and case_type.matters[group.at].at_window
        row.accepted.update(_matters_of(stage, case_type) if together else [group.at])


def _earlier(case_type: CaseType, name: str) -> set[str]:
    """Return all matters that one requires, or all steps that lie before one."""
    found: set[str] = set()
    left = [name]
    while left:
        each = left.pop()
        direct = (
            case_type.steps[each].after if case_type.steps else case_type.matters[each].requires
        )
        left += [other for other in direct if other not in found]
        found.update(direct)
    return found


def _matters_of(name: str, case_type: CaseType) -> list[str]:
    """Return the matter of that name, or those of the stage that are handed in."""
    if name in case_type.matters:
        return [name]
    return [each for each, matter in case_type.matters.items() if matter.stage == name]


@dataclass
class _Row:
    """One open case, as far as it could be read."""

    layout: Layout
    case: str = ""
    line: int = 0
    submitted_s: int = -1
    accepted_on: int = NOT_YET
    decided: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    under_way: dict[int, int] = field(default_factory=dict)
    handed_in: dict[str, int] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    paused: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def order(self) -> tuple[int, str]:
        return self.submitted_s, self.case

    def finish_step(self, name: str) -> None:
        """Let a step of an open network be over, with its loops."""
        for node, number in self.layout.number.items():
            if node == name or node.startswith(f"{name}/"):
                self.finished.add(number)

    def finish_node(self, name: str) -> None:
        """Let one step of a matter be over; a decision ends its matter, whatever way it took."""
        layout, number = self.layout, self.layout.number[name]
        self.finished.add(number)
        if layout.decides[number]:
            others = layout.decides & (layout.covers & layout.covers[number]).any(axis=1)
            self.finished.update(np.flatnonzero(others).tolist())


def _together(layout: Layout, rows: Sequence[_Row], attributes: Sequence[str]) -> OpenCases:
    """Put rows into arrays."""
    column = {name: number for number, name in enumerate(layout.matters)}

    def marked(names: Callable[[_Row], set[str]]) -> Bools:
        table = np.zeros((len(rows), len(column)), bool)
        for number, row in enumerate(rows):
            table[number, [column[name] for name in names(row)]] = True
        return table

    def dated(days: Callable[[_Row], dict[str, int]]) -> Ints:
        table = np.full((len(rows), len(column)), NOT_YET)
        for number, row in enumerate(rows):
            for name, day in days(row).items():
                table[number, column[name]] = day
        return table

    nodes = len(layout.graph.nodes)
    finished = np.zeros((len(rows), nodes), bool)
    under_way = np.full((len(rows), nodes), NOT_YET)
    for number, row in enumerate(rows):
        finished[number, sorted(row.finished)] = True
        for node, begun_s in row.under_way.items():
            under_way[number, node] = begun_s

    def paused(key: str) -> Ints:
        return np.array([row.paused.get(key, row.paused.get("paused_wd", 0)) for row in rows], int)

    nothing = np.zeros(len(rows), np.int64)
    return OpenCases(
        name=tuple(row.case for row in rows),
        submitted_s=np.array([row.submitted_s for row in rows], np.int64),
        decided=marked(lambda row: row.decided),
        accepted=marked(lambda row: row.accepted),
        finished=finished,
        under_way_s=under_way,
        handed_in=dated(lambda row: row.handed_in),
        since=dated(lambda row: row.since),
        accepted_on=np.array([row.accepted_on for row in rows], np.int64),
        paused={
            "promised": paused("paused_wd"),
            "statutory": paused("paused_statutory_wd"),
            "net_approval": paused("paused_net_wd"),
            "gross_span": nothing,
            "calendar_days": nothing,
        },
        attributes={name: [row.attributes.get(name, "") for row in rows] for name in attributes},
    )


class _Reader:
    """Reads a backlog file; collects every mistake."""

    def __init__(
        self, scenario: Scenario, layouts: Mapping[str, Layout], deciding: Deciding
    ) -> None:
        self.scenario = scenario
        self.layouts = layouts
        self.deciding = deciding
        self.file = ""
        self.problems: list[Problem] = []
        self.first_line: dict[str, int] = {}
        self.past: Past | None = None

    def read(self, file: str) -> dict[str, OpenCases]:
        self.file = file
        rows: dict[str, list[_Row]] = {name: [] for name in self.layouts}
        for line, cells in self._cells(self.scenario.provenance.data_files.get(file)):
            kind = cells.get("case_type", "")
            if kind not in self.layouts:
                rule = f"no such case type{nearest(kind, self.layouts)}"
                self._report(line, "case_type", cells, rule)
            else:
                rows[kind].append(_RowReader(self, kind, line, cells).read())
        if not any(rows.values()) and not self.problems:
            self.problems.append(Problem("has no rows", file))
        self._raise_problems()
        self.past = self._calendar([row for each in rows.values() for row in each])
        for kind, each in rows.items():
            _Pauses(self, kind, each).check()
        self._raise_problems()
        return {
            kind: _together(
                self.layouts[kind],
                sorted(each, key=_Row.order),
                list(attributes_of(self.scenario, self.scenario.case_types[kind])),
            )
            for kind, each in rows.items()
            if each
        }

    def _raise_problems(self) -> None:
        if self.problems:
            told = sorted(self.problems, key=lambda problem: problem.line or 0)
            if len(told) > MOST_SHOWN:
                rule = f"{len(told) - MOST_SHOWN} further mistakes"
                told = [*told[:MOST_SHOWN], Problem(rule, self.file)]
            raise ScenarioError(told)

    def _report(
        self, line: int, column: str, cells: Mapping[str, str], rule: str, part: str = ""
    ) -> None:
        """Note a mistake in a cell, or in a part of it."""
        value = part or cells.get(column, "")
        shown = shorten(value) if value else ""
        self.problems.append(Problem(rule, self.file, line, column, shown))

    def _cells(self, path: Path | None) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield line number and cells of every row; blank lines are passed over."""
        if path is None:
            raise ScenarioError([Problem("no such file", self.file)])
        try:
            with path.open(encoding="utf-8-sig", newline="") as opened:
                reader = csv.reader(opened, strict=True)
                header = [cell.strip() for cell in next(reader, [])]
                self._check_header(header)
                line = reader.line_num
                for number, row in enumerate(reader):
                    first, line = line + 1, reader.line_num
                    if number >= MAX_CASES:
                        rule = f"has more than {MAX_CASES:,} rows"
                        raise ScenarioError([Problem(rule, self.file, first)])
                    if any(cell.strip() for cell in row):
                        if len(row) != len(header):
                            rule = f"has {len(row)} cells, but there are {len(header)} columns"
                            self.problems.append(Problem(rule, self.file, first))
                            continue
                        yield first, dict(zip(header, map(str.strip, row), strict=True))
        except UnicodeDecodeError:
            rule = "is not UTF-8 text; save it as CSV UTF-8"
            raise ScenarioError([Problem(rule, self.file)]) from None
        except (OSError, csv.Error) as error:
            rule = f"cannot be read as CSV: {error}"
            raise ScenarioError([Problem(rule, self.file)]) from None

    def _check_header(self, header: list[str]) -> None:
        attributes = {
            name
            for case_type in self.scenario.case_types.values()
            for name in attributes_of(self.scenario, case_type)
        }
        valid = {*COLUMNS, *attributes}
        problems = [
            Problem(f"has no column '{name}'{nearest(name, header)}", self.file, 1)
            for name in NEEDED
            if name not in header
        ]
        problems += [
            Problem(f"unknown column{nearest(name, valid)}", self.file, 1, name)
            for name in header
            if name not in valid
        ]
        twice = {name for name in header if header.count(name) > 1}
        problems += [Problem("column is given twice", self.file, 1, name) for name in sorted(twice)]
        if problems:
            raise ScenarioError(problems)

    def _calendar(self, rows: Sequence[_Row]) -> Past:
        first = min(rows, key=lambda row: row.submitted_s)
        day = first.submitted_s // DAY_S
        try:
            return Past(self.scenario, self.scenario.period.start + dt.timedelta(days=day))
        except ValueError as error:
            raise ScenarioError([Problem(str(error), self.file, first.line, "submitted")]) from None


class _RowReader:
    """Reads one row."""

    def __init__(self, reader: _Reader, kind: str, line: int, cells: Mapping[str, str]) -> None:
        self.reader = reader
        self.cells = cells
        self.start = reader.scenario.period.start
        self.case_type = reader.scenario.case_types[kind]
        self.attributes = attributes_of(reader.scenario, self.case_type)
        self.layout = reader.layouts[kind]
        self.kind = kind
        self.row = _Row(self.layout, cells.get("case", ""), line)
        self.mistakes = len(reader.problems)

    def read(self) -> _Row:
        self._name()
        submitted = self._instant("submitted", self.cells["submitted"])
        if submitted is not None and self._before_start(
            "submitted", submitted, self.cells["submitted"]
        ):
            self.row.submitted_s = submitted
        self._attributes()
        self._done()
        if self.case_type.matters:
            self._accepted()
            self._handed_in()
        else:
            for column in ("accepted_on", "accepted", "handed_in"):
                if self.cells.get(column):
                    rule = "an open network has no acceptance: its clocks run from 'submitted'"
                    self.report(column, rule)
        self._under_way()
        self._pauses()
        if len(self.reader.problems) == self.mistakes:  # rules between cells that can be read
            self._consistent()
        return self.row

    def report(self, column: str, rule: str, part: str = "") -> None:
        self.reader._report(self.row.line, column, self.cells, rule, part)

    def _name(self) -> None:
        name, seen = self.row.case, self.reader.first_line
        if not name:
            self.report("case", "must not be empty")
        elif name in seen:
            self.report("case", f"is given twice; first in line {seen[name]}")
        seen.setdefault(name, self.row.line)

    # --- dates -------------------------------------------------------------------------------

    def _instant(self, column: str, text: str, *, time: bool = True) -> int | None:
        """Return the second, counted from the start; None after a complaint."""
        rule = "must be a date such as 2024-03-01" + (", or a time 2024-03-01 09:30" * time)
        try:
            instant = dt.datetime.fromisoformat(text)
            if instant.tzinfo is not None:
                raise ValueError
            if not time:
                dt.date.fromisoformat(text)
        except ValueError:
            self.report(column, rule, text)
            return None
        since = instant - dt.datetime.combine(self.start, dt.time())
        return since.days * DAY_S + since.seconds

    def _before_start(self, column: str, instant: int, text: str) -> bool:
        if instant >= 0:
            self.report(column, f"must lie before the start, {self.start}", text)
        elif instant < -OLDEST_DAYS * DAY_S:
            self.report(column, "lies more than 40 years before the start", text)
        return -OLDEST_DAYS * DAY_S <= instant < 0

    def _after_submission(self, column: str, text: str, *, time: bool = False) -> int | None:
        """Return a day (or, with `time`, a second) between submission and start."""
        instant = self._instant(column, text, time=time)
        if instant is None or not self._before_start(column, instant, text):
            return None
        submitted = self.row.submitted_s
        if instant // DAY_S < submitted // DAY_S or (time and ":" in text and instant < submitted):
            rule = f"lies before the submission, {self.cells['submitted']}"
            self.report(column, rule, text)
            return None
        return instant if time else instant // DAY_S

    def _dated(self, column: str) -> Iterator[tuple[str, str]]:
        """Yield the names of a list with their dates, or ""."""
        for part in self.cells.get(column, "").split(";"):
            name, _, date = (piece.strip() for piece in part.partition("="))
            if name:
                yield name, date

    # --- what is over ------------------------------------------------------------------------

    def _attributes(self) -> None:
        for name, value in self.cells.items():
            if name in COLUMNS or not value:
                continue
            if name not in self.attributes:
                hint = nearest(name, self.attributes)
                self.report(name, f"cases of type '{self.kind}' have no such attribute{hint}")
            elif value not in self.attributes[name].shares:
                self.report(name, f"no such value{nearest(value, self.attributes[name].shares)}")
            else:
                self.row.attributes[name] = value

    def _done(self) -> None:
        for name, date in self._dated("done"):
            if date:
                rule = "has no dates; name what is done, joined by ';'"
                self.report("done", rule, f"{name}={date}")
            elif self._matters("done", name):
                self.row.decided.update(_matters_of(name, self.case_type))
            elif name in self.case_type.steps:
                self.row.finish_step(name)
            elif name in self.layout.number:
                self.row.finish_node(name)

    def _matters(self, column: str, name: str) -> list[str]:
        """Return the matters of a name; complain if it stands for nothing."""
        parts = known_parts(self.case_type)
        if name not in parts and (column != "done" or name not in self.layout.number):
            valid = parts if "/" not in name else self.layout.number
            rule = f"no such part of case type '{self.kind}'{nearest(name, valid)}"
            self.report(column, rule, name)
        found = _matters_of(name, self.case_type)
        if name in self.case_type.matters and self._lacks(self.case_type.matters[name].when):
            self.report(column, f"the case does not have it: {self._why(name)}", name)
        return [each for each in found if not self._lacks(self.case_type.matters[each].when)]

    def _lacks(self, condition: Condition) -> bool:
        """Whether the attributes that are stated exclude it."""
        return any(self._contradicts(name, stated) for name, stated in condition.items())

    def _contradicts(self, name: str, stated: str | tuple[str, ...]) -> bool:
        values = (stated,) if isinstance(stated, str) else stated
        return name in self.row.attributes and self.row.attributes[name] not in values

    def _why(self, matter: str) -> str:
        when = self.case_type.matters[matter].when
        names = [name for name, stated in when.items() if self._contradicts(name, stated)]
        return ", ".join(f"{name} is '{self.row.attributes[name]}'" for name in names)

    def _accepted(self) -> None:
        for name, date in self._dated("accepted"):
            matters = self._matters("accepted", name)
            self.row.accepted.update(matters)
            day = self._after_submission("accepted", date) if date else None
            if day is not None:
                self.row.since.update(dict.fromkeys(matters, day))
        if self.cells.get("accepted_on"):
            day = self._after_submission("accepted_on", self.cells["accepted_on"])
            self.row.accepted_on = NOT_YET if day is None else day

    def _handed_in(self) -> None:
        for name, date in self._dated("handed_in"):
            if not date:
                self.report("handed_in", f"on which date? Write '{name}=2024-03-01'", name)
                continue
            day = self._after_submission("handed_in", date)
            if day is not None:
                self.row.handed_in.update(dict.fromkeys(self._matters("handed_in", name), day))

    def _under_way(self) -> None:
        nodes = self.layout.graph.nodes
        delays = [node.name for node in nodes if node.pool is None]
        for name, date in self._dated("under_way"):
            number = self.layout.number.get(name)
            if number is None:
                self.report("under_way", f"no such step{nearest(name, delays)}", name)
            elif nodes[number].pool is not None:
                rule = "is work, which begins anew; only delays can be under way"
                self.report("under_way", rule, name)
            elif not date:
                rule = f"when did it begin? Write '{name}=2024-03-01 09:30'"
                self.report("under_way", rule, name)
            else:
                begun = self._after_submission("under_way", date, time=True)
                if begun is not None:
                    self.row.under_way[number] = begun

    def _pauses(self) -> None:
        for column in ("paused_wd", "paused_statutory_wd", "paused_net_wd"):
            text = self.cells.get(column, "")
            if not text:
                continue
            if not (text.isascii() and text.isdecimal() and len(text) < 6):
                self.report(column, "must be a whole number of working days, at least 0")
            else:
                self.row.paused[column] = int(text)

    # --- rules between cells -----------------------------------------------------------------

    def _consistent(self) -> None:
        row = self.row
        self._requirements()
        self._steps_in_order()
        over = self._over()
        self._checks_decided(over)
        self._window_complete(over)
        for number in row.under_way:
            if over[0, number]:
                rule = "is under way, but it, or what follows it, is done"
                self.report("under_way", rule, self.layout.graph.nodes[number].name)
        if over[0].all() and len(self.reader.problems) == self.mistakes:
            self.report("done", "nothing is left to do; leave a finished case out")
        if self.case_type.matters:
            self._clock_known(over)

    def _requirements(self) -> None:
        """Complain of what is required and not done; what the case may not have is done then."""
        matters, row = self.case_type.matters, self.row
        left = sorted(row.decided)
        while left:
            name = left.pop(0)
            for needed in matters[name].requires:
                when = matters[needed].when
                nodes = set(np.flatnonzero(self._nodes_of(needed) & self.layout.decides))
                in_graph = self._nodes_of(needed).any()
                known = needed in row.decided or (nodes and nodes <= row.finished)
                if known or self._lacks(when) or not in_graph:
                    continue
                if when and not self._stated(when):
                    row.decided.add(needed)
                    left.append(needed)
                else:
                    self.report("done", f"is done, but '{needed}', which it requires, is not", name)

    def _stated(self, condition: Condition) -> bool:
        return all(name in self.row.attributes for name in condition)

    def _nodes_of(self, matter: str) -> Bools:
        found: Bools = self.layout.covers[:, self.layout.matters.index(matter)]
        return found

    def _steps_in_order(self) -> None:
        steps = self.case_type.steps
        done = {name for name, _ in self._dated("done")}
        for name in sorted(done & set(steps)):
            for needed in steps[name].after:
                step = steps[needed]
                sure = step.probability == 1 and self._stated(step.when)
                if needed not in done and sure and not self._lacks(step.when):
                    self.report("done", f"is done, but '{needed}' before it is not", name)

    @cached_property
    def _absent(self) -> Bools:
        return np.array(
            [
                [
                    name in self.case_type.matters
                    and self._lacks(self.case_type.matters[name].when)
                    for name in self.layout.matters
                ]
            ],
            bool,
        )

    def _over(self) -> Bools:
        return self.layout.over(_together(self.layout, [self.row], []), self._absent)

    def _checks_decided(self, over: Bools) -> None:
        """Complain of a check that is done, with neither acceptance nor correction after it."""
        nodes = self.layout.graph.nodes
        for number in sorted(self.row.finished):
            again = nodes[number].next_round
            if self.layout.accepts[number] and again is not None and not over[0, again]:
                known = self.row.finished | set(self.row.under_way)
                if not any(repeats(nodes[other].gates, nodes[again].gates) for other in known):
                    rule = "is done: name what is accepted, or the correction that is under way"
                    self.report("done", rule, nodes[number].name)

    def _window_complete(self, over: Bools) -> None:
        """Complain where papers are accepted of which others, handed in together, are not."""
        layout, row = self.layout, self.row
        accepted = np.array([name in row.accepted for name in layout.matters])
        for number in np.flatnonzero(layout.before & ~over[0]):
            if (layout.covers[number] & accepted).any():
                known = row.accepted | row.decided
                covers = layout.graph.nodes[number].covers
                rest = [
                    name
                    for name in covers
                    if name not in known and not self.case_type.matters[name].when
                ]
                if rest:
                    rule = f"is accepted together with {', '.join(rest)}; name them, or the stage"
                    self.report("accepted", rule)
                    return
                row.accepted.update(covers)

    def _clock_known(self, over: Bools) -> None:
        row, layout = self.row, self.layout
        accepts = layout.of_matters(layout.accepts)
        left = (layout.covers & (layout.accepts & ~over[0])[:, None]).any(axis=0)
        running = {
            name
            for column, name in enumerate(layout.matters)
            if name in row.accepted | row.decided or (accepts[column] and not left[column])
        }
        scope = self.reader.deciding[self.kind]
        windowed = {name for name, has in zip(layout.matters, accepts, strict=True) if has}
        in_scope = running & windowed & set(layout.matters if scope is None else scope)
        if row.accepted_on == NOT_YET and in_scope - set(row.since):
            names = ", ".join(sorted(in_scope - set(row.since)))
            self.report("accepted_on", f"is missing: the clock runs, for {names} is accepted")
        if row.accepted_on != NOT_YET and not in_scope:
            self.report("accepted_on", "the clock runs, but 'accepted' and 'done' name nothing")


class _Pauses:
    """Checks that no more days were paused than have passed."""

    def __init__(self, reader: _Reader, kind: str, rows: Sequence[_Row]) -> None:
        self.reader = reader
        self.kind = kind
        self.rows = rows

    def check(self) -> None:
        assert self.reader.past is not None
        for row in self.rows:
            if not row.paused:
                continue
            promised = row.paused.get("paused_wd", 0)
            started = self._started(row)
            if started == NOT_YET:
                self._report(row, next(iter(row.paused)), "no clock runs that could have paused")
                continue
            most = int(self.reader.past.count(np.array([started]))[0])
            for column, days in row.paused.items():
                if days > most:
                    self._report(row, column, f"only {most} working days have passed so far")
            if row.paused.get("paused_statutory_wd", promised) > promised:
                rule = f"the statutory clock does not pause longer than the promised ({promised})"
                self._report(row, "paused_statutory_wd", rule)
            if row.paused.get("paused_net_wd", promised) < promised:
                rule = f"net approval time does not pause for less than the promised ({promised})"
                self._report(row, "paused_net_wd", rule)

    def _started(self, row: _Row) -> int:
        if not self.reader.scenario.case_types[self.kind].matters:
            return row.submitted_s // DAY_S
        scope = self.reader.deciding[self.kind]
        days = [day for name, day in row.since.items() if scope is None or name in scope]
        return min([*days, row.accepted_on])

    def _report(self, row: _Row, column: str, rule: str) -> None:
        value = shorten(str(row.paused[column]))
        self.reader.problems.append(Problem(rule, self.reader.file, row.line, column, value))


__all__ = ["COLUMNS", "BacklogSource", "Deciding"]
