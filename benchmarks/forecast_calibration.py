"""Whether forecasts of invented cities come true: calibration in tenths, and Brier scores.

    python -m benchmarks.forecast_calibration [CITIES] [states]

Each city has a load, staff, work, corrections and limits of its own (`tests/build/forecasts.py`).
One run of it is what happened; its register is cut at a date, its open cases are forecast, and what
became of them is held against the probabilities. `states`: the forecast is given no steps, only
states. The rival is the share of late cases of the month before.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import sim
from sim.records.register import table
from tests.build.calibration import brier, tenths
from tests.build.forecasts import happened, month_before, random_city

REPLICATIONS = 100


def main(cities: int, *, states: bool) -> None:
    """Print the tenths, each with its interval, and the scores."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cities):
            rows += [(number, *one) for one in forecast_of(number, Path(folder), states=states)]
            print(f"{number + 1} of {cities}", file=sys.stderr)
    told(rows)


def forecast_of(number: int, folder: Path, *, states: bool) -> Iterator[tuple[float, float, bool]]:
    """Yield for each open case and limit: probability, share of the month before, what happened."""
    scenario, date = random_city(number, folder)
    truth = happened(scenario, 1000 + number)
    register = truth.register
    if states:
        register = replace(register, steps=table("steps"), courses=table("courses"))
    made = sim.forecast(
        scenario,
        register,
        date=date,
        replications=REPLICATIONS,
        seed=number,
        measures=False,
        jobs=1,
        progress=False,
    )
    for row in made.case_rows:
        key = row.limit, row.case
        if key in truth.late:
            yield row.late.value, month_before(truth, row.limit, date), truth.late[key]


def told(rows: Sequence[tuple[int, float, float, bool]]) -> None:
    """Print what rows of city, probability, share of the month before, and truth come to."""
    city, predicted, before, late = zip(*rows, strict=True)
    for one in tenths(predicted, late, city):
        print(
            f"{one.low:.1f}  {one.cases:5} cases {one.cities:4} cities  predicted "
            f"{one.predicted:.3f}  observed {one.observed:.3f}  99 % {one.interval[0]:.3f} – "
            f"{one.interval[1]:.3f}  {'holds' if one.holds else 'MISSED'}"
        )
    print(f"Brier score {brier(predicted, late):.4f}; month before {brier(before, late):.4f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:2] else 200, states="states" in sys.argv[2:])
