"""Results as plain data and as JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any, Final

from sim.report.numbers import SHARE_DIGITS
from sim.results.finding import Finding
from sim.storage.versions import version

DIGITS: Final = SHARE_DIGITS
"""Decimals kept; more would be noise."""


def finding_data(finding: Finding, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result as plain data: first what all results share, then its own data."""
    return {
        "scenario": str(finding.scenario.name),
        "seed": finding.seed,
        "replications": finding.replications,
        "version": version(),
        "scenario_sha256": finding.scenario.sha256(),
        **{key: plain(value) for key, value in data.items()},
    }


def plain(value: Any) -> Any:
    """Return plain data with rounded floats, dates as text, and None for numbers not finite."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [plain(child) for child in value]
    return value


def to_json(data: object) -> str:
    """Write plain data as JSON text, ending in a newline; dates as in a scenario file."""
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=str)
    return f"{text}\n"
