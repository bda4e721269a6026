"""The page of all parameters of the Yingkou scenarios."""

from __future__ import annotations

import sim
from sim.report.scenario.describe import parameters_markdown


def parameters_page() -> str:
    """Return what `sim show yingkou/levers --markdown` prints."""
    return parameters_markdown(sim.load("yingkou/levers"))
