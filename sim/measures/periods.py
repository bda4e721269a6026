"""Periods: the measured window cut into months or weeks, and limits by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sim.arrays import Ints
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S
from sim.measures.limits import LimitReading, Standing, Tally

THREE_MONTHS_D: Final = 92
"""A window of fewer days is cut into weeks, since too few months would show no trend."""


@dataclass(frozen=True)
class Period:
    """A period of the measured window."""

    first: dt.date
    last: dt.date
    """The last date, included."""
    kind: Literal["month", "week"]
    label: str
    """``2021-03`` for a month; for a week its first day in the window, such as ``2021-03-08``."""

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def periods_of(first: dt.date, last: dt.date) -> tuple[Period, ...]:
    """Cut first … last, both included, into calendar months, or, if it is short, weeks from Monday.

    A window that begins or ends within a month or week has a shorter first or last period.
    ValueError if it ends before it begins.
    """
    if last < first:
        raise ValueError(f"window {first} … {last}: ends before it begins")
    kind: Literal["month", "week"]
    kind = "week" if (last - first).days + 1 < THREE_MONTHS_D else "month"
    begins = [first, *_begins(first, last, kind)]
    ends = [begin - dt.timedelta(days=1) for begin in begins[1:]] + [last]
    return tuple(
        Period(begin, end, kind, begin.isoformat() if kind == "week" else f"{begin:%Y-%m}")
        for begin, end in zip(begins, ends, strict=True)
    )


def _begins(first: dt.date, last: dt.date, kind: Literal["month", "week"]) -> Iterator[dt.date]:
    """Yield the days after the first on which a month or week begins."""
    for number in range(1, (last - first).days + 1):
        day = first + dt.timedelta(days=number)
        if (day.weekday() == 0) if kind == "week" else (day.day == 1):
            yield day


def edges_s(periods: Sequence[Period], origin: dt.date) -> Ints:
    """Return [B + 1] the seconds at which B periods begin, and the end of the last.

    `origin`: the date of day 0.
    """
    days = [(period.first - origin).days for period in periods]
    return np.array([*days, days[-1] + periods[-1].days], np.int64) * DAY_S


def by_period(reading: LimitReading, demand: Demand, edges: Ints) -> tuple[Tally, ...]:
    """Return one tally per period, on the clock that decides, of the cases submitted in it.

    Each measured case is in one period. Measured cases of the backlog, submitted before the
    simulated dates, count for the first. `edges`: [B + 1] as from `edges_s`.
    """
    case, periods = reading.readings.case, len(edges) - 1
    measured = demand.workload.measured[case]
    period = np.searchsorted(edges[1:-1], demand.submitted_s[case[measured]], side="right")
    order = np.argsort(period, kind="stable")
    period = period[order]
    standing = reading.standing[reading.clock][measured][order]
    days = reading.readings.clocks[reading.clock].value[measured][order]
    kinds = len(Standing)
    count = np.bincount(period * kinds + standing, minlength=periods * kinds)
    ended = (standing == Standing.ON_TIME) | (standing == Standing.LATE)
    still_open = (standing == Standing.OPEN_OVERDUE) | (standing == Standing.UNDETERMINED)
    return tuple(
        Tally(tuple(of_period), *of_days)
        for of_period, *of_days in zip(
            count.reshape(periods, kinds).tolist(),
            *(_split(days[which], period[which], periods) for which in (ended, still_open)),
            strict=True,
        )
    )


def _split(values: Ints, period: Ints, periods: int) -> list[Ints]:
    """Return the values of each period; `period`: [n] that of each value, not decreasing."""
    return np.split(values, np.searchsorted(period, np.arange(1, periods)))
