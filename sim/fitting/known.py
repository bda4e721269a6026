"""A register as it was known at an instant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.records.register import INSTANT, Register

if TYPE_CHECKING:
    import pandas as pd


def known_until(register: Register, until: np.datetime64) -> Register:
    """Return the register without what happened after an instant.

    Steps and courses, which tell what is still to come, are left out.
    """
    at = until.astype(INSTANT)

    def by_then(table: pd.DataFrame, column: str) -> pd.DataFrame:
        kept: pd.DataFrame = table[(table[column] <= at).to_numpy()].reset_index(drop=True)
        return kept

    return replace(
        register,
        events=by_then(register.events, "at"),
        specials=by_then(register.specials, "start"),
        steps=register.steps.iloc[:0],
        courses=register.courses.iloc[:0],
        as_of=at,
    )
