"""Recorded values, and drawn values in whole seconds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.demand.files import read_rows
from sim.scenario import ScenarioError
from sim.translation import tr

LONGEST_S = 10**12
"""Greatest drawn value: 30,000 years; a thousand of them still fit in an int64."""


def whole_seconds(values: Floats) -> NDArray[np.int64]:
    """Round to whole seconds, halves up; longer values are cut to `LONGEST_S`."""
    return np.floor(np.minimum(values, LONGEST_S) + 0.5).astype(np.int64)


class RecordedValues:
    """Columns of data files, each read once."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        self._columns: dict[tuple[str, str, bool], Floats] = {}

    def __call__(self, file: str, column: str, zeros: bool = False) -> Floats:
        """Return a column of positive numbers; ScenarioError with every row that holds another.

        `zeros`: whether 0 is allowed, too.
        """
        known = file, column, zeros
        if known not in self._columns:
            self._columns[known] = self._read(file, column, zeros)
        return self._columns[known]

    def _read(self, file: str, column: str, zeros: bool) -> Floats:
        rows = read_rows(self.files.get(file), file, [column], {})
        values: list[float] = []
        problems = []
        for row, cell in enumerate(rows.cells[column]):
            rule = _rule_broken(cell, zeros)
            if rule is None:
                values.append(float(cell))
            else:
                problems.append(rows.problem(row, column, rule))
        if problems:
            raise ScenarioError(problems)
        return np.array(values)


_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_THOUSANDS: Final = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


def _rule_broken(cell: str, zeros: bool) -> str | None:
    """Return the rule that a recorded duration breaks, if it breaks one."""
    if not cell:
        return tr("is empty; take the row out, or fill it in")
    if _THOUSANDS.fullmatch(cell):
        return tr("must be a number: write {cell} without the comma", cell=cell.replace(",", ""))
    if not _NUMBER.fullmatch(cell) or not math.isfinite(float(cell)):
        return tr("must be a number")
    if float(cell) < 0:
        return tr("a duration is not below 0")
    if float(cell) == 0 and not zeros:
        return tr("a duration of 0: take the row out, or allow it with 'zeros: true'")
    return None
