"""Arrivals from a recorded log: its rows, the cases in them, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Ints
from sim.calendars import NO_PLACE
from sim.demand.arrived import Arrived
from sim.demand.files import Rows, read_rows
from sim.demand.times import (
    NO_OFFSET,
    TIME_RULE,
    has_time_of_day,
    local_second,
    read_time,
)
from sim.scenario import Problem, Scenario, ScenarioError, horizon_s, nearest, place_of
from sim.scenario.schema.arrivals import Replay
from sim.translation import tr


@dataclass(frozen=True)
class ReplayCount:
    """What was taken of a recorded log, and what was left out.

    `rows` = `where_rows` + `later_rows` + `cases` + `cases_before` + `cases_after`.
    """

    case_type: str
    more_arrivals: str
    """The name of further arrivals; empty for the first ones."""
    file: str
    rows: int
    """Rows of the file that are not blank."""
    where_rows: int
    """Of these: left out by `where`."""
    later_rows: int
    """Of these: not the earliest row of their case."""
    cases: int
    """Cases from the first simulated date to the end of the shortest run-out."""
    cases_before: int
    """Cases before the first simulated date; they are left out."""
    cases_after: int
    """Cases after the end of the shortest run-out; they come in only where a run goes on longer."""


@dataclass(frozen=True, eq=False)
class Replayed:
    """The cases of a recorded log, and where the other rows went."""

    arrived: Arrived
    count: ReplayCount


def replay(scenario: Scenario, case_type: str, more: str, spec: Replay) -> Replayed:
    """Read the arrivals of a log; ScenarioError with every mistake in it.

    A case arrives at the earliest of its rows; of equal ones, the first in the file. Cases are in
    the order of their arrival, then of the file.
    """
    columns = [spec.time, *([spec.case] if spec.case else []), *spec.attributes.values()]
    where = {
        column: (values,) if isinstance(values, str) else values
        for column, values in spec.where.items()
    }
    rows = read_rows(scenario.provenance.data_files.get(spec.file), spec.file, columns, where)
    problems = list(_undeclared(scenario, case_type, spec))
    second = _seconds(rows, scenario, spec, problems)
    if spec.case is not None:
        names = enumerate(rows.cells[spec.case])
        problems += [
            rows.problem(row, spec.case, tr("names no case")) for row, it in names if not it
        ]
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0))
    first = _first_rows(second, rows.cells[spec.case] if spec.case is not None else None)
    before, after = second[first] < 0, second[first] > horizon_s(scenario)
    inside = first[~before & ~after]
    values = {
        name: [rows.cells[column][row] for row in inside.tolist()]
        for name, column in spec.attributes.items()
    }
    problems += _undeclared_values(scenario, case_type, spec, rows, inside)
    if problems:
        raise ScenarioError(problems)
    arrived = Arrived(second[inside], values, left_out=len(first) - len(inside))
    count = ReplayCount(
        case_type=case_type,
        more_arrivals=more,
        file=spec.file,
        rows=len(second) + rows.left_out,
        where_rows=rows.left_out,
        later_rows=len(second) - len(first),
        cases=len(inside),
        cases_before=int(before.sum()),
        cases_after=int(after.sum()),
    )
    return Replayed(arrived, count)


def _seconds(rows: Rows, scenario: Scenario, spec: Replay, problems: list[Problem]) -> Ints:
    """Return [n] the second of local time of each row since the start; note mistakes.

    Where some rows have an offset from UTC and others have a time of day without one, the two
    mean different clocks, and nobody can tell which.
    """
    start, place = scenario.period.start, place_of(scenario)
    second = np.zeros(len(rows.number), np.int64)
    bare: list[int] = []
    placeless: list[int] = []
    offsets = 0
    for row, text in enumerate(rows.cells[spec.time]):
        try:
            time = read_time(text)
        except ValueError:
            rule = tr(TIME_RULE) if text else tr("no time in this row")
            problems.append(rows.problem(row, spec.time, rule))
            continue
        if time.tzinfo is not None:
            offsets += 1
        elif has_time_of_day(text):
            bare.append(row)
        if time.tzinfo is not None and place is None:
            placeless.append(row)
        else:
            second[row] = local_second(time, start, place)
    if placeless:
        many = tr(" ({count:,} rows)", count=len(placeless)) if len(placeless) > 1 else ""
        problems.append(rows.problem(placeless[0], spec.time, tr(NO_PLACE) + many))
    if offsets:
        problems += [rows.problem(row, spec.time, tr(NO_OFFSET)) for row in bare]
    return second


def _first_rows(second: Ints, names: Sequence[str] | None) -> Ints:
    """Return the rows at which cases arrive, by time and then as in the file."""
    order = np.argsort(second, kind="stable")
    if names is None:
        return order
    first: dict[str, int] = {}
    for row in order.tolist():
        first.setdefault(names[row], row)
    return np.fromiter(first.values(), np.int64, len(first))


def _undeclared(scenario: Scenario, case_type: str, spec: Replay) -> Iterator[Problem]:
    """Yield the attributes that the case type does not have."""
    known = scenario.case_types[case_type].attributes
    for name in spec.attributes:
        if name not in known:
            rule = tr("replays attribute '{name}', which the case type does not declare", name=name)
            yield Problem(f"{rule}{nearest(name, known)}", spec.file)


def _undeclared_values(
    scenario: Scenario, case_type: str, spec: Replay, rows: Rows, taken: Ints
) -> Iterator[Problem]:
    """Yield the values without a share, of the rows that are taken."""
    known = scenario.case_types[case_type].attributes
    for name, column in spec.attributes.items():
        cells, shares = rows.cells[column], known[name].shares
        for row in taken.tolist():
            if cells[row] not in shares:
                rule = tr("attribute '{name}' does not declare this value", name=name)
                yield rows.problem(row, column, f"{rule}{nearest(cells[row], shares)}")
