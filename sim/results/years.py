"""Limits by the year: the tables of `sim.measures.years`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.limits import ResolvedLimit
from sim.measures.contrasts import Estimate
from sim.measures.limits import Tally
from sim.measures.years import Probability, Years, is_year, years_in
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.results.rows import YearRow, YearsRow


def years_of(
    model: Model,
    summaries: Sequence[Summary],
    limits: Sequence[ResolvedLimit],
    confidence_of: Mapping[str, float],
) -> dict[str, Years]:
    """Return limit → the years of all replications, on the clock that decides."""
    months_of = years_in(model.periods)
    years = {}
    for limit in limits:
        tallies = [
            [[summary.periods[limit.name][month] for month in months] for months in months_of]
            for summary in summaries
        ]
        years[limit.name] = Years(
            surely=_counted(tallies, "on_time"),
            at_best=_counted(tallies, "on_time_at_best"),
            judged=_counted(tallies, "judged"),
            target=limit.target_share,
            confidence=confidence_of.get(limit.name, limit.confidence),
        )
    return years


def _counted(tallies: Sequence[Sequence[Sequence[Tally]]], count: str) -> np.ndarray:
    """Return [R, Y] the sums over the months of each year."""
    sums = [[sum(getattr(month, count) for month in year) for year in row] for row in tallies]
    return np.array(sums, np.int64)


def years_rows(model: Model, years: Mapping[str, Years]) -> Iterator[YearsRow]:
    """Yield a row for each limit."""
    unit = "year" if is_year(model.periods) else "window"
    for name, own in years.items():
        lowest, highest = own.range
        yield YearsRow(
            limit=name,
            unit=unit,
            target_share=own.target,
            years=own.number,
            kept=own.kept,
            undetermined=own.kept_at_best - own.kept,
            keeps=_estimate(own.keeps),
            worst=_estimate(own.worst),
            lowest=lowest,
            median=own.median,
            highest=highest,
            fails_twice=_estimate(own.fails_twice),
            confidence=own.confidence,
        )


def _estimate(probability: Probability) -> Estimate:
    return Estimate(probability.value, probability.low, probability.high)


def year_rows(
    model: Model, summaries: Sequence[Summary], years: Mapping[str, Years]
) -> Iterator[YearRow]:
    """Yield a row for each limit, replication and year."""
    months_of = years_in(model.periods)
    for name, own in years.items():
        for row, summary in enumerate(summaries):
            for column, months in enumerate(months_of):
                cases = int(own.judged[row, column])
                on_time = int(own.surely[row, column])
                yield YearRow(
                    limit=name,
                    replication=summary.number,
                    first=model.periods[months[0]].first,
                    last=model.periods[months[-1]].last,
                    cases=cases,
                    on_time=on_time,
                    undetermined=int(own.at_best[row, column]) - on_time,
                    on_time_share=on_time / cases if cases else math.nan,
                )
