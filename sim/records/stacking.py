"""Registers, and tables of one kind, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.records.register import Register

if TYPE_CHECKING:
    import pandas as pd


def joined(registers: Sequence[Register]) -> Register:
    """Return several registers as one, row below row; processes and stages are those of the first.

    The cases count to the latest of their times.
    """
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in _STACKED}
    cases = items = 0
    for register in registers:
        for name, rows in _STACKED.items():
            first = {"case": cases, "item": items}
            moved = {column: getattr(register, name)[column] + first[column] for column in rows}
            tables[name].append(getattr(register, name).assign(**moved))
        cases, items = cases + len(register.cases), items + len(register.items)
    stacks = {name: stacked(*parts) for name, parts in tables.items()}
    kept = {name: getattr(registers[0], name) for name in ("matters", "stages", "sources")}
    return Register(**stacks, **kept, as_of=max(register.now for register in registers))


_STACKED: Final[Mapping[str, tuple[str, ...]]] = {
    "cases": (),
    "items": ("case",),
    "events": ("item",),
    "specials": ("item",),
    "steps": ("case",),
    "courses": ("case",),
}
"""Table → its columns that refer to a row of `cases` or `items`."""


def stacked(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return tables of one kind, one below the other."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    parts = tuple(part for part in parts if len(part)) or parts[:1]
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    columns = {}
    for name in parts[0].columns:
        several = [part[name] for part in parts]
        columns[name] = (
            pd.Series(union_categoricals(several))
            if isinstance(several[0].dtype, pd.CategoricalDtype)
            else pd.concat(several, ignore_index=True)
        )
    return pd.DataFrame(columns)
