"""The one way from an object to the room that displays it.

Rooms import only rooms before them, and `sim.report` comes after all that it shows. So an object
that displays itself in a notebook, or at a prompt, finds its report there by name, at the moment
of display: neither scenarios nor results depend on reports, and nothing is loaded before.
"""

from __future__ import annotations

import importlib
from typing import Any


def shown_by(module: str, function: str, *arguments: Any, **options: Any) -> Any:
    """Return what a function of a module of `sim.report` makes of an object."""
    return getattr(importlib.import_module(f"sim.report.{module}"), function)(*arguments, **options)
