"""A log of an invented office that tells nothing of approvals: small, and known to the minute."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.logs.event_log import EventLog, event_log

DAY_MS = 86_400_000
MONDAY = 1_704_067_200_000


def office_log(cases: int) -> EventLog:
    """A check of 20 minutes and a letter of ten; two cases an hour, Monday to Friday, 9 to 17."""
    hours = np.arange(cases) // 2
    begin = MONDAY + (hours // 8 // 5 * 7 + hours // 8 % 5) * DAY_MS + (9 + hours % 8) * 3_600_000
    begin += np.arange(cases) % 2 * 1_800_000
    names = np.repeat([f"c{n:04}" for n in range(cases)], 2)
    start = np.stack([begin, begin + 1_200_000], axis=1).ravel()
    end = start + np.tile([1_200_000, 600_000], cases)
    return event_log(names, ["check", "letter"] * cases, ["Li", "Wang"] * cases, start, end)


def csv_of(log: EventLog, file: Path) -> Path:
    """Write a log as a table, with the headings of published ones; return its file."""
    table = log.table().rename(columns={"start": "start_time", "end": "end_time"})
    table.to_csv(file, index=False)
    return file
