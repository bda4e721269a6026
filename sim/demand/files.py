"""Data files beside a scenario: CSV (also compressed) and Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import nearest

if TYPE_CHECKING:
    import pandas as pd


def read_columns(path: Path | None, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read the named columns; raise ScenarioError if the file, a column or every row is missing."""
    import pandas as pd
    import pyarrow.parquet as pq

    if path is None:
        raise ScenarioError([Problem("no such file", name)])
    try:
        if ".parquet" in path.suffixes:
            present = list(pq.read_schema(path).names)
        else:
            present = [str(column) for column in pd.read_csv(path, nrows=0).columns]
        missing = [column for column in columns if column not in present]
        if missing:
            raise ScenarioError(
                [
                    Problem(f"has no column '{column}'{nearest(column, present)}", name)
                    for column in missing
                ]
            )
        wanted = list(dict.fromkeys(columns))
        table = (
            pd.read_parquet(path, columns=wanted)
            if ".parquet" in path.suffixes
            else pd.read_csv(path, usecols=wanted, low_memory=False)
        )
        if table.empty:
            raise ScenarioError([Problem("has no rows", name)])
        return table
    except ScenarioError:
        raise
    except Exception as error:  # each format and compression has errors of its own
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        if isinstance(error, UnicodeDecodeError):
            reason = "it is not UTF-8 text"
        raise ScenarioError([Problem(f"cannot be read as a table: {reason}", name)]) from None
