"""How tables and numbers look in reports."""

from __future__ import annotations

import math

from rich.table import Table

COLOURS = {"holds": "bold green", "fails": "bold red", "undecided": "bold yellow"}


def new_table(title: str | None = None) -> Table:
    """Return a plain table, without lines."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
        padding=(0, 2, 0, 0),
    )


def percent(share: float, digits: int = 1) -> str:
    """Write a share in per cent; NaN as a dash."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %"


def rounded(value: float, digits: int) -> str:
    """Write a number; NaN as a dash."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"
