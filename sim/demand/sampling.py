"""Recorded values, and drawn values in whole seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.scenario import Problem, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_S = 10**12
"""Greatest drawn value: 30,000 years; a thousand of them still fit in an int64."""


def whole_seconds(values: Floats) -> NDArray[np.int64]:
    """Round to whole seconds, halves up; longer values are cut to `LONGEST_S`."""
    return np.floor(np.minimum(values, LONGEST_S) + 0.5).astype(np.int64)


class RecordedValues:
    """Columns of data files, each read once."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        self._columns: dict[tuple[str, str], Floats] = {}

    def __call__(self, file: str, column: str) -> Floats:
        """Return a column of non-negative numbers; raise ScenarioError if it is anything else."""
        if (file, column) not in self._columns:
            self._columns[file, column] = self._read(file, column)
        return self._columns[file, column]

    def _read(self, file: str, column: str) -> Floats:
        from sim.demand.files import read_columns

        table = read_columns(self.files.get(file), file, [column])
        try:
            values = table[column].dropna().to_numpy(np.float64)
        except (TypeError, ValueError):
            rule = f"column '{column}' must hold numbers only"
            raise ScenarioError([Problem(rule, file)]) from None
        if len(values) == 0 or not np.isfinite(values).all() or (values < 0).any():
            rule = f"column '{column}' must hold at least one number, and none below 0"
            raise ScenarioError([Problem(rule, file)])
        return values
