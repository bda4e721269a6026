"""A simulated log as a file that tools for event logs can open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.logs.event_log import EventLog
from sim.records.writing import write_events

if TYPE_CHECKING:
    import pandas as pd


def write_log(log: EventLog, path: Path | str, *, overwrite: bool = False) -> None:
    """Write a log as .xes or .csv (also .gz), or .parquet: one row an event, with start and end.

    Raises
    ------
    ValueError
        If the ending is another one.
    FileExistsError
        If the file may not be replaced.
    """
    write_events(_columns(log), Path(path), overwrite=overwrite)


def _columns(log: EventLog) -> pd.DataFrame:
    table = log.table()
    table["start"], table["end"] = (_text(getattr(log, name)) for name in ("start", "end"))
    names = {
        "case": "case:concept:name", "activity": "concept:name", "officer": "org:resource",
        "start": "start_timestamp", "end": "time:timestamp",
    }  # fmt: skip
    columns = table.rename(columns=names).astype(object)
    if not log.starts_known:
        columns = columns.drop(columns="start_timestamp")
    return columns


def _text(ms: np.ndarray) -> np.ndarray:
    """Return instants as `2021-08-02 09:30:00.000`."""
    texts: np.ndarray = np.char.replace(ms.astype("datetime64[ms]").astype(str), "T", " ")
    return texts.astype(object)
