"""Tables of one replication for readers: names instead of numbers, dates instead of seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.clocks import History
from sim.demand.demand import Demand
from sim.engine.contract import NO_OFFICER, OPEN
from sim.measures.checks import NOT_ARRIVED, STATES, case_states
from sim.measures.limits import ScopeReading, Standing
from sim.measures.own_limits import Standings
from sim.process.graph import Owner, Role

if TYPE_CHECKING:
    import pandas as pd


TOGETHER = " + "
"""Separator between the matters of a step that serves several."""


def cases_table(
    history: History,
    origin: date,
    readings: Sequence[ScopeReading] = (),
    own: Mapping[str, tuple[Ints, Standings]] | None = None,
) -> pd.DataFrame:
    """Return one row for each case that arrived; `origin` is the date of day 0.

    Columns: case, case_type, backlog (name of a case that was open at the start; else NA),
    arrival (submission for the backlog), one column ``attribute.NAME`` per attribute, outcome
    (done, refused, withdrawn, not_accepted, open), measured; and for each reading L (a limit, or a
    case type without one) ``L.CLOCK`` (days or hours; so far for an open case), ``L.standing`` and
    ``L.on_time`` on the clock that decides: True, False (late, or open and overdue) or NA. All NA
    for other case types and cases without a step in scope. At last ``S.on_time`` for each set S of
    own limits; `own`: its key → [K] cases and their standing.
    """
    import pandas as pd

    process, demand = history.process, history.demand
    state = case_states(demand, history.schedule)
    rows = np.flatnonzero(state != STATES.index(NOT_ARRIVED))
    columns: dict[str, object] = {
        "case": rows,
        "case_type": _labels(demand.case_type[rows], process.case_types),
        "backlog": _backlog_names(demand)[rows],
        "arrival": _instants(demand.submitted_s[rows], origin),
    }
    for name, value in demand.attributes.items():
        columns[f"attribute.{name}"] = _labels(value[rows], demand.attribute_values[name])
    columns["outcome"] = _labels(state[rows], STATES)
    columns["measured"] = demand.workload.measured[rows]
    for reading in readings:
        columns.update(_days_columns(reading, len(state), rows))
    for key, (case, standing) in (own or {}).items():
        where = _spread(standing.astype(np.int64), case, len(state))[rows]
        columns[f"{key}.on_time"] = _on_time(where)
    return pd.DataFrame(columns)


def _days_columns(reading: ScopeReading, cases: int, rows: Ints) -> dict[str, object]:
    import pandas as pd

    name, standing = reading.name, reading.standing[reading.clock]
    here = standing != Standing.OUT_OF_SCOPE
    case = reading.readings.case[here]
    columns: dict[str, object] = {}
    for clock, read in reading.readings.clocks.items():
        amount = _spread(read.value[here], case, cases)[rows]
        none, ticks = amount == OPEN, read.rule.ticks
        columns[f"{name}.{clock}"] = (
            pd.arrays.IntegerArray(np.maximum(amount, 0), none)
            if ticks == 1
            else pd.arrays.FloatingArray(np.maximum(amount, 0) / ticks, none)
        )
    where = _spread(standing[here].astype(np.int64), case, cases)[rows]
    columns[f"{name}.standing"] = _labels(where, [s.name.lower() for s in Standing])
    columns[f"{name}.on_time"] = _on_time(where)
    return columns


def _on_time(standing: Ints) -> pd.api.extensions.ExtensionArray:
    """Return True, False or NA for the `Standing` of cases, OPEN for those of other types."""
    import pandas as pd

    unknown = (standing == OPEN) | (standing > Standing.OPEN_OVERDUE)
    return pd.arrays.BooleanArray(standing == Standing.ON_TIME, unknown)


def _spread(values: Ints, case: Ints, cases: int) -> Ints:
    """Return [cases] the values of the cases `case`, OPEN for the others."""
    spread = np.full(cases, OPEN, np.int64)
    spread[case] = values
    return spread


def items_table(
    history: History, origin: date, pools: Sequence[str], officers: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return one row for each item of a case that arrived; `origin` is the date of day 0.

    Columns: item, case, step, matter (several joined by " + "), role, owner, department, pool,
    officer (a number if officers have no names), ready, start, end. NaT means "not yet"; pool is NA
    for a delay, officer is NA for a delay and before work began.
    """
    import pandas as pd

    demand, schedule = history.demand, history.schedule
    arrived = demand.workload.arrival_s <= schedule.stopped_s
    rows = np.flatnonzero(arrived[demand.case])
    node, nodes = demand.node[rows], history.process.nodes
    officer = schedule.officer[rows]
    columns: dict[str, object] = {
        "item": rows,
        "case": demand.case[rows],
        "step": _labels_of(node, [n.name for n in nodes]),
        "matter": _labels_of(node, [TOGETHER.join(n.covers) for n in nodes]),
        "role": _labels_of(node, [Role(n.role).name.lower() for n in nodes]),
        "owner": _labels_of(node, [Owner(n.owner).name.lower() for n in nodes]),
        "department": _labels_of(node, [n.department for n in nodes]),
        "pool": _labels(demand.workload.pool[rows], pools),
        "officer": (
            pd.arrays.IntegerArray(np.maximum(officer, 0), officer == NO_OFFICER)
            if officers is None
            else _labels(officer, officers)
        ),
    }
    for name in ("ready", "start", "end"):
        t = getattr(schedule, name)[rows]
        columns[name] = np.where(t == OPEN, np.datetime64("NaT"), _instants(t, origin))
    return pd.DataFrame(columns)


def _labels(
    codes: NDArray[np.int8] | NDArray[np.int32] | Ints, names: Sequence[str]
) -> pd.Categorical[str]:
    """Return text for numbers, NA for -1."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, pd.Index(list(names), dtype="str"))


def _labels_of(node: NDArray[np.int32], text: Sequence[str]) -> pd.Categorical[str]:
    """Return each item's text; several nodes may have the same text."""
    number = {name: i for i, name in enumerate(dict.fromkeys(text))}
    of_node = np.array([number[name] for name in text], np.int32)
    return _labels(of_node[node], list(number))


def _backlog_names(demand: Demand) -> pd.api.extensions.ExtensionArray:
    """Return [C] the name of each case in the backlog; NA for cases that arrived."""
    import pandas as pd

    names = np.full(len(demand.case_type), None, object)
    for carried in demand.backlog.values():
        names[carried.case] = carried.name
    return pd.array(names, dtype="str")


def _instants(t: Ints, origin: date) -> NDArray[np.datetime64]:
    """Return dates and times for seconds t, also negative ones; `origin`: date of day 0."""
    return np.datetime64(origin, "s") + t.astype("timedelta64[s]")
