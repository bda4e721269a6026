"""Data files beside a scenario: CSV (also compressed) and Parquet, as spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.scenario import Problem, ScenarioError, nearest

if TYPE_CHECKING:
    import pandas as pd

ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""Tried in this order. Excel in China writes GBK, a subset of the second."""
NO_TEXT: Final = "is neither UTF-8 nor GB18030 text; save it as CSV UTF-8"
_DATE: Final = re.compile(r"\s*(\d{4})[/-](\d\d?)[/-](\d\d?)(?:[ T]+(\d\d?)(:\d\d.*))?\s*")


def iso_time(text: str) -> str:
    """Return a date, or date and time, as ISO 8601 writes it: 2021/2/1 9:30 is 2021-02-01 09:30.

    Anything else is returned as it is.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    year, month, day, hour, rest = match.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    return date if hour is None else f"{date} {hour:0>2}{rest.rstrip()}"


def separator_rule(columns: Sequence[str]) -> str | None:
    """Return the mistake of a CSV file that is not separated by commas; None: none is seen."""
    if len(columns) == 1:
        for sign, shown in ((";", "';'"), ("\t", "tabs")):
            if sign in columns[0]:
                return f"columns are separated by {shown}; save it with commas"
    return None


def read_columns(path: Path | None, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read the named columns; raise ScenarioError if the file, a column or every row is missing."""
    if path is None:
        raise ScenarioError([Problem("no such file", name)])
    try:
        table = _read(path, name, list(dict.fromkeys(columns)))
    except ScenarioError:
        raise
    except UnicodeDecodeError:
        raise ScenarioError([Problem(NO_TEXT, name)]) from None
    except Exception as error:  # each format and compression raises its own errors
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ScenarioError([Problem(f"cannot be read as a table: {reason}", name)]) from None
    if table.empty:
        raise ScenarioError([Problem("has no rows", name)])
    return table


def _read(path: Path, name: str, columns: list[str]) -> pd.DataFrame:
    if ".parquet" in path.suffixes:
        import pandas as pd
        import pyarrow.parquet as pq

        _check_columns(list(pq.read_schema(path).names), name, columns)
        return pd.read_parquet(path, columns=columns)
    *others, last = ENCODINGS
    for encoding in others:
        try:
            return _read_csv(path, name, columns, encoding)
        except UnicodeDecodeError:
            continue
    return _read_csv(path, name, columns, last)


def _read_csv(path: Path, name: str, columns: list[str], encoding: str) -> pd.DataFrame:
    import pandas as pd

    try:
        present = [str(c) for c in pd.read_csv(path, nrows=0, encoding=encoding).columns]
    except pd.errors.EmptyDataError:
        raise ScenarioError([Problem("is empty", name)]) from None
    _check_columns(present, name, columns)
    return pd.read_csv(path, usecols=columns, low_memory=False, encoding=encoding)


def _check_columns(present: list[str], name: str, columns: list[str]) -> None:
    missing = [column for column in columns if column not in present]
    separated = separator_rule(present)
    if missing and separated is not None:
        raise ScenarioError([Problem(separated, name, 1)])
    rules = [f"has no column '{column}'{nearest(column, present)}" for column in missing]
    if rules:
        raise ScenarioError([Problem(rule, name) for rule in rules])
